"""The heights of the text in a picture, by characters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.lines import EM_PER_RUN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.lines import Lines

__all__ = ["GUESS", "Quantiles", "about_line", "characters_of", "heights_of", "refined"]

GUESS: Final = EM_PER_RUN
"""Em height over the height of the run of rows, before the shape of the line is looked at."""
BOUNDS: Final = (0.9, 2.2)
"""Least and greatest em height over the height of the run: from capitals or Chinese to letters without ascenders."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Em heights that 5, 10 and 50 per cent of the characters do not reach, in decoded pixels."""

    p5: float
    p10: float
    p50: float


def about_line(
    run: NDArray[np.float64],
    zoom: NDArray[np.int64],
    strength: NDArray[np.float64],
    shapes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what the em height of lines is fitted to, shape (n, 4 + samples of the shape); arguments as in `Lines`."""
    height = np.log(run / zoom)
    return np.column_stack([np.ones(len(run)), shapes, height, height * height, np.log(strength + 1)])


def refined(lines: Lines, coefficients: NDArray[np.float32]) -> Lines:
    """Return the lines with their em heights fitted to the shapes of their row profiles.

    Latin letters are dense between baseline and x-height, Chinese ones throughout; the shape tells how much of the em
    the run of rows takes up.
    """
    if not len(lines):
        return lines
    about = about_line(lines.run, lines.zoom, lines.strength, lines.shapes)
    em = lines.run * np.exp(np.clip(about @ coefficients, *np.log(BOUNDS)))
    return replace(lines, em=np.asarray(em))


def characters_of(lines: Lines) -> NDArray[np.float64]:
    """Estimate the characters that each line stands for, two to an em of width."""
    count: NDArray[np.float64] = 2.0 * lines.width / lines.em * lines.weight
    return count


def heights_of(lines: Lines) -> Quantiles | None:
    """Return the quantiles of the em heights by characters, or None without lines."""
    if not len(lines):
        return None
    order = np.argsort(lines.em, kind="stable")
    share = np.cumsum(characters_of(lines)[order])
    share /= share[-1]
    last = len(order) - 1
    p5, p10, p50 = (
        float(lines.em[order][min(last, int(np.searchsorted(share, quantile)))]) for quantile in (0.05, 0.10, 0.50)
    )
    return Quantiles(p5, p10, p50)
