"""The methods by which a chat model sends messages, with the compression before them."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any, Final

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from headroom_core.image import policy_of
from headroom_langchain.metrics import HeadroomCallbackHandler, started
from headroom_langchain.passage import compress_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

__all__ = ["intercepted"]

Options = dict[str, Any]


class _Passed(list[BaseMessage]):
    """Messages that went through the engine: a method that calls another one of the model does not send them again."""


def intercepted(base: type[BaseChatModel]) -> dict[str, Callable[..., Any]]:
    """Return the sending methods that `base` has of its own, each with the compression before it.

    Methods that LangChain's base class supplies are left out: they call one of these, and LangChain tells what a model
    can do by which of them the class overrides.
    """
    methods = {name: getattr(base, name, None) for name in _WRAPPERS}
    return {
        name: _WRAPPERS[name](method)
        for name, method in methods.items()
        if method is not None and method is not getattr(BaseChatModel, name, None)
    }


def _sync(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: BaseChatModel, messages: list[BaseMessage], *args: Any, **options: Any) -> Any:
        passed, options = _compressed(self, messages, options, started())
        return method(self, passed, *args, **options)

    return call


def _async(method: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def call(self: BaseChatModel, messages: list[BaseMessage], *args: Any, **options: Any) -> Any:
        passed, options = await asyncio.to_thread(_compressed, self, messages, options, started())
        return await method(self, passed, *args, **options)

    return call


def _async_stream(method: Callable[..., AsyncIterator[Any]]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def call(self: BaseChatModel, messages: list[BaseMessage], *args: Any, **options: Any) -> AsyncIterator[Any]:
        passed, options = await asyncio.to_thread(_compressed, self, messages, options, started())
        chunks = method(self, passed, *args, **options)
        try:
            async for chunk in chunks:
                yield chunk
        finally:
            if close := getattr(chunks, "aclose", None):
                await close()

    return call


_WRAPPERS: Final[dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "_generate": _sync,
    "_stream": _sync,
    "_stream_chat_model_events": _sync,
    "_agenerate": _async,
    "_astream": _async_stream,
    "_astream_chat_model_events": _async_stream,
}


def _compressed(
    model: Any, messages: list[BaseMessage], options: Options, handlers: list[HeadroomCallbackHandler]
) -> tuple[list[BaseMessage], Options]:
    """Return the messages to send and the options without ours."""
    options = dict(options)
    policy = policy_of(options.pop("headroom", None))
    if isinstance(messages, _Passed):
        return messages, options
    asked = {key: value for key, value in options.items() if key != "run_manager"}
    door = model.headroom_door
    return _Passed(compress_for(model, messages, door=door, options=asked, policy=policy, callbacks=handlers)), options
