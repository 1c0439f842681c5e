"""Ruled lines: straight edges across many cells, as tables, forms and windows have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rules", "rules_of"]

STEP: Final = 12
"""Grey levels from which on an edge counts: rules are often pale."""
BLOCK: Final = 32
"""An edge is followed in pieces of this many pixels, of which all but two must be an edge."""
LEAST: Final = 3
"""Pieces in a row that make a rule."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Lengths of ruled lines.

    Attributes:
        across: Lengths of all horizontal rules together, in widths of the picture.
        down: Lengths of all vertical rules together, in heights of the picture.
        rows: Number of horizontal rules.
        columns: Number of vertical rules.
    """

    across: float
    down: float
    rows: int
    columns: int

    @property
    def ruled(self) -> float:
        """Evidence of a table or form in [0, 1]: several rules across, more so with some down."""
        return _ramp(self.rows, 2, 6) * _ramp(self.across, 0.5, 3) * (0.5 + 0.5 * _ramp(self.columns, 1, 4))


def rules_of(grey: NDArray[np.uint8]) -> Rules:
    """Find ruled lines in grey levels of shape (rows, columns)."""
    down, columns = _rules(grey)
    across, rows = _rules(np.ascontiguousarray(grey.T))
    return Rules(across, down, rows, columns)


def _rules(grey: NDArray[np.uint8]) -> tuple[float, int]:
    """Length and number of the rules that run down."""
    blocks, wide = grey.shape[0] // BLOCK, grey.shape[1] // 8 * 8
    if blocks < LEAST or wide < 8:
        return 0.0, 0
    here, right = grey[: blocks * BLOCK, : wide - 1], grey[: blocks * BLOCK, 1:wide]
    edge = np.zeros((blocks * BLOCK, wide), np.bool_)
    np.greater_equal(np.maximum(here, right) - np.minimum(here, right), STEP, out=edge[:, :-1])
    counts = np.add.reduce(edge.view(np.uint64).reshape(blocks, BLOCK, wide // 8), axis=1).view(np.uint8)
    full = counts >= BLOCK - 2
    joined = full[:-2] & full[1:-1] & full[2:]
    lengths = np.where(joined.any(axis=0), full.sum(axis=0), 0)
    # Both edges of a thick line, or the shades of one edge, are one rule.
    apart = lengths.copy()
    apart[1:][lengths[:-1] > 0] = 0
    return float(apart.sum()) / blocks, int(np.count_nonzero(apart))


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
