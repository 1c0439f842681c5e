"""The blank margins of a picture, exact to the pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image import pixels
from headroom_core.image.header import Format

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Box, Decoded

__all__ = ["content_of"]

LOSSY: Final = 3
"""Levels by which pixels of one colour may differ in a file that need not be lossless."""
CHUNK: Final = 64
"""Rows or columns that are looked at together."""


def content_of(picture: Decoded) -> Box:
    """Return the box of all that is not blank margin, in pixels of the upright file.

    A margin is made of whole rows or columns of one colour, that of its outermost row or column. A picture of one
    colour has no margins. For a draft the box is as large as it may have to be.
    """
    slack = 0 if picture.header.format is Format.PNG else LOSSY
    width, height = picture.size
    top = _blank(picture, (0, 0, width, height), "top", slack)
    if top == height:
        return (0, 0, *picture.header.size)
    bottom = height - _blank(picture, (0, top, width, height), "bottom", slack)
    left = _blank(picture, (0, top, width, bottom), "left", slack)
    right = width - _blank(picture, (left, top, width, bottom), "right", slack)
    return _in_file(picture, (left, top, right, bottom))


def _blank(picture: Decoded, box: Box, side: str, slack: int) -> int:
    """Count the rows or columns of one colour on a side of the box."""
    left, top, right, bottom = box
    length = bottom - top if side in ("top", "bottom") else right - left
    colour: NDArray[np.int16] | None = None
    for done in range(0, length, CHUNK):
        more = min(CHUNK, length - done)
        piece = {
            "top": (left, top + done, right, top + done + more),
            "bottom": (left, bottom - done - more, right, bottom - done),
            "left": (left + done, top, left + done + more, bottom),
            "right": (right - done - more, top, right - done, bottom),
        }[side]
        lines = _outermost_first(np.asarray(pixels.in_colour(picture, piece)), side)
        if colour is None:
            colour = lines[0, 0].astype(np.int16)
        other = np.flatnonzero(_differs(lines, colour, slack))
        if len(other):
            return done + int(other[0])
    return length


def _outermost_first(piece: NDArray[np.uint8], side: str) -> NDArray[np.uint8]:
    lines = piece if side in ("top", "bottom") else piece.transpose(1, 0, 2)
    return lines if side in ("top", "left") else lines[::-1]


def _differs(lines: NDArray[np.uint8], colour: NDArray[np.int16], slack: int) -> NDArray[np.bool_]:
    """Which lines have a pixel of another colour."""
    low = np.clip(colour - slack, 0, 255).astype(np.uint8)
    high = np.clip(colour + slack, 0, 255).astype(np.uint8)
    other: NDArray[np.bool_] = (lines < low) | (lines > high)
    return np.asarray(other.any(axis=(1, 2)))


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
