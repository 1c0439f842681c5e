"""Small patches of a picture at full, half and quarter size, where letters are most likely to stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.fields import CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.fields import Field
    from headroom_core.image.signals.lines import Lines

__all__ = ["SIDE", "patches_of"]

SIDE: Final = 64
"""Side of a patch in pixels of its field."""
BUSIEST: Final = (4, 3, 2)
"""Patches taken where there are most steps, from each of the three fields."""
IN_LINES: Final = 5
"""Patches taken from the lines of text found, if there are any."""


def patches_of(views: tuple[Field, ...], lines: Lines) -> NDArray[np.uint8]:
    """Return patches of shape (n, `SIDE`, `SIDE`): where most steps are, and where the likeliest lines are.

    n is 0 for a picture without a single step.
    """
    places = [(view, top, left) for view, count in zip(views, BUSIEST, strict=True) for top, left in _busy(view, count)]
    places += _in_lines(views, lines)
    if not places:
        return np.zeros((0, SIDE, SIDE), np.uint8)
    return np.stack([_cut(view.grey, top, left) for view, top, left in places])


def _busy(view: Field, count: int) -> list[tuple[int, int]]:
    """Top left corners of the tiles with most steps."""
    across = SIDE // CELL
    down, wide = view.steps.shape[0] // SIDE, view.steps.shape[1] // across
    if not down or not wide:
        return [(0, 0)] if view.steps.any() else []
    tiles = view.steps[: down * SIDE, : wide * across].reshape(down, SIDE, wide, across)
    sums = tiles.sum(axis=(1, 3), dtype=np.int64).ravel()
    order = np.argsort(-sums, kind="stable")[:count]
    return [(int(at) // wide * SIDE, int(at) % wide * SIDE) for at in order if sums[at]]


def _in_lines(views: tuple[Field, ...], lines: Lines) -> list[tuple[Field, int, int]]:
    """Patches around the middle of the widest lines, each in the field in which it was found."""
    order = np.argsort(-lines.width / lines.em, kind="stable")[:IN_LINES]
    by_zoom = {view.zoom: view for view in views}
    return [_around(by_zoom[int(lines.zoom[at])], lines.boxes[at]) for at in order]


def _around(view: Field, box: NDArray[np.float64]) -> tuple[Field, int, int]:
    cell = int(np.searchsorted(view.lefts, (box[0] + box[2]) / 2, side="right")) - 1
    middle = (box[1] + box[3]) / 2 / view.zoom
    left = (cell - 1) * CELL if cell and view.seams[cell] else cell * CELL
    return view, int(middle) - SIDE // 2, left


def _cut(grey: NDArray[np.uint8], top: int, left: int) -> NDArray[np.uint8]:
    """A patch moved inside the field; of a smaller field, its edges repeated."""
    rows, columns = grey.shape
    top, left = max(0, min(top, rows - SIDE)), max(0, min(left, columns - SIDE))
    patch = grey[top : top + SIDE, left : left + SIDE]
    return np.pad(patch, ((0, SIDE - patch.shape[0]), (0, SIDE - patch.shape[1])), mode="edge")
