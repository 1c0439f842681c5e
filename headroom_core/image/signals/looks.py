"""What tells photos, drawings, charts and screens apart: how crisp edges are, where they run, how levels are spread."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.fields import differences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.fields import Field

__all__ = ["LOOKS", "looks_of"]

GRID: Final = 8
"""The layout is looked at in a grid of this many cells down and across."""
WAVES: Final = 4
"""Waves down and across that the layout is told by."""
ROWS: Final = 48
CLEAR: Final = 40
"""Grey levels across two pixels from which on an edge is clear."""
MOST: Final = 36_000
"""Directions are looked at in about as many pixels at most."""
TURNS: Final = 8
"""Directions of edges that are told apart in half a turn."""
_SLOPES: Final = (2**0.5 - 1, 1.0, 2**0.5 + 1)
"""Where one direction ends and the next begins."""

LOOKS: Final = (
    *("crisp", "crisp wide", "lone", "flat sides", "clear edges"),
    *("levels", "most levels", "jagged levels", "dark", "light", "middle"),
    *("upright edges", "slanted edges", "spread of directions", "long edges"),
    *("grey", "vivid", "colour spread", "hues", "warm", "blue", "green"),
    *("frame alike", "frame spread", "frame light", "frame apart", "top apart", "left apart"),
    *(f"light {down}{across}" for down in range(WAVES) for across in range(WAVES)),
    *(f"busy {down}{across}" for down in range(WAVES) for across in range(WAVES)),
)
"""What each number stands for, in order."""


def looks_of(views: tuple[Field, ...], sample: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the numbers of a picture, shape (len(`LOOKS`),).

    Args:
        views: The picture at three sizes.
        sample: A few of its pixels in colour, shape (rows, columns, 3).
    """
    native, small = views[0].grey, views[-1].grey
    return np.concatenate(
        [_crispness(native), _levels(native), _directions(small), _colours(sample), _frame(sample), *_layout(small)]
    )


