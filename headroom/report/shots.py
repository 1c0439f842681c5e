"""Small copies of pictures for a page: the whole as a model sees it, its finest part, a thumbnail."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from headroom_core.image import pixels
from headroom_core.image.header import read_header

__all__ = ["LONGEST", "Fractions", "Seen", "Shot", "Size", "percent", "within"]

LONGEST: Final = 720
"""The longest side of a picture in a report, in pixels."""
THUMBNAIL: Final = 300
"""The longest side of a picture that is only to be recognised, in pixels."""
_WINDOW: Final = 0.2
"""The width of the detail, as a share of the picture's long side."""
_WINDOW_SHAPE: Final = 0.625
_LOOKS: Final = 6

Size = tuple[int, int]
Fractions = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle, as shares of the picture's sides."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to be shown.

    Attributes:
        data: The bytes of a WebP.
        size: Its width and height in pixels.
    """

    data: bytes
    size: Size

    @property
    def url(self) -> str:
        """The picture as a data URL."""
        return f"data:image/webp;base64,{base64.b64encode(self.data).decode()}"

    @property
    def ratio(self) -> float:
        """Its width over its height."""
        return round(self.size[0] / self.size[1], 4)


@dataclass(frozen=True, slots=True)
class Seen:
    """A decoded picture with the size at which a model sees it."""

    picture: pixels.Decoded
    size: Size

    @classmethod
    def of(cls, data: bytes, seen: Size | None) -> Seen:
        """Decode a picture.

        Raises:
            ImageError: It cannot be shown.
        """
        header = read_header(data)
        size = seen or header.size
        return cls(pixels.decode(data, header, at_least=size), size)

    def whole(self, quality: int, longest: int) -> Shot:
        """Make a copy of all of it, at most so many pixels long."""
        size = _at_most(self.size, longest)
        return Shot(pixels.preview(self.picture, size, quality=quality), size)

    def thumbnail(self, quality: int) -> Shot:
        """Make a copy by which it is recognised."""
        return self.whole(quality, THUMBNAIL)

    def detail(self, window: Fractions, quality: int) -> Shot:
        """Make a copy of a part, with every pixel that the model sees."""
        box = _box(window, self.size)
        shot = pixels.preview(self.picture, self.size, box, quality=max(quality, 55))
        return Shot(shot, (box[2] - box[0], box[3] - box[1]))

    def busiest(self) -> Fractions:
        """The part with the most clear edges, where a loss would show first."""
        looks = list(_windows(self.size))
        return max(looks, key=lambda window: pixels.rows(self.picture, _box(window, self.picture.size)).edges)


def within(window: Fractions, frame: Fractions) -> Fractions:
    """Return a rectangle given in shares of `frame` in shares of the picture that holds it."""
    left, top, right, bottom = frame
    wide, high = right - left, bottom - top
    return left + window[0] * wide, top + window[1] * high, left + window[2] * wide, top + window[3] * high


def percent(window: Fractions) -> Fractions:
    """Return left, top, width and height in percent."""
    left, top, right, bottom = (round(100 * side, 2) for side in window)
    return left, top, round(right - left, 2), round(bottom - top, 2)


def _windows(size: Size) -> Iterator[Fractions]:
    long = max(size)
    wide = min(1.0, _WINDOW * long / size[0])
    high = min(1.0, _WINDOW * _WINDOW_SHAPE * long / size[1])
    for row in range(_LOOKS):
        for column in range(_LOOKS):
            left, top = (1 - wide) * column / (_LOOKS - 1), (1 - high) * row / (_LOOKS - 1)
            yield left, top, left + wide, top + high


def _at_most(size: Size, edge: int) -> Size:
    factor = min(1.0, edge / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _box(window: Fractions, size: Size) -> pixels.Box:
    left, top = int(window[0] * size[0]), int(window[1] * size[1])
    right, bottom = round(window[2] * size[0]), round(window[3] * size[1])
    return left, top, max(left + 1, min(right, size[0])), max(top + 1, min(bottom, size[1]))
