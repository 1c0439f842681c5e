"""The one way of LangChain messages through the engine."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

from headroom_langchain.metrics import tell
from headroom_langchain.pricing import billed_as
from headroom_langchain.views import request_of, write_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from headroom_core.image import Door

__all__ = ["compress_for"]

B = TypeVar("B", bound="BaseMessage")

_log = logging.getLogger("headroom")


def compress_for(
    model: BaseChatModel,
    messages: list[B],
    *,
    door: Door,
    options: Mapping[str, Any],
    policy: str | None = None,
    callbacks: object = None,
) -> list[B]:
    """Return the messages that `model` should send instead of `messages`: the same list when nothing changes.

    Args:
        model: The chat model that will send them.
        messages: The conversation; never modified.
        door: The engine with its totals.
        options: The options of the call, such as bound tools and the response format.
        policy: The policy of this call, or None for the door's own.
        callbacks: The handlers of the run; those that count savings are told.
    """
    try:
        provider, name = billed_as(model, options)
        request = request_of(messages, model=model, name=name, options=options)
        compressed = door.run(request, provider=provider, model=name, policy=policy)
        tell(callbacks, compressed.result)
        return write_back(messages, request, compressed.messages)
    except Exception as error:  # noqa: BLE001 - a request must reach the model whatever happens here
        _log.warning("images sent as they were: %s in the LangChain adapter", type(error).__name__)
        return messages
