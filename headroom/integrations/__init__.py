"""The adapters by their documented names, each loaded with its framework when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headroom_agno import HeadroomAgnoModel
    from headroom_langchain import HeadroomChatModel, HeadroomMiddleware
    from headroom_litellm import HeadroomCallback

__all__ = ["HeadroomAgnoModel", "HeadroomCallback", "HeadroomChatModel", "HeadroomMiddleware"]

_HOME = {
    "HeadroomAgnoModel": "headroom_agno",
    "HeadroomCallback": "headroom_litellm",
    "HeadroomChatModel": "headroom_langchain",
    "HeadroomMiddleware": "headroom_langchain",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'headroom.integrations' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
