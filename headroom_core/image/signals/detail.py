"""How much fine detail a smaller copy would lose, from the spectrum of patches."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.fields import CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.fields import Field

__all__ = ["BINS", "spectrum_of"]

PATCH: Final = 64
"""Side of a patch in pixels."""
GRID: Final = (5, 5)
"""Patches down and across, evenly spread."""
BINS: Final = 16
"""Rings of the spectrum, from coarse to the finest that pixels can hold."""
QUIETEST: Final = 0.1
"""What this share of patches does not exceed is noise, that is in all of them."""


def spectrum_of(view: Field, scale: float) -> tuple[float, ...]:
    """Return the contrast in each of `BINS` rings of frequency, in squared grey levels, mean over the patches.

    Ring i holds the detail that is lost when the file is resized to between i and i + 1 `BINS`ths of its size.

    Args:
        view: The picture pixel by pixel.
        scale: Decoded pixels per pixel of the file; a draft has nothing in the rings beyond.
    """
    patches = _patches(view)
    if patches is None:
        return (0.0,) * BINS
    levels = patches.astype(np.float32)
    levels -= levels.mean(axis=(1, 2), keepdims=True)
    waves = _waves()
    found = waves.T @ (levels.reshape(-1, PATCH) @ waves).reshape(levels.shape)
    # The window keeps 3/8 of the power in each direction.
    rings = np.square(found).reshape(len(found), -1) @ _rings() * (2 / (PATCH**4 * (3 / 8) ** 2))
    noise = _quantile(rings)
    in_file = (np.arange(BINS) * scale).astype(np.int64)
    power = np.bincount(in_file, weights=np.maximum(0.0, rings - noise).mean(axis=0), minlength=BINS)
    return tuple(float(value) for value in power)


def _quantile(rings: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the `QUIETEST` share of patches does not exceed, between two patches in proportion."""
    at = QUIETEST * (len(rings) - 1)
    ordered, before = np.sort(rings, axis=0), int(at)
    return np.asarray(ordered[before] + (ordered[before + 1] - ordered[before]) * np.float32(at - before))


@cache
def _waves() -> NDArray[np.float32]:
    """Cosines and sines of each whole number of waves in a patch, under a window, shape (`PATCH`, `PATCH`).

    They are the Fourier transform of real numbers in real numbers: two products of small matrices, faster than the
    fast one.
    """
    turns = np.outer(np.arange(PATCH), np.arange(PATCH // 2 + 1)) * (2 * np.pi / PATCH)
    waves = np.concatenate([np.cos(turns), np.sin(turns[:, 1:-1])], axis=1)
    return np.asarray(waves * np.hanning(PATCH)[:, None], dtype=np.float32)


@cache
def _rings() -> NDArray[np.float32]:
    """How often each product of two waves counts in each ring, shape (`PATCH` x `PATCH`, `BINS`)."""
    waves = np.concatenate([np.arange(PATCH // 2 + 1), np.arange(1, PATCH // 2)])
    ring = np.minimum(BINS - 1, np.maximum(waves[:, None], waves) * 2 * BINS // PATCH)
    # A wave that runs down is met once more as one that runs up, but for the level and the finest.
    times = np.where(waves % (PATCH // 2), 2, 1)[:, None, None]
    return np.asarray(((ring[..., None] == np.arange(BINS)) * times).reshape(-1, BINS), dtype=np.float32)


def _patches(view: Field) -> NDArray[np.uint8] | None:
    rows, columns = view.grey.shape
    if rows < PATCH or columns < PATCH:
        return None
    tops = np.linspace(0, rows - PATCH, GRID[0]).astype(np.int64)
    if view.share < 1.0:
        # Bands stand side by side: no patch may reach over a seam.
        lefts = np.flatnonzero(view.seams)[: GRID[1]] * CELL + CELL - PATCH
    else:
        lefts = np.linspace(0, columns - PATCH, GRID[1]).astype(np.int64)
    return np.stack([view.grey[top : top + PATCH, left : left + PATCH] for top in tops for left in lefts])
