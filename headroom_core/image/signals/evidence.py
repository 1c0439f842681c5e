"""The numbers from which the kind of a picture, and whether it bears text, are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from headroom_core.image.signals.fields import differences
from headroom_core.image.signals.lines import SHAPE
from headroom_core.image.signals.looks import LOOKS, looks_of
from headroom_core.image.signals.patches import GROUPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.fields import Field
    from headroom_core.image.signals.lines import Lines
    from headroom_core.image.signals.seen import Seen

__all__ = ["NAMES", "evidence_of", "letters_in"]


_STEPS: Final = ("by 1", "by 2 to 3", "by 4 to 7", "by 8 to 19", "by 20 to 79", "by 80")
NAMES: Final = (
    *("area", "aspect", "colours", "most", "eight", "brightness", "colourful", "entropy"),
    *("rules across", "rules down", "rule rows", "rule columns"),
    *(f"{part} {size}" for size in ("native", "at half", "at quarter") for part in ("equal", *_STEPS)),
    *("busy tiles", "empty tiles", "grain", "smooth tiles", "across or down", "margins"),
    *("contrast", "coarse", "middle", "fine", "finest"),
    *("lines", "small lines", "middle lines", "large lines", "cover", "width", "widest", "em", "em spread", "alike"),
    *("strength", "weak", "strong", "aligned", "pitch"),
    *(f"shape {part}" for part in range(8)),
    *("middle across", "spread across", "middle down", "spread down", "lines at the top", "lines at the left"),
    *LOOKS,
    *(f"letters {part}" for part in ("most", "third", "sixth", "middle", "mean", "likely")),
    *(f"letters {part} {group}" for group in GROUPS for part in ("most", "second", "mean")),
)
"""What each number stands for, in order."""


def evidence_of(seen: Seen, letters: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the numbers of a picture, shape (len(`NAMES`),).

    Args:
        seen: What was measured.
        letters: What the network says of each patch of `patches_of`.
        groups: The group of each patch.
    """
    measured = [_frame(seen), _steps(seen), _spectral(seen.spectrum), _lined(seen), _placed(seen)]
    return np.concatenate([*measured, looks_of(seen.views, seen.sample), letters_in(letters, groups)])


def _frame(seen: Seen) -> NDArray[np.float64]:
    width, height = seen.size
    colours, rules = seen.palette, seen.rules
    return np.array(
        [
            np.log(width * height),
            np.log(width / height),
            np.log1p(colours.colours),
            colours.most,
            colours.eight,
            colours.brightness,
            colours.colourful,
            colours.entropy,
            np.log1p(rules.across),
            np.log1p(rules.down),
            np.log1p(rules.rows),
            np.log1p(rules.columns),
        ]
    )


def _steps(seen: Seen) -> NDArray[np.float64]:
    native = seen.views[0]
    tiles = _tiles(native)
    busy = [float((tiles > 0.06).mean()), float((tiles < 0.002).mean())]
    return np.concatenate([*(_differences(view) for view in seen.views), busy, _grain(native), [seen.margins]])


