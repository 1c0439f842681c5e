"""The wire shapes of an image block: recognised one block at a time, never by the request around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from headroom_core.blocks import Shape
from headroom_core.errors import UnreadablePayload
from headroom_core.formats.payload import is_data_url, label_of_data_url, text_head

__all__ = [
    "FILE_KEYS",
    "INLINE_KEYS",
    "MIME_KEYS",
    "RESOLUTION_KEYS",
    "Reading",
    "first_key",
    "read",
    "resolution_choice",
    "value_at",
]

INLINE_KEYS = ("inlineData", "inline_data")
FILE_KEYS = ("fileData", "file_data")
MIME_KEYS = ("mimeType", "mime_type")
RESOLUTION_KEYS = ("mediaResolution", "media_resolution")

_FILE_URI_KEYS = ("fileUri", "file_uri")
_NO_CHOICE = frozenset({"", "auto", "media_resolution_unspecified"})
_OTHER_MEDIA = ("application/pdf", "audio/", "text/", "video/")
_SUFFIXES = (".gif", ".jpeg", ".jpg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one block carries, in the terms of `ImageBlock`."""

    shape: Shape
    payload: str | bytes | None = None
    media_type: str | None = None
    url: str | None = None
    setting: str | None = None
    settable: bool = False


Block = Mapping[str, Any]


def read(block: object) -> Reading | None:
    """Read one block; None when it is no image, carries nothing, or is built like nothing known here."""
    if not isinstance(block, dict):
        return None
    if "type" not in block:
        return _read_part(block)
    kind = block["type"]
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    reading = reader(block) if reader else None
    return reading if reading and not _is_other_media(reading) else None


def first_key(block: Block, keys: tuple[str, ...]) -> str | None:
    """Pick the spelling of a key that a block uses; None when it uses none."""
    return next((key for key in keys if key in block), None)


def value_at(block: Block, keys: tuple[str, ...]) -> Any:
    """Read a value under whichever spelling of its key a block uses; None when it uses none."""
    key = first_key(block, keys)
    return block[key] if key else None


def _read_image_url(block: Block) -> Reading | None:
    """OpenAI Chat; the documented object, or the plain string that older clients send.

    Where a framework holds the picture as bytes, the object may carry these for the data URL that will be made of them.
    """
    inner = block.get("image_url")
    if isinstance(inner, dict):
        url, setting = inner.get("url"), _choice(inner.get("detail"))
        if isinstance(url, bytes):
            return _inline(Shape.OPENAI_CHAT, url, None, setting, settable=True)
        return _at_url(Shape.OPENAI_CHAT, url, setting)
    return _at_url(Shape.OPENAI_CHAT, inner, None)


def _read_input_image(block: Block) -> Reading | None:
    inner = block.get("image_url")
    setting = _choice(block.get("detail"))
    if isinstance(inner, dict):
        setting, inner = setting or _choice(inner.get("detail")), inner.get("url")
    return _at_url(Shape.OPENAI_RESPONSES, inner, setting) or _by_id(Shape.OPENAI_RESPONSES, block, setting)


def _read_screenshot(block: Block) -> Reading | None:
    """Has a picture and no `detail` (openai-python, ResponseComputerToolCallOutputScreenshotParam, 2026-11)."""
    shape = Shape.OPENAI_SCREENSHOT
    setting = _choice(block.get("detail"))
    return _at_url(shape, block.get("image_url"), setting, settable=False) or _by_id(
        shape, block, setting, settable=False
    )


def _read_image(block: Block) -> Reading | None:
    """`type: image` is Anthropic's with a source, MCP's with bare data, else one of LangChain's standard blocks."""
    if isinstance(source := block.get("source"), dict):
        return _read_anthropic(source)
    if "source_type" in block:
        return _read_langchain_v0(block)
    if "data" in block:
        return _inline(Shape.MCP, block["data"], _label(block))
    return _read_langchain_v1(block)


def _read_anthropic(source: Block) -> Reading | None:
    match source.get("type"):
        case "base64":
            return _inline(Shape.ANTHROPIC, source.get("data"), _text(source.get("media_type")))
        case "url":
            return _elsewhere(Shape.ANTHROPIC, source.get("url"))
        case "file":
            return _by_id(Shape.ANTHROPIC, source, None, settable=False)
    return None


def _read_langchain_v0(block: Block) -> Reading | None:
    setting = _langchain_choice(block)
    match block["source_type"]:
        case "base64":
            label = _label(block)
            return _inline(Shape.LANGCHAIN, block.get("data"), label, setting, settable=label is not None)
        case "url":
            return _at_url(Shape.LANGCHAIN, block.get("url"), setting)
        case "id":
            return _by_id(Shape.LANGCHAIN, block, setting, key="id", settable=False)
    return None


def _read_langchain_v1(block: Block) -> Reading | None:
    setting = _langchain_choice(block)
    if block.get("base64") is not None:
        label = _label(block)
        return _inline(Shape.LANGCHAIN, block["base64"], label, setting, settable=label is not None)
    return _at_url(Shape.LANGCHAIN, block.get("url"), setting) or _by_id(
        Shape.LANGCHAIN, block, setting, settable=False
    )


