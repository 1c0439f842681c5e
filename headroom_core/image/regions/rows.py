"""Lines of text as rows: what stands right of a label and below it, and which rows belong to a table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final, Protocol

from headroom_core.image.regions.plan import Box

__all__ = ["Line", "around", "is_heading", "is_table_row", "joined", "row_of", "section"]

GAP: Final = 1.2
"""Blank between two lines that belong together, in em of the larger."""
ALIGNED: Final = 1.5
"""How far the edges of two cells of one column may lie apart, in em."""
TABLE_CELLS: Final = 3
TABLE_ROWS: Final = 2
"""As many cells in line with as many other rows make a row a row of a table."""
HEADING: Final = 1.15
"""Size of a heading against the middle size of the text."""
RUNNING_TEXT: Final = 25
"""Width in em from which a line is running text."""
LONGEST_BLOCK: Final = 10
"""Lines below a label; more are no value, and where they end is unsure."""


class Line(Protocol):
    """A line of text that was read in a picture, or a segment of one."""

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def box(self) -> Box:
        """Where it stands, in pixels of the upright file."""
        ...

    @property
    def confidence(self) -> float:
        """How sure the reader is, in [0, 1]."""
        ...

    @property
    def em(self) -> float:
        """Its em height in pixels of the file."""
        ...


def row_of(line: Line, lines: Sequence[Line]) -> list[Line]:
    """All lines on the same row, the line itself among them, from left to right."""
    return sorted((other for other in lines if other is line or _beside(line, other)), key=lambda other: other.box[0])


def is_table_row(line: Line, lines: Sequence[Line]) -> bool:
    """Whether the line stands in a table, whose cells mean nothing without the others."""
    row = row_of(line, lines)
    if len(row) < TABLE_CELLS:
        return False
    others = [row_of(other, lines) for other in lines if other not in row]
    rows = {id(other[0]): other for other in others if _cells_aligned(row, other) >= TABLE_CELLS}
    if len(rows) < TABLE_ROWS:
        return False
    headers = [other for other in (row, *rows.values()) if other[0].box[1] <= line.box[3] and not _bears_digits(other)]
    return bool(headers) or sum(other.box[0] > line.box[0] for other in row) >= TABLE_ROWS


def is_heading(line: Line, lines: Sequence[Line]) -> bool:
    """Whether the line is larger than the text around, and alone on its row."""
    return len(row_of(line, lines)) == 1 and line.em >= HEADING * median(other.em for other in lines)


def around(line: Line, lines: Sequence[Line], *, both_sides: bool) -> tuple[Box, bool] | None:
    """The box of a label with its value, and whether anything stands beside or below it.

    Args:
        line: The label.
        lines: All lines of the picture.
        both_sides: The value may stand left of it.

    Returns:
        The label, all that stands right of it on its row, the lines right below these, and for a label alone on its
        row the one right above; None where running text stands below, of which it is unsure where it ends.
    """
    row = [other for other in row_of(line, lines) if both_sides or other.box[0] >= line.box[0]]
    block = _below(joined(row), line, [other for other in lines if other not in row_of(line, lines)])
    wide = [other for other in block if other.box[2] - other.box[0] > RUNNING_TEXT * other.em]
    if len(block) > LONGEST_BLOCK or len(wide) > 1:
        return None
    return joined([*row, *block, *_above(line, row, lines)]), len(row) > 1 or bool(block)


def section(heading: Line, lines: Sequence[Line], bottom: int) -> Box:
    """The box from a heading, and what stands right above it, to the next one as large, or to the last line."""
    below = [other for other in lines if other.box[1] >= heading.box[3] - heading.em / 2]
    following = [other.box[1] for other in below if other.em >= 0.95 * heading.em and is_heading(other, lines)]
    end = min(following, default=bottom)
    return joined([heading, *(other for other in below if other.box[1] < end), *_above(heading, [heading], lines)])


def joined(lines: Sequence[Line]) -> Box:
    """The smallest box around lines, of which there is at least one."""
    boxes = [line.box for line in lines]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _below(box: Box, label: Line, others: Sequence[Line]) -> list[Line]:
    """The lines under a box, as long as no blank row comes between."""
    found: list[Line] = []
    bottom, em = box[3], label.em
    for other in sorted(others, key=lambda other: (other.box[1], other.box)):
        middle = (other.box[1] + other.box[3]) / 2
        if middle <= box[3] or other.box[2] <= box[0] or other.box[0] >= box[2]:
            continue
        if other.box[1] - bottom > GAP * max(em, other.em):
            break
        found.append(other)
        bottom, em = max(bottom, other.box[3]), other.em
    return found


def _above(label: Line, row: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The line right above a label that is alone on its row, as on a card that shows a number over its name."""
    if len(row) > 1:
        return []
    left, top, right, _ = label.box
    over = [
        other
        for other in lines
        if other.box[1] + other.box[3] < 2 * top and other.box[0] < right and left < other.box[2]
    ]
    nearest = max(over, key=lambda other: (other.box[3], other.box), default=label)
    near = top - nearest.box[3] <= GAP * max(label.em, nearest.em)
    return [nearest] if near and nearest is not label else []


def _beside(line: Line, other: Line) -> bool:
    shared = min(line.box[3], other.box[3]) - max(line.box[1], other.box[1])
    return shared > 0.5 * min(line.box[3] - line.box[1], other.box[3] - other.box[1])


def _bears_digits(row: Sequence[Line]) -> bool:
    return any(letter.isdigit() for cell in row for letter in cell.text)


def _cells_aligned(row: Sequence[Line], other: Sequence[Line]) -> int:
    return sum(any(_aligned(cell, against) for against in other) for cell in row)


def _aligned(cell: Line, other: Line) -> bool:
    reach = ALIGNED * max(cell.em, other.em)
    middles = abs(cell.box[0] + cell.box[2] - other.box[0] - other.box[2]) / 2
    edges = abs(cell.box[0] - other.box[0]), abs(cell.box[2] - other.box[2])
    return min(middles, *edges) <= reach
