"""Base64 texts and data URLs, read by a strict whitelist."""

from __future__ import annotations

import binascii

from headroom_core.blocks import ImageBlock, Shape
from headroom_core.errors import ImageTooLarge, UnreadablePayload

__all__ = ["PAYLOAD_LIMIT", "is_data_url", "label_of_data_url", "payload_bytes", "payload_head"]

PAYLOAD_LIMIT = 20 * 1024 * 1024
"""The most bytes an image may decode to."""

URL_SHAPES = frozenset({Shape.OPENAI_CHAT, Shape.OPENAI_RESPONSES, Shape.OPENAI_SCREENSHOT, Shape.LANGCHAIN})
"""Shapes whose payload may be a data URL; elsewhere a provider would refuse one."""

_SPACE = " \t\r\n\f\v"
_HEADER_LIMIT = 1024  # a data URL's type and parameters; real ones are under 100 characters
_WRAPPING = 2.0 / 76  # RFC 2045 section 6.8: lines of at most 76 characters, each ended by CR LF
_NARROWEST = 4  # the shortest line of base64 that anybody wraps to


def payload_bytes(block: ImageBlock) -> bytes:
    """Decode the payload of an inline image.

    Accepted: data URLs with parameters and in upper case, white space around the text, RFC 2045 line breaks in it,
    missing padding, the URL-safe alphabet. Nothing else is skipped or guessed.

    Raises:
        UnreadablePayload: The image is not inline, or its text is not base64.
        ImageTooLarge: The payload would decode to more than `PAYLOAD_LIMIT` bytes; known before decoding.
    """
    payload = _inline(block)
    if isinstance(payload, bytes):
        _check_size(len(payload))
        return payload
    raw = _ascii(payload, _start(payload, block.shape), None)
    _check_size((len(raw) - raw.count(b"=", -2)) * 3 // 4)
    return _decode(_padded(raw))


def payload_head(block: ImageBlock, n: int) -> bytes:
    """Decode only the first bytes of a payload, enough to tell its type and, mostly, its size.

    Returns:
        The first `n` bytes, fewer if the payload is shorter. What comes after them is not checked.

    Raises:
        UnreadablePayload: The image is not inline, or its text does not begin with base64.
    """
    payload = _inline(block)
    return payload[:n] if isinstance(payload, bytes) else text_head(payload, n, shape=block.shape)


def text_head(payload: str, n: int, *, shape: Shape) -> bytes:
    """Decode the first `n` bytes of a base64 text or data URL, as `payload_head` does."""
    groups = n // 3 + 1
    # Twice the characters, for line breaks as dense as anybody writes them.
    raw = _ascii(payload, _start(payload, shape), groups * 8 + 64)
    whole = raw.rstrip(b"=")[: groups * 4]
    if len(whole) % 4 == 1:
        whole = whole[:-1]
    return _decode(_padded(whole))[:n]


def is_data_url(text: str) -> bool:
    """Tell whether a URL carries its own data."""
    return text[:64].lstrip(_SPACE)[:5].lower() == "data:"


def label_of_data_url(text: str) -> str | None:
    """Read the media type that a data URL gives itself, in lower case; None when it gives none."""
    header = text[:_HEADER_LIMIT].lstrip(_SPACE)[5:].partition(",")[0]
    return header.partition(";")[0].strip(_SPACE).lower() or None


def _inline(block: ImageBlock) -> str | bytes:
    if block.payload is None:
        raise UnreadablePayload("the image is not in the request: it is a URL or a file id")
    return block.payload


def _check_size(size: int) -> None:
    if size > PAYLOAD_LIMIT:
        raise ImageTooLarge(f"the payload is {size} bytes, over the limit of {PAYLOAD_LIMIT}")


def _start(payload: str, shape: Shape) -> int:
    """Find where the base64 text begins."""
    if not is_data_url(payload) or shape not in URL_SHAPES:
        return 0
    comma = payload.find(",", 0, _HEADER_LIMIT)
    if comma < 0:
        raise UnreadablePayload("the data URL has no comma that ends its header")
    if not payload[:comma].rstrip(_SPACE).lower().endswith(";base64"):
        raise UnreadablePayload("the data URL is not base64")
    return comma + 1


def _ascii(payload: str, start: int, most: int | None) -> bytes:
    """Take base64 characters from `start` on, without white space around them and without line breaks."""
    longest = PAYLOAD_LIMIT / 3 * 4
    if most is None and len(payload) - start > longest * (1 + _WRAPPING * 76 / _NARROWEST):
        raise ImageTooLarge(f"the payload has {len(payload) - start} characters, over what {PAYLOAD_LIMIT} bytes need")
    try:
        raw = (payload[start:] if most is None else payload[start : start + most]).encode("ascii")
    except UnicodeEncodeError:
        raise UnreadablePayload("the payload holds characters that are not ASCII") from None
    return raw.strip(_SPACE.encode()).translate(None, b"\r\n")


def _padded(raw: bytes) -> bytes:
    """Bring the text to the standard alphabet and to whole groups of four characters."""
    if not raw:
        raise UnreadablePayload("the payload is empty")
    if b"-" in raw or b"_" in raw:
        if b"+" in raw or b"/" in raw:
            raise UnreadablePayload("the payload mixes two base64 alphabets")
        raw = raw.translate(bytes.maketrans(b"-_", b"+/"))
    if not raw.endswith(b"="):
        raw += b"=" * (-len(raw) % 4)
    return raw


def _decode(raw: bytes) -> bytes:
    try:
        return binascii.a2b_base64(raw, strict_mode=True)
    except binascii.Error as error:
        raise UnreadablePayload(f"the payload is not base64: {error}") from None
