"""Pictures made to fit into one tool result."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from headroom_core.errors import ImageTooLarge
from headroom_core.image.header import read_header

__all__ = ["RESULT_BYTES", "Sent", "as_sent", "cut"]

RESULT_BYTES: Final = 700_000 // 4 * 3
"""The most bytes of a picture in a result. Claude Desktop refuses results over 1 MB (1,048,576 characters, base64 and
envelope together); 700,000 characters of base64 leave room for the rest (seen in practice, 2026-11)."""

Size = tuple[int, int]
Box = tuple[int, int, int, int]

_TAKES: Final = ("image/jpeg", "image/png", "image/webp")
_SMALLEST: Final = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture as it goes into a result.

    Attributes:
        data: The bytes of the file.
        media_type: Their type, e.g. `image/webp`.
        size: Width and height in pixels, upright.
    """

    data: bytes = field(repr=False)
    media_type: str
    size: Size


def as_sent(data: bytes, *, most: int = RESULT_BYTES) -> Sent:
    """Return a picture as it is if it fits, else re-encoded, else smaller.

    Args:
        data: The file of a picture.
        most: The most bytes that fit.

    Raises:
        ImageError: The picture cannot be read, or cannot be made to fit.
    """
    from headroom_core.image import pixels  # loaded with the first picture

    header = read_header(data)
    if len(data) <= most:
        return Sent(data, header.media_type, header.size)
    picture, size = pixels.decode(data, header), header.size
    scale = 1.0
    while min(size) >= 1 and max(size) >= _SMALLEST:
        try:
            return Sent(*pixels.render(picture, size, takes=_TAKES, max_bytes=most), size)
        except ImageTooLarge:
            scale *= min(0.8, sqrt(most / len(data)) * 1.5) if scale == 1.0 else 0.8
            size = (max(1, round(header.size[0] * scale)), max(1, round(header.size[1] * scale)))
    raise ImageTooLarge(f"the picture cannot be made to fit into {most} bytes")


def cut(data: bytes, box: Box, *, most: int = RESULT_BYTES) -> Sent:
    """Return a box of a picture at full resolution, smaller only if it does not fit otherwise.

    Args:
        data: The file of a picture.
        box: Left, top, right, bottom in pixels of the upright picture, inside it.
        most: The most bytes that fit.

    Raises:
        ImageError: The picture cannot be read, or its part cannot be made to fit.
        ValueError: The box is not inside the picture.
    """
    from headroom_core.image import pixels  # loaded with the first picture

    part = pixels.crop(pixels.decode(data, read_header(data)), box)
    try:
        made, media_type = pixels.encode(part, kind=pixels.kind_of(part), takes=_TAKES, max_bytes=most)
    except ImageTooLarge:
        return as_sent(pixels.as_png(part), most=most)
    return Sent(made, media_type, (box[2] - box[0], box[3] - box[1]))
