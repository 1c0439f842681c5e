"""Rows and the cells in them: aligned cells as a Markdown table, labels and values as a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["LEAST_ROWS", "Grid", "Row", "grids", "rows_of"]

LEAST_ROWS: Final = 3
"""Fewer rows may stand side by side by chance."""
LABELLED: Final = 0.6
"""Share of first cells that end in a colon from which on two columns are a form."""

Row = list["ReadLine"]
"""Segments that stand beside each other, from the left."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Consecutive rows whose cells stand in columns.

    Attributes:
        first: Index of its first row.
        last: Index after its last row.
        cells: The words by row and column.
        resolved: No two segments share a cell.
    """

    first: int
    last: int
    cells: tuple[tuple[str, ...], ...]
    resolved: bool

    def written(self) -> list[str]:
        """The lines of a Markdown table, or `label: value` lines for a form."""
        if self._form:
            return [f"{label} {value}".strip() for label, value in self.cells]
        escaped = [[cell.replace("|", "\\|") for cell in row] for row in self.cells]
        head, *body = ["| " + " | ".join(row) + " |" for row in escaped]
        return [head, "|" + "---|" * len(self.cells[0]), *body]

    @property
    def _form(self) -> bool:
        labels = [row[0] for row in self.cells if row[0]]
        colons = sum(label.endswith((":", "：")) for label in labels)
        return len(self.cells[0]) == 2 and colons >= LABELLED * max(1, len(labels))


def rows_of(lines: Sequence[ReadLine]) -> list[Row]:
    """Group the segments of a part of a page into rows: those that share most of their height stand beside another."""
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3], line.box[0])):
        home = next((row for row in rows[-3:] if _same_row(row, line)), None)
        if home is None:
            rows.append([line])
        else:
            home.append(line)
    for row in rows:
        row.sort(key=lambda line: line.box[0])
    return rows


def grids(rows: Sequence[Row]) -> list[Grid]:
    """The tables and forms among the rows, from the top."""
    found, start = [], 0
    while start < len(rows):
        grid = _grid_from(rows, start) if len(rows[start]) > 1 else None
        if grid is not None:
            found.append(grid)
        start = start + 1 if grid is None else grid.last
    return found


def _same_row(row: Row, line: ReadLine) -> bool:
    last = row[0]
    common = min(last.box[3], line.box[3]) - max(last.box[1], line.box[1])
    apart = all(line.box[0] >= other.box[2] - line.em or line.box[2] <= other.box[0] + line.em for other in row)
    return apart and common > 0.5 * min(last.box[3] - last.box[1], line.box[3] - line.box[1])


def _grid_from(rows: Sequence[Row], start: int) -> Grid | None:
    """The longest table from this row on: it ends before a row that would join two of its columns."""
    columns = [(line.box[0], line.box[2]) for line in rows[start]]
    last = start + 1
    for index in range(start + 1, len(rows)):
        joined = _joined([*columns, *((line.box[0], line.box[2]) for line in rows[index])])
        if len(joined) < len(columns) or len(joined) < len(rows[index]) or _far(rows, index):
            break
        columns = joined
        last = index + 1 if len(rows[index]) > 1 else last
    if last - start < LEAST_ROWS:
        return None
    columns = _joined([(line.box[0], line.box[2]) for row in rows[start:last] for line in row])
    return _grid(rows, start, last, columns)


def _far(rows: Sequence[Row], index: int) -> bool:
    """Whether a row stands apart from the one above."""
    gap = min(line.box[1] for line in rows[index]) - max(line.box[3] for line in rows[index - 1])
    return gap > 4 * rows[index][0].em


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap become one."""
    joined: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if joined and left < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def _grid(rows: Sequence[Row], first: int, last: int, columns: list[tuple[int, int]]) -> Grid | None:
    cells: list[list[str]] = []
    resolved = True
    for row in rows[first:last]:
        parts: list[list[str]] = [[] for _ in columns]
        for line in row:
            parts[next(i for i, (left, right) in enumerate(columns) if left <= line.box[0] < right)].append(line.text)
        resolved = resolved and all(len(part) <= 1 for part in parts)
        cells.append([" ".join(part) for part in parts])
    if len(columns) < 2:
        return None
    return Grid(first, last, tuple(tuple(row) for row in cells), resolved)
