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
        found, step = _levelled(patches)[..., None], 4
        for weight, bias in zip((_of_pixels(self.weights[0]), *self.weights[1:]), self.biases, strict=True):
            seen = _neighbourhoods(found, step)
            # One product for all patches: a product for each row of each patch takes twice as long.
            after = seen.reshape(-1, len(weight)) @ weight
            after += bias
            np.maximum(after, 0, out=after)
            found, step = after.reshape(*seen.shape[:3], -1), 2
        pooled = np.concatenate([found.mean(axis=(1, 2)), found.max(axis=(1, 2))], axis=1)
        return np.asarray(1 / (1 + np.exp(-(pooled @ self.out + self.bias).astype(np.float64))))


def _levelled(patches: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Patches of equal mean and contrast."""
    levels = patches.reshape(len(patches), -1).astype(np.float32)
    levels -= levels.mean(axis=1)[:, None]
    contrast = np.sqrt(np.einsum("ij,ij->i", levels, levels) / levels.shape[1])
    levels /= contrast[:, None] + _SOFT
    return levels.reshape(patches.shape)


def _of_pixels(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights of 3 x 3 places of four pixels each, in the order of 6 x 6 pixels."""
    places = weight.reshape(_SIDE, _SIDE, 2, 2, -1).transpose(0, 2, 1, 3, 4)
    return places.reshape(len(weight), -1)


def _neighbourhoods(found: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """What stands around every place that is `step` from the last, `step` / 2 x 3 on each side, zeros beyond the edges.

    Shape (n, rows / step, columns / step, ...) from (n, rows, columns, channels).
    """
    count, rows, columns, channels = found.shape
    edge, side = step // 2, _SIDE * step // 2
    padded = np.zeros((count, rows + 2 * edge, columns + 2 * edge, channels), np.float32)
    padded[:, edge:-edge, edge:-edge] = found
    each, down, right, channel = padded.strides
    windows = np.lib.stride_tricks.as_strided(
        padded,
        (count, (rows + 2 * edge - side) // step + 1, (columns + 2 * edge - side) // step + 1, side, side * channels),
        (each, step * down, step * right, down, channel),
        writeable=False,
    )
    return np.ascontiguousarray(windows)
