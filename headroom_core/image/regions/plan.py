"""What to cut out of a picture: a region with its margin, whether an overview goes with it, the note that says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

__all__ = ["Box", "CropPlan", "Size", "crop_plan", "trim_plan"]

Size = tuple[int, int]
Box = tuple[int, int, int, int]

MARGIN: Final = 0.10
"""Share of the region's own side that is added on each side."""
MARGIN_UNMEASURED: Final = 0.15
"""The same where the height of the text is not known, so that three lines cannot be told."""
MARGIN_LINES: Final = 3
"""Lines of text that are added on each side where that is more."""
LINE_PITCH: Final = 1.4
"""Distance of two lines of text, in em."""
WORTHWHILE: Final = 0.80
"""A crop that keeps more of the area than this is not worth its note."""
OVERVIEW_BELOW: Final = 0.05
"""A crop that keeps less of the area than this is hard to place without an overview."""
SMALLEST_SIDE: Final = 200
"""Pixels; a smaller picture may be seen worse (platform.claude.com, vision, 2026-11)."""
TRIM_BORDER: Final = 0.01
"""Share of the longer side of the picture that stays as a blank border."""
TRIM_SAVES: Final = 0.15
"""Share of the area that trimming must remove."""


@dataclass(frozen=True, slots=True)
class CropPlan:
    """A part of a picture that is sent in its place.

    Attributes:
        box: What is cut out, (left, top, right, bottom) in pixels of the upright file; margins included.
        overview: A small copy of the whole picture goes along, because the place within the whole may matter.
        note: One line in plain words for the model, with the rectangle in pixels of the original.
    """

    box: Box
    overview: bool
    note: str


def crop_plan(size: Size, region: Box, *, em: float | None, relations: bool) -> CropPlan | None:
    """Plan the crop of one region.

    Args:
        size: Width and height of the upright file in pixels.
        region: The region without margin, in the same pixels; what lies outside the picture is ignored.
        em: Height of the text in pixels of the file, or None where it is not known.
        relations: The question may ask how the region relates to the rest.

    Returns:
        The plan, with 10 % of the region's own side or three lines of text added on each side, whichever is more; None
        when the region is empty or the crop would keep nearly the whole picture.
    """
    inside = _clipped(region, size)
    if inside is None:
        return None
    left, top, right, bottom = inside
    across, down = _margin(right - left, em), _margin(bottom - top, em)
    left, right = _grown(left - across, right + across, size[0])
    top, bottom = _grown(top - down, bottom + down, size[1])
    box = (left, top, right, bottom)
    share = _area(box) / (size[0] * size[1])
    if share > WORTHWHILE:
        return None
    overview = relations or share < OVERVIEW_BELOW
    return CropPlan(box, overview, _crop_note(box, size, overview))


def trim_plan(size: Size, content: Box) -> CropPlan | None:
    """Plan to cut off blank margins.

    Args:
        size: Width and height of the upright file in pixels.
        content: Bounding box of all that is not blank margin, pixel-exact, in the same pixels.

    Returns:
        The plan, which keeps a small blank border; None when it would remove too little, or nothing but blank is there.
    """
    inside = _clipped(content, size)
    if inside is None:
        return None
    border = max(4, math.ceil(TRIM_BORDER * max(size)))
    left, right = _grown(inside[0] - border, inside[2] + border, size[0])
    top, bottom = _grown(inside[1] - border, inside[3] + border, size[1])
    box = (left, top, right, bottom)
    if _area(box) > (1 - TRIM_SAVES) * size[0] * size[1]:
        return None
    return CropPlan(
        box, False, f"the blank margins of the picture are cut off: what is shown is {_rectangle(box, size)}"
    )


def _margin(side: int, em: float | None) -> int:
    if em is None:
        return math.ceil(MARGIN_UNMEASURED * side)
    return math.ceil(max(MARGIN * side, MARGIN_LINES * LINE_PITCH * em))


def _grown(start: int, end: int, limit: int) -> tuple[int, int]:
    """Clip to the picture, and grow to the smallest side where the picture is large enough."""
    start, end = max(start, 0), min(end, limit)
    lacking = min(SMALLEST_SIDE, limit) - (end - start)
    if lacking > 0:
        start = max(0, min(start - lacking // 2, limit - (end - start) - lacking))
        end = start + min(SMALLEST_SIDE, limit)
    return start, end


def _clipped(box: Box, size: Size) -> Box | None:
    left, top, right, bottom = max(box[0], 0), max(box[1], 0), min(box[2], size[0]), min(box[3], size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _crop_note(box: Box, size: Size, overview: bool) -> str:
    if overview:
        return f"this part of the picture is shown: {_rectangle(box, size)}; the whole picture follows, smaller"
    return f"only this part of the picture is shown: {_rectangle(box, size)}"


def _rectangle(box: Box, size: Size) -> str:
    left, top, right, bottom = box
    return f"left {left}, top {top}, width {right - left}, height {bottom - top} of {size[0]} x {size[1]} px"
