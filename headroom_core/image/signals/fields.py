"""Where a picture has steps between neighbouring pixels: counts in narrow cells, at three sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image import pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from headroom_core.image.pixels import Decoded

__all__ = ["CELL", "STEP", "Field", "by_cell", "differences", "fields"]

CELL: Final = 32
"""Width of a cell in pixels of the field; a cell is one row high."""
STEP: Final = 20
"""Grey levels between neighbours from which on there is a step."""
WHOLE: Final = 3_500_000
"""Pictures of up to this many decoded pixels are looked at wholly; of larger ones, bands and every second pixel."""
THIN: Final = 1_500_000
"""About as many pixels are left of a larger picture when it is thinned out."""
BANDS: Final = 6
"""Bands of a large picture that are looked at pixel by pixel, evenly spread: print as wide as a sixth is met."""
BAND: Final = 3 * CELL
BLOCK: Final = 1 << 17
"""Pixels that are compared with their neighbours at a time: they stay in the cache of the processor."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A picture, or bands of it side by side, in grey, and its steps.

    Attributes:
        grey: Grey levels, shape (rows, columns).
        steps: Clear steps to the right neighbour in each cell, shape (rows, cells), at most `CELL`.
        lefts: Left edge of each cell in decoded pixels, shape (cells,).
        seams: Cells after which something is left out, shape (cells,), bool.
        zoom: Decoded pixels per pixel of the field.
        share: Share of the width of the picture that is in the field, in (0, 1].
    """

    grey: NDArray[np.uint8]
    steps: NDArray[np.uint8]
    lefts: NDArray[np.int64]
    seams: NDArray[np.bool_]
    zoom: int
    share: float


def fields(picture: Decoded) -> tuple[Field, ...]:
    """Look at a picture at full, half and quarter size: small print shows in the first, large letters in the last.

    Of a large picture the second and third are smaller, and thinned out rather than averaged.
    """
    width, height = picture.size
    if width * height <= WHOLE:
        image = pixels.in_grey(picture)
        grey = np.asarray(image)
        half, quarter = _reduced(image, grey)
        return (_field(grey, 1), _field(half, 2), _field(quarter, 4))
    every = max(2, math.ceil(math.sqrt(width * height / THIN)))
    thin = pixels.in_grey(picture, every=every)
    return (_banded(picture), _field(np.asarray(thin), every), _field(np.asarray(thin.reduce(2)), 2 * every))


def by_cell(clear: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Count what is true in each cell; the bytes of eight pixels are added in one 64-bit word.

    Args:
        clear: Shape (rows, columns), columns a multiple of `CELL`.
    """
    words = clear.view(np.uint64)
    sums = words[:, 0::4] + words[:, 1::4]
    sums += words[:, 2::4]
    sums += words[:, 3::4]
    sums *= np.uint64(0x0101010101010101)
    sums >>= np.uint64(56)
    counts: NDArray[np.uint8] = sums.astype(np.uint8)
    return counts


