"""Reading a LiteLLM stream to its end, and closing what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["read_to_end"]

_BEHIND = ("completion_stream", "streaming_response", "response_iterator", "stream_iterator", "response")


def read_to_end(stream: Iterable[Any]) -> list[Any]:
    """Return all chunks of a synchronous stream, with its response closed.

    LiteLLM stops at the provider's last event and leaves the response open, in a cycle of references. The garbage
    collector then closes it at any moment: also while httpcore, in the same thread, holds the lock of the same pool of
    connections, and waits for itself for ever.
    """
    chunks = list(stream)
    for one in _behind(stream):
        close = getattr(one, "close", None)
        if callable(close):
            close()
    return chunks


def _behind(stream: Any) -> list[Any]:
    """What a stream reads from, nearest last."""
    found: list[Any] = [stream]
    for one in found:
        found += [
            inner
            for name in _BEHIND
            if (inner := vars(one).get(name) if hasattr(one, "__dict__") else None) is not None and inner not in found
        ]
    return found[:0:-1]
