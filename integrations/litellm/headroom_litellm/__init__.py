"""Headroom for LiteLLM: a callback that makes the images of a request smaller once the deployment is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_core import at_first_use
from headroom_core.errors import MissingExtra

try:
    import litellm  # noqa: F401
except ImportError as error:
    raise MissingExtra("HeadroomCallback", "litellm", package="litellm") from error

from headroom_litellm.callback import HeadroomCallback, shared_callback
from headroom_litellm.wrapper import install, uninstall

if TYPE_CHECKING:
    from headroom_litellm.counting import token_counter

    handler: HeadroomCallback
else:
    _load, __dir__ = at_first_use(__name__, {"counting": ("token_counter",)})

    def __getattr__(name: str) -> object:
        # LiteLLM's configuration names an instance, not a class.
        return shared_callback() if name == "handler" else _load(name)


__all__ = ["HeadroomCallback", "handler", "install", "token_counter", "uninstall"]
