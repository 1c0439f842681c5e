"""Headroom in LangChain: chat models, agents and chains that send smaller images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_core import at_first_use
from headroom_core.errors import MissingExtra

try:
    import langchain_core  # noqa: F401 - the guard
except ImportError as error:
    raise MissingExtra("HeadroomChatModel", "langchain", package="langchain-core") from error

from headroom_langchain.chat_model import HeadroomChatModel
from headroom_langchain.metrics import HeadroomCallbackHandler
from headroom_langchain.runnable import HeadroomRunnable

if TYPE_CHECKING:
    from headroom_langchain.counting import token_counter
    from headroom_langchain.middleware import HeadroomMiddleware
else:  # the middleware needs `langchain`, the rest only `langchain-core`
    __getattr__, __dir__ = at_first_use(
        __name__, {"counting": ("token_counter",), "middleware": ("HeadroomMiddleware",)}
    )

__all__ = ["HeadroomCallbackHandler", "HeadroomChatModel", "HeadroomMiddleware", "HeadroomRunnable", "token_counter"]
