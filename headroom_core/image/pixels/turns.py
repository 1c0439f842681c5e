"""The eight EXIF orientations: pictures, sizes and boxes turned upright."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["TURNS", "Box", "Size", "stored_box", "turned", "upright"]

Size = tuple[int, int]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the upright picture; right and bottom are outside."""

TURNS: Final = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""The turn that brings a stored picture of each orientation upright, by Pillow's name for it."""


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The stored picture as a viewer shows it."""
    from PIL import Image

    return image.transpose(Image.Transpose[TURNS[orientation]]) if orientation in TURNS else image


def turned(size: Size, orientation: int) -> Size:
    """The size on the other side of the turn: stored to upright, or upright to stored."""
    return (size[1], size[0]) if orientation >= 5 else size


def stored_box(box: Box, size: Size, orientation: int) -> Box:
    """Where a box of the upright picture of `size` stands in the picture as stored."""
    left, top, right, bottom = box
    if orientation in (2, 3, 6, 7):
        left, right = size[0] - right, size[0] - left
    if orientation in (3, 4, 7, 8):
        top, bottom = size[1] - bottom, size[1] - top
    return (top, left, bottom, right) if orientation >= 5 else (left, top, right, bottom)
