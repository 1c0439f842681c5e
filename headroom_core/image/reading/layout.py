"""The lines of a page in reading order: columns one after another, tables and forms as such, code on its grid."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from headroom_core.image.reading.columns import in_columns
from headroom_core.image.reading.monospaced import pitch_of
from headroom_core.image.reading.tables import Row, grids, rows_of

if TYPE_CHECKING:
    from headroom_core.image.pixels import Box
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["Layout", "laid_out"]

ASKEW: Final = 0.003
"""A page is put straight from this tilt on: three pixels in a thousand."""
PARAGRAPH: Final = 0.8
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


def laid_out(lines: Sequence[ReadLine]) -> Layout:
    """Write lines down in reading order; a page that lies askew is put straight first."""
    lines = _straight(lines)
    written: list[str] = []
    loose = rows = 0
    exact = True
    for part in in_columns(lines):
        grouped = rows_of(part)
        pitch = pitch_of(part)
        said, lost = _on_grid(grouped, pitch.cell) if pitch else _flowing(grouped)
        exact = exact and not (pitch and pitch.incomplete(part))
        written.extend([""] if written else [])
        written.extend(said)
        loose, rows = loose + lost, rows + len(grouped)
    return Layout(tuple(written), resolved=loose <= UNRESOLVED * max(1, rows), exact=exact)


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


def _on_grid(rows: Sequence[Row], cell: float) -> tuple[list[str], int]:
    """Monospaced text: every segment at its column, so that indents and columns stay."""
    left = min(row[0].box[0] for row in rows)
    written: list[str] = []
    for index, row in enumerate(rows):
        line = ""
        for segment in row:
            column = round((segment.box[0] - left) / cell)
            line += " " * max(column - len(line), 1 if line else 0) + segment.text
        written.extend([""] if index and _apart(rows, index) else [])
        written.append(line)
    return written, 0


def _flowing(rows: Sequence[Row]) -> tuple[list[str], int]:
    """Running text with tables and forms in it; also how many rows have segments side by side without a table."""
    tables = {grid.first: grid for grid in grids(rows)}
    edges = min(row[0].box[0] for row in rows), max(row[-1].box[2] for row in rows)
    written: list[str] = []
    lost = index = 0
    while index < len(rows):
        written.extend([""] if index and _apart(rows, index) else [])
        table = tables.get(index)
        if table is None:
            written.append(_across(rows[index], edges))
            lost += len(rows[index]) > 1
            index += 1
        else:
            written.extend(table.written())
            lost += 0 if table.resolved else table.last - table.first
            index = table.last
    return written, lost


def _across(row: Row, edges: tuple[int, int]) -> str:
    """A row of running text, with its indent and with the gaps between its segments."""
    indent = (row[0].box[0] - edges[0]) / row[0].em
    centred = abs(row[0].box[0] + row[-1].box[2] - sum(edges)) < 2 * CENTRED * row[0].em
    deep = 0 if centred or not INDENT[0] <= indent <= INDENT[1] else round(indent)
    line = " " * deep + row[0].text
    for last, segment in itertools.pairwise(row):
        line += (" " if segment.box[0] - last.box[2] < last.em else "   ") + segment.text
    return line


def _apart(rows: Sequence[Row], index: int) -> bool:
    """Whether a paragraph begins: the row stands further from the one above than the rows usually do."""
    gaps = [_step(above, below) for above, below in itertools.pairwise(rows)]
    return gaps[index - 1] > median(gaps) + PARAGRAPH * rows[index][0].em


def _step(above: Row, below: Row) -> float:
    return below[0].box[1] + below[0].box[3] - above[0].box[1] - above[0].box[3]
