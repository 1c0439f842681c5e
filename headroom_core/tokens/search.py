"""The largest and the smallest size of an image's shape at a price, by exact search.

Prices are not monotone in size: a smaller image can cost more. So the rules themselves are asked, size by size; only
ranges of sizes are left out for which the rule proves that no price in them will do (`Rule.at_least`, `Rule.at_most`).
"""

from __future__ import annotations

from functools import lru_cache

from headroom_core.tokens.counts import Size
from headroom_core.tokens.profiles import VisionProfile

__all__ = ["largest", "same_shape", "smallest"]

_Options = tuple[tuple[str, object], ...]
_SMALL_RANGE = 8


def same_shape(width: int, height: int, long_side: int) -> Size:
    """The size of the same shape with that long side; the short side is rounded half to even, at least 1 px.

    >>> same_shape(1920, 1080, 640), same_shape(3000, 4000, 512)
    ((640, 360), (384, 512))
    """
    if width >= height:
        return long_side, max(1, round(long_side * height / width))
    return max(1, round(long_side * width / height)), long_side


@lru_cache(maxsize=4096)
def largest(
    profile: VisionProfile,
    width: int,
    height: int,
    budget: int,
    setting: str | None = None,
    options: _Options = (),
    *,
    accepted: bool = False,
) -> Size | None:
    """The largest size of this shape, up to the size itself, within `budget` tokens; None if there is none.

    With `accepted` only sizes count that the provider does not refuse.
    """
    rule, chosen = profile.rule, dict(options)
    ranges = [(1, max(width, height))]
    while ranges:
        first, last = ranges.pop()
        low, high = _long_first(width, height, first), _long_first(width, height, last)
        if rule.at_least(low, high, setting, chosen) > budget:
            continue
        if last - first >= _SMALL_RANGE:
            middle = (first + last) // 2
            ranges += ((first, middle), (middle + 1, last))
            continue
        for side in range(last, first - 1, -1):
            size = same_shape(width, height, side)
            cost = rule.cost(*size, setting, chosen)
            if cost.tokens <= budget and not (accepted and cost.rejected):
                return size
    return None


@lru_cache(maxsize=4096)
def smallest(
    profile: VisionProfile, width: int, height: int, setting: str | None = None, options: _Options = ()
) -> Size:
    """The smallest size of this shape with the same price as the size itself; at most the size itself."""
    rule, chosen = profile.rule, dict(options)
    wanted = rule.cost(width, height, setting, chosen).tokens
    ranges = [(1, max(width, height))]
    while ranges:
        first, last = ranges.pop()
        low, high = _long_first(width, height, first), _long_first(width, height, last)
        if not rule.at_least(low, high, setting, chosen) <= wanted <= rule.at_most(low, high, setting, chosen):
            continue
        if last - first >= _SMALL_RANGE:
            middle = (first + last) // 2
            ranges += ((middle + 1, last), (first, middle))
            continue
        for side in range(first, last + 1):
            size = same_shape(width, height, side)
            if rule.cost(*size, setting, chosen).tokens == wanted:
                return size
    return width, height


def _long_first(width: int, height: int, side: int) -> Size:
    return same_shape(max(width, height), min(width, height), side)
