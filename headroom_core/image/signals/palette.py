"""The colours of a picture, from a thin sample of its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image import pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Decoded

__all__ = ["Palette", "palette_of"]

SAMPLE: Final = 200
"""About this many pixels across and down are looked at."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture, each channel in 32 shades.

    Attributes:
        colours: Number of colours met.
        most: Share of the commonest.
        eight: Share of the eight commonest together.
        brightness: Mean level of the pixels, in [0, 1].
        colourful: Mean spread between the channels, in [0, 1].
        entropy: Entropy of the colours in bits.
    """

    colours: int
    most: float
    eight: float
    brightness: float
    colourful: float
    entropy: float


def palette_of(picture: Decoded) -> Palette:
    """Count the colours of a picture in a thin sample."""
    every = max(1, round(max(picture.size) / SAMPLE))
    sample = np.asarray(pixels.in_colour(picture, every=every)).reshape(-1, 3)
    red, green, blue = planes = np.ascontiguousarray(sample.T)
    shades = (red & np.uint16(0xF8)) << 7 | (green & np.uint16(0xF8)) << 2 | blue >> 3
    counts = np.bincount(shades)
    counts = counts[np.flatnonzero(counts)]
    shares = np.sort(np.partition(counts, -8)[-8:] if len(counts) > 8 else counts)[::-1] / len(sample)
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return Palette(
        len(counts),
        float(shares[0]),
        float(shares.sum()),
        float(planes.mean()) / 255,
        float(spread.mean()) / 255,
        _entropy(counts / len(sample)),
    )


def _entropy(shares: NDArray[np.float64]) -> float:
    return float(-(shares * np.log2(shares)).sum())
