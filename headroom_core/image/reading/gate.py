"""The gates of a transcription: which lines may stand for the picture they were read in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headroom_core.image.reading.script import distrust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_core.image.reading.lines import ReadLine

__all__ = ["DIGIT_CONFIDENCE", "FIGURE_CONFIDENCE", "KINDS", "UNSURE", "Demands", "judged", "sampled"]

KINDS: Final = frozenset({"document", "screenshot"})
"""Kinds of pictures whose text may stand for them."""
DIGIT_CONFIDENCE: Final = 0.95
"""What lines with digits must reach where exact strings are asked for."""
FIGURE_CONFIDENCE: Final = 0.9
"""What a line that is mostly figures must reach whatever is asked: no word beside it tells that one is wrong. On a worn
typescript 319 was read as 519 and 1931 as 1951; such a page holds others that are read with less."""
UNSURE: Final = "sampled lines are not read with confidence"
SAMPLE_SLACK: Final = 0.05
"""How far the sampled lines may stay below what the page must reach: a few lines vary more than many."""
HOPELESS: Final = 0.6
"""A line below this is garbage: a drawing, a formula, handwriting."""
HOPELESS_SHARE: Final = 0.04
"""Share of the characters that garbage may have."""
LEAST_CHARACTERS: Final = 40
LEAST_LINES: Final = 3
SIGN_CONFIDENCE: Final = 0.97
"""What each line of a short sign must reach."""
SIGN_LINES: Final = 6
SIGN_CHARACTERS: Final = 120
SPARSE: Final = 0.95
"""A line of Latin letters this many em wide for each character has lost most of them: they were of another script."""
WORDY: Final = 4.0
"""Only lines wider than this, in em, tell whether letters are missing."""
SPARSE_SHARE: Final = 0.12
"""Share of the width of all lines that such lines may have."""
_TICK: Final = re.compile(
    r"[\u2610-\u2612\u2713-\u2718\u25a1\u25a2\u25fb\u25fc\u25a0\u25cb\u25cf\u25c9\u2705\u274c☐☑☒√口]"
)
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_MATHS: Final = re.compile(r"[∑∫∏∂∇√∞≤≥≠≈±×÷∈∉⊂⊆∪∩∀∃∝∥⟨⟩→⇒⇔↦αβγδεζηθλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉]")
_DIGIT: Final = re.compile(r"\d")
_SAID: Final = re.compile(r"[^\W_]")
_CONFUSED: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}[01][A-Za-z]+(?![A-Za-z0-9])")
"""A zero or one among letters, which may as well be an O, an I or an l."""
_TORN: Final = re.compile(r"(?<!\S)- - ?\w")
_EDGED: Final = re.compile(r"(?<![\w.])_[A-Za-z]|[A-Za-z]_(?!\w)")
"""An underscore at the edge of a word: of two that stand together, one is often lost."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What the question needs of the text.

    Attributes:
        digits: Exact strings.
        structure: Tables and forms.
        confidence: What nine lines of ten must reach.
        sign: Only the words of a sign or label.
    """

    digits: bool
    structure: bool
    confidence: float
    sign: bool


def sampled(lines: Sequence[ReadLine], demands: Demands) -> str | None:
    """Why a page is not worth reading, by some of its lines, or None."""
    if not lines:
        return "no text was found"
    if (
        not demands.sign
        and sorted(line.confidence for line in lines)[len(lines) // 2] < demands.confidence - SAMPLE_SLACK
    ):
        return UNSURE
    return distrust(line.text for line in lines) or _sparse(lines)


def judged(lines: Sequence[ReadLine], demands: Demands) -> str | None:
    """Why the lines of a page may not stand for it, or None."""
    return (
        _few(lines, demands)
        or _unsure(lines, demands)
        or distrust(line.text for line in lines)
        or _sparse(lines)
        or _symbols(lines)
        or _torn(lines)
        or (_confused(lines) if demands.digits else None)
    )


def _few(lines: Sequence[ReadLine], demands: Demands) -> str | None:
    characters = sum(len(line.text) for line in lines)
    if demands.sign:
        return "more than a short sign" if len(lines) > SIGN_LINES or characters > SIGN_CHARACTERS else None
    rows = len({round((line.box[1] + line.box[3]) / max(1.0, 2 * line.em)) for line in lines})
    return "too little text" if characters < LEAST_CHARACTERS or rows < LEAST_LINES else None


def _unsure(lines: Sequence[ReadLine], demands: Demands) -> str | None:
    sure = sorted(line.confidence for line in lines)
    if demands.sign:
        return None if sure[0] >= max(SIGN_CONFIDENCE, demands.confidence) else "a line of the sign is not certain"
    if sure[len(sure) // 10] < demands.confidence:
        return f"one line in ten is read with less than {demands.confidence:g} confidence"
    characters = sum(len(line.text) for line in lines)
    if sum(len(line.text) for line in lines if line.confidence < HOPELESS) > HOPELESS_SHARE * characters:
        return "parts that cannot be read: a drawing, a formula, handwriting"
    if any(line.confidence < FIGURE_CONFIDENCE for line in lines if _is_figure(line.text)):
        return f"a figure is read with less than {FIGURE_CONFIDENCE:g} confidence"
    if demands.digits and any(line.confidence < DIGIT_CONFIDENCE for line in lines if _DIGIT.search(line.text)):
        return f"a line with digits is read with less than {DIGIT_CONFIDENCE:g} confidence"
    return None


def _is_figure(text: str) -> bool:
    """Whether at least two digits make up most of what is said, as in `1,204.50`, `189S` or `74-03-03`."""
    digits = len(_DIGIT.findall(text))
    return digits >= 2 and 2 * digits > len(_SAID.findall(text))


def _symbols(lines: Sequence[ReadLine]) -> str | None:
    """Ticks and formulas are marks whose place says as much as their shape."""
    latin = sum(bool(_LATIN.search(line.text)) for line in lines) > len(lines) / 2
    ticks = sum(bool(_TICK.search(line.text)) for line in lines) if latin else 0
    if ticks >= 2:
        return "tick boxes or marks"
    formulas = sum(len(_MATHS.findall(line.text)) >= 2 for line in lines)
    return "formulas" if formulas >= max(2, 0.02 * len(lines)) else None


def _torn(lines: Sequence[ReadLine]) -> str | None:
    """Where two dashes come apart, the rest of an option is doubtful too: `--all` was read as `- - al1`."""
    return "options of commands, read in pieces" if any(_TORN.search(line.text) for line in lines) else None


def _sparse(lines: Sequence[ReadLine]) -> str | None:
    """Models drop the letters that they do not know, and are confident of the few that remain."""
    widths = [(line.box[2] - line.box[0], line) for line in lines]
    missing = sum(width for width, line in widths if width > max(WORDY, SPARSE * _letters(line.text)) * line.em)
    lost = missing > SPARSE_SHARE * sum(width for width, _ in widths)
    return "lines with fewer letters than their width holds" if lost else None


def _letters(text: str) -> int:
    """Characters, ideographs counted twice, as they are twice as wide."""
    return len(text) + len(_WIDE.findall(text))


def _confused(lines: Sequence[ReadLine]) -> str | None:
    doubtful = any(_CONFUSED.search(line.text) or _EDGED.search(line.text) for line in lines)
    return "a string that may have been misread (0 and O, 1 and l, underscores)" if doubtful else None
