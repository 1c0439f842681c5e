"""A tiny network that sees letters in small patches, in plain numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Letters"]

_SIDE: Final = 3
_SOFT: Final = 8.0
"""Contrast in grey levels that is added to a patch's own before it is divided by: quiet patches stay quiet."""


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Four pixels as channels, convolutions of 3 x 3 and stride two, mean and highest of what they find, a logit.

    Attributes:
        weights: Of each convolution, shape (9 x channels before, channels after).
        biases: Of each convolution, shape (channels after,).
        out: Weights of the means and of the highest, shape (2 x channels,).
        bias: What is added at the end.
    """

    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]
    out: NDArray[np.float32]
    bias: float

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Letters:
        """Take the network out of arrays named `w0`, `b0`, ..., `out` and `bias`."""
        count = sum(name.startswith("w") and name[1:].isdigit() for name in arrays)
        return cls(
            tuple(arrays[f"w{layer}"].astype(np.float32) for layer in range(count)),
            tuple(arrays[f"b{layer}"].astype(np.float32) for layer in range(count)),
            arrays["out"].astype(np.float32),
            float(np.float32(arrays["bias"].ravel()[0])),
        )

    def __call__(self, patches: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the probability of letters in each patch; patches have shape (n, side, side)."""
        if not len(patches):
            return np.zeros(0)
        found = _side_by_side(_levelled(patches))
        for weight, bias in zip(self.weights, self.biases, strict=True):
            found = _neighbourhoods(found) @ weight
            found += bias
            np.maximum(found, 0, out=found)
        pooled = np.concatenate([found.mean(axis=(1, 2)), found.max(axis=(1, 2))], axis=1)
        return np.asarray(1 / (1 + np.exp(-(pooled @ self.out + self.bias).astype(np.float64))))


def _levelled(patches: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Patches of equal mean and contrast."""
    levels = patches.astype(np.float32)
    levels -= levels.mean(axis=(1, 2), keepdims=True)
    flat = levels.reshape(len(levels), -1)
    contrast = np.sqrt(np.einsum("ij,ij->i", flat, flat) / flat.shape[1])
    levels /= contrast[:, None, None] + _SOFT
    return levels


def _side_by_side(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Four pixels as channels, shape (n, rows / 2, columns / 2, 4)."""
    count, rows, columns = levels.shape
    pairs = levels.reshape(count, rows // 2, 2, columns // 2, 2).transpose(0, 1, 3, 2, 4)
    return pairs.reshape(count, rows // 2, columns // 2, 4)


def _neighbourhoods(found: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every second 3 x 3 neighbourhood, shape (n, rows / 2, columns / 2, 9 x channels), zeros beyond the edges."""
    padded = np.pad(found, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows, columns = (found.shape[1] + 1) // 2, (found.shape[2] + 1) // 2
    parts = [
        padded[:, down : down + 2 * rows - 1 : 2, right : right + 2 * columns - 1 : 2]
        for down in range(_SIDE)
        for right in range(_SIDE)
    ]
    return np.concatenate(parts, axis=3)
