"""Decisions scored against labels: how often unsafe, how much saved, with intervals, and by slice."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from headroom.evals.items import Item
from headroom_core.image import Technique

__all__ = ["GATE", "NOMINAL_COST", "SMALLEST_SLICE", "Score", "Share", "passes", "score", "slices", "wilson"]

NOMINAL_COST: Final[dict[Technique, float]] = {
    Technique.TRANSCODE: 0.15,
    Technique.FULL_LOW: 0.20,
    Technique.CROP: 0.40,
    Technique.PRESERVE: 1.00,
}
"""Tokens of each technique as a share of the original's, for scoring alone: prices are exact in the engine."""
GATE: Final = (0.02, 0.05)
"""The greatest share of unsafe decisions, and the greatest lower bound of that share in any slice."""
SMALLEST_SLICE: Final = 20
"""A slice of fewer questions is not reported: its interval says nothing."""

_UNSAFE_LOSS, _RISKY_LOSS = 10.0, 2.0
_Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its Wilson 95 % interval."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share itself; 0.0 of nothing."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound."""
        return wilson(self.hits, self.n)


@dataclass(frozen=True, slots=True)
class Score:
    """How decisions compare with labels.

    Attributes:
        unsafe: Share that destroys the evidence. The primary figure.
        risky: Share that may work, depending on the picture.
        ok: Share that answers as well as the original.
        saving: Mean of what is saved of the nominal cost, over all decisions.
        safe_saving: The same where only acceptable decisions count as saving, over all decisions.
        regret: Mean cost above the best choice's, over acceptable decisions; negative where cheaper ones were found.
        loss: Mean of 10 for unsafe, 2 for risky, and any cost above the best choice's.
    """

    unsafe: Share
    risky: Share
    ok: Share
    saving: float
    safe_saving: float
    regret: float
    loss: float


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); (0, 1) of nothing."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, _Z_95 * _Z_95
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z_95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def score(items: Sequence[Item], decisions: Sequence[Technique]) -> Score:
    """Score one decision per labelled item.

    Raises:
        ValueError: An item has no labels, or there are not as many decisions as items.
    """
    pairs = list(zip(items, decisions, strict=True))
    n = len(pairs)
    unsafe = sum(made in item.unsafe for item, made in pairs)
    accepted = [(item, made) for item, made in pairs if made in item.acceptable]
    above = [NOMINAL_COST[made] - NOMINAL_COST[_best(item)] for item, made in pairs]
    accepted_above = [NOMINAL_COST[made] - NOMINAL_COST[_best(item)] for item, made in accepted]
    risky = n - unsafe - len(accepted)
    losses = _UNSAFE_LOSS * unsafe + _RISKY_LOSS * risky + sum(max(0.0, extra) for extra in above)
    return Score(
        unsafe=Share(unsafe, n),
        risky=Share(risky, n),
        ok=Share(len(accepted), n),
        saving=sum(1 - NOMINAL_COST[made] for _, made in pairs) / max(1, n),
        safe_saving=sum(1 - NOMINAL_COST[made] for _, made in accepted) / max(1, n),
        regret=sum(accepted_above) / max(1, len(accepted)),
        loss=losses / max(1, n),
    )


def slices(items: Sequence[Item], decisions: Sequence[Technique]) -> Mapping[str, Score]:
    """The score of every slice of at least `SMALLEST_SLICE` items: language, tag, kind of picture."""
    members: dict[str, list[tuple[Item, Technique]]] = defaultdict(list)
    for item, made in zip(items, decisions, strict=True):
        for name in _slices_of(item):
            members[name].append((item, made))
    return {
        name: score([item for item, _ in pairs], [made for _, made in pairs])
        for name, pairs in sorted(members.items())
        if len(pairs) >= SMALLEST_SLICE
    }


def passes(overall: Score, by_slice: Mapping[str, Score]) -> bool:
    """Whether decisions are safe enough to ship: overall, and in no slice surely worse than its bound."""
    most, most_in_slice = GATE
    return overall.unsafe.value <= most and all(one.unsafe.interval[0] <= most_in_slice for one in by_slice.values())


def _slices_of(item: Item) -> list[str]:
    names = [f"tag={tag}" for tag in sorted(set(item.tags))]
    if item.lang:
        names += [f"lang={item.lang}"] + ([] if item.lang == "en" else ["lang=other"])
    return names + ([f"kind={item.kind}"] if item.kind else [])


def _best(item: Item) -> Technique:
    if item.best is None:
        raise ValueError(f"{item.id!r} has no labels")
    return item.best
