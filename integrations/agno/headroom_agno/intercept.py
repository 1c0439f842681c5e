"""The four methods by which an Agno model sends messages, with the compression before them."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from headroom_agno.passage import compress_for

if TYPE_CHECKING:
    from agno.models.base import Model

__all__ = ["intercepted"]

Given = tuple[tuple[Any, ...], dict[str, Any]]


def intercepted(base: type[Model]) -> dict[str, Callable[..., Any]]:
    """Return the sending methods of `base`, each with the compression before it.

    Everything above them (the tool loop, the cache, retries, the list of messages that becomes run output and history)
    is Agno's own and keeps the originals.
    """
    return {
        "invoke": _sync(base.invoke),
        "ainvoke": _async(base.ainvoke),
        "invoke_stream": _stream(base.invoke_stream),
        "ainvoke_stream": _async_stream(base.ainvoke_stream),
    }


def _sync(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: Model, *args: Any, **options: Any) -> Any:
        args, options = _compressed(self, args, options)
        return method(self, *args, **options)

    return call


def _async(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def call(self: Model, *args: Any, **options: Any) -> Any:
        args, options = await asyncio.to_thread(_compressed, self, args, options)
        return await method(self, *args, **options)

    return call


def _stream(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: Model, *args: Any, **options: Any) -> Iterator[Any]:
        args, options = _compressed(self, args, options)
        yield from method(self, *args, **options)

    return call


def _async_stream(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def call(self: Model, *args: Any, **options: Any) -> AsyncIterator[Any]:
        args, options = await asyncio.to_thread(_compressed, self, args, options)
        chunks = method(self, *args, **options)
        if inspect.isawaitable(chunks):  # a provider may declare a coroutine that returns the iterator
            chunks = await chunks
        try:
            async for chunk in chunks:
                yield chunk
        finally:
            if close := getattr(chunks, "aclose", None):
                await close()

    return call


def _compressed(model: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Given:
    """Return the arguments of a call with the messages to send. Agno passes them by name; people may not."""
    door, runs = model.headroom_door, model.headroom_runs
    if "messages" in options:
        messages = compress_for(model, options["messages"], door=door, runs=runs, options=options)
        return args, {**options, "messages": messages}
    if args:
        return (compress_for(model, args[0], door=door, runs=runs, options=options), *args[1:]), options
    return args, options
