"""Writing an image or a text in the place of an image block, in the spelling that the block uses."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from typing import Any

from headroom_core.blocks import Picture, Shape
from headroom_core.errors import InvalidOption
from headroom_core.formats.payload import is_data_url
from headroom_core.formats.shapes import FILE_KEYS, INLINE_KEYS, MIME_KEYS, RESOLUTION_KEYS, Reading, first_key, read

__all__ = ["MARKERS", "NAMES", "picture_block", "text_block"]

MARKERS = ("cache_control", "prompt_cache_breakpoint")
"""Keys of a block that end a cached prefix; they belong to the last block that takes its place."""

NAMES = ("id", "index")
"""Keys that name one block; of several pictures in its place only the first keeps them, and a copy has none."""

_LEVEL = "MEDIA_RESOLUTION_"
_KEPT_ON_TEXT = {Shape.MCP: ("annotations", "_meta", "meta")}
_LANGCHAIN_WORDS = frozenset(
    {
        *("type", "id", "index", "extras", "metadata", "source_type", "mime_type", "mimeType"),
        *("base64", "data", "url", "file_id", "detail", "media_resolution", "mediaResolution"),
    }
)
Block = Mapping[str, Any]


def picture_block(block: Block, reading: Reading, picture: Picture) -> Block:
    """Write a picture over a block; the same object when the picture changes nothing.

    LangChain hands a standard `type: image` block to OpenAI without its `detail` (langchain-core 1.8,
    `convert_to_openai_image_block`), so that OpenAI's setting turns such a block into an `image_url` block. Gemini's
    levels stay on it, as `media_resolution`. At each place a setting is written in the words of the place: `low` and
    `MEDIA_RESOLUTION_LOW` mean the same.

    Raises:
        InvalidOption: The picture has bytes but no media type, or the block has no place for a setting.
    """
    if picture.data is not None:
        if not picture.media_type:
            raise InvalidOption("a picture with data needs its media type")
        block = _WRITERS[reading.shape](block, reading, picture.data, picture.media_type)
    if picture.setting is not None:
        block = _with_setting(block, reading.shape, picture.setting)
    return block


def text_block(block: Block, shape: Shape, text: str, *, among_typed: bool) -> dict[str, Any]:
    """Write the text block that stands for an image block.

    Args:
        block: The image block; what its shape keeps on text as well is carried over.
        shape: The shape of the image block.
        text: The text.
        among_typed: The blocks beside it name their type, as Gemini's parts do not.
    """
    kept = {key: block[key] for key in _KEPT_ON_TEXT.get(shape, ()) if key in block}
    if shape is Shape.OPENAI_RESPONSES:
        return {"type": "input_text", "text": text, **kept}
    if shape is Shape.BEDROCK or (shape is Shape.GEMINI and not among_typed):
        return {"text": text, **kept}
    return {"type": "text", "text": text, **kept}


def _write_image_url(block: Block, reading: Reading, data: bytes, media_type: str) -> Block:
    inner = block["image_url"]
    url = data if isinstance(reading.payload, bytes) else _data_url(data, media_type)
    return {**block, "image_url": {**inner, "url": url} if isinstance(inner, dict) else url}


def _write_input_image(block: Block, _: Reading, data: bytes, media_type: str) -> Block:
    inner, url = block.get("image_url"), _data_url(data, media_type)
    if isinstance(inner, dict):
        return {**block, "image_url": {**inner, "url": url}}
    return _swap(block, ("file_id",), {"image_url": url})


def _write_anthropic(block: Block, _: Reading, data: bytes, media_type: str) -> Block:
    put = {"type": "base64", "media_type": media_type, "data": _base64(data)}
    return {**block, "source": _swap(block["source"], ("url", "file_id"), put)}


def _write_gemini(block: Block, reading: Reading, data: bytes, media_type: str) -> Block:
    key = first_key(block, INLINE_KEYS)
    if key is None:  # a file becomes inline, in the spelling it had
        old = first_key(block, FILE_KEYS) or FILE_KEYS[0]
        key = INLINE_KEYS[FILE_KEYS.index(old)]
        mime = first_key(block[old], MIME_KEYS) or _beside(key, INLINE_KEYS, MIME_KEYS)
        return _swap(block, (old,), {key: {mime: media_type, "data": _base64(data)}})
    mime = first_key(block[key], MIME_KEYS) or _beside(key, INLINE_KEYS, MIME_KEYS)
    return {**block, key: {**block[key], mime: media_type, "data": _like(reading, data)}}


def _write_bedrock(block: Block, reading: Reading, data: bytes, media_type: str) -> Block:
    image = block["image"]
    source = _swap(image["source"], ("s3Location",), {"bytes": _like(reading, data)})
    return {**block, "image": {**image, "format": media_type.removeprefix("image/"), "source": source}}


def _write_langchain(block: Block, reading: Reading, data: bytes, media_type: str) -> Block:
    mime = first_key(block, MIME_KEYS) or "mime_type"
    if reading.payload is not None and is_data_url(str(block.get("url", ""))[:80]):
        return {**block, "url": _data_url(data, media_type), **({mime: media_type} if mime in block else {})}
    put = {mime: media_type, "data": _like(reading, data)}
    if "source_type" in block:
        return _swap(block, ("url", "id"), {"source_type": "base64", **put})
    if block["type"] == "media":
        return _swap(block, ("file_uri",), put)
    return _swap(block, ("url", "file_id"), {mime: media_type, "base64": _like(reading, data)})


def _write_mcp(block: Block, reading: Reading, data: bytes, media_type: str) -> Block:
    inner = block["resource"] if block["type"] == "resource" else block
    mime = first_key(inner, MIME_KEYS) or MIME_KEYS[0]
    written = {**inner, "blob" if inner is not block else "data": _like(reading, data), mime: media_type}
    return written if inner is block else {**block, "resource": written}


_WRITERS: dict[Shape, Callable[[Block, Reading, bytes, str], Block]] = {
    Shape.OPENAI_CHAT: _write_image_url,
    Shape.OPENAI_RESPONSES: _write_input_image,
    Shape.OPENAI_SCREENSHOT: _write_input_image,
    Shape.ANTHROPIC: _write_anthropic,
    Shape.GEMINI: _write_gemini,
    Shape.BEDROCK: _write_bedrock,
    Shape.LANGCHAIN: _write_langchain,
    Shape.MCP: _write_mcp,
}


def _with_setting(block: Block, shape: Shape, setting: str) -> Block:
    detail = setting.removeprefix(_LEVEL).lower()
    match shape:
        case Shape.OPENAI_CHAT:
            inner = block["image_url"]
            return {**block, "image_url": {**(inner if isinstance(inner, dict) else {"url": inner}), "detail": detail}}
        case Shape.OPENAI_RESPONSES:
            inner = block.get("image_url")
            if isinstance(inner, dict) and "detail" in inner:
                return {**block, "image_url": {**inner, "detail": detail}}
            return {**block, "detail": detail}
        case Shape.GEMINI:
            return _with_resolution(block, _LEVEL + detail.upper())
        case Shape.LANGCHAIN if setting.startswith(_LEVEL) or block["type"] == "media":
            key = first_key(block, RESOLUTION_KEYS) or "media_resolution"
            return {**block, key: _LEVEL + detail.upper()}
        case Shape.LANGCHAIN:
            return _as_image_url(block, detail)
    raise InvalidOption(f"an image block of {shape.value!r} has no setting, so {setting!r} cannot be written")


def _with_resolution(part: Block, level: str) -> Block:
    key = first_key(part, RESOLUTION_KEYS)
    if key is None:
        snake = first_key(part, (INLINE_KEYS[1], FILE_KEYS[1])) is not None
        return {**part, RESOLUTION_KEYS[snake]: {"level": level}}
    old = part[key]
    return {**part, key: level if isinstance(old, str) else {**(old or {}), "level": level}}


def _as_image_url(block: Block, detail: str) -> Block:
    """Turn a LangChain standard block into OpenAI's, which can carry a setting; keys of neither survive."""
    reading = read(block)
    if reading is None or not reading.settable:
        raise InvalidOption("a LangChain block by file id, or without a media type, takes no setting")
    url = reading.url or _url_of(reading)
    kept = {key: value for key, value in block.items() if key not in _LANGCHAIN_WORDS}
    return {"type": "image_url", "image_url": {"url": url, "detail": detail}, **kept}


def _url_of(reading: Reading) -> str:
    payload = reading.payload
    if isinstance(payload, str) and is_data_url(payload):
        return payload
    text = _base64(payload) if isinstance(payload, bytes) else payload
    return f"data:{reading.media_type};base64,{text}"


def _swap(block: Block, old: Collection[str], put: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a mapping with new items, which take the place of the old keys where they are new themselves."""
    out: dict[str, Any] = {}
    for key, value in block.items():
        if key in old:
            out.update((new, item) for new, item in put.items() if new not in block)
        else:
            out[key] = put.get(key, value)
    return {**out, **put}


def _beside(key: str, keys: tuple[str, str], others: tuple[str, str]) -> str:
    """Pick the spelling of another key that goes with the spelling of this one."""
    return others[keys.index(key)]


def _like(reading: Reading, data: bytes) -> str | bytes:
    """Write bytes as the block carried them before: raw or in base64."""
    return data if isinstance(reading.payload, bytes) else _base64(data)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _data_url(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{_base64(data)}"
