"""Lines of text: runs of rows with many steps, followed from cell to cell."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.fields import CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.fields import Field

__all__ = ["EM_PER_RUN", "SHAPE", "Lines", "lines_of"]

ACTIVE: Final = 4
"""Steps in three cells from which on a row may be part of a line of letters."""
QUIET: Final = 1
"""At most this many steps, in one of the `NEAR` rows before and after, bound a line."""
NEAR: Final = 3
RUN: Final = (3, 40)
"""Least and greatest height of a run of rows in pixels of the field."""
EM_RANGE: Final = ((4.0, 28.0), (9.0, 28.0), (11.0, 48.0))
"""Em heights that each of the three fields is trusted with, in its own pixels."""
INKED: Final = 3
"""Least number of steps in the rows of a line for a cell to bear letters."""
EM_PER_RUN: Final = 1 / 0.8
SHAPE: Final = 24
"""Samples of a line's row profile."""
REACH: Final = 1.25
"""The profile reaches this many run heights above and below the middle of the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Line segments found, one entry each. Lengths in decoded pixels.

    Attributes:
        boxes: Left, top, right, bottom, shape (n, 4).
        em: Em height, shape (n,).
        strength: Steps per row and em of width, shape (n,): 3 to 6 for letters.
        shapes: Row profiles from `REACH` runs above the middle to as much below, each over its highest, (n, `SHAPE`).
        run: Height of the run of rows, shape (n,).
        width: Width that bears letters, shape (n,).
        weight: How many such lines of the picture each stands for, 1 or more, shape (n,).
        zoom: Zoom of the field in which it was found, shape (n,).
    """

    boxes: NDArray[np.float64]
    em: NDArray[np.float64]
    strength: NDArray[np.float64]
    shapes: NDArray[np.float64]
    run: NDArray[np.float64]
    width: NDArray[np.int64]
    weight: NDArray[np.float64]
    zoom: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.em)

    def where(self, chosen: NDArray[np.bool_]) -> Lines:
        """The chosen ones."""
        return Lines(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def plus(self, others: Lines) -> Lines:
        """These and the others."""
        return Lines(*(np.concatenate((getattr(self, each.name), getattr(others, each.name))) for each in fields(self)))


def lines_of(views: tuple[Field, ...]) -> Lines:
    """Find the lines of text in the fields of a picture, each once."""
    found = _nothing()
    for view, trusted in zip(views, EM_RANGE, strict=True):
        more = _segments(view, trusted)
        found = found.plus(more.where(~_covered(more.boxes, found.boxes))) if len(found) else more
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Runs of active rows, sorted by cell and row."""

    cell: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def _segments(view: Field, trusted: tuple[float, float]) -> Lines:
    """Find the lines of one field, of em heights in the range that it is trusted with."""
    steps = np.ascontiguousarray(view.steps.T)
    runs = _runs(_windows(steps, view.seams))
    if not len(runs.cell):
        return _nothing()
    group = _followed(runs, view.seams, steps.shape[1])
    order = np.lexsort((runs.end - runs.start, group))
    return _measured(view, steps, runs, order, group[order], trusted)


def _windows(steps: NDArray[np.uint8], seams: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Steps in each cell and both of its neighbours, shape (cells, rows)."""
    wide = steps.copy()
    wide[:-1] += steps[1:]
    wide[1:] += steps[:-1]
    for cell in np.flatnonzero(seams[:-1]):
        wide[cell] -= steps[cell + 1]
        wide[cell + 1] -= steps[cell]
    return wide


def _runs(wide: NDArray[np.uint8]) -> _Runs:
    """The runs between quiet rows."""
    cells, rows = wide.shape
    padded = np.zeros((cells, rows + 2 * NEAR), np.uint8)
    padded[:, NEAR:-NEAR] = wide
    flat, stride = padded.ravel(), rows + 2 * NEAR
    active = (flat >= ACTIVE).view(np.int8)
    turns = np.flatnonzero(active[1:] != active[:-1]) + 1
    starts, ends = turns[0::2], turns[1::2]
    heights = ends - starts
    fit = (heights >= RUN[0]) & (heights <= RUN[1])
    starts, ends = starts[fit], ends[fit]
    above = np.minimum.reduce([flat[starts - back] for back in range(1, NEAR + 1)])
    below = np.minimum.reduce([flat[ends + ahead] for ahead in range(NEAR)])
    fit = (above <= QUIET) & (below <= QUIET)
    starts, ends = starts[fit], ends[fit]
    cell, start = np.divmod(starts, stride)
    return _Runs(cell, start - NEAR, ends - cell * stride - NEAR)


def _followed(runs: _Runs, seams: NDArray[np.bool_], rows: int) -> NDArray[np.int64]:
    """For each run the last of those that follow it, cell by cell to the right, at the same height."""
    number = np.arange(len(runs.cell))
    middle, height = (runs.start + runs.end) // 2, runs.end - runs.start
    # Runs of a cell do not touch: the one that begins last before a place is the only one that can hold it.
    beside = (runs.cell + 1) * rows + middle
    after = np.searchsorted(runs.cell * rows + runs.start, beside, side="right") - 1
    alike = (beside < runs.cell[after] * rows + runs.end[after]) & ~seams[runs.cell]
    other = np.where(alike, after, number)
    least, most = np.minimum(height, height[other]), np.maximum(height, height[other])
    alike &= (most <= 1.6 * least + 1) & (np.abs(middle[other] - middle) <= 0.4 * least + 1)
    follow = np.where(alike, other, number)
    for _ in range(len(seams).bit_length()):
        follow = follow[follow]
    return follow


def _measured(
    view: Field,
    steps: NDArray[np.uint8],
    runs: _Runs,
    order: NDArray[np.int64],
    group: NDArray[np.int64],
    trusted: tuple[float, float],
) -> Lines:
    """Put the runs of each group together; `order` sorts the runs by group and height."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    count = np.diff(first, append=len(group))
    cell, start, end = runs.cell[order], runs.start[order], runs.end[order]
    inked = _inked(steps, cell, start, end)
    left = np.minimum.reduceat(np.where(inked, cell, len(steps)), first)
    right = np.maximum.reduceat(np.where(inked, cell, -1), first)
    em = (end - start)[first + count // 2] * EM_PER_RUN
    good = (count >= 2) & (left <= right) & (em >= trusted[0]) & (em <= trusted[1])
    left, right, em, count = left[good], right[good], em[good], count[good]
    top, bottom = np.minimum.reduceat(start, first)[good], np.maximum.reduceat(end, first)[good]
    covered = np.add.reduceat(inked.astype(np.int64), first)[good]
    centre = np.add.reduceat(start + end, first)[good] / (2.0 * count)
    height = em / EM_PER_RUN
    profile = _profiles(steps, left, right, centre, height)
    peak = np.maximum(1, profile.max(axis=1))
    x0, x1 = view.lefts[left], view.lefts[right] + CELL * view.zoom
    return Lines(
        np.stack([x0, top * view.zoom, x1, bottom * view.zoom], axis=1).astype(np.float64),
        em * view.zoom,
        peak * em / (covered * CELL),
        profile / peak[:, None],
        height * view.zoom,
        covered * CELL * view.zoom,
        np.full(len(em), 1 / view.share),
        np.full(len(em), view.zoom),
    )


def _inked(
    steps: NDArray[np.uint8], cell: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which runs of rows bear letters."""
    first = cell * steps.shape[1]
    bounds = np.stack([first + start, np.minimum(first + end, steps.size - 1)], axis=1).ravel()
    within = np.add.reduceat(steps.ravel(), bounds, dtype=np.int32)[::2]
    # What ends with the last cell ends with the last number, which no piece then holds.
    within += steps.flat[-1] * (first + end == steps.size)
    inked: NDArray[np.bool_] = within >= INKED
    return inked


def _profiles(
    steps: NDArray[np.uint8],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    centre: NDArray[np.float64],
    height: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Steps of each line in `SHAPE` rows around its middle, all its cells together, shape (lines, `SHAPE`)."""
    sums = np.zeros((steps.shape[0] + 1, steps.shape[1]), np.int32)
    for cell, own in enumerate(steps):
        np.add(sums[cell], own, out=sums[cell + 1])
    at = centre[:, None] + np.linspace(-REACH, REACH, SHAPE) * height[:, None]
    row = np.clip(at.round().astype(np.int64), 0, steps.shape[1] - 1)
    profile: NDArray[np.int64] = sums[(right + 1)[:, None], row] - sums[left[:, None], row]
    return profile


def _covered(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which boxes have their middle row inside one of the others, somewhere along their width."""
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    rows = (others[None, :, 1] <= middle[:, None]) & (middle[:, None] <= others[None, :, 3])
    columns = (others[None, :, 0] < boxes[:, 2, None]) & (boxes[:, 0, None] < others[None, :, 2])
    both: NDArray[np.bool_] = rows & columns
    return np.asarray(both.any(axis=1))


def _nothing() -> Lines:
    none = np.zeros(0)
    count = np.zeros(0, np.int64)
    return Lines(np.zeros((0, 4)), none, none, np.zeros((0, SHAPE)), none, count, none, count)
