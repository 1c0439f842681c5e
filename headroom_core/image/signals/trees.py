"""Many small decision trees, walked together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Trees"]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Decision trees whose leaves are added up.

    Attributes:
        number: Number looked at in each node, shape (nodes,).
        bound: The left child follows where the number is at most this, shape (nodes,).
        left: Left child of each node, shape (nodes,). The right one stands behind it. A leaf leads to itself.
        value: What a leaf adds to each output, shape (nodes, outputs).
        roots: First node of each tree, shape (trees,).
        start: What the outputs start from, shape (outputs,).
        depth: Steps to the deepest leaf.
    """

    number: NDArray[np.int64]
    bound: NDArray[np.float32]
    left: NDArray[np.int64]
    value: NDArray[np.float32]
    roots: NDArray[np.int64]
    start: NDArray[np.float32]
    depth: int

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
        """Take the trees out of arrays named `NAME_number`, `NAME_bound`, ...; the number of a leaf is below zero."""
        number = arrays[f"{name}_number"].astype(np.int64)
        leaf = number < 0
        return cls(
            np.where(leaf, 0, number),
            np.where(leaf, np.float32(np.inf), arrays[f"{name}_bound"].astype(np.float32)),
            np.where(leaf, np.arange(len(number)), arrays[f"{name}_left"].astype(np.int64)),
            arrays[f"{name}_value"].astype(np.float32),
            arrays[f"{name}_roots"].astype(np.int64),
            arrays[f"{name}_start"].astype(np.float32),
            int(arrays[f"{name}_depth"]),
        )

    def __call__(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the outputs for the numbers of one picture, shape (outputs,)."""
        # All nodes are decided at once: one step down a tree is then one look-up.
        child = self.left + (evidence.astype(np.float32)[self.number] > self.bound)
        node = self.roots
        for _ in range(self.depth):
            node = child[node]
        return np.asarray(self.start + self.value[node].sum(axis=0), dtype=np.float64)
