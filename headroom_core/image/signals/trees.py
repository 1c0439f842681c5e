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
        number: Number looked at in each node, shape (nodes,); below zero in a leaf.
        bound: The left child follows where the number is at most this, shape (nodes,).
        left: Left child of each node, shape (nodes,). The right one stands behind it.
        value: What a leaf adds to each output, shape (nodes, outputs).
        roots: First node of each tree, shape (trees,).
        start: What the outputs start from, shape (outputs,).
        depth: Steps to the deepest leaf.
    """

    number: NDArray[np.int16]
    bound: NDArray[np.float32]
    left: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    start: NDArray[np.float32]
    depth: int

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
        """Take the trees out of arrays named `NAME_number`, `NAME_bound`, ..."""
        return cls(
            arrays[f"{name}_number"].astype(np.int16),
            arrays[f"{name}_bound"].astype(np.float32),
            arrays[f"{name}_left"].astype(np.int32),
            arrays[f"{name}_value"].astype(np.float32),
            arrays[f"{name}_roots"].astype(np.int32),
            arrays[f"{name}_start"].astype(np.float32),
            int(arrays[f"{name}_depth"]),
        )

    def __call__(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the outputs for the numbers of one picture, shape (outputs,)."""
        numbers = evidence.astype(np.float32)
        node = self.roots
        for _ in range(self.depth):
            looked = self.number[node]
            right = numbers[np.maximum(looked, 0)] > self.bound[node]
            node = np.where(looked < 0, node, self.left[node] + right)
        return np.asarray(self.start + self.value[node].sum(axis=0), dtype=np.float64)
