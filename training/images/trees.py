"""Random trees and boosted trees together, in the form in which the engine walks them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier
from sklearn.utils.class_weight import compute_sample_weight

TREES = 50
LEAF = 8
ROUNDS = 90
RANDOM, BOOSTED = 10.0, 0.6
"""Weights of the mean shares of the random trees and of the logits of the boosted ones in the logits of both."""


@dataclass
class Both:
    """What was trained; its outputs are logits, one of text, or one of each kind."""

    random: ExtraTreesClassifier
    boosted: GradientBoostingClassifier

    @classmethod
    def fit(cls, evidence: np.ndarray, truth: np.ndarray) -> Both:
        # Halfway, in ratios, between each picture and each kind counting the same.
        weights = np.sqrt(compute_sample_weight("balanced", truth))
        random = ExtraTreesClassifier(TREES, min_samples_leaf=LEAF, max_features=0.3, n_jobs=1, random_state=0)
        boosted = GradientBoostingClassifier(
            n_estimators=ROUNDS,
            learning_rate=0.1,
            max_depth=3,
            min_samples_leaf=6,
            subsample=0.6,
            max_features=0.15,
            random_state=0,
        )
        levels = evidence.astype(np.float32)
        return cls(random.fit(levels, truth, weights), boosted.fit(levels, truth, weights))

    def __call__(self, evidence: np.ndarray) -> np.ndarray:
        levels = evidence.astype(np.float32)
        shares, logits = self.random.predict_proba(levels), self.boosted.decision_function(levels)
        shares = shares[:, 1:] if shares.shape[1] == 2 else shares
        return RANDOM * shares + BOOSTED * logits.reshape(len(levels), -1)

    def exported(self, name: str) -> dict[str, np.ndarray]:
        """The trees with the right child always behind the left one."""
        outputs = len(self.random.classes_) if len(self.random.classes_) > 2 else 1
        grown = _Grown(outputs)
        for estimator in self.random.estimators_:
            shares = estimator.tree_.value[:, 0] / estimator.tree_.value[:, 0].sum(axis=1, keepdims=True)
            grown.add(estimator.tree_, RANDOM / TREES * (shares[:, 1:] if outputs == 1 else shares))
        for estimators in self.boosted.estimators_:
            for output, estimator in enumerate(estimators):
                value = np.zeros((estimator.tree_.node_count, outputs))
                value[:, output] = BOOSTED * self.boosted.learning_rate * estimator.tree_.value[:, 0, 0]
                grown.add(estimator.tree_, value)
        nothing = np.zeros((1, self.boosted.n_features_in_), np.float32)
        grown_to = np.array([[tree.predict(nothing)[0] for tree in trees] for trees in self.boosted.estimators_])
        start = self.boosted.decision_function(nothing).reshape(-1) - self.boosted.learning_rate * grown_to.sum(axis=0)
        start = BOOSTED * start
        return grown.arrays(name, start)


class _Grown:
    def __init__(self, outputs: int) -> None:
        self.outputs = outputs
        self.number, self.bound, self.left, self.value, self.roots = [], [], [], [], []
        self.depth = 0

    def add(self, tree: object, value: np.ndarray) -> None:
        self.roots.append(len(self.number))
        self.depth = max(self.depth, tree.max_depth)
        order = [0]
        for node in order:
            inner = tree.children_left[node] >= 0
            self.number.append(tree.feature[node] if inner else -1)
            self.bound.append(tree.threshold[node] if inner else 0.0)
            self.left.append(self.roots[-1] + len(order) if inner else 0)
            self.value.append(0 * value[node] if inner else value[node])
            order += [tree.children_left[node], tree.children_right[node]] if inner else []

    def arrays(self, name: str, start: np.ndarray) -> dict[str, np.ndarray]:
        arrays = {
            "number": np.int16(self.number),
            "bound": np.float32(self.bound),
            "left": np.int32(self.left),
            "value": np.float16(self.value),
            "roots": np.int32(self.roots),
            "start": np.float32(start),
            "depth": np.int16(self.depth),
        }
        return {f"{name}_{part}": array for part, array in arrays.items()}
