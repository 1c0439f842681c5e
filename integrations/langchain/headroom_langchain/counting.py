"""A token counter for trimming and summarising that knows what images cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages.utils import count_tokens_approximately

from headroom_core import formats
from headroom_core.errors import ImageError
from headroom_core.image.header import read_header
from headroom_core.tokens import image_tokens
from headroom_langchain.pricing import billed_as
from headroom_langchain.views import request_of, write_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from headroom_core.blocks import ImageBlock, Place

__all__ = ["token_counter"]

_UNSEEN: Final = (1024, 1024)


def token_counter(model: BaseChatModel, *, chars_per_token: float = 4.0) -> Callable[[Sequence[BaseMessage]], int]:
    """Return a counter for `trim_messages(token_counter=...)` or `SummarizationMiddleware(token_counter=...)`.

    Images count what `model` charges for their size and detail, in every dialect of content blocks; LangChain's own
    counter takes each one for 85 tokens, or for the characters of its base64 text. Words are estimated as LangChain
    does. An image that only the provider can fetch is taken for one of 1024 x 1024 pixels.

    Args:
        model: The chat model that the messages are for.
        chars_per_token: Characters of text that make one token, on average.
    """
    provider, name = billed_as(model, {})

    def count(messages: Sequence[BaseMessage]) -> int:
        messages = list(messages)
        request = request_of(messages, options={})
        blocks = formats.find(request)
        words = write_back(
            messages, request, _without(request, {block.place for block in blocks}) if blocks else request
        )
        images = sum(_tokens(block, provider, name) for block in blocks)
        return images + count_tokens_approximately(words, chars_per_token=chars_per_token)

    return count


def _tokens(block: ImageBlock, provider: str, name: str | None) -> int:
    width, height = _size(block)
    return image_tokens(name, width, height, detail=block.setting, provider=provider).tokens


def _size(block: ImageBlock) -> tuple[int, int]:
    if block.payload is None:
        return _UNSEEN
    try:
        return read_header(formats.payload_bytes(block)).size
    except ImageError:
        return _UNSEEN


def _without(value: Any, places: set[Place]) -> Any:
    """Return JSON-like data without what stands at `places`; what holds none of them is the same object."""
    if not places:
        return value
    if isinstance(value, dict):
        return {key: _without(item, _below(places, key)) for key, item in value.items() if (key,) not in places}
    return [_without(item, _below(places, index)) for index, item in enumerate(value) if (index,) not in places]


def _below(places: set[Place], key: str | int) -> set[Place]:
    return {place[1:] for place in places if place[0] == key}
