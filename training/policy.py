"""The decision that the needs of questions lead to, for many questions at once, and how it is scored.

It follows `headroom_core.image.router.derive.technique_of`. Places are found by the word lists, not by the models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from prepare import NEEDS, OUTPUTS, Question

from headroom_core.blocks import Query
from headroom_core.image.router.derive import SCENES, SMALL_PRINT, WITH_PROSE, is_located
from headroom_core.image.router.needs import Need
from headroom_core.image.router.rules import RuleRouter

__all__ = ["COST", "Score", "Thresholds", "decide", "named_by_rules", "score", "wilson"]

COST = {"transcode": 0.15, "full_low": 0.20, "crop": 0.40, "preserve": 1.00}
_AT = {name: at for at, name in enumerate(OUTPUTS)}
DEMANDING = [_AT[name] for name in NEEDS if name not in {"gist", "none"}]
_READ = [_AT["text"], _AT["digits"]]
_WHOLE = [_AT[n] for n in ("count", "gist", "coordinates", "compare")]
_NOT_READ = [_AT[n] for n in ("structure", "detail", "count", "region", "gist", "coordinates", "compare")]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Per output: excluded below, present from."""

    excluded: np.ndarray
    present: np.ndarray


@dataclass(frozen=True, slots=True)
class Score:
    """Shares over `n` decisions; `safe` is the saving over acceptable decisions only, counted over all of them."""

    n: int
    unsafe: float
    risky: float
    saving: float
    safe: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"n={self.n} unsafe {100 * self.unsafe:.1f} % [{100 * self.low:.1f}, {100 * self.high:.1f}] "
            f"risky {100 * self.risky:.1f} % saving {self.saving:.3f} safe saving {self.safe:.3f}"
        )


def named_by_rules(questions: list[Question]) -> np.ndarray:
    """1 where the word lists of the rule router name a need; then whether they find nothing said, and a place."""
    router = RuleRouter()
    rows = np.zeros((len(questions), len(OUTPUTS) + 1))
    for row, question in zip(rows, questions, strict=True):
        needs = router.route(Query(question.text))
        row[:-2] = [needs.present(Need(name)) and name not in {"gist", "none"} for name in NEEDS]
        row[-2:] = needs.silent, is_located(needs.place)
    return rows


def decide(probabilities: np.ndarray, named: np.ndarray, kinds: list[str] | None, thresholds: Thresholds) -> np.ndarray:
    """The technique of each question, by name; `kinds` None decides by the words alone.

    Words alone never transcribe: whether a picture bears print that can be read out is not in them.
    """
    lifted, located = np.maximum(probabilities, named[:, :-1]), named[:, -1] > 0
    out = lifted < thresholds.excluded
    present = lifted >= thresholds.present
    quiet = present[:, -1]
    light = present[:, _AT["gist"]] | present[:, _AT["none"]]
    low = out[:, DEMANDING].all(axis=1) & light & ~quiet
    reading = present[:, _READ].any(axis=1) & out[:, _NOT_READ].all(axis=1) & ~quiet & ~low
    place = present[:, _AT["region"]] & out[:, _WHOLE].all(axis=1) & located & ~low & ~reading & ~quiet
    chosen = np.full(len(probabilities), "preserve", dtype=object)
    chosen[place] = "crop"
    if kinds is None:
        chosen[low] = "full_low"
        return chosen
    scene = np.array([kind in SCENES for kind in kinds])
    small = np.array([kind in SMALL_PRINT for kind in kinds]) & ~present[:, _AT["none"]]
    chosen[(low & ~small) | (quiet & scene)] = "full_low"
    chosen[reading & np.array([kind in WITH_PROSE for kind in kinds])] = "transcode"
    return chosen


def score(questions: list[Question], chosen: np.ndarray) -> Score:
    """How the decisions compare with the labels."""
    n = len(questions)
    unsafe = sum(technique in q.unsafe for q, technique in zip(questions, chosen, strict=True))
    ok = [technique in q.acceptable for q, technique in zip(questions, chosen, strict=True)]
    saved = [1 - COST[technique] for technique in chosen]
    low, high = wilson(unsafe, n)
    return Score(
        n,
        unsafe / max(n, 1),
        (n - sum(ok) - unsafe) / max(n, 1),
        sum(saved) / max(n, 1),
        sum(s for s, good in zip(saved, ok, strict=True) if good) / max(n, 1),
        low,
        high,
    )


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if n == 0:
        return 0.0, 1.0
    p = hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
