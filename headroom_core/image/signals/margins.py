"""The blank margins of a picture, exact to the pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image import pixels
from headroom_core.image.header import Format

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from headroom_core.image.pixels import Box, Decoded

__all__ = ["content_of"]

LOSSY: Final = 3
"""Levels by which pixels of one colour may differ in a file that need not be lossless."""
CHUNK: Final = 16
"""Rows or columns that are looked at together at first; twice as many each time, up to `MOST`."""
MOST: Final = 512
Colour = tuple[int, int, int]


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
    length = box[3] - box[1] if side in ("top", "bottom") else box[2] - box[0]
    colour = _one_colour(pixels.in_colour(picture, _piece(box, side, 0, 1)), slack)
    done, more = 1, CHUNK
    while colour is not None and done < length:
        more = min(more, length - done)
        piece = pixels.in_colour(picture, _piece(box, side, done, more))
        if _is_all(piece, colour, slack):
            done, more = done + more, min(2 * more, MOST)
        elif more > CHUNK:
            more = max(CHUNK, more // 4)
        else:
            return done + int(np.argmax(_differs(_outermost_first(np.asarray(piece), side), colour, slack)))
    return length if colour is not None else 0


def _piece(box: Box, side: str, start: int, count: int) -> Box:
    """Some rows or columns of the box, counted from a side."""
    left, top, right, bottom = box
    return {
        "top": (left, top + start, right, top + start + count),
        "bottom": (left, bottom - start - count, right, bottom - start),
        "left": (left + start, top, left + start + count, bottom),
        "right": (right - start - count, top, right - start, bottom),
    }[side]


def _one_colour(line: Image.Image, slack: int) -> Colour | None:
    """The darkest colour of a line of pixels, or None if they differ by more than the slack."""
    red, green, blue = (lowest for lowest, _ in _extremes(line))
    return (red, green, blue) if _is_all(line, (red, green, blue), slack) else None


def _is_all(piece: Image.Image, colour: Colour, slack: int) -> bool:
    """Whether every pixel has the colour, but for the slack."""
    if slack == 0:
        # Comparing bytes is three times as fast as looking for the extremes.
        return piece.tobytes() == bytes(colour) * (piece.width * piece.height)
    levels = np.asarray(piece)
    if int(levels.min()) >= max(colour) - slack and int(levels.max()) <= min(colour) + slack:
        # Greys, as most margins are, need no look at each channel.
        return True
    return all(
        level - slack <= darkest and lightest <= level + slack
        for level, (darkest, lightest) in zip(colour, _extremes(piece), strict=True)
    )


def _extremes(piece: Image.Image) -> list[tuple[int, int]]:
    """The lowest and highest level of each channel."""
    return [channel.getextrema() for channel in piece.split()]  # type: ignore[misc]


def _outermost_first(piece: NDArray[np.uint8], side: str) -> NDArray[np.uint8]:
    lines = piece if side in ("top", "bottom") else piece.transpose(1, 0, 2)
    return lines if side in ("top", "left") else lines[::-1]


def _differs(lines: NDArray[np.uint8], colour: Colour, slack: int) -> NDArray[np.bool_]:
    """Which lines have a pixel of another colour."""
    low = np.array([max(0, level - slack) for level in colour], np.uint8)
    high = np.array([min(255, level + slack) for level in colour], np.uint8)
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
