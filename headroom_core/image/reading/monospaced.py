"""Monospaced text: the width of its letters, and lines that have fewer letters than their width holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["Pitch", "pitch_of"]

ALIKE: Final = 0.6
"""A line is monospaced when its width is off by less than this many letters."""
MOST_ALIKE: Final = 0.8
"""Share of the lines for which that must hold."""
LEAST_LINES: Final = 4
LEAST_LETTERS: Final = 8
"""A shorter line does not tell the width of its letters."""
SPREAD: Final = 8
"""Only lines that differ by this many letters tell how wide one is."""
LOST: Final = 0.8
"""A line is incomplete from this number of missing letters on."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """How wide monospaced text runs.

    Attributes:
        cell: Width of a letter in pixels of the file.
        slack: Width of a box beyond its letters.
    """

    cell: float
    slack: float

    def missing(self, line: ReadLine) -> float:
        """How many letters more the width of a line holds than were read."""
        return (line.box[2] - line.box[0] - self.slack) / self.cell - len(line.text)

    def incomplete(self, lines: Sequence[ReadLine]) -> bool:
        """Whether any line has lost a letter, such as one of two underscores, or won one.

        Readers also make one space of two, which loses nothing: lines with spaces count only with underscores in them.
        """
        told = (line for line in lines if line.text.isascii() and (" " not in line.text or "_" in line.text))
        return any(abs(self.missing(line)) >= LOST for line in told if len(line.text) >= LEAST_LETTERS)


def pitch_of(lines: Sequence[ReadLine]) -> Pitch | None:
    """The pitch of these lines if their letters are monospaced, else None.

    Letters are monospaced when the width of lines grows with the number of their letters alone: a line is fitted
    through widths and numbers by medians, so that lines with lost letters do not bend it.
    """
    wordy = [line for line in lines if len(line.text) >= LEAST_LETTERS and line.text.isascii()]
    if len(wordy) < LEAST_LINES or 2 * len(wordy) < len(lines):
        return None
    fit = _fit([(len(line.text), line.box[2] - line.box[0]) for line in wordy])
    if fit is None:
        return None
    near = sum(abs(fit.missing(line)) < ALIKE for line in wordy)
    return fit if near >= MOST_ALIKE * len(wordy) else None


def _fit(points: list[tuple[int, int]]) -> Pitch | None:
    """Theil and Sen's line: the median of the slopes between points that stand well apart."""
    slopes = [(wide - narrow) / (more - few) for few, narrow in points for more, wide in points if more - few >= SPREAD]
    if not slopes:
        return None
    cell = median(slopes)
    return Pitch(cell, median(width - cell * letters for letters, width in points)) if cell > 1 else None