def _read_media(block: Block) -> Reading | None:
    """LangChain's Google block: any medium, so the label or the bytes must say that it is an image."""
    setting = _langchain_choice(block)
    reading = _inline(Shape.LANGCHAIN, block.get("data"), _label(block), setting, settable=True) or _elsewhere(
        Shape.LANGCHAIN, block.get("file_uri"), _label(block), setting, settable=True
    )
    return reading if reading and _is_image(reading) else None


def _read_resource(block: Block) -> Reading | None:
    """MCP's embedded resource: any medium."""
    resource = block.get("resource")
    if not isinstance(resource, dict):
        return None
    reading = _inline(Shape.MCP, resource.get("blob"), _label(resource))
    return reading if reading and _is_image(reading) else None


_READERS: dict[str, Callable[[Block], Reading | None]] = {
    "image_url": _read_image_url,
    "input_image": _read_input_image,
    "computer_screenshot": _read_screenshot,
    "image": _read_image,
    "media": _read_media,
    "resource": _read_resource,
}


def _read_part(block: Block) -> Reading | None:
    """The shapes without `type`: Gemini's parts and Bedrock's content blocks."""
    if (key := first_key(block, INLINE_KEYS)) and isinstance(blob := block[key], dict):
        reading = _inline(Shape.GEMINI, blob.get("data"), _label(blob), resolution_choice(block), settable=True)
    elif (key := first_key(block, FILE_KEYS)) and isinstance(blob := block[key], dict):
        reading = _elsewhere(
            Shape.GEMINI, value_at(blob, _FILE_URI_KEYS), _label(blob), resolution_choice(block), settable=True
        )
    else:
        return _read_bedrock(block)
    return reading if reading and _is_image(reading) else None


def _read_bedrock(block: Block) -> Reading | None:
    image = block.get("image")
    if not isinstance(image, dict) or not isinstance(source := image.get("source"), dict):
        return None
    kind = image.get("format")
    label = f"image/{kind}" if isinstance(kind, str) and kind else None
    if "bytes" in source:
        return _inline(Shape.BEDROCK, source["bytes"], label)
    place = source.get("s3Location")
    return _elsewhere(Shape.BEDROCK, place.get("uri") if isinstance(place, dict) else None, label)


def _at_url(shape: Shape, url: object, setting: str | None, *, settable: bool = True) -> Reading | None:
    if not isinstance(url, str) or not url:
        return None
    if is_data_url(url):
        return Reading(shape, payload=url, media_type=label_of_data_url(url), setting=setting, settable=settable)
    return Reading(shape, url=url, setting=setting, settable=settable)


def _by_id(
    shape: Shape, block: Block, setting: str | None, *, key: str = "file_id", settable: bool = True
) -> Reading | None:
    name = block.get(key)
    if not isinstance(name, str) or not name:
        return None
    return Reading(shape, url=f"file:{name}", setting=setting, settable=settable)


def _inline(
    shape: Shape, data: object, label: str | None, setting: str | None = None, *, settable: bool = False
) -> Reading | None:
    if not isinstance(data, str | bytes) or not data:
        return None
    return Reading(shape, payload=data, media_type=label, setting=setting, settable=settable)


def _elsewhere(
    shape: Shape, url: object, label: str | None = None, setting: str | None = None, *, settable: bool = False
) -> Reading | None:
    if not isinstance(url, str) or not url:
        return None
    return Reading(shape, url=url, media_type=label, setting=setting, settable=settable)


def _text(value: object) -> str | None:
    return value.strip().lower() or None if isinstance(value, str) else None


def _label(block: Block) -> str | None:
    return _text(value_at(block, MIME_KEYS))


def _choice(value: object) -> str | None:
    """Read a setting as the caller's choice. One that is no text is still a choice: it is not ours to overwrite."""
    if value is None:
        return None
    if not isinstance(value, str):
        return "unreadable"
    return None if value.lower() in _NO_CHOICE else value


def resolution_choice(block: Block) -> str | None:
    """Read Gemini's media resolution: `{"level": ...}`, `{"numTokens": n}` or the bare level."""
    value = value_at(block, RESOLUTION_KEYS)
    if not isinstance(value, dict):
        return _choice(value)
    tokens = value_at(value, ("numTokens", "num_tokens"))
    if tokens is None:
        return _choice(value.get("level"))
    return f"num_tokens:{tokens}" if isinstance(tokens, int) and abs(tokens) < 1_000_000_000 else "unreadable"


def _langchain_choice(block: Block) -> str | None:
    return _choice(block.get("detail")) or resolution_choice(block)


def _is_other_media(reading: Reading) -> bool:
    return reading.media_type is not None and reading.media_type.startswith(_OTHER_MEDIA)


def _is_image(reading: Reading) -> bool:
    """Decide for a shape that carries any medium: by the label, else by the first bytes or the suffix of the URL."""
    label = reading.media_type or ""
    if label.startswith("image/"):
        return True
    if _is_other_media(reading):
        return False
    if reading.payload is None:
        return not label and (reading.url or "").partition("?")[0].lower().endswith(_SUFFIXES)
    return _opens_like_an_image(reading.payload, reading.shape)


def _opens_like_an_image(payload: str | bytes, shape: Shape) -> bool:
    try:
        head = payload[:12] if isinstance(payload, bytes) else text_head(payload, 12, shape=shape)
    except UnreadablePayload:
        return False
    return head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")) or (
        head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    )
