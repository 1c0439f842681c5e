"""How decisions are scored against the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from prepare import Question

__all__ = ["COST", "Score", "score", "wilson"]

COST = {"transcode": 0.15, "full_low": 0.20, "crop": 0.40, "preserve": 1.00}


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
