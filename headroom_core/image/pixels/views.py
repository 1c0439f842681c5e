"""Parts of a decoded picture in grey or colour, as they are or thinned out, for measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_core.image.pixels.modes import grey, on_white, plain
from headroom_core.image.pixels.silence import decoder
from headroom_core.image.pixels.turns import TURNS, Box, stored_box, upright

if TYPE_CHECKING:
    from PIL import Image

    from headroom_core.image.pixels.decoding import Decoded

__all__ = ["in_colour", "in_full", "in_grey", "in_square"]


def in_grey(picture: Decoded, box: Box | None = None, *, every: int = 1) -> Image.Image:
    """Return a part of the picture, upright, in grey (mode L), what is transparent on white.

    Args:
        picture: The picture.
        box: What to cut out, in decoded upright pixels. None takes all of it.
        every: Keep only one pixel in this many in both directions, as it is.
    """
    with decoder():
        return grey(_part(picture, box, every))


def in_colour(picture: Decoded, box: Box | None = None, *, every: int = 1) -> Image.Image:
    """Return a part of the picture, upright, in colour (mode RGB); arguments as `in_grey`."""
    with decoder():
        image = _part(picture, box, every)
        return image if image.mode == "RGB" else on_white(plain(image)).convert("RGB")


def in_full(picture: Decoded, box: Box) -> Image.Image:
    """Return a part of the picture, upright, with every value as it is: mode RGB, or RGBA where it may be transparent.

    Args:
        picture: The picture.
        box: What to cut out, in decoded upright pixels.
    """
    with decoder():
        image = plain(picture.window(box))
        full = "RGBA" if image.mode in ("LA", "RGBA") else "RGB"
        return image if image.mode == full else image.convert(full)


def in_square(picture: Decoded, side: int) -> Image.Image:
    """Return the whole picture, upright, in colour (mode RGB), what is transparent on white, stretched to a square.

    Args:
        picture: The picture. Of a large one some pixels count, evenly spread.
        side: Side of the square in pixels.
    """
    from PIL import Image

    every = max(1, max(picture.size) // (3 * side))
    with decoder():
        small = plain(_part(picture, None, every)).resize((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return on_white(small).convert("RGB")


def _part(picture: Decoded, box: Box | None, every: int) -> Image.Image:
    """The part in its own mode; the picture itself where all of it is asked as it is."""
    from PIL import Image

    orientation = picture.header.orientation
    if box is None and every == 1 and orientation not in TURNS:
        return picture.stored
    left, top, right, bottom = stored_box(box or (0, 0, *picture.size), picture.size, orientation)
    cut = (left, top, right, bottom)
    if every == 1:
        return upright(picture.stored.crop(cut), orientation)
    size = (-(-(right - left) // every), -(-(bottom - top) // every))
    thin = picture.stored.resize(size, Image.Resampling.NEAREST, box=cut)
    # A resize forgets the transparent colour or palette entry.
    thin.info.update(picture.stored.info)
    return upright(thin, orientation)
