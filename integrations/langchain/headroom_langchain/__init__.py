"""Headroom in LangChain: chat models, agents and chains that send smaller images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headroom_core.errors import MissingExtra

try:
    import langchain_core  # noqa: F401 - the guard
except ImportError as error:
    raise MissingExtra("HeadroomChatModel", "langchain", package="langchain-core") from error

from headroom_langchain.chat_model import HeadroomChatModel
from headroom_langchain.counting import token_counter
from headroom_langchain.metrics import HeadroomCallbackHandler
from headroom_langchain.runnable import HeadroomRunnable

if TYPE_CHECKING:
    from headroom_langchain.middleware import HeadroomMiddleware

__all__ = ["HeadroomCallbackHandler", "HeadroomChatModel", "HeadroomMiddleware", "HeadroomRunnable", "token_counter"]


def __getattr__(name: str) -> Any:
    """Import the middleware when it is asked for: it needs `langchain`, the rest only `langchain-core`."""
    if name != "HeadroomMiddleware":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from headroom_langchain.middleware import HeadroomMiddleware
    except ModuleNotFoundError as error:
        raise MissingExtra("HeadroomMiddleware", "langchain", package="langchain") from error
    return HeadroomMiddleware
