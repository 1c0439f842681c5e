"""Pages that lie on their side or stand on their head without their file saying so, read as they should stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from headroom_core.image.reading.gate import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.reading.lines import ReadLine

__all__ = ["View", "clear_winner", "lies", "mostly_upright", "view"]

WINS_BY: Final = 0.1
"""How far the confidence of the sampled lines of one turn must stand above that of every other: a page that stands on
its head is read with 0.58 to 0.73, one that stands right with 0.95 and more."""
LEAST_LINES: Final = 3
"""Fewer sampled lines do not tell which way a page stands."""
MAY_LIE: Final = frozenset({"chart", "drawing"})
"""What a page whose lines run upwards is taken for."""
LEAST_CHARACTERS: Final = 100
TALL: Final = 1.5
"""A box this many times as high as it is wide holds a line that runs upwards."""
_CLOCKWISE: Final = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}
"""The EXIF orientation of what is shown a quarter turn further to the right."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture as it is read.

    Attributes:
        picture: The picture, turned.
        box: The part that is read, in pixels of the turned picture; None for all of it.
        quarters: By how many quarters it is turned to the right.
    """

    picture: Decoded
    box: Box | None
    quarters: int = 0


def view(picture: Decoded, box: Box | None, quarters: int) -> View:
    """Turn a picture and a box of it by quarters to the right; no pixel is copied."""
    for _ in range(quarters):
        height = picture.header.size[1]
        if box is not None:
            box = (height - box[3], box[0], height - box[1], box[2])
        header = replace(picture.header, orientation=_CLOCKWISE[picture.header.orientation])
        picture = replace(picture, header=header)
    return View(picture, box, quarters)


def lies(picture: Decoded, kind: str) -> bool:
    """Whether a picture that is taken for something else would be a page of text if it were turned by a quarter."""
    if kind not in MAY_LIE:
        return False
    from headroom_core.image.signals import glancer_at_hand, measure

    seen = measure(view(picture, None, 1).picture, glance=glancer_at_hand())
    return seen.kind in KINDS and seen.characters >= LEAST_CHARACTERS


def mostly_upright(boxes: Sequence[Box]) -> bool:
    """Whether most lines that were found run upwards or downwards."""
    tall = sum(bottom - top >= TALL * (right - left) for left, top, right, bottom in boxes)
    return len(boxes) >= LEAST_LINES and 2 * tall > len(boxes)


def clear_winner(sampled: Iterable[tuple[int, Sequence[ReadLine]]]) -> int | None:
    """Which of the turns is read with clearly more confidence than all others, by their sampled lines, or None."""
    scores = sorted(((_confidence(lines), turn) for turn, lines in sampled), reverse=True)
    if not scores or (len(scores) > 1 and scores[0][0] < scores[1][0] + WINS_BY):
        return None
    return scores[0][1] if scores[0][0] > 0 else None


def _confidence(lines: Sequence[ReadLine]) -> float:
    return median(line.confidence for line in lines) if len(lines) >= LEAST_LINES else 0.0
