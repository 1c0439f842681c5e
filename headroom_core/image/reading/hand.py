"""Handwriting, told from print by its letters: in print they recur, by hand no two are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.reading.canvas import Canvas
    from headroom_core.image.reading.lines import ReadLine

    Letter = tuple[int, int, NDArray[np.float32]]
    """Height and width in pixels, and the ink in `GRID` x `GRID` cells, each in [0, 1]."""

__all__ = ["FILLED", "LEAST_FILLED", "RECURS", "recurrence"]

RECURS: Final = 0.12
"""The least share of letters that occur again on a printed page: worn and blurred scans have 0.17 to 0.5, good ones 0.5
to 0.9, a neat hand 0.05."""

FILLED: Final = 0.4
"""The same for words on lines to be filled in: block letters by hand have 0.15."""
LEAST_FILLED: Final = 8
"""With fewer letters on these lines, nothing is said of them."""

GRID: Final = 12
LINES: Final = 10
"""The widest lines that are looked at."""
LETTERS: Final = 240
"""The most letters that are compared with one another."""
LEAST_LETTERS: Final = 24
"""With fewer letters that stand apart, nothing is said."""
LEAST_EM: Final = 11.0
"""Smaller letters have too few pixels to tell one hand from another."""
INKED: Final = 0.5
"""Share of the contrast of a line from which on a pixel bears ink."""
RULED: Final = 0.7
"""A row with this share of ink is a rule."""
SIDES: Final = (0.2, 0.2, 1.3)
"""Least height, and least and greatest width of a letter, in em."""
ALIKE: Final = 0.16
"""Mean difference of the cells up to which two letters are the same."""
SAME_SIDE: Final = 0.12
"""By how much of themselves, or one pixel, their sides may differ."""


def recurrence(
    sheet: Canvas, lines: Sequence[ReadLine], among: Sequence[ReadLine] = (), *, least: int = LEAST_LETTERS
) -> float | None:
    """Return the share of letters that occur again, in [0, 1]; None where too few letters stand apart to tell.

    Letters are parts of a line between two columns without ink, so that those which touch count as one.

    Args:
        sheet: The pixels of the page.
        lines: Whose letters are looked at.
        among: Other lines that they may occur in as well.
        least: How many letters tell enough.
    """
    letters, others = _of_widest(sheet, lines), _of_widest(sheet, among)
    if len(letters) < least:
        return None
    return _recurring(letters[:: -(-len(letters) // LETTERS)], others[:LETTERS])


def _of_widest(sheet: Canvas, lines: Sequence[ReadLine]) -> list[Letter]:
    widest = sorted(lines, key=lambda line: line.box[0] - line.box[2])[:LINES]
    return [letter for line in widest for letter in _letters(sheet, line)]


def _recurring(letters: Sequence[Letter], others: Sequence[Letter]) -> float:
    import numpy as np

    compared = (*letters, *others)
    sides = np.array([letter[:2] for letter in compared], dtype=np.float32)
    ink = np.stack([letter[2].ravel() for letter in compared])
    found = 0
    for index in range(len(letters)):
        slack = np.maximum(1.0, SAME_SIDE * sides[index])
        alike = (np.abs(sides - sides[index]) <= slack).all(axis=1)
        alike[index] = False
        found += bool((np.abs(ink[alike] - ink[index]).mean(axis=1) <= ALIKE).any())
    return found / len(letters)


def _letters(sheet: Canvas, line: ReadLine) -> Iterator[Letter]:
    import numpy as np

    em = line.em * sheet.scale
    left, top = (round((line.box[i] - (sheet.left, sheet.top)[i]) * sheet.scale) for i in (0, 1))
    right, bottom = (round((line.box[i + 2] - (sheet.left, sheet.top)[i]) * sheet.scale) for i in (0, 1))
    grey = sheet.pixels[max(0, top) : bottom, max(0, left) : right].astype(np.float32).mean(axis=2)
    if em < LEAST_EM or not grey.size:
        return
    contrast = np.abs(grey - np.median(grey))
    ink = np.clip(contrast / max(1.0, float(np.percentile(contrast, 98))), 0, 1)
    # A rule under the words would join their letters.
    ink[(ink > INKED).mean(axis=1) > RULED] = 0
    inked = np.flatnonzero(np.diff((ink > INKED).any(axis=0).astype(np.int8), prepend=0, append=0))
    for start, end in inked.reshape(-1, 2):
        part = ink[:, start:end]
        rows = np.flatnonzero((part > INKED).any(axis=1))
        if not rows.size:
            continue
        high, wide = int(rows[-1] - rows[0] + 1), int(end - start)
        # Points and rules are the same in every hand.
        if SIDES[0] * em <= high and SIDES[1] * em <= wide <= SIDES[2] * em:
            yield high, wide, _cells(part[rows[0] : rows[-1] + 1])


def _cells(letter: NDArray[np.float32]) -> NDArray[np.float32]:
    """A letter in `GRID` x `GRID` cells, each the mean of its pixels."""
    import numpy as np

    def edges(side: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        starts = np.arange(GRID) * side // GRID
        return starts, np.maximum(starts + 1, (np.arange(GRID) + 1) * side // GRID)

    sums = np.zeros((letter.shape[0] + 1, letter.shape[1] + 1), dtype=np.float64)
    sums[1:, 1:] = letter.cumsum(axis=0).cumsum(axis=1)
    (top, bottom), (left, right) = edges(letter.shape[0]), edges(letter.shape[1])
    whole = (
        sums[np.ix_(bottom, right)] - sums[np.ix_(top, right)] - sums[np.ix_(bottom, left)] + sums[np.ix_(top, left)]
    )
    area = np.outer(bottom - top, right - left)
    return (whole / area).astype(np.float32)