def differences(here: NDArray[np.uint8], there: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """By how much the levels differ, in either direction."""
    higher = np.maximum(here, there)
    higher -= np.minimum(here, there)
    return higher


def _reduced(image: Image.Image, grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The picture at half and quarter size, each pixel the mean of a block, as `reduce` of Pillow, but faster."""
    high, wide = grey.shape
    rows, columns = high // 4 * 4, wide // 4 * 4
    half, quarter = (np.empty((-(-high // zoom), -(-wide // zoom)), np.uint8) for zoom in (2, 4))
    block = max(4, BLOCK // wide // 4 * 4)
    words, more = np.empty((2, block, columns // 2), np.uint16)
    for top in range(0, rows if columns else 0, block):
        part = grey[top : min(top + block, rows), :columns]
        two, four = _means(part, words[: len(part)], more[: len(part)])
        half[top // 2 :][: len(two), : columns // 2] = two
        quarter[top // 4 :][: len(four), : columns // 4] = four
    # Blocks at the right and lower edge are cut off.
    for zoom, small in ((2, half), (4, quarter)):
        if columns < wide:
            small[:, columns // zoom :] = np.asarray(image.reduce(zoom, (columns, 0, wide, high)))
        if rows < high and columns:
            small[rows // zoom :, : columns // zoom] = np.asarray(image.reduce(zoom, (0, rows, columns, high)))
    return half, quarter


def _means(
    grey: NDArray[np.uint8], pairs: NDArray[np.uint16], odd: NDArray[np.uint16]
) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]:
    """The means of blocks of 2 x 2 and of 4 x 4, neighbours added inside one word; both sides are multiples of 4.

    Args:
        grey: Grey levels.
        pairs: Where to work, half as wide.
        odd: The same once more.
    """
    words = grey.view(np.uint16)
    np.bitwise_and(words, np.uint16(0xFF), out=pairs)
    np.right_shift(words, np.uint16(8), out=odd)
    pairs += odd
    fours = np.add(pairs[0::2], pairs[1::2], out=odd[: len(odd) // 2])
    wide = fours.view(np.uint32)
    sums = wide & np.uint32(0xFFFF)
    sums += wide >> np.uint32(16)
    quarter = sums[0::2] + sums[1::2]
    quarter += np.uint32(8)
    quarter >>= np.uint32(4)
    fours += np.uint16(2)
    fours >>= np.uint16(2)
    return fours, quarter


def _banded(picture: Decoded) -> Field:
    width, height = picture.size
    lefts = [max(0, (2 * band + 1) * (width - BAND) // (2 * BANDS)) for band in range(BANDS)]
    grey = np.empty((height, BANDS * BAND), np.uint8)
    for band, left in enumerate(lefts):
        grey[:, band * BAND : (band + 1) * BAND] = np.asarray(pixels.in_grey(picture, (left, 0, left + BAND, height)))
    inside = np.arange(0, BAND, CELL)
    return _field(
        grey,
        1,
        lefts=np.concatenate([left + inside for left in lefts]),
        seams=np.tile(inside == BAND - CELL, BANDS),
        share=min(1.0, BANDS * BAND / width),
    )


def _field(
    grey: NDArray[np.uint8],
    zoom: int,
    *,
    lefts: NDArray[np.int64] | None = None,
    seams: NDArray[np.bool_] | None = None,
    share: float = 1.0,
) -> Field:
    cells = -(-grey.shape[1] // CELL)
    if lefts is None or seams is None:
        lefts, seams = np.arange(cells) * CELL * zoom, np.arange(cells) == cells - 1
    return Field(grey, _steps(grey, seams), lefts, seams, zoom, share)


def _steps(grey: NDArray[np.uint8], seams: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Count the steps in each cell, block by block, in buffers that are used again."""
    rows, columns = grey.shape
    steps = np.empty((rows, len(seams)), np.uint8)
    block = max(1, BLOCK // columns)
    clear = np.zeros((block, len(seams) * CELL), np.bool_)
    higher, lower = np.zeros((2, block, columns), np.uint8)
    cuts = np.append(np.flatnonzero(seams) * CELL + CELL - 1, columns - 1)
    for top in range(0, rows, block):
        part = np.ascontiguousarray(grey[top : top + block])
        count = len(part)
        # Rows stand behind each other: long rows are faster, and what reaches over an edge is not counted.
        levels, most, least = part.ravel(), higher[:count].ravel()[:-1], lower[:count].ravel()[:-1]
        np.maximum(levels[:-1], levels[1:], out=most)
        np.minimum(levels[:-1], levels[1:], out=least)
        np.subtract(most, least, out=most)
        here = clear[:count]
        np.greater_equal(higher[:count], STEP, out=here[:, :columns])
        here[:, cuts] = False
        steps[top : top + block] = by_cell(here)
    return steps
