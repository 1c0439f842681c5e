"""The height of letters from their ink: what the words say about the height of the letters that stand in a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["em_of"]

X_HEIGHT: Final = 0.53
"""Height of an `x` over the em, the mean of common text faces."""
ASCENT: Final = 0.73
"""Height of `d` or `H` over the em."""
DESCENT: Final = 0.21
"""Depth of `p` below the line over the em."""
IDEOGRAPH: Final = 1.0
"""Height of an ideograph over the em."""
TRACE: Final = 0.02
"""Share of the inkiest row that a row may have as dirt, or as the tail of a letter from the line above."""
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]")
_TALL: Final = re.compile(r"[A-Z0-9bdfhklit!?/()\[\]{}|&%$#@À-Þ]")
_DEEP: Final = re.compile(r"[gjpqy()\[\]{}|@ç/,;Q]")


def em_of(strip: NDArray[np.uint8], text: str) -> float:
    """Estimate the em height, in pixels of the strip, of the line of text that it shows.

    Args:
        strip: Height x width x 3.
        text: What the line says.
    """
    share = IDEOGRAPH if _WIDE.search(text) else _latin_share(text)
    return _ink_height(strip) / share


def _latin_share(text: str) -> float:
    above = ASCENT if _TALL.search(text) else X_HEIGHT
    return above + (DESCENT if _DEEP.search(text) else 0.0)


def _ink_height(strip: NDArray[np.uint8]) -> float:
    """Height from the first to the last row that bears more than a trace of ink."""
    import numpy as np

    grey = strip.astype(np.int16).sum(axis=2)
    ink = np.abs(grey - np.median(grey))
    dark = ink > 0.35 * np.percentile(ink, 99)
    rows = dark.sum(axis=1)
    bearing = np.flatnonzero(rows > TRACE * rows.max())
    return float(bearing[-1] - bearing[0] + 1) if bearing.size else float(strip.shape[0])
