"""The limits on images that the engine reads, as data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an image may have at most; beyond any of these it is left alone.

    Attributes:
        max_bytes: Bytes of the image file. 20 MB is what the most careful provider takes.
        max_pixels: Width times height. 50 MP admits the 48 MP of phones. Animations are never decoded, so frames do not
            multiply.
        max_webp_pixels: The same for WebP, whose decoder holds three copies of the picture at 4 bytes a pixel.
        max_side: Longest side in pixels.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_webp_pixels: int = 24_000_000
    max_side: int = 16_384


LIMITS = Limits()
