"""Headroom in Agno: agents whose models receive smaller images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_core import at_first_use
from headroom_core.errors import MissingExtra

try:
    import agno.models.base  # noqa: F401 - the guard
except ImportError as error:
    raise MissingExtra("HeadroomAgnoModel", "agno", package="agno") from error

from headroom_agno.hooks import PostHook, PreHook, RunSavings, create_headroom_hooks
from headroom_agno.model import HeadroomAgnoModel

if TYPE_CHECKING:
    from headroom_agno.counting import count_tokens
else:
    __getattr__, __dir__ = at_first_use(__name__, {"counting": ("count_tokens",)})

__all__ = ["HeadroomAgnoModel", "PostHook", "PreHook", "RunSavings", "count_tokens", "create_headroom_hooks"]
