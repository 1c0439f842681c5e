"""A cheap test for text: rows of sharp strokes between quiet rows, or the flatness of rendered graphics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headroom_core.image import pixels

if TYPE_CHECKING:
    from headroom_core.image.pixels import Box, Decoded

__all__ = ["TextSigns", "text_like"]

STRIPS: Final = 5
"""Vertical strips that are looked at, evenly spread."""
STRIP_AREA: Final = 240_000
"""Pixels of all strips together, as far as the least width allows."""
STRIP_WIDTH: Final = (48, 1 / 32)
"""The least width of a strip in pixels, and as a share of the picture's: large pictures have large letters."""
STRIP_HEIGHT: Final = 3_000
"""The greatest height of a strip in pixels; of higher pictures, the middle."""
ACTIVE: Final = 0.045
"""A row with this share of steps is part of a line of text."""
QUIET: Final = 0.018
"""A row with at most this share of steps is the gap between two lines."""
PEAK: Final = 0.08
"""The busiest row of a line has at least this share of steps."""
LINE_HEIGHTS: Final = (4, 70)
"""Least and greatest height of a line of text in decoded pixels."""
EM_PER_LINE: Final = 1 / 0.8
"""Em height over the height of the active rows of a line, the median of rendered pages."""

# Where each piece of evidence starts to count and where it is full. Chosen on rendered pages, noisy scans, receipts in
# photos, terminals, charts, screenshots of real programs and photos, so that text is rarely missed; a false alarm only
# costs a saving.
ENOUGH_LINES: Final = (1.0, 6.0)
"""Lines of similar height, in all strips."""
IN_LINES: Final = (0.15, 0.45)
"""Share of the active rows that lie in lines of text."""
DENSE: Final = (0.095, 0.14)
"""Share of steps in the busiest row, median over the lines: nothing in photos stands as close as strokes of letters."""
ALIKE: Final = (0.80, 0.95)
"""Share of lines of similar height, where there are a few: those of faint text are all alike."""
A_FEW: Final = (8.0, 20.0)
MANY: Final = (60.0, 120.0)
"""Lines of similar height that no photo has, however faint and grainy they are."""
FLAT: Final = (0.35, 0.85)
"""Share of exactly equal neighbours."""


@dataclass(frozen=True, slots=True)
class TextSigns:
    """Signs of text in a picture. Heights are in decoded pixels.

    Attributes:
        has_text: Estimate in [0, 1].
        text_height: Median em height of the lines met, or None without any.
        lines: Lines met in all strips.
        rows: Share of rows inside lines.
        flatness: Share of exactly equal horizontal neighbours.
        edges: Share of pixels at a clear step to their right neighbour.
    """

    has_text: float
    text_height: float | None
    lines: int
    rows: float
    flatness: float
    edges: float


def text_like(picture: Decoded) -> TextSigns:
    """Look for text in five vertical strips of a picture.

    Two kinds of evidence count, either suffices. Lines: runs of rows with many steps, of similar heights, between
    quiet rows. Flatness: rendered graphics (screenshots, charts) have mostly exactly equal neighbours, and nearly
    always labels, which may well stand between the strips.
    """
    profiles = [pixels.rows(picture, box) for box in _strips(picture.size)]
    lines = [line for profile in profiles for line in _lines(profile.steps)]
    heights = sorted(height for height, _ in lines)
    rows = sum(len(profile.steps) for profile in profiles)
    active = sum(profile.steps.translate(_LEVELS).count(b"A") for profile in profiles)
    flatness = sum(profile.flatness for profile in profiles) / STRIPS
    lined = _lined(heights, sorted(peak for _, peak in lines), active)
    return TextSigns(
        has_text=1 - (1 - lined) * (1 - _ramp(flatness, FLAT)),
        text_height=_median(heights) * EM_PER_LINE if heights else None,
        lines=len(lines),
        rows=min(1.0, sum(heights) / rows),
        flatness=flatness,
        edges=sum(profile.edges for profile in profiles) / STRIPS,
    )


def _lined(heights: list[int], peaks: list[int], active: int) -> float:
    """How sure the lines make it that there is text, from their sorted heights and peaks and the active rows."""
    if not heights:
        return 0.0
    middle = _median(heights)
    similar = sum(0.6 * middle <= height <= 1.6 * middle for height in heights)
    in_lines = sum(heights) / max(1, active)
    letters = max(
        _ramp(_median(peaks) / 255, DENSE),
        _ramp(similar, A_FEW) * _ramp(similar / len(heights), ALIKE),
        _ramp(similar, MANY),
    )
    return _ramp(similar, ENOUGH_LINES) * _ramp(in_lines, IN_LINES) * letters


_LEVELS: Final = bytes(
    ord("q") if share <= QUIET * 255 else ord("A") if share >= ACTIVE * 255 else ord("m") for share in range(256)
)
"""Row profile to letters: quiet, active, and between."""
_LINE: Final = re.compile(rb"(?<=q)m*A[mA]*(?=q)")


def _strips(size: tuple[int, int]) -> list[Box]:
    width, height = size
    rows = min(height, STRIP_HEIGHT)
    least = max(STRIP_WIDTH[0], int(STRIP_WIDTH[1] * width))
    wide = max(1, min(width // STRIPS, max(least, STRIP_AREA // (STRIPS * rows))))
    top = (height - rows) // 2
    lefts = [min(width - wide, max(0, (2 * strip + 1) * width // (2 * STRIPS) - wide // 2)) for strip in range(STRIPS)]
    return [(left, top, left + wide, top + rows) for left in lefts]


def _lines(steps: bytes) -> list[tuple[int, int]]:
    """Height and busiest row of each line of text in a row profile."""
    least, most = LINE_HEIGHTS
    found = [line.span() for line in _LINE.finditer(steps.translate(_LEVELS))]
    lines = [(end - start, max(steps[start:end])) for start, end in found if least <= end - start <= most]
    return [(height, peak) for height, peak in lines if peak >= PEAK * 255]


def _median(ordered: list[int]) -> int:
    return ordered[len(ordered) // 2]


def _ramp(value: float, bounds: tuple[float, float]) -> float:
    low, high = bounds
    return min(1.0, max(0.0, (value - low) / (high - low)))
