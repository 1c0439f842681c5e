"""The lines of a page in reading order: columns one after another, tables and forms as such, code on its grid."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from headroom_core.image.reading.columns import in_columns
from headroom_core.image.reading.monospaced import pitch_of
from headroom_core.image.reading.tables import LEAST_ROWS, Row, grids, rows_of

if TYPE_CHECKING:
    from headroom_core.image.pixels import Box
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["Layout", "laid_out"]

ASKEW: Final = 0.003
"""A page is put straight from this tilt on: three pixels in a thousand."""
PARAGRAPH: Final = 0.4
"""From this gap in em more than the usual one on, an empty line stands between two lines."""
INDENT: Final = (1.4, 8.0)
"""Least and greatest indent in em that is kept: boxes are not exact, and deeper ones belong to centred lines."""
CENTRED: Final = 1.0
"""A row whose middle is this near to the middle of its part, in em, has no indent."""
UNRESOLVED: Final = 0.1
"""Share of the rows that may hold several segments outside any table before structure counts as lost."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines as they are written down.

    Attributes:
        lines: One string a line; empty ones between paragraphs.
        resolved: What stands side by side is in a table, a form or on a grid.
        exact: No monospaced line has lost or won a letter.
        tables: Tables and forms that were found.
    """

    lines: tuple[str, ...]
    resolved: bool
    exact: bool
    tables: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a page, written down; `lost` rows have segments side by side that no table holds."""

    lines: list[str]
    lost: int
    tables: int


def laid_out(lines: Sequence[ReadLine]) -> Layout:
    """Write lines down in reading order; a page that lies askew is put straight first."""
    written: list[str] = []
    lost = rows = tables = 0
    exact = True
    for segments in in_columns(_straight(lines)):
        grouped, pitch = rows_of(segments), pitch_of(segments)
        part = _on_grid(grouped, pitch.cell) if pitch else _flowing(grouped)
        exact = exact and not (pitch and pitch.incomplete(segments))
        written.extend([""] if written else [])
        written.extend(part.lines)
        lost, tables, rows = lost + part.lost, tables + part.tables, rows + len(grouped)
    return Layout(tuple(written), resolved=lost <= UNRESOLVED * max(1, rows), exact=exact, tables=tables)


def _straight(lines: Sequence[ReadLine]) -> Sequence[ReadLine]:
    """The lines with boxes as they stood before the page was turned by a few degrees."""
    tilts = sorted(line.tilt for line in lines if line.tilt)
    tilt = tilts[len(tilts) // 2] if 2 * len(tilts) >= len(lines) and tilts else 0.0
    return [replace(line, box=_turned(line.box, tilt)) for line in lines] if abs(tilt) >= ASKEW else lines


def _turned(box: Box, tilt: float) -> Box:
    """The box that a line had before it was turned, if its box is the one around the turned line."""
    left, top, right, bottom = box
    middle, height = (left + right) / 2, (top + bottom) / 2
    wide = max(1.0, (right - left) - abs(tilt) * (bottom - top))
    high = max(1.0, (bottom - top) - abs(tilt) * (right - left))
    x, y = middle + tilt * height, height - tilt * middle
    return round(x - wide / 2), round(y - high / 2), round(x + wide / 2), round(y + high / 2)


def _on_grid(rows: Sequence[Row], cell: float) -> _Part:
    """Monospaced text: every segment at its column, so that indents and columns stay."""
    left = min(row[0].box[0] for row in rows)
    starts = _paragraphs(rows)
    written: list[str] = []
    for index, row in enumerate(rows):
        line = ""
        for segment in row:
            column = round((segment.box[0] - left) / cell)
            line += " " * max(column - len(line), 1 if line else 0) + segment.text
        written.extend([""] if index in starts else [])
        written.append(line)
    return _Part(written, 0, int(sum(len(row) > 1 for row in rows) >= LEAST_ROWS))


def _flowing(rows: Sequence[Row]) -> _Part:
    """Running text with tables and forms in it."""
    tables = {grid.first: grid for grid in grids(rows)}
    edges = min(row[0].box[0] for row in rows), max(row[-1].box[2] for row in rows)
    starts = _paragraphs(rows)
    written: list[str] = []
    lost = index = 0
    while index < len(rows):
        written.extend([""] if index in starts else [])
        table = tables.get(index)
        if table is None:
            written.append(_across(rows[index], edges))
            lost += len(rows[index]) > 1
            index += 1
        else:
            written.extend(table.written())
            lost += 0 if table.resolved else table.last - table.first
            index = table.last
    return _Part(written, lost, len(tables))


def _across(row: Row, edges: tuple[int, int]) -> str:
    """A row of running text, with its indent and with the gaps between its segments."""
    indent = (row[0].box[0] - edges[0]) / row[0].em
    centred = abs(row[0].box[0] + row[-1].box[2] - sum(edges)) < 2 * CENTRED * row[0].em
    deep = 0 if centred or not INDENT[0] <= indent <= INDENT[1] else round(indent)
    line = " " * deep + row[0].text
    for last, segment in itertools.pairwise(row):
        line += (" " if segment.box[0] - last.box[2] < last.em else "   ") + segment.text
    return line


def _paragraphs(rows: Sequence[Row]) -> set[int]:
    """Where paragraphs begin: rows that stand further from the one above than rows usually do."""
    steps = [_middle(below) - _middle(above) for above, below in itertools.pairwise(rows)]
    usual = median(steps) if steps else 0.0
    return {index for index, step in enumerate(steps, start=1) if step > usual + PARAGRAPH * rows[index][0].em}


def _middle(row: Row) -> float:
    return (row[0].box[1] + row[0].box[3]) / 2
