"""Small patches of a picture at full to eighth size, where letters are most likely to stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.fields import CELL, STEP, differences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.fields import Field
    from headroom_core.image.signals.lines import Lines

__all__ = ["GROUPS", "SIDE", "Patches", "patches_of"]

SIDE: Final = 64
"""Side of a patch in pixels of its field."""
GROUPS: Final = ("native", "at half", "at quarter", "at eighth", "in lines")
"""Where patches are taken from: the fields, the last of them at half its size, and the lines found."""
BUSIEST: Final = (5, 4, 5, 4)
"""Patches taken where there are most steps, from each size."""
IN_LINES: Final = 4
"""Patches taken from the lines of text found, if there are any."""
_Place = tuple["NDArray[np.uint8]", int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """Patches of a picture.

    Attributes:
        grey: Grey levels, shape (n, `SIDE`, `SIDE`).
        groups: Where each comes from, in the order of `GROUPS`, shape (n,).
    """

    grey: NDArray[np.uint8]
    groups: NDArray[np.int64]


def patches_of(views: tuple[Field, ...], lines: Lines) -> Patches:
    """Return patches where most steps are, and where the likeliest lines are: none of a picture without a step."""
    found = [_busy(view.grey, _in_tiles(view), count) for view, count in zip(views, BUSIEST, strict=False)]
    eighth = _halved(views[-1].grey)
    found += [_busy(eighth, _steps_in(eighth), BUSIEST[-1]), _in_lines(views, lines)]
    groups = np.repeat(np.arange(len(GROUPS)), [len(places) for places in found])
    cut = [_cut(*place) for places in found for place in places]
    return Patches(np.stack(cut) if cut else np.zeros((0, SIDE, SIDE), np.uint8), groups)


def _in_tiles(view: Field) -> NDArray[np.int64]:
    """Steps in each tile of a field; what is left of a tile at the right and lower edge is not looked at."""
    across = SIDE // CELL
    down, wide = view.steps.shape[0] // SIDE, view.steps.shape[1] // across
    rows = view.steps[: down * SIDE, : wide * across].astype(np.float32).reshape(down, SIDE, wide * across)
    # Whole numbers this small are exact in floating point, which adds faster.
    return np.asarray(rows.sum(axis=1).reshape(down, wide, across).sum(axis=2), dtype=np.int64)


def _halved(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = grey.shape[0] // 2, grey.shape[1] // 2
    # Neighbours are added inside one word.
    words = np.ascontiguousarray(grey[: 2 * rows, : 2 * columns]).view(np.uint16)
    pairs = (words & np.uint16(0xFF)) + (words >> np.uint16(8))
    mean: NDArray[np.uint8] = ((pairs[0::2] + pairs[1::2] + np.uint16(2)) >> np.uint16(2)).astype(np.uint8)
    return mean


def _steps_in(grey: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Steps in each tile; what is left at an edge is a tile where half as large, its neighbour's where not."""
    rows, columns = (np.arange(max(1, (side + SIDE // 2) // SIDE)) * SIDE for side in grey.shape)
    here, right = grey[:, :-1], grey[:, 1:]
    if not right.size:
        return np.zeros((0, 0), np.int64)
    clear = (differences(here, right) >= STEP).astype(np.float32)
    inside = columns[columns < clear.shape[1]]
    return np.add.reduceat(np.add.reduceat(clear, rows, axis=0), inside, axis=1).astype(np.int64)


def _busy(grey: NDArray[np.uint8], tiles: NDArray[np.int64], count: int) -> list[_Place]:
    """The tiles with most steps; of a picture smaller than a tile, all of it."""
    if not tiles.size:
        return [(grey, 0, 0)] if grey.size and np.ptp(grey) >= STEP else []
    order = np.argsort(-tiles.ravel(), kind="stable")[:count]
    wide = tiles.shape[1]
    return [(grey, int(at) // wide * SIDE, int(at) % wide * SIDE) for at in order if tiles.flat[at]]


def _in_lines(views: tuple[Field, ...], lines: Lines) -> list[_Place]:
    """Patches around the middle of the widest lines, each in the field in which it was found."""
    order = np.argsort(-lines.width / lines.em, kind="stable")[:IN_LINES]
    by_zoom = {view.zoom: view for view in views}
    return [_around(by_zoom[int(lines.zoom[at])], lines.boxes[at]) for at in order]


def _around(view: Field, box: NDArray[np.float64]) -> _Place:
    cell = int(np.searchsorted(view.lefts, (box[0] + box[2]) / 2, side="right")) - 1
    middle = (box[1] + box[3]) / 2 / view.zoom
    left = (cell - 1) * CELL if cell and view.seams[cell] else cell * CELL
    return view.grey, int(middle) - SIDE // 2, left


def _cut(grey: NDArray[np.uint8], top: int, left: int) -> NDArray[np.uint8]:
    """A patch moved inside the field; of a smaller field, its edges repeated."""
    rows, columns = grey.shape
    top, left = max(0, min(top, rows - SIDE)), max(0, min(left, columns - SIDE))
    patch = grey[top : top + SIDE, left : left + SIDE]
    if patch.shape == (SIDE, SIDE):
        return patch
    return np.pad(patch, ((0, SIDE - patch.shape[0]), (0, SIDE - patch.shape[1])), mode="edge")