def _crispness(grey: NDArray[np.uint8]) -> list[float]:
    """How many clear edges are one pixel wide, and how many stand between exactly flat sides."""
    if grey.shape[1] < 6:
        return [0.0] * 5
    rows = grey[:: max(1, len(grey) // ROWS)]
    step = differences(rows[:, :-1], rows[:, 1:])
    two = differences(rows[:, 3:-1], rows[:, 1:-3])
    clear = np.flatnonzero(two >= CLEAR)
    count = max(1, len(clear))
    # Places in steps, of which there are three more in a row than pairs of pixels looked at.
    at = clear + 3 * (clear // two.shape[1])
    step = step.ravel()
    wide = two.ravel()[clear]
    most = np.maximum(step[at + 1], step[at + 2])
    sides = np.maximum(step[at], step[at + 3])
    return [
        float((most >= 0.9 * wide).sum() / count),
        float((most < 0.65 * wide).sum() / count),
        float((sides <= 2).sum() / count),
        float((sides == 0).sum() / count),
        float(np.log1p(1000 * count / max(1, two.size))),
    ]


def _levels(grey: NDArray[np.uint8]) -> list[float]:
    """How the grey levels are spread."""
    counts = np.bincount(grey[:: max(1, len(grey) // ROWS)].ravel(), minlength=256).astype(np.float64)
    shares = counts / max(1.0, float(counts.sum()))
    ordered = np.sort(shares)[::-1]
    smooth = np.convolve(shares, np.ones(5) / 5, "same")
    return [
        float((shares > 0.0005).mean()),
        float(ordered[:3].sum()),
        float(np.abs(shares - smooth).sum()),
        float(shares[:24].sum()),
        float(shares[240:].sum()),
        float(shares[64:192].sum()),
    ]


def _directions(grey: NDArray[np.uint8]) -> list[float]:
    """Where edges run: upright or level, slanted, and how evenly in all directions."""
    every = max(1, int(np.ceil((grey.size / MOST) ** 0.5)))
    levels = grey[::every, ::every].astype(np.int16)
    if min(levels.shape) < 4:
        return [0.0] * 4
    across = levels[1:-1, 2:] - levels[1:-1, :-2]
    down = levels[2:, 1:-1] - levels[:-2, 1:-1]
    wide, high = np.abs(across), np.abs(down)
    clear = np.flatnonzero(wide + high > CLEAR)
    if not len(clear):
        return [0.0] * 4
    often = float(np.log1p(100 * len(clear) / across.size))
    across, down = across.ravel()[clear], down.ravel()[clear]
    wide, high = (levels.ravel()[clear].astype(np.float32) for levels in (wide, high))
    shares = np.bincount(_turns(across, down, wide, high), minlength=TURNS) / len(clear)
    lean = np.minimum(wide, high) / (wide + high)
    spread = -(shares * np.log(shares + 1e-9)).sum() / np.log(TURNS)
    return [float((lean < 0.08).mean()), float((lean > 0.3).mean()), float(spread), often]


def _turns(
    across: NDArray[np.int16], down: NDArray[np.int16], wide: NDArray[np.float32], high: NDArray[np.float32]
) -> NDArray[np.int8]:
    """Which eighth of half a turn each step leans to, told by slopes instead of angles.

    Args:
        across: Steps to the right, in grey levels.
        down: Steps down.
        wide: Without sign, steps to the right.
        high: Without sign, steps down.
    """
    eighth = np.zeros(len(across), np.int8)
    for slope in _SLOPES:
        eighth += high > wide * slope
    # What leans to the left stands mirrored; where two directions meet, a step belongs to the second.
    turn = np.where(across > 0, eighth + (high == wide), TURNS - 1 - eighth) * (down != 0)
    return np.asarray(np.where(down < 0, -turn, turn) & (TURNS - 1))


def _colours(sample: NDArray[np.uint8]) -> list[float]:
    """How colourful the pixels are, and which way."""
    red, green, blue = np.ascontiguousarray(sample.reshape(-1, 3).T).astype(np.int16)
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    vivid = spread > 90
    tinted = np.flatnonzero(spread > 24)
    across, down = (2 * red - green - blue)[tinted], (green - blue)[tinted]
    hue = np.arctan2(1.7 * down, across)
    shares = np.bincount(((hue + np.pi) * (11.99 / (2 * np.pi))).astype(np.int64), minlength=12) / max(1, len(hue))
    return [
        float((spread < 8).mean()),
        float(vivid.mean()),
        float(spread.std()) / 255,
        float(-(shares * np.log(shares + 1e-9)).sum()),
        float((red > blue + 16).mean()),
        float((blue > red + 16).mean()),
        float((green > np.maximum(red, blue) + 8).mean()),
    ]


def _frame(sample: NDArray[np.uint8]) -> list[float]:
    """Whether the outermost pixels are of one colour, and how far the upper and left edges stand apart."""
    grey = sample.mean(axis=2)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    middle = float(np.median(edge))
    rows, columns = max(1, grey.shape[0] // 16), max(1, grey.shape[1] // 8)
    return [
        float((np.abs(edge - middle) <= 3).mean()),
        float(edge.std()) / 255,
        middle / 255,
        float(abs(grey.mean() - middle)) / 255,
        float(grey[:rows].mean() - grey.mean()) / 255,
        float(grey[:, :columns].mean() - grey.mean()) / 255,
    ]


def _layout(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The longest waves of light and of busyness over the picture; mirrored pictures give the same."""
    rows, columns = grey.shape[0] // GRID, grey.shape[1] // GRID
    if not rows or not columns:
        return np.zeros(WAVES * WAVES), np.zeros(WAVES * WAVES)
    cells = grey[: rows * GRID, : columns * GRID].reshape(GRID, rows, GRID, columns)[:, ::2, :, ::2]
    levels = cells.transpose(0, 2, 1, 3).reshape(GRID, GRID, -1).astype(np.float32) / 255
    return _waves(levels.mean(axis=2)), _waves(levels.std(axis=2))


def _waves(grid: NDArray[np.float32]) -> NDArray[np.float64]:
    found = _cosines() @ grid @ _cosines().T
    found[:, 1::2] = np.abs(found[:, 1::2])
    return np.asarray(found.ravel(), dtype=np.float64)


@cache
def _cosines() -> NDArray[np.float64]:
    places = (np.arange(GRID) + 0.5) * np.pi / GRID
    return np.asarray(np.cos(np.arange(WAVES)[:, None] * places) / GRID)
