"""Agno messages as the request that the engine reads."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agno.media import Image
from agno.models.message import Message

from headroom_agno.pricing import writes_detail
from headroom_core import formats
from headroom_core.formats.payload import PAYLOAD_LIMIT

if TYPE_CHECKING:
    from agno.models.base import Model
    from pydantic import BaseModel

__all__ = ["blocks_of", "bytes_of", "has_pictures", "request_of"]

View = dict[str, Any]

_TELLING: Final = (
    # What computer use is told by.
    "betas",
    # History that the server holds or edits, so that the request does not show all that the model sees.
    "cached_content",
    "context_management",
    "truncation",
)
_OPEN_DETAILS: Final = (None, "", "auto")


def has_pictures(messages: Sequence[Message]) -> bool:
    """Whether any message may hold an image."""
    return any(message.images or isinstance(message.content, list) for message in messages)


def request_of(
    messages: Sequence[Message], model: Model, *, tools: object = None, response_format: object = None
) -> View:
    """Return the request body that the engine reads. The bytes in it are the images' own; nothing is encoded.

    The images of a message follow its content, so that message `i` with text holds image `k` at
    `("messages", i, "content", k + 1)`.

    Args:
        messages: The conversation.
        model: The model that will send it.
        tools: The tools that are sent with it.
        response_format: The schema of the answer: a pydantic class, or a provider's form of one.
    """
    detailed = writes_detail(model)
    body: View = {"model": model.id, "messages": [_view(message, detailed=detailed) for message in messages]}
    if tools:
        body["tools"] = tools
    if response_format is not None:
        body["response_format"] = _schema_of(response_format)
    chosen = getattr(model, "request_params", None)
    for key in _TELLING:
        value = chosen[key] if isinstance(chosen, dict) and key in chosen else getattr(model, key, None)
        if value is not None:
            body[key] = value
    return body


def bytes_of(image: Image) -> bytes | None:
    """Return the bytes of an image that is in the process or in a local file that Agno would send, else None."""
    if image.url is not None:
        return None
    if image.filepath is not None:
        return _read(Path(image.filepath))
    return image.content if isinstance(image.content, bytes) else None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= PAYLOAD_LIMIT else None
    except (OSError, ValueError):  # a path may hold a null character
        return None


def _view(message: Message, *, detailed: bool) -> View:
    # A temporary message is Agno's word to the model about its last answer: nobody asks about a picture in it.
    view: View = {"role": "system" if message.temporary else message.role}
    content = message.content
    if message.images:
        blocks = blocks_of(content)
        # Beside words of headroom stand images that it wrote: Agno keeps the two apart, so none of them is looked at.
        ours = any(formats.is_note(block["text"]) for block in blocks if isinstance(content, str))
        images = [_unread(image) if ours else _block(image, detailed=detailed) for image in message.images]
        view["content"] = [*blocks, *images]
    else:
        view["content"] = content
    if message.tool_calls:
        view["tool_calls"] = message.tool_calls
    if message.role == "tool":
        view |= {"tool_call_id": message.tool_call_id, "name": message.tool_name}
    return view


def blocks_of(content: str | list[Any] | None) -> list[Any]:
    """Return the blocks that stand before the images of a message with this content; headroom's words by themselves."""
    if isinstance(content, list):
        return content
    return [{"type": "text", "text": text} for text in _apart(content)] if content is not None else []


def _apart(content: str) -> list[str]:
    texts = content.split("\n\n")
    first = next((at for at, text in enumerate(texts) if formats.is_note(text)), None)
    if first is None:
        return [content]
    return ["\n\n".join(texts[:first]), *texts[first:]] if first else texts


def _unread(image: Image) -> View:
    return {"type": "image", "source": {"type": "file", "file_id": image.id or "image"}}


def _block(image: Image, *, detailed: bool) -> View:
    data = bytes_of(image)
    if data is None and image.url is None:  # a file that cannot be read, or the handle of an uploaded one
        return _unread(image)
    if detailed or image.detail not in _OPEN_DETAILS:
        return {"type": "image_url", "image_url": {"url": image.url or data, "detail": image.detail}}
    if data is None:
        return {"type": "image", "source": {"type": "url", "url": image.url}}
    return {"type": "image", "source": {"type": "base64", "media_type": image.mime_type, "data": data}}


def _schema_of(response_format: object) -> object:
    if isinstance(response_format, type) and hasattr(response_format, "model_json_schema"):
        return _schema_of_class(response_format)
    return response_format


@functools.lru_cache(maxsize=64)
def _schema_of_class(cls: type[BaseModel]) -> Mapping[str, Any]:
    return cls.model_json_schema()
