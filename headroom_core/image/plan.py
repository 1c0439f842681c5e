"""The cheapest encodings of a frame that the model sees large enough, by exact tokens."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from headroom_core.image.policy import Thresholds
from headroom_core.image.target import Encoding, Target, View
from headroom_core.tokens.search import largest, same_shape

__all__ = ["Price", "cheapest_at", "cheapest_snap", "worthwhile"]

Size = tuple[int, int]
Price = tuple[int, ...]
"""Tokens on every model that the request may reach, the counted one first."""

_COARSEST_GRID: Final = 64
"""Pixels by which a model's own rounding can shrink a side, at most."""


def worthwhile(before: Price, after: Price, share: float, minimum: int) -> bool:
    """Whether `after` saves at least `share` and `minimum` tokens, and is not dearer on any reachable model."""
    saved = before[0] - after[0]
    never_worse = all(new <= old for new, old in zip(after, before, strict=True))
    return never_worse and saved >= minimum and saved >= share * before[0]


def cheapest_at(target: Target, size: Size, edge: int, settings: tuple[str, ...]) -> View | None:
    """Return the cheapest encoding of a frame of `size` whose long edge every model sees at `edge` px or more.

    Candidates are the frame as it is and under each setting of the provider, and the smallest frame that serves, grown
    for as long as its price stays the same on every reachable model. Of equal prices the one that shows more wins, then
    the one that leaves the bytes alone. None if not even the whole frame is seen that large.
    """
    serving = [view for view in _views(target, size, edge, settings) if view.seen_edge >= edge]
    return min(serving, key=lambda view: _preference(view, size), default=None)


def cheapest_snap(target: Target, size: Size, thresholds: Thresholds) -> View | None:
    """Return the least shrink of a frame of `size` that is near-lossless and worth it, or None, the usual answer.

    On patch models 2 % of each side are 2 to 4 % of the tokens; only a frame a hair above a tile boundary gains. A snap
    after which another one would be worth it is refused, so that compressing twice changes nothing.
    """
    snapped = _snap_of(target, size, thresholds)
    if snapped is None or _snap_of(target, snapped.encoding.size, thresholds) is not None:
        return None
    return snapped


def _snap_of(target: Target, size: Size, thresholds: Thresholds) -> View | None:
    before = target.view(Encoding(size))
    budget = before.count.tokens - max(thresholds.minimum_tokens, ceil(thresholds.snap_saving * before.count.tokens))
    least = max(size) - int(thresholds.snap * max(size))
    if budget < 1 or target.counting.rule.at_least(same_shape(*size, least), size, None, {}) > budget:
        return None
    found = largest(target.counting, *size, budget)
    if found is None or max(found) < least:
        return None
    view = target.view(Encoding(found))
    return view if worthwhile(before.tokens, view.tokens, thresholds.snap_saving, thresholds.minimum_tokens) else None


def _views(target: Target, size: Size, edge: int, settings: tuple[str, ...]) -> Iterator[View]:
    for setting in (None, *settings):
        whole = target.view(Encoding(size, setting))
        yield whole
        if not target.counting.resize_pays or max(size) <= edge:
            continue
        small = _smallest_serving(target, size, edge, setting)
        if small.tokens != whole.tokens:
            yield _grown(target, size, small)


def _smallest_serving(target: Target, size: Size, edge: int, setting: str | None) -> View:
    """Return the smallest frame that every model sees at the edge: some models round sizes down to their grid."""
    view = target.view(Encoding(same_shape(*size, min(edge, max(size))), setting))
    for longer in range(edge + 1, min(max(size), edge + _COARSEST_GRID)):
        if view.seen_edge >= edge:
            break
        view = target.view(Encoding(same_shape(*size, longer), setting))
    return view


def _grown(target: Target, size: Size, view: View) -> View:
    for longer in range(max(view.encoding.size) + 1, max(size)):
        larger = target.view(Encoding(same_shape(*size, longer), view.encoding.setting))
        if larger.tokens != view.tokens:
            break
        view = larger
    return view


def _preference(view: View, size: Size) -> tuple[int, int, bool]:
    seen = view.count.seen or view.encoding.size
    return view.count.tokens, -seen[0] * seen[1], view.encoding.size != size
