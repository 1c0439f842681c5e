"""The work on pixels, done once: decode, look for text, resize, encode."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from headroom_core.blocks import ImageBlock
from headroom_core.errors import BrokenImage, ImageError
from headroom_core.formats import payload_bytes
from headroom_core.image import pixels
from headroom_core.image.header import Header
from headroom_core.image.memo import Memo
from headroom_core.image.pixels import Decoded
from headroom_core.image.signals import measure

__all__ = ["Shrunk", "Wish", "measured_text", "shrink"]

Size = tuple[int, int]

_OVERHEAD: Final = 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a picture.

    Attributes:
        size: Width and height in pixels, upright. The size it has means: look, and leave the bytes alone.
        takes: Media types that the receiver takes, sorted.
        max_bytes: The most bytes that the receiver takes, or None.
        text_below: Do nothing if the picture's `has_text` estimate is not below this. None does not look.
    """

    size: Size
    takes: tuple[str, ...]
    max_bytes: int | None
    text_below: float | None = None


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What became of a picture.

    Attributes:
        bears_text: It was looked at and bears text, so that nothing was made.
        data: The bytes made, or None.
        media_type: Their type.
        failure: Why the picture cannot be worked on, or None.
    """

    bears_text: bool = False
    data: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    failure: str | None = None


def measured_text(picture: Decoded) -> float:
    """The measured `has_text` estimate of a picture."""
    return measure(picture).has_text


def shrink(
    block: ImageBlock,
    header: Header,
    wish: Wish,
    memo: Memo[Shrunk],
    *,
    has_text: Callable[[Decoded], float] = measured_text,
) -> Shrunk:
    """Work on the pixels of an image, or remember what became of them.

    Args:
        block: The image.
        header: Its header.
        wish: What is wanted.
        memo: Remembers what became of it; always used with the same `has_text`.
        has_text: Estimates whether a picture bears text.

    Raises:
        ImageError: The picture cannot be worked on.
    """
    key = _key(block.payload or b"", wish)
    shrunk = memo.get(key)
    if shrunk is None:
        shrunk = _worked(block, header, wish, has_text)
        memo.put(key, shrunk, len(shrunk.data or b"") + _OVERHEAD)
    if shrunk.failure is not None:
        raise BrokenImage(shrunk.failure)
    return shrunk


def _worked(block: ImageBlock, header: Header, wish: Wish, has_text: Callable[[Decoded], float]) -> Shrunk:
    try:
        picture = pixels.decode(payload_bytes(block), header, at_least=wish.size)
        if wish.text_below is not None and has_text(picture) >= wish.text_below:
            return Shrunk(bears_text=True)
        if wish.size == header.size and header.media_type in wish.takes:
            return Shrunk()
        return Shrunk(False, *pixels.render(picture, wish.size, takes=wish.takes, max_bytes=wish.max_bytes))
    except ImageError as error:
        return Shrunk(failure=f"{error}")


def _key(payload: str | bytes, wish: Wish) -> bytes:
    text = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
    digest = hashlib.sha256(text)
    digest.update(repr((type(payload).__name__, wish)).encode())
    return digest.digest()
