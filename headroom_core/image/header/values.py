"""What a header says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Colour", "Format", "Header", "ShortError"]


class Format(StrEnum):
    """The image formats that are read. The values are Pillow's names."""

    PNG = "PNG"
    JPEG = "JPEG"
    GIF = "GIF"
    WEBP = "WEBP"


class Colour(StrEnum):
    """How the file stores colour."""

    GREY = "grey"
    RGB = "rgb"
    PALETTE = "palette"
    CMYK = "cmyk"


@dataclass(frozen=True, slots=True)
class Header:
    """What an image file says about itself.

    Attributes:
        format: PNG, JPEG, GIF or WEBP.
        width: Pixels from left to right as stored, before the EXIF orientation is applied.
        height: Pixels from top to bottom as stored.
        orientation: EXIF orientation, 1 (upright) to 8. Values outside count as 1, as viewers take them.
        frames: 1 for a still picture. More for an animation or a multi-picture JPEG; for GIF and WebP the count stops
            at 2, so it then means "at least 2".
        bits: Bits per sample; 1 with `grey` is a bilevel picture.
        colour: How colour is stored.
        alpha: The picture has an alpha channel or a transparent colour.
        profile: An ICC colour profile is embedded.
        ours: It bears the mark of a file that headroom made.
    """

    format: Format
    width: int
    height: int
    orientation: int = 1
    frames: int = 1
    bits: int = 8
    colour: Colour = Colour.RGB
    alpha: bool = False
    profile: bool = False
    ours: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels as a viewer shows the picture: the EXIF rotation is applied."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    @property
    def media_type(self) -> str:
        """The media type of the bytes, e.g. `image/png`."""
        return f"image/{self.format.value.lower()}"

    @property
    def animated(self) -> bool:
        """There is more than one frame."""
        return self.frames > 1

    @property
    def left_alone(self) -> str | None:
        """Why the pixels of this picture are not rewritten, or None where they can be."""
        if self.animated:
            return "left alone: " + ("a JPEG of several pictures" if self.format is Format.JPEG else "an animation")
        if self.colour is Colour.CMYK:
            return "left alone: CMYK colour"
        if self.bits > 8:
            return f"left alone: {self.bits} bits per sample"
        return None


class ShortError(Exception):
    """The bytes end before the header does."""
