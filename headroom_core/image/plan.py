"""The cheapest whole-frame encodings that serve a question, by exact tokens."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from headroom_core.image.gates import serves_gist
from headroom_core.image.policy import Thresholds
from headroom_core.image.target import Encoding, Target, View
from headroom_core.tokens.search import largest, same_shape

__all__ = ["cheapest_gist", "cheapest_snap", "worthwhile"]

Size = tuple[int, int]

_COARSEST_GRID: Final = 64
"""Pixels by which a model's own rounding can shrink a side, at most."""


def worthwhile(before: View, after: View, share: float, minimum: int) -> bool:
    """Whether `after` saves at least `share` and `minimum` tokens, and is not dearer on any reachable model."""
    saved = before.count.tokens - after.count.tokens
    never_worse = all(new <= old for new, old in zip(after.tokens, before.tokens, strict=True))
    return never_worse and saved >= minimum and saved >= share * before.count.tokens


def cheapest_gist(target: Target, size: Size, settings: tuple[str, ...], thresholds: Thresholds) -> View | None:
    """Return the cheapest encoding of a whole frame of `size` that serves the gist, or None if none is worth it.

    Candidates are the frame under each setting of the provider, and the smallest frame that serves, grown for as long
    as its price stays the same on every reachable model. Of equal prices the one that shows more wins, then the one
    that leaves the bytes alone.
    """
    before = target.view(Encoding(size))
    serving = [
        view
        for view in _gist_views(target, size, settings, thresholds)
        if serves_gist(view.seen_edge, before.seen_edge, thresholds)
        and worthwhile(before, view, thresholds.minimum_saving, thresholds.minimum_tokens)
    ]
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
    return view if worthwhile(before, view, thresholds.snap_saving, thresholds.minimum_tokens) else None


def _gist_views(target: Target, size: Size, settings: tuple[str, ...], thresholds: Thresholds) -> Iterator[View]:
    for setting in (None, *settings):
        whole = target.view(Encoding(size, setting))
        if setting is not None:
            yield whole
        small = _smallest_serving(target, size, thresholds.gist_edge, setting)
        shrinkable = target.counting.resize_pays and max(size) > thresholds.gist_edge
        if shrinkable and small.tokens != whole.tokens:
            yield _grown(target, size, small)


def _smallest_serving(target: Target, size: Size, edge: int, setting: str | None) -> View:
    """Return the smallest frame that every model sees at `edge` px: some models round sizes down to their grid."""
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
