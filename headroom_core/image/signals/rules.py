"""Ruled lines: straight edges across many cells, as tables, forms and windows have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image.signals.fields import CELL, by_cell, differences

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rules", "rules_of"]

STEP: Final = 12
"""Grey levels from which on an edge counts: rules are often pale."""
BLOCK: Final = CELL
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
    down, columns = _rules(_edges_down(grey))
    across, rows = _rules(_edges_across(grey))
    return Rules(across, down, rows, columns)


def _edges_down(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels in each piece of a column that differ from their right neighbours, shape (pieces, columns)."""
    blocks, wide = grey.shape[0] // BLOCK, grey.shape[1] // 8 * 8
    counts = np.zeros((blocks, wide), np.uint8)
    edge = np.zeros((BLOCK, wide), np.bool_)
    for block in range(blocks if wide else 0):
        part = grey[block * BLOCK : (block + 1) * BLOCK, :wide]
        np.greater_equal(differences(part[:, :-1], part[:, 1:]), STEP, out=edge[:, :-1])
        # The bytes of eight pixels are added in one 64-bit word.
        np.add.reduce(edge.view(np.uint64), axis=0, out=counts[block].view(np.uint64))
    return counts


def _edges_across(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels in each piece of a row that differ from those below, shape (pieces, rows)."""
    blocks, high = grey.shape[1] // BLOCK, grey.shape[0] // 8 * 8
    counts = np.zeros((high, blocks), np.uint8)
    for top in range(0, high - 1 if blocks else 0, BLOCK):
        part = grey[top : min(top + BLOCK + 1, high), : blocks * BLOCK]
        counts[top : top + len(part) - 1] = by_cell(differences(part[:-1], part[1:]) >= STEP)
    return counts.T


def _rules(counts: NDArray[np.uint8]) -> tuple[float, int]:
    """Length and number of the rules, from the edges in each piece."""
    if len(counts) < LEAST or counts.shape[1] < 8:
        return 0.0, 0
    full = counts >= BLOCK - 2
    joined = full[:-2] & full[1:-1] & full[2:]
    lengths = np.where(joined.any(axis=0), full.sum(axis=0), 0)
    # Both edges of a thick line, or the shades of one edge, are one rule.
    apart = lengths.copy()
    apart[1:][lengths[:-1] > 0] = 0
    return float(apart.sum()) / len(counts), int(np.count_nonzero(apart))


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
