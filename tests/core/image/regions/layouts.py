"""Pages, bills, forms and screens as a reader would see them: text, where it stands, how large."""

from __future__ import annotations

import unicodedata

from headroom_core.image.reading.lines import ReadLine
from tests.core.image.regions.pool import read

LARGE = ("INVOICE", "RECHNUNG", "FACTURE", "FAPIAO", "DASHBOARD", "ARTICLE", "LETTER")


def written(text: str, left: int, top: int, em: int = 20) -> ReadLine:
    """One line, as wide as its letters are."""
    wide = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.52 for letter in text)
    box = (left, top, left + round(wide * em), top + round(1.1 * em))
    return ReadLine(text=text, box=box, confidence=0.98, em=float(em))


def laid_out() -> dict[str, list[ReadLine]]:
    """The lines of each layout; a row of the table is its name, top and em, then each text behind its left edge."""
    layouts: dict[str, list[ReadLine]] = {}
    for name, top, em, *cells in read("layouts.tsv"):
        for left, _, text in (cell.partition(" ") for cell in cells):
            layouts.setdefault(name, []).append(written(text, int(left), int(top), int(em)))
    return layouts


LAYOUTS = {name: (lines, (1240, 1100) if name in LARGE else (1000, 700)) for name, lines in laid_out().items()}
INVOICE = LAYOUTS["INVOICE"][0]
