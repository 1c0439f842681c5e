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
    window = np.hanning(PATCH).astype(np.float32)
    levels = patches.astype(np.float32)
    levels -= levels.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.rfft2(levels * window[:, None] * window)) ** 2
    # The window keeps 3/8 of the power in each direction, and one half of the plane stands for both.
    rings = power.reshape(len(power), -1) @ _rings() * (2 / (PATCH**4 * (3 / 8) ** 2))
    noise = np.quantile(rings, QUIETEST, axis=0)
    in_file = (np.arange(BINS) * scale).astype(np.int64)
    found = np.bincount(in_file, weights=np.maximum(0.0, rings - noise).mean(axis=0), minlength=BINS)
    return tuple(float(value) for value in found)


@cache
def _rings() -> NDArray[np.float32]:
    """Which frequencies of half a plane are in which ring, shape (frequencies, `BINS`)."""
    down, across = np.fft.fftfreq(PATCH), np.fft.rfftfreq(PATCH)
    ring = np.minimum(BINS - 1, (np.maximum(np.abs(down)[:, None], across) * 2 * BINS).astype(np.int64))
    return np.asarray(ring.reshape(-1, 1) == np.arange(BINS), dtype=np.float32)


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
