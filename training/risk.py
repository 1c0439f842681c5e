"""Risk models over what was read in questions, fitted and priced on questions that no member has seen.

The decision that follows is `headroom_core.image.router`'s own: `Needs.least_risky` and `derive.technique_of`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from prepare import GROUPS, OUTPUTS, Question
from scipy.optimize import minimize
from scipy.special import expit

from headroom_core.blocks import Query
from headroom_core.image.router.derive import is_located
from headroom_core.image.router.rules import RuleRouter
from headroom_core.image.router.stack import FLAGS, LOCATED, STEEPEST, flags_of

__all__ = ["REGION", "Evidence", "Fitted", "chosen", "cross_fitted", "fit", "flags", "folds_of", "measured", "price"]

SAVED = np.array([0.80, 0.60, 0.85])
REGION = OUTPUTS.index("region")
_LOW, _CROP, _TRANSCODE = 0, 1, 2
_UNSERVED = {_LOW: [4, 6], _TRANSCODE: [3, 4, 6, 7], _CROP: [6, 7]}
"""Flags of the needs that a technique cannot serve, as `Needs.gain` has them: 3 detail, 4 count, 6 coordinates, 7
comparison."""
_STIFF = {"bias": 0.01, "logits": 4.0, "flags": 2.0, "rows": 1.0, "turns": 20.0, "region": 0.5}
"""L2 penalties: each weight stays near nothing unless the questions say otherwise."""
_PRICES = tuple(np.round(np.geomspace(2.0, 60.0, 36), 2))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of some questions.

    Attributes:
        members: Logits of each member, (questions, outputs or more).
        flags: The word lists' reading, (questions, FLAGS).
        gone: Whether the members find the picture to be no longer the subject.
        row: The row of the kind of picture.
        truth: 1 where a technique is unsafe, then where it is not acceptable, (questions, risks).
    """

    members: dict[str, np.ndarray]
    flags: np.ndarray
    gone: np.ndarray
    row: np.ndarray
    truth: np.ndarray

    @property
    def read(self) -> np.ndarray:
        """1, the clipped logits, the flags, and the mean logit of a region where a place was found."""
        logits = np.clip(np.concatenate(list(self.members.values()), axis=1), -STEEPEST, STEEPEST)
        region = self.flags[:, [LOCATED]] * self.mean[:, [REGION]]
        return np.concatenate([np.ones((len(logits), 1)), logits, self.flags, region], axis=1)

    @property
    def mean(self) -> np.ndarray:
        """The members' mean logits of the needs."""
        clipped = [np.clip(rows[:, : len(OUTPUTS)], -STEEPEST, STEEPEST) for rows in self.members.values()]
        return np.asarray(sum(clipped) / len(clipped))

    def part(self, at: np.ndarray) -> Evidence:
        """The same of some of the questions."""
        members = {name: rows[at] for name, rows in self.members.items()}
        return Evidence(members, self.flags[at], self.gone[at], self.row[at], self.truth[at])


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights as `headroom_core.image.router.stack.Stack` reads them."""

    words: np.ndarray
    untold: np.ndarray
    rows: np.ndarray
    turns: np.ndarray

    def risks(self, evidence: Evidence, *, told: bool) -> np.ndarray:
        """Probabilities (questions, risks), with the kind of the picture known or not."""
        if not told:
            return np.asarray(expit(evidence.read @ self.untold.T))
        turned = np.einsum("qrn,qn->qr", self.turns[evidence.row], evidence.mean)
        return np.asarray(expit(evidence.read @ self.words.T + self.rows[evidence.row] + turned))


def flags(questions: list[Question]) -> np.ndarray:
    """What the word lists make of each question."""
    router = RuleRouter()
    rows = np.zeros((len(questions), FLAGS))
    for row, question in zip(rows, questions, strict=True):
        needs = router.route(Query(question.text))
        row[:] = flags_of(needs, question.text, located=is_located(needs.place))
    return rows


def folds_of(questions: list[Question], *, count: int = 4) -> np.ndarray:
    """A fold of each question; a theme of a writer is never torn apart."""
    return np.array([zlib.crc32(f"{q.writer} {q.theme.casefold()}".encode()) % count for q in questions])


def fit(evidence: Evidence) -> Fitted:
    """Fit every risk, told the kind and not."""
    read, kinds, needs = evidence.read, len(GROUPS) + 1, len(OUTPUTS)
    logits = read.shape[1] - 2 - FLAGS
    stiff = [_STIFF["bias"], *[_STIFF["logits"]] * logits, *[_STIFF["flags"]] * FLAGS, _STIFF["region"]]
    untold = _each(read, evidence.truth, np.array(stiff))
    told = np.eye(kinds)[evidence.row]
    turned = (told[:, :, None] * evidence.mean[:, None, :]).reshape(len(told), -1)
    stiff += [*[_STIFF["rows"]] * kinds, *[_STIFF["turns"]] * (kinds * needs)]
    weights = _each(np.concatenate([read, told, turned], axis=1), evidence.truth, np.array(stiff))
    words, rest = weights[:, : read.shape[1]], weights[:, read.shape[1] :]
    turns = rest[:, kinds:].reshape(-1, kinds, needs).transpose(1, 0, 2)
    return Fitted(*(np.round(part, 4) for part in (words, untold, rest[:, :kinds].T, turns)))


def cross_fitted(evidence: Evidence, folds: np.ndarray, *, told: bool) -> np.ndarray:
    """The risks of each question by a model that was fitted on the other folds."""
    found = np.zeros_like(evidence.truth)
    for fold in np.unique(folds):
        found[folds == fold] = fit(evidence.part(folds != fold)).risks(evidence.part(folds == fold), told=told)
    return found


def chosen(risks: np.ndarray, evidence: Evidence, prices: np.ndarray, most: float) -> np.ndarray:
    """The place in RISKED of the technique of each question, -1 for preserve."""
    unsafe, unfit = risks[:, :3], risks[:, 3:]
    gain = np.where(unsafe > most, 0.0, SAVED * (1 - unfit) - prices[:, None] * unsafe)
    gain[evidence.flags[:, LOCATED] == 0, _CROP] = 0.0
    for technique, needs in _UNSERVED.items():
        gain[(evidence.flags[:, needs] > 0).any(axis=1), technique] = 0.0
    gain[evidence.flags[:, -3] > 0] = 0.0
    best = gain.argmax(axis=1)
    best[(evidence.gone > 0) & (gain[:, 0] > 0)] = 0
    return np.where(gain.max(axis=1) > 0, best, -1)


def measured(techniques: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The share of unsafe decisions, and the safe saving."""
    at, given_up = np.arange(len(techniques)), techniques >= 0
    place = np.maximum(techniques, 0)
    unsafe = given_up & (truth[at, place] > 0)
    safe = given_up & (truth[at, place + 3] == 0)
    return float(unsafe.mean()), float((SAVED[place] * safe).sum() / len(place))