def _differences(view: Field) -> NDArray[np.float64]:
    """Share of equal neighbours in 96 rows of a field, and how the unequal ones differ."""
    rows = view.grey[:: max(1, len(view.grey) // 96)]
    if rows.shape[1] < 2:
        return np.zeros(1 + len(_STEPS))
    difference = differences(rows[:, :-1], rows[:, 1:])
    at_least = [np.count_nonzero(difference >= bound) for bound in (1, 2, 4, 8, 20, 80)]
    unequal = -np.diff(at_least, append=0)
    return np.array([1 - at_least[0] / difference.size, *(unequal / max(1, at_least[0]))])


def _grain(view: Field) -> tuple[float, float, float]:
    """Grain of the quieter tiles that are not flat, share of tiles with little but some, and edges across to down."""
    grey, side = view.grey, 16
    down, wide = grey.shape[0] // (4 * side), grey.shape[1] // (4 * side)
    if not down or not wide:
        return 0.0, 0.0, 0.0
    corner = grey[: down * 4 * side, : wide * 4 * side].reshape(down, 4 * side, wide, 4 * side)[:, :side, :, :side]
    # The tiles come last: what is done to them is done in long rows.
    tiles = np.ascontiguousarray(corner.transpose(1, 3, 0, 2).reshape(side, side, -1).astype(np.int16))
    right, below = tiles[:, 1:] - tiles[:, :-1], tiles[1:] - tiles[:-1]
    # What is left after the plane through neighbours is grain, not shading: four times that, in whole numbers.
    rest = (right[1:-1, :-1] - right[1:-1, 1:] + below[:-1, 1:-1] - below[1:, 1:-1]).reshape(-1, tiles.shape[2])
    levels = rest.astype(np.float32)
    mean = levels.mean(axis=0)
    grain = np.sqrt(np.maximum(np.square(levels).mean(axis=0) - mean * mean, 0.0)) / 4
    some = np.sort(grain[grain > 0.05])
    quiet = quantile(some, 0.2) if len(some) else 0.0
    across, along = np.abs(right).mean(dtype=np.float32), np.abs(below).mean(dtype=np.float32)
    return (
        np.log1p(quiet),
        float(((grain > 0.05) & (grain < 1.5)).mean()),
        float(np.log((across + 0.1) / (along + 0.1))),
    )


def _tiles(view: Field) -> NDArray[np.float32]:
    """Share of steps in tiles of 32 rows and one cell."""
    rows = view.steps.shape[0] // 32
    if not rows:
        return np.zeros((1, 1), np.float32)
    return np.asarray(view.steps[: rows * 32].astype(np.float32).reshape(rows, 32, -1).sum(axis=1) / 1024.0)


def _spectral(spectrum: tuple[float, ...]) -> NDArray[np.float64]:
    rings = np.asarray(spectrum) * (np.arange(len(spectrum)) + 0.5) ** 2
    total = float(rings.sum())
    parts = [float(part.sum()) / (total + 1.0) for part in np.array_split(rings, 4)]
    return np.array([np.log1p(total), *parts])


def _lined(seen: Seen) -> NDArray[np.float64]:
    lines, (width, height) = seen.lines, seen.size
    if not len(lines):
        return np.zeros(15 + 8)
    zooms = [view.zoom for view in seen.views]
    counts = [np.log1p(float((lines.weight * (lines.zoom == zoom)).sum())) for zoom in zooms]
    long = lines.width / lines.em
    middle = float(np.median(lines.em))
    alike = (lines.em > 0.8 * middle) & (lines.em < 1.25 * middle)
    strength = np.sort(lines.strength)
    return np.concatenate(
        [
            [
                np.log1p(float(lines.weight.sum())),
                *counts,
                float((lines.width * lines.em * lines.weight).sum()) / (width * height),
                np.log(float(np.median(long))),
                np.log(float(long.max())),
                np.log(middle / height),
                float(np.std(np.log(lines.em))),
                float(alike.mean()),
                *(quantile(strength, share) for share in (0.5, 0.1, 0.9)),
                *_order(lines),
            ],
            _mean_shape(lines),
        ]
    )


def quantile(ordered: NDArray[np.floating[Any]], share: float) -> float:
    """What this share of some sorted numbers does not exceed, between two of them in proportion."""
    at = share * (len(ordered) - 1)
    before = int(at)
    low, high = float(ordered[before]), float(ordered[min(before + 1, len(ordered) - 1)])
    return low + (high - low) * (at - before)


def _order(lines: Lines) -> tuple[float, float]:
    """How many lines start at the same left edge as another, and how even the distances of lines are."""
    _, counts = np.unique(lines.boxes[:, 0], return_counts=True)
    middles = np.unique((lines.boxes[:, 1] + lines.boxes[:, 3]) // 2)
    pitch = np.diff(middles)
    pitch = pitch[pitch > 0.5 * float(np.median(lines.em))]
    even = float(np.mean(np.abs(pitch - np.median(pitch)) <= 2)) if len(pitch) else 0.0
    return float(counts.max()) / len(lines), even


def _mean_shape(lines: Lines) -> NDArray[np.float64]:
    mean = np.average(lines.shapes, axis=0, weights=lines.width)
    return np.asarray(mean.reshape(8, SHAPE // 8).mean(axis=1))


def _placed(seen: Seen) -> NDArray[np.float64]:
    """Where lines stand in the picture."""
    lines, (width, height) = seen.lines, seen.size
    if not len(lines):
        return np.zeros(6)
    across = (lines.boxes[:, 0] + lines.boxes[:, 2]) / (2 * width)
    down = (lines.boxes[:, 1] + lines.boxes[:, 3]) / (2 * height)
    share = lines.width / lines.width.sum()
    middles = [float((place * share).sum()) for place in (across, down)]
    spreads = [
        float(((place - middle) ** 2 * share).sum()) ** 0.5
        for place, middle in zip((across, down), middles, strict=True)
    ]
    return np.array(
        [middles[0], spreads[0], middles[1], spreads[1], share[down < 0.1].sum(), share[across < 0.2].sum()]
    )


def letters_in(letters: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Order statistics of what the network says of the patches, of all and of each group, shape (6 + 3 x groups,)."""
    if not len(letters):
        return np.zeros(6 + 3 * len(GROUPS))
    ordered = np.sort(letters)[::-1]
    found = [*_at(ordered, (0, 2, 5)), np.median(ordered), ordered.mean(), (ordered > 0.5).mean()]
    for group in range(len(GROUPS)):
        own = np.sort(letters[groups == group])[::-1]
        found += [*_at(own, (0, 1)), own.mean()] if len(own) else [0.0] * 3
    return np.array(found)


def _at(ordered: NDArray[np.float64], places: tuple[int, ...]) -> list[float]:
    return [float(ordered[min(place, len(ordered) - 1)]) for place in places]
