"""Ensemble weights, calibration and thresholds, all chosen on the calibration questions alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from policy import Thresholds, decide, score
from prepare import OUTPUTS, Question
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["Setup", "calibration_error", "fit_setup"]

MOST_UNSAFE_WITH_KIND = 0.004
MOST_UNSAFE_WITHOUT_KIND = 0.006
"""Bounds on the calibration questions, of all languages and of those other than English. Another writer's questions are
harder than the calibration writers' other themes: there the unsafe rate was two to three times as high."""
_GRID = (0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4)
_LIGHT = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
_READ = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Setup:
    """One combination of members, as FORMAT.md describes it, with the curve that chose its thresholds."""

    weights: dict[str, float]
    scale: np.ndarray
    shift: np.ndarray
    thresholds: Thresholds
    curve: list[dict[str, float]]

    def probabilities(self, logits: dict[str, np.ndarray]) -> np.ndarray:
        """Calibrated probabilities from the members' logits."""
        mixed = sum(weight * logits[member] for member, weight in self.weights.items())
        return np.asarray(expit(self.scale * mixed + self.shift))

    def as_json(self) -> dict[str, object]:
        """The entry of `calibration.json`."""
        bounds = zip(OUTPUTS, self.thresholds.excluded, self.thresholds.present, strict=True)
        return {
            "weights": self.weights,
            "scale": [round(float(value), 5) for value in self.scale],
            "shift": [round(float(value), 5) for value in self.shift],
            "thresholds": {n: {"excluded_below": float(e), "present_from": float(p)} for n, e, p in bounds},
        }


def fit_setup(
    members: tuple[str, ...], logits: dict[str, np.ndarray], questions: list[Question], named: np.ndarray
) -> Setup:
    """Weights by likelihood, Platt's scale and shift per output by likelihood, thresholds by the unsafe rate."""
    targets = np.array([q.targets for q in questions])
    best = min((_calibrated(weights, logits, targets) for weights in _mixtures(members)), key=lambda found: found[3])
    weights, scale, shift, _ = best
    draft = Setup(weights, scale, shift, Thresholds(np.full(11, 0.1), np.full(11, 0.5)), [])
    thresholds, curve = _thresholds(draft.probabilities(logits), questions, named)
    return Setup(weights, scale, shift, thresholds, curve)


def calibration_error(probabilities: np.ndarray, targets: np.ndarray, *, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins of all given probabilities."""
    flat, truth = probabilities.ravel(), targets.ravel()
    at = np.minimum((flat * bins).astype(int), bins - 1)
    gaps = [abs(flat[at == b].mean() - truth[at == b].mean()) * (at == b).sum() for b in range(bins) if (at == b).any()]
    return float(sum(gaps) / len(flat))


def _mixtures(members: tuple[str, ...]) -> list[dict[str, float]]:
    if len(members) == 1:
        return [{members[0]: 1.0}]
    return [{members[0]: round(share / 10, 1), members[1]: round(1 - share / 10, 1)} for share in range(2, 10)]


def _calibrated(
    weights: dict[str, float], logits: dict[str, np.ndarray], targets: np.ndarray
) -> tuple[dict[str, float], np.ndarray, np.ndarray, float]:
    mixed = sum(weight * logits[member] for member, weight in weights.items())
    scale, shift, total = np.ones(len(OUTPUTS)), np.zeros(len(OUTPUTS)), 0.0
    for column in range(len(OUTPUTS)):
        x, y = np.asarray(mixed)[:, column], targets[:, column]

        def loss(p: np.ndarray, x: np.ndarray = x, y: np.ndarray = y) -> float:
            z = p[0] * x + p[1]
            prior = 0.5 * (p[0] - 1) ** 2 + 0.05 * p[1] ** 2
            return float(np.sum(np.logaddexp(0, z) - y * z) + prior)

        found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
        scale[column], shift[column] = max(found.x[0], 0.2), found.x[1]
        total += float(found.fun)
    return weights, scale, shift, total


def _thresholds(
    probabilities: np.ndarray, questions: list[Question], named: np.ndarray
) -> tuple[Thresholds, list[dict[str, float]]]:
    """The most safe saving (with kind) among thresholds whose unsafe rates stay within bounds, kind known or not."""
    chooser = _Chooser(probabilities, questions, named)
    for excluded in _GRID:
        for light in (level for level in _LIGHT if level >= excluded):
            for read in _READ:
                chooser.consider(_bounds(excluded, light, read), (excluded, light, read))
    return chooser.best, chooser.curve


class _Chooser:
    """Keeps the best thresholds seen, and the curve of those that are alike for all needs."""

    def __init__(self, probabilities: np.ndarray, questions: list[Question], named: np.ndarray) -> None:
        self.probabilities, self.questions, self.named = probabilities, questions, named
        self.kinds = [q.kind for q in questions]
        self.foreign = np.array([q.lang != "en" for q in questions])
        self.curve: list[dict[str, float]] = []
        self.best = _bounds(0.02, 0.9, 0.95)
        self.rank = (-1.0, 0.0)

    def consider(self, bounds: Thresholds, levels: tuple[float, float, float]) -> None:
        """Score these thresholds, with the kind known and not known."""
        chosen = decide(self.probabilities, self.named, self.kinds, bounds)
        known = score(self.questions, chosen)
        others = [q for q, foreign in zip(self.questions, self.foreign, strict=True) if foreign]
        worst = max(known.unsafe, score(others, chosen[self.foreign]).unsafe)
        alone = score(self.questions, decide(self.probabilities, self.named, None, bounds))
        row = dict(zip(("excluded_below", "light_from", "read_from"), levels, strict=True))
        row |= {"unsafe": round(known.unsafe, 5), "safe_saving": round(known.safe, 5)}
        row |= {"unsafe_without_kind": round(alone.unsafe, 5), "safe_saving_without_kind": round(alone.safe, 5)}
        self.curve.append(row)
        if worst <= MOST_UNSAFE_WITH_KIND and alone.unsafe <= MOST_UNSAFE_WITHOUT_KIND:
            # A small price for harm breaks ties between thresholds that save nearly the same.
            rank = (known.safe + 0.25 * alone.safe - known.unsafe, -float(bounds.excluded.sum()))
            if rank > self.rank:
                self.rank, self.best = rank, bounds


def _bounds(excluded: float, light: float, read: float) -> Thresholds:
    low, high = np.full(len(OUTPUTS), excluded), np.full(len(OUTPUTS), 0.5)
    for at, name in enumerate(OUTPUTS):
        if name in {"gist", "none"}:
            high[at] = light
        if name in {"text", "digits"}:
            high[at] = read
        if name == "silent":
            high[at] = 0.7
    return Thresholds(low, high)
