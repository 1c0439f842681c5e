"""Columns of running text: which parts of a page are read one after another rather than across."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["in_columns"]

COLUMN_WIDTH: Final = 9.0
"""Median width of the lines of a column of running text, in em; cells of tables are shorter."""
COLUMN_LINES: Final = 4
GUTTER: Final = 0.8
"""Least width of the gap between two columns, in em."""
BOTH_SIDES: Final = 0.5
"""Share of the height of the lower column that runs beside the other."""


def in_columns(lines: Sequence[ReadLine]) -> list[list[ReadLine]]:
    """Split the lines of a page into parts to be read one after another (a recursive XY-cut).

    A vertical gap with running text on both sides splits; lines that span it, such as a title, split the page above
    and below. Gaps between the short cells of a table do not split: a table is read across.
    """
    cut = _gap(lines)
    if cut is None:
        return [sorted(lines, key=lambda line: (line.box[1], line.box[0]))] if lines else []
    spanning = sorted((line for line in lines if _spans(line, cut)), key=lambda line: line.box[1])
    parts: list[list[ReadLine]] = []
    pending: list[ReadLine] = []
    top = float("-inf")
    for line in [*spanning, None]:
        bottom = float("inf") if line is None else _middle(line)
        band = [other for other in lines if not _spans(other, cut) and top <= _middle(other) < bottom]
        if band:
            parts.extend([pending] if pending else [])
            parts.extend(in_columns([other for other in band if other.box[2] <= cut]))
            parts.extend(in_columns([other for other in band if other.box[0] >= cut]))
            pending = []
        pending.extend([] if line is None else [line])
        top = bottom
    parts.extend([pending] if pending else [])
    return parts


def _gap(lines: Sequence[ReadLine]) -> float | None:
    """The middle of the gap between two columns that most lines stand beside, or None."""
    if len(lines) < 2 * COLUMN_LINES:
        return None
    em = median(line.em for line in lines)
    best: tuple[int, float] | None = None
    for start in sorted({line.box[0] for line in lines}):
        cut = start - 0.5 * GUTTER * em
        left = [line for line in lines if line.box[2] <= cut]
        right = [line for line in lines if line.box[0] >= cut]
        if min(len(left), len(right)) < COLUMN_LINES or len(lines) - len(left) - len(right) > 0.3 * len(lines):
            continue
        if _running(left, em) and _running(right, em) and _beside(left, right) and _wide(left, right, em):
            score = min(len(left), len(right))
            best = max(best, (score, cut)) if best is not None else (score, cut)
    return None if best is None else best[1]


def _running(lines: Sequence[ReadLine], em: float) -> bool:
    return median(line.box[2] - line.box[0] for line in lines) >= COLUMN_WIDTH * em


def _beside(left: Sequence[ReadLine], right: Sequence[ReadLine]) -> bool:
    spans = [(min(line.box[1] for line in side), max(line.box[3] for line in side)) for side in (left, right)]
    common = min(spans[0][1], spans[1][1]) - max(spans[0][0], spans[1][0])
    return common >= BOTH_SIDES * min(bottom - top for top, bottom in spans)


def _wide(left: Sequence[ReadLine], right: Sequence[ReadLine], em: float) -> bool:
    ends = sorted(line.box[2] for line in left)
    starts = sorted(line.box[0] for line in right)
    return starts[len(starts) // 10] - ends[-1 - len(ends) // 10] >= GUTTER * em


def _spans(line: ReadLine, cut: float) -> bool:
    return line.box[0] < cut < line.box[2]


def _middle(line: ReadLine) -> float:
    return (line.box[1] + line.box[3]) / 2
