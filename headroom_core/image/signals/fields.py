"""Where a picture has steps between neighbouring pixels: counts in narrow cells, at three sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image import pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Decoded

__all__ = ["CELL", "STEP", "Field", "fields"]

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
        return tuple(_field(np.asarray(image if zoom == 1 else image.reduce(zoom)), zoom) for zoom in (1, 2, 4))
    every = max(2, math.ceil(math.sqrt(width * height / THIN)))
    thin = pixels.in_grey(picture, every=every)
    return (_banded(picture), _field(np.asarray(thin), every), _field(np.asarray(thin.reduce(2)), 2 * every))


def _banded(picture: Decoded) -> Field:
    width, height = picture.size
    lefts = [max(0, (2 * band + 1) * (width - BAND) // (2 * BANDS)) for band in range(BANDS)]
    bands = [np.asarray(pixels.in_grey(picture, (left, 0, left + BAND, height))) for left in lefts]
    inside = np.arange(0, BAND, CELL)
    return _field(
        np.concatenate(bands, axis=1),
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
    clear = np.zeros((grey.shape[0], cells * CELL), np.bool_)
    np.greater_equal(_differences(grey), STEP, out=clear[:, : grey.shape[1] - 1])
    if seams is not None:
        clear[:, CELL - 1 :: CELL][:, seams] = False
    if lefts is None or seams is None:
        lefts, seams = np.arange(cells) * CELL * zoom, np.arange(cells) == cells - 1
    return Field(grey, _by_cell(clear), lefts, seams, zoom, share)


def _differences(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    here, right = grey[:, :-1], grey[:, 1:]
    difference: NDArray[np.uint8] = np.maximum(here, right) - np.minimum(here, right)
    return difference


def _by_cell(clear: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Count what is true in each cell; the bytes of eight pixels are added in one 64-bit word."""
    words = clear.view(np.uint64)
    sums = words[:, 0::4] + words[:, 1::4] + words[:, 2::4] + words[:, 3::4]
    counts: NDArray[np.uint8] = ((sums * np.uint64(0x0101010101010101)) >> np.uint64(56)).astype(np.uint8)
    return counts
