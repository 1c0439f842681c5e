"""What the engine made of a request, as Agno messages."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agno.media import Image

from headroom_agno.views import blocks_of, bytes_of
from headroom_core import formats
from headroom_core.blocks import Picture, Place, Replacement, Text

if TYPE_CHECKING:
    from agno.models.message import Message

    from headroom_core.image import CompressionResult

__all__ = ["write_back"]


def write_back(messages: list[Message], result: CompressionResult, *, beside_blocks: bool) -> list[Message]:
    """Return `messages` with what the engine put in the places of `request_of`; every other message is the same object.

    Args:
        messages: What the request was made of; neither the list nor any message is changed.
        result: What happened to each image, and which are attached to later questions.
        beside_blocks: The model's class sends the images of a message whose content is a list of blocks.
    """
    changes: defaultdict[int, dict[Place, Replacement]] = defaultdict(dict)
    for outcome in result.outcomes:
        if outcome.changed and outcome.replacement is not None:
            _, index, *place = outcome.place
            changes[int(index)][tuple(place)] = outcome.replacement
    if not changes:
        return messages
    sent = [_edited(message, changes[at]) if at in changes else message for at, message in enumerate(messages)]
    for attachment in result.attachments:
        at, image = int(attachment.place[1]), _shown(messages, attachment.image)
        again = image if attachment.picture is None else _rewritten(image, attachment.picture)
        sent[at] = _with_image(sent[at], formats.note(attachment.note).text, again, beside_blocks=beside_blocks)
    return sent


def _shown(messages: Sequence[Message], place: Place) -> Image:
    """Return the image at a place of `request_of`, which may be a block of a message's content."""
    source = messages[int(place[1])]
    index = int(place[3]) - len(blocks_of(source.content))
    return (source.images or ())[index] if index >= 0 else _image_of(source, place[2:])


def _image_of(message: Message, place: Place) -> Image:
    from headroom_core.image.header import read_header  # loaded with the engine

    view = [{"role": message.role, "content": message.content}]
    (block,) = (block for block in formats.find(view) if block.place == (0, *place))
    if block.payload is None:
        return Image(url=block.url)
    data = formats.payload_bytes(block)
    media_type = read_header(data).media_type
    return Image(content=data, mime_type=media_type, format=media_type.removeprefix("image/"))


def _with_image(message: Message, words: str, image: Image, *, beside_blocks: bool) -> Message:
    """Return a copy of `message` with an image more after these words, where its model's class sends it."""
    content = message.content
    if isinstance(content, list) and not beside_blocks:
        blocks = [*content, *_blocks(words, image, responses=any(_speaks_responses(block) for block in content))]
        return message.model_copy(update={"content": blocks})
    images = [*(message.images or ()), image]
    return message.model_copy(update={"content": _with_words(content, [words]), "images": images})


def _blocks(words: str, image: Image, *, responses: bool) -> list[dict[str, Any]]:
    """Return an image after words in OpenAI's dialect of content, which other classes hand on as it is."""
    data = bytes_of(image)
    encoded = "" if data is None else base64.b64encode(data).decode()
    url = image.url or f"data:{image.mime_type or 'image/jpeg'};base64,{encoded}"
    detail = {"detail": image.detail} if image.detail else {}
    if responses:
        return [{"type": "input_text", "text": words}, {"type": "input_image", "image_url": url, **detail}]
    return [{"type": "text", "text": words}, {"type": "image_url", "image_url": {"url": url, **detail}}]


def _speaks_responses(block: object) -> bool:
    return isinstance(block, Mapping) and str(block.get("type")).startswith("input_")


def _edited(message: Message, changes: Mapping[Place, Replacement]) -> Message:
    """Return a copy of `message` with its images, and the images among its content, replaced."""
    first = len(blocks_of(message.content))
    own: dict[int, Replacement] = {}
    among: dict[Place, Replacement] = {}
    for place, replacement in changes.items():
        index = int(place[1])
        if index >= first:
            own[index - first] = replacement
        else:
            among[(0, *place)] = replacement
    content: Any = message.content
    if among:
        content = formats.replace([{"role": message.role, "content": content}], among)[0]["content"]
    images: list[Image] = []
    words: list[str] = []
    for at, image in enumerate(message.images or ()):
        for part in own[at].parts if at in own else (Picture(),):
            if isinstance(part, Text):
                words.append(part.text if len(message.images or ()) == 1 else _about(part.text, at + 1))
            else:
                images.append(_rewritten(image, part))
    return message.model_copy(update={"content": _with_words(content, words), "images": images or None})


def _about(text: str, number: int) -> str:
    """Say which of several images the words are about: Agno puts all words before all images."""
    opening, _, rest = text.partition("\n")
    said = f"{opening} (image {number} of this message)"
    return f"{said}\n{rest}" if rest else said


def _rewritten(image: Image, picture: Picture) -> Image:
    """Return the image with new bytes, a new `detail` or both; what else it carries stays.

    Bytes come without URL, path and reference to storage: Agno sends those first, and Claude's class tells the type by
    their suffix.
    """
    update: dict[str, Any] = {}
    if picture.data is not None and picture.media_type is not None:
        kind = picture.media_type.removeprefix("image/")
        update |= {"content": picture.data, "mime_type": picture.media_type, "format": kind}
        update |= dict.fromkeys(("url", "filepath", "media_reference"))
    if picture.setting is not None:
        update["detail"] = picture.setting
    return image.model_copy(update=update) if update else image


def _with_words(content: Any, words: list[str]) -> Any:
    """Put what was read off the images after the message's own text."""
    if not words:
        return content
    if isinstance(content, list):
        return [*content, *({"type": "text", "text": text} for text in words)]
    return "\n\n".join([content, *words] if content else words)
