"""Long questions cut into overlapping windows that a model can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["MOST_CHARACTERS", "MOST_WINDOWS", "Windows", "cut", "shortened"]

MOST_WINDOWS: Final = 8
"""Windows read of one text; of a longer one, half of them at its head and half at its tail."""
MOST_CHARACTERS: Final = 4_000
"""Characters read of one text: a longer one loses its middle, so that no text costs more than a bounded time."""
OVERLAP: Final = 4
"""Neighbouring windows share one part in this many, so that no phrase is only ever met in halves."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The stretches of a text that are read, as `[start, end)` over its tokens.

    Attributes:
        spans: The stretches, in order; one empty stretch for an empty text.
        whole: Together they cover every token.
    """

    spans: tuple[tuple[int, int], ...]
    whole: bool


def cut(length: int, size: int, *, most: int = MOST_WINDOWS) -> Windows:
    """Cut `length` tokens into windows of at most `size`.

    Args:
        length: Number of tokens, 0 or more.
        size: Tokens that fit into one window, 1 or more.
        most: The most windows, 2 or more.
    """
    if length <= size:
        return Windows(((0, length),), whole=True)
    step = max(1, size - size // OVERLAP)
    starts = [*range(0, length - size, step), length - size]
    whole = len(starts) <= most
    if not whole:
        starts = starts[: most - most // 2] + starts[-(most // 2) :]
    return Windows(tuple((start, start + size) for start in starts), whole)


def shortened(text: str) -> tuple[str, bool]:
    """Return the text without the middle of a very long one, and whether all of it is there.

    Halves of surrogate pairs become question marks: tokenizers take text that can be written as UTF-8 alone.
    """
    half = MOST_CHARACTERS // 2
    whole = len(text) <= MOST_CHARACTERS
    read = text if whole else f"{text[:half]}\n{text[-half:]}"
    return read.encode("utf-8", "replace").decode("utf-8"), whole
