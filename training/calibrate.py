"""Calibration of the needs, the risk models and what a risk may cost, all from questions that no member has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from prepare import GROUPS, OUTPUTS, Question
from risk import REGION, Evidence, Fitted, chosen, cross_fitted, fit, flags, folds_of, measured, price
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["MOST_UNSAFE", "MOST_UNSAFE_ENGLISH", "Setup", "calibration_error", "evidence_of", "fit_setup"]

MOST_UNSAFE = {"told": (0.015, 0.018), "untold": (0.014, 0.018)}
"""Bounds on the cross-fitted unsafe rate, of all questions of a setup and of those of the writer that no member saw."""
MOST_UNSAFE_ENGLISH = {"told": (0.020, 0.034), "untold": (0.014, 0.018)}
"""The same for English. That writer is a quarter of these questions and by far the hardest of eleven; the members that
ship have learned from all of them, and come to less harm than those that the prices are chosen on."""
MOST_UNSAFE_OF_A_KIND = 0.03
MOST_RISK = 0.25
"""A single question is not risked beyond this, however much it would save."""
MISSED = 0.02
"""Of the questions whose need counts as excluded, at most this share may raise it."""
_FEWEST = 15
_PRESENT = {"gist": 0.6, "none": 0.6, "silent": 0.7}
_STEPS = (0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Setup:
    """One combination of members, as FORMAT.md describes it, with the curves that chose its prices."""

    weights: dict[str, float]
    scale: np.ndarray
    shift: np.ndarray
    excluded: np.ndarray
    risk: Fitted
    prices: np.ndarray
    curves: dict[str, list[dict[str, float]]]
    cross: dict[str, np.ndarray]

    def probabilities(self, logits: dict[str, np.ndarray]) -> np.ndarray:
        """Calibrated probabilities of the outputs from the members' logits."""
        mixed = sum(weight * logits[member][:, : len(OUTPUTS)] for member, weight in self.weights.items())
        return np.asarray(expit(self.scale * mixed + self.shift))

    def as_json(self) -> dict[str, Any]:
        """The entry of `calibration.json`."""
        present = [max(_PRESENT.get(name, 0.5), low) for name, low in zip(OUTPUTS, self.excluded, strict=True)]
        bounds = zip(OUTPUTS, self.excluded, present, strict=True)
        return {
            "weights": self.weights,
            "scale": np.round(self.scale, 4).tolist(),
            "shift": np.round(self.shift, 4).tolist(),
            "thresholds": {n: {"excluded_below": float(e), "present_from": float(p)} for n, e, p in bounds},
            "risk": {
                "members": list(self.weights),
                "region": REGION,
                "words": self.risk.words.tolist(),
                "untold": self.risk.untold.tolist(),
                "rows": self.risk.rows.tolist(),
                "turns": self.risk.turns.tolist(),
                "price": self.prices.tolist(),
                "most": [MOST_RISK] * len(self.prices),
            },
        }


def evidence_of(
    questions: list[Question], logits: dict[str, np.ndarray], setup: tuple[dict[str, float], np.ndarray, np.ndarray]
) -> Evidence:
    """What the risk models are told of questions."""
    weights, scale, shift = setup
    at = OUTPUTS.index("none")
    none = sum(weight * logits[member][:, at] for member, weight in weights.items())
    gone = np.asarray(scale[at] * none + shift[at] >= np.log(0.6 / 0.4))
    rows, truth = np.array([q.group for q in questions]), np.array([q.risks for q in questions])
    return Evidence({member: logits[member] for member in weights}, flags(questions), gone, rows, truth)


def fit_setup(
    logits: dict[str, np.ndarray],
    questions: list[Question],
    *,
    new_writer: str,
    most_unsafe: dict[str, tuple[float, float]] = MOST_UNSAFE,
) -> Setup:
    """Weights, scale and shift by likelihood, thresholds by what is missed, risks by likelihood, prices by the harm.

    Args:
        logits: Of each member of the setup, (questions, outputs or more).
        questions: None of which a member has seen.
        new_writer: The writer of whom the members saw nothing, whose harm is watched apart.
        most_unsafe: The bounds that choose the prices.
    """
    targets = np.array([q.targets for q in questions])
    needs = {member: rows[:, : len(OUTPUTS)] for member, rows in logits.items()}
    found = min((_calibrated(weights, needs, targets) for weights in _mixtures(tuple(logits))), key=lambda one: one[3])
    evidence = evidence_of(questions, logits, found[:3])
    folds = folds_of(questions)
    cross = {way: cross_fitted(evidence, folds, told=way == "told") for way in most_unsafe}
    new = np.array([q.writer == new_writer for q in questions])
    curves, levels = {}, {}
    for way, (of_all, of_new) in most_unsafe.items():
        watched = [(np.ones(len(questions), bool), of_all), (new, of_new)]
        levels[way], curves[way] = price(cross[way], evidence, watched, most=MOST_RISK)
    prices = _dearer(cross["told"], evidence, np.full(len(GROUPS) + 1, levels["told"]))
    prices[0] = levels["untold"]
    probabilities = np.asarray(expit(found[1] * sum(w * needs[m] for m, w in found[0].items()) + found[2]))
    excluded = np.array([_excluded(probabilities[:, at], targets[:, at]) for at in range(len(OUTPUTS))])
    return Setup(found[0], found[1], found[2], excluded, fit(evidence), prices, curves, cross)


def calibration_error(probabilities: np.ndarray, targets: np.ndarray, *, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins of all given probabilities."""
    flat, truth = probabilities.ravel(), targets.ravel()
    at = np.minimum((flat * bins).astype(int), bins - 1)
    gaps = [abs(flat[at == b].mean() - truth[at == b].mean()) * (at == b).sum() for b in range(bins) if (at == b).any()]
    return float(sum(gaps) / len(flat))


def _dearer(risks: np.ndarray, evidence: Evidence, prices: np.ndarray) -> np.ndarray:
    """Raise the price of the kinds of pictures that come to harm too often."""
    made = prices.copy()
    for row in range(1, len(made)):
        at = evidence.row == row
        while at.sum() >= _FEWEST and made[row] < 20 * prices[row]:
            techniques = chosen(risks[at], evidence.part(at), np.full(at.sum(), made[row]), MOST_RISK)
            if measured(techniques, evidence.truth[at])[0] <= MOST_UNSAFE_OF_A_KIND:
                break
            made[row] = round(made[row] * 1.5, 2)
    return made


def _excluded(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """The highest step below which the need is seldom raised after all."""
    fine = [step for step in _STEPS if (below := probabilities < step).any() and truth[below].mean() <= MISSED]
    return max(fine, default=_STEPS[0])


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