def price(
    risks: np.ndarray, evidence: Evidence, watched: list[tuple[np.ndarray, float]], *, most: float
) -> tuple[float, list[dict[str, float]]]:
    """The lowest price of harm down to which every watched set of questions keeps its bound, and the whole curve."""
    curve, found, kept = [], float(_PRICES[-1]), True
    for level in reversed(_PRICES):
        techniques = chosen(risks, evidence, np.full(len(risks), level), most)
        unsafe, safe = measured(techniques, evidence.truth)
        rates = [measured(techniques[at], evidence.truth[at])[0] for at, _ in watched]
        kept = kept and all(rate <= bound for rate, (_, bound) in zip(rates, watched, strict=True))
        found = float(level) if kept else found
        curve.append(
            {
                "price": float(level),
                "unsafe": round(unsafe, 4),
                "unsafe_new_writer": round(rates[-1], 4),
                "safe_saving": round(safe, 4),
            }
        )
    return found, curve


def _each(x: np.ndarray, truth: np.ndarray, stiff: np.ndarray) -> np.ndarray:
    return np.array([_logistic(x, truth[:, risk], stiff) for risk in range(truth.shape[1])])


def _logistic(x: np.ndarray, y: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        value = float(np.sum(np.logaddexp(0, z) - y * z) + 0.5 * np.sum(penalty * w * w))
        return value, x.T @ (expit(z) - y) + penalty * w

    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)
