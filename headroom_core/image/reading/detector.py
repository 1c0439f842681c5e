"""RapidOCR's text detector alone: how likely a picture bears text, on a small copy of it."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from headroom_core.errors import ImageError
from headroom_core.image.reading.canvas import canvas
from headroom_core.image.reading.engines import NEWER, Generation, failing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Decoded

__all__ = ["DETECT_PIXELS", "TextDetector", "detector_at_hand", "padded"]

_log = logging.getLogger("headroom")

DETECT_PIXELS: Final = 20_000
"""The most pixels that it is given, about 160 x 125: some 35 ms of one core. After a glance, 60,000 find no more."""
STRIDE: Final = 32
"""The sides of what the model takes are multiples of this."""
SPOT: Final = 4
"""Side in pixels of the spots whose likelihood is averaged: single pixels say nothing."""


@lru_cache(maxsize=2)
def detector_at_hand(threads: int = 1, generation: Generation = NEWER) -> TextDetector | None:
    """The detector of this process, or None where RapidOCR is not installed; the model is loaded at its first use."""
    return TextDetector(generation, threads) if generation.installed() else None


class TextDetector:
    """Tells how likely a picture bears text; whatever fails is an answer of None.

    Args:
        generation: Which RapidOCR.
        threads: Threads of each model run, 1 or 2.
    """

    def __init__(self, generation: Generation = NEWER, threads: int = 1) -> None:
        self._generation = generation
        self._threads = threads
        self._lock = threading.Lock()
        self._likely: Any = None
        self.reason: str | None = None
        """Why it could not answer when it was last asked, or None."""

    def __call__(self, picture: Decoded) -> float | None:
        """Return how likely the likeliest spot of the picture belongs to text, in [0, 1], or None where it cannot tell.

        Not a probability: `measure` weighs it against what it has measured itself.
        """
        try:
            found = self._strongest(picture)
        except ImageError as error:
            if self.reason is None:
                _log.info("the text detector is not asked: %s", error)
            self.reason = f"{error}"
            return None
        self.reason = None
        return found

    def _strongest(self, picture: Decoded) -> float:
        import numpy as np

        levels = padded(canvas(picture, most_pixels=DETECT_PIXELS).pixels)
        likely = self._loaded()
        with failing():
            seen: NDArray[np.float32] = likely(levels[..., ::-1].astype(np.float32) / 127.5 - 1)
        rows, columns = seen.shape[0] // SPOT, seen.shape[1] // SPOT
        return float(seen.reshape(rows, SPOT, columns, SPOT).mean(axis=(1, 3)).max())

    def _loaded(self) -> Any:
        with self._lock:
            if self._likely is None:
                with failing():
                    self._likely = self._generation.load_likely(self._threads)
            return self._likely


def padded(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the pixels with their last row and column repeated up to a multiple of the stride."""
    import numpy as np

    down, across = (-side % STRIDE for side in levels.shape[:2])
    return np.pad(levels, ((0, down), (0, across), (0, 0)), mode="edge")
