"""The blank margins of a picture, exact to the pixel."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from headroom_core.image import pixels
from headroom_core.image.header import Format
from headroom_core.image.pixels.silence import decoder

if TYPE_CHECKING:
    from headroom_core.image.pixels import Box, Colour, Decoded, Size

__all__ = ["content_of"]

LOSSY: Final = 3
"""Levels by which pixels of one colour may differ in a file that need not be lossless."""
GLIMPSE: Final = 192
"""About this many pixels along the longer side are looked at first: they bound how wide a margin can be."""
BLOCK: Final = 1 << 16
"""Pixels that are looked at together: they stay in the cache of the processor."""


def content_of(picture: Decoded) -> Box:
    """Return the box of all that is not blank margin, in pixels of the upright file.

    A margin is made of whole rows or columns of one colour, that of its outermost row or column. A picture of one
    colour, or of two that meet, has no margins. For a draft the box is as large as it may have to be.
    """
    # Entered once for all the small pieces that are looked at.
    with decoder():
        return _content_of(picture, 0 if picture.header.format is Format.PNG else LOSSY)


def _content_of(picture: Decoded, slack: int) -> Box:
    width, height = picture.size
    top = _blank(picture, (0, 0, width, height), "top", slack)
    if top == height:
        return (0, 0, *picture.header.size)
    bottom = height - _blank(picture, (0, top, width, height), "bottom", slack)
    if top == bottom:
        return (0, 0, *picture.header.size)
    left = _blank(picture, (0, top, width, bottom), "left", slack)
    right = width - _blank(picture, (left, top, width, bottom), "right", slack) if left < width else left
    if left == right:
        return (0, 0, *picture.header.size)
    return _in_file(picture, (left, top, right, bottom))


def _blank(picture: Decoded, box: Box, side: str, slack: int) -> int:
    """Count the rows or columns of one colour on a side of the box."""
    outermost = pixels.in_colour(picture, _piece(box, side, 0, 1))
    colour = pixels.darkest(outermost)
    if pixels.unlike(outermost, colour, slack) is not None:
        return 0
    if side in ("top", "bottom"):
        return _blank_rows(picture, box, side, colour, slack)
    return _blank_columns(picture, box, side, colour, slack)


def _blank_rows(picture: Decoded, box: Box, side: str, colour: Colour, slack: int) -> int:
    """Count the rows of a colour, block by block from the outermost."""
    length, block = box[3] - box[1], max(1, BLOCK // (box[2] - box[0]))
    for done in range(0, length, block):
        piece = pixels.in_colour(picture, _piece(box, side, done, min(block, length - done)))
        ink = pixels.unlike(piece, colour, slack)
        if ink is not None:
            return done + _outside(ink, side, piece.size)
    return length


def _blank_columns(picture: Decoded, box: Box, side: str, colour: Colour, slack: int) -> int:
    """Count the columns of a colour, block by block of rows, each as wide as the margin may still be."""
    left, top, right, bottom = box
    width = right - left
    glimpse = pixels.in_colour(picture, box, every=max(1, max(width, bottom - top) // GLIMPSE))
    ink = pixels.unlike(glimpse, colour, slack)
    count = width if ink is None else ceil((_outside(ink, side, glimpse.size) + 1) * width / glimpse.width)
    while top < bottom:
        block = min(max(1, BLOCK // count), bottom - top)
        piece = pixels.in_colour(picture, _piece((left, top, right, top + block), side, 0, count))
        ink = pixels.unlike(piece, colour, slack)
        count = count if ink is None else _outside(ink, side, piece.size)
        top += block
    return count


def _piece(box: Box, side: str, start: int, count: int) -> Box:
    """Some rows or columns of the box, counted from a side."""
    left, top, right, bottom = box
    return {
        "top": (left, top + start, right, top + start + count),
        "bottom": (left, bottom - start - count, right, bottom - start),
        "left": (left + start, top, left + start + count, bottom),
        "right": (right - start - count, top, right - start, bottom),
    }[side]


def _outside(ink: Box, side: str, size: Size) -> int:
    """The rows or columns on a side that bear no ink."""
    left, top, right, bottom = ink
    return {"top": top, "bottom": size[1] - bottom, "left": left, "right": size[0] - right}[side]


def _in_file(picture: Decoded, box: Box) -> Box:
    if picture.scale == 1.0:
        return box
    width, height = picture.header.size
    across, down = width / picture.size[0], height / picture.size[1]
    left, top, right, bottom = box
    # A pixel of a draft is the mean of a block of the file's, the outermost of which may bear a little ink.
    return (
        max(0, int((left - 1) * across)),
        max(0, int((top - 1) * down)),
        min(width, int((right + 1) * across) + 1),
        min(height, int((bottom + 1) * down) + 1),
    )
