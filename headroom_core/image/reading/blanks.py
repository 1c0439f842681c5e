"""Lines to be filled in: words that stand on a rule which runs on past them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_core.image.reading.canvas import Canvas
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["BLANK_SHARE", "LEAST_BLANKS", "filled_in"]

LEAST_BLANKS: Final = 3
BLANK_SHARE: Final = 0.15
"""Share of the lines from which on a page is a form to be filled in; scans of tables and prose have 0.03 at most."""
PAST: Final = 3.0
"""How far past the words their rule is looked for, in em."""
ABOVE, BELOW = 0.5, 0.35
"""Where it may run, from the bottom of the words, in em."""
THICKEST: Final = 0.4
"""Ink of a column, in em: what has more is no rule."""
UNBROKEN: Final = 0.9
"""Share of the columns in which a rule has ink."""
DARKER: Final = 90
"""How far ink stands from paper, in levels of 255."""
SINKS: Final = 5
"""Rows of pixels among which a rule may wander over this length."""


def filled_in(sheet: Canvas, lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines of a form that stand on rules which run on past them; none where they are too few for a form."""
    blanks = [line for line in lines if _on_a_rule(sheet, line)]
    return blanks if len(blanks) >= max(LEAST_BLANKS, BLANK_SHARE * len(lines)) else []


def _on_a_rule(sheet: Canvas, line: ReadLine) -> bool:
    """Whether right of the words a thin rule runs on at their foot."""
    import numpy as np

    em = line.em * sheet.scale
    right, bottom = (line.box[2] - sheet.left) * sheet.scale, (line.box[3] - sheet.top) * sheet.scale
    top, left = max(0, round(bottom - ABOVE * em)), max(0, round(right))
    past = sheet.pixels[top : round(bottom + BELOW * em), left : round(right + PAST * em)].mean(axis=2)
    if not past.size or past.shape[1] < em:
        return False
    ink = np.abs(past - np.median(past)) > DARKER
    bands = (ink[row : row + SINKS].any(axis=0).mean() for row in range(max(1, len(ink) - SINKS + 1)))
    return bool(max(bands) > UNBROKEN and ink.sum(axis=0).max() < THICKEST * em)
