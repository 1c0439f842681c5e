"""Headroom for LiteLLM: a callback that makes the images of a request smaller once the deployment is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headroom_core.errors import MissingExtra

try:
    import litellm  # noqa: F401
except ImportError as error:
    raise MissingExtra("HeadroomCallback", "litellm", package="litellm") from error

from headroom_litellm.callback import HeadroomCallback, shared_callback
from headroom_litellm.counting import token_counter
from headroom_litellm.wrapper import install, uninstall

if TYPE_CHECKING:
    handler: HeadroomCallback

__all__ = ["HeadroomCallback", "handler", "install", "token_counter", "uninstall"]


def __getattr__(name: str) -> Any:
    # LiteLLM's configuration names an instance, not a class.
    if name != "handler":
        raise AttributeError(f"module 'headroom_litellm' has no attribute {name!r}")
    return shared_callback()


def __dir__() -> list[str]:
    return sorted(__all__)
