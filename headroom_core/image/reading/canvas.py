"""The pixels that readers work on: a part of a picture on white, as an array, within a bound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headroom_core.errors import ImageTooLarge, UnsupportedImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from headroom_core.image.pixels import Box, Decoded

__all__ = ["LEAST_SIDE", "MOST_ASPECT", "Canvas", "canvas"]

LEAST_SIDE: Final = 32
"""A picture with a shorter side holds no page of text; enlarging it is how a tiny file keeps an engine busy."""
MOST_ASPECT: Final = 8.0
"""A picture that is longer than this many times its width is not read: its text would be shrunk or the work grow."""
MOST_PIXELS: Final = 8_400_000
"""Pixels of the array that lines are cut from; a 3840x2160 screen fits as it is."""
_LANCZOS: Final = 1
"""`PIL.Image.Resampling.LANCZOS`, by its number: one package imports Pillow."""


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A part of a picture in memory.

    Attributes:
        pixels: Height x width x 3, uint8, RGB, what is transparent on white.
        left: Where its left edge stands, in pixels of the upright file.
        top: Where its top edge stands.
        scale: Pixels of the array per pixel of the file.
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the array."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def in_file(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Turn a box of the array into one of the file."""
        return (
            self.left + math.floor(left / self.scale),
            self.top + math.floor(top / self.scale),
            self.left + math.ceil(right / self.scale),
            self.top + math.ceil(bottom / self.scale),
        )


def canvas(picture: Decoded, box: Box | None = None, *, most_pixels: int = MOST_PIXELS) -> Canvas:
    """Take a picture, or a box of it in pixels of the upright file, as an array of at most `most_pixels`.

    Raises:
        UnsupportedImage: It is thinner than `LEAST_SIDE` or longer than `MOST_ASPECT` times its width.
        ImageTooLarge: Memory does not suffice.
    """
    width, height = picture.header.size
    left, top, right, bottom = box or (0, 0, width, height)
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    short, long = sorted((right - left, bottom - top))
    if short < LEAST_SIDE or long > MOST_ASPECT * short:
        raise UnsupportedImage(f"not read: {right - left}x{bottom - top} pixels are too thin for a page of text")
    scale = picture.scale
    window = picture.window(
        (
            math.floor(left * scale),
            math.floor(top * scale),
            max(1, min(picture.size[0], math.ceil(right * scale))),
            max(1, min(picture.size[1], math.ceil(bottom * scale))),
        )
    )
    shrink = min(1.0, math.sqrt(most_pixels / (window.width * window.height)))
    try:
        return Canvas(_pixels(window, shrink), left, top, scale * shrink)
    except MemoryError as error:
        raise ImageTooLarge("memory does not suffice to read it") from error


def _pixels(window: Image.Image, shrink: float) -> NDArray[np.uint8]:
    import numpy as np

    clear = window.has_transparency_data
    plain = window.convert("RGBA" if clear else "RGB")
    if shrink < 1.0:
        size = (max(1, round(window.width * shrink)), max(1, round(window.height * shrink)))
        plain = plain.resize(size, _LANCZOS, reducing_gap=3.0)
    array = np.asarray(plain, dtype=np.uint8)
    if not clear:
        return array
    alpha = array[..., 3:].astype(np.uint16)
    return ((array[..., :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
