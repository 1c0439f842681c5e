"""How a transcript agrees with the true words of a scan: errors, numbers and lines, wherever in it they stand."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from headroom_core.image.reading.block import LINE_MARK

__all__ = ["Agreement", "agreement", "nearest", "plain"]

FOUND: Final = 0.1
"""A line counts as found whose errors are at most this share of its characters."""
_SAME: Final = str.maketrans(
    {"ſ": "s", "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "—": "-", "–": "-", "―": "-", "‐": "-", "|": " "}
)
_NUMBER: Final = re.compile(r"\d+(?:[.,/]\d+)*")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What became of the true lines.

    Attributes:
        characters: How many they have.
        errors: Characters that are wrong, missing or too many.
        numbers: How many numbers stand in them.
        kept: How many of these the transcript holds, exactly, where their line stands.
        lines: How many lines there are.
        found: How many of them are found.
    """

    characters: int
    errors: int
    numbers: int
    kept: int
    lines: int
    found: int

    @property
    def cer(self) -> float:
        """Errors over characters."""
        return self.errors / max(1, self.characters)


def agreement(block: str, lines: Sequence[str]) -> Agreement:
    """Compare the block of a transcript with true lines, each with the part of the block that is most like it."""
    said = plain(" ".join(line.removeprefix(LINE_MARK) for line in block.split("\n")[1:]))
    characters = errors = numbers = kept = found = 0
    for line in map(plain, lines):
        wrong, end = nearest(said, line)
        wanted = Counter(_NUMBER.findall(line))
        there = Counter(_NUMBER.findall(_around(said, end, len(line) + wrong)))
        characters, errors, found = characters + len(line), errors + wrong, found + (wrong <= FOUND * len(line))
        numbers, kept = numbers + wanted.total(), kept + (wanted & there).total()
    return Agreement(characters, errors, numbers, kept, len(lines), found)


def plain(text: str) -> str:
    """Words as they are compared: quotes, dashes and long s as usual, one space, none before a mark.

    >>> plain("fatis  videtur , “duo ſol”")
    'fatis videtur, "duo sol"'
    """
    dissolved = unicodedata.normalize("NFC", text).translate(_SAME).replace("ﬁ", "fi").replace("ﬂ", "fl")
    spaced = re.sub(r"(?<=[.,;:!?])(?=[^\W\d_])", " ", re.sub(r"\s+([.,;:!?])", r"\1", dissolved))
    return " ".join(spaced.split())


def nearest(text: str, words: str) -> tuple[int, int]:
    """The least edit distance between words and any part of a text, and where that part ends."""
    import numpy as np

    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    places = np.arange(len(letters) + 1)
    row = np.zeros(len(letters) + 1, dtype=np.int64)
    for letter in words:
        over = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        row = np.concatenate((row[:1] + 1, over))
        row = np.minimum.accumulate(row - places) + places
    end = int(row.argmin())
    return int(row[end]), end


def _around(text: str, end: int, length: int) -> str:
    """The part of a text that ends there, with whole words."""
    start = text.rfind(" ", 0, max(0, end - length)) + 1
    after = text.find(" ", end)
    return text[start : after if after >= 0 else len(text)]
