"""The explicit wrapper around `litellm.completion`, for calls that are signed before a callback sees them."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import litellm

from headroom_litellm.callback import HeadroomCallback, shared_callback
from headroom_litellm.savings import ALREADY_SAVED, SAVINGS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["install", "uninstall"]

_PLAIN: Final = "__headroom_wraps__"


def install(callback: HeadroomCallback | None = None) -> None:
    """Wrap `litellm.completion`, so that synchronous calls pass through `callback` before LiteLLM signs them.

    Needed for synchronous calls of Amazon Bedrock and its like only; `Router.completion` and `litellm.responses` that
    reach such a deployment go the same way. Whoever imported the function by name before keeps the plain one. Calling
    this again puts another callback in place of the first.

    Args:
        callback: None takes the one that configuration files name, `headroom_litellm.handler`.
    """
    uninstall()
    plain = litellm.completion
    wrapped = _wrapped(plain, callback if callback is not None else shared_callback())
    setattr(wrapped, _PLAIN, plain)
    litellm.completion = wrapped


def uninstall() -> None:
    """Put the plain `litellm.completion` back; nothing happens if it is not wrapped."""
    litellm.completion = getattr(litellm.completion, _PLAIN, litellm.completion)


def _wrapped(plain: Callable[..., Any], callback: HeadroomCallback) -> Callable[..., Any]:
    names = tuple(inspect.signature(plain).parameters)

    @wraps(plain)
    def completion(*args: Any, **kwargs: Any) -> Any:
        call = {**dict(zip(names, args, strict=False)), **kwargs}
        record: dict[str, Any] = {}
        prepared = callback.prepare(call, "completion", record)
        token = ALREADY_SAVED.set(record.get(SAVINGS))
        try:
            return plain(**(call if prepared is None else prepared))
        finally:
            ALREADY_SAVED.reset(token)

    return completion
