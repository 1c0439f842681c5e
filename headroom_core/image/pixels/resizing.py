"""A decoded picture resized, or cut at full resolution."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from headroom_core.image.pixels.decoding import STRIP_PIXELS, Decoded
from headroom_core.image.pixels.modes import bare, in_srgb, plain
from headroom_core.image.pixels.silence import decoder
from headroom_core.image.pixels.turns import Box, Size, turned, upright

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["REDUCING_GAP", "crop", "resized"]

REDUCING_GAP: Final = 3.0
"""Above this many times the final size, pixels are first averaged in whole blocks; from 3 on the result is hardly
distinguishable from a full Lanczos (Pillow's documentation of `Image.resize`, 2026-11-21)."""


def resized(picture: Decoded, size: Size) -> Image.Image:
    """Resize a picture to `size` (upright) with Lanczos.

    Palette and bilevel pictures become grey or colour first, transparent ones are weighted by their alpha, so that
    neither hard edges nor hidden colours appear. The EXIF orientation is applied and all metadata is dropped. Colours
    are brought to sRGB when a profile says that they are something else; a profile that cannot be read, or is for
    another kind of pixels, is ignored, as browsers do. Grey pictures stay grey as they are.

    Returns:
        An image of mode L, LA, RGB or RGBA; with alpha only where something is transparent.
    """
    with decoder():
        small = _resample(picture.stored, turned(size, picture.header.orientation))
        small = in_srgb(small, picture.stored.info.get("icc_profile"))
        return bare(upright(small, picture.header.orientation))


def crop(picture: Decoded, box: Box, size: Size | None = None) -> Image.Image:
    """Cut a box of the upright picture out, ready for `encode`; nothing outside it enters.

    Without `size` every pixel is that of the file, so the picture must be decoded in full. With one, a draft will do
    that still has that many pixels inside the box: one decoded with `at_least` of the whole picture at the scale
    of the crop has them twice.

    Args:
        picture: The picture.
        box: Left, top, right and bottom in pixels of the upright file.
        size: Width and height that the part is reduced to. None keeps full resolution.

    Raises:
        ValueError: The box is not inside the picture, the size is larger than the box, or the picture was decoded as
            a draft that has too few pixels.
    """
    left, top, right, bottom = box
    across, down = picture.header.size
    if not (0 <= left < right <= across and 0 <= top < bottom <= down):
        raise ValueError(f"the box {box!r} is not inside a picture of {picture.header.size!r}")
    wanted = size or (right - left, bottom - top)
    if wanted[0] > right - left or wanted[1] > bottom - top:
        raise ValueError(f"the size {size!r} is larger than the box {box!r}")
    place = _in_decoded(picture, box)
    if place[2] - place[0] < wanted[0] or place[3] - place[1] < wanted[1]:
        raise ValueError("a draft has no full resolution: decode without at_least")
    with decoder():
        return bare(in_srgb(_part(picture, place, wanted), picture.stored.info.get("icc_profile")))


def _in_decoded(picture: Decoded, box: Box) -> tuple[float, float, float, float]:
    """The box of the file in decoded pixels, whole numbers unless they are a draft's."""
    across, down = (decoded / stored for decoded, stored in zip(picture.size, picture.header.size, strict=True))
    left, top, right, bottom = box
    # A product may come out a hair beyond the edge.
    return left * across, top * down, min(right * across, picture.size[0]), min(bottom * down, picture.size[1])


def _part(picture: Decoded, place: tuple[float, float, float, float], size: Size) -> Image.Image:
    from PIL import Image

    left, top, right, bottom = place
    window = picture.window((int(left), int(top), ceil(right), ceil(bottom)))
    if window.size == size:
        return plain(window)
    if picture.scale == 1.0:
        return _resample(window, size)
    inner = (left - int(left), top - int(top), right - int(left), bottom - int(top))
    # Only JPEG is drafted, whose modes need no conversion.
    return window.resize(size, Image.Resampling.LANCZOS, box=inner, reducing_gap=REDUCING_GAP)


def _resample(image: Image.Image, size: Size) -> Image.Image:
    from PIL import Image

    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    if image.width * image.height <= STRIP_PIXELS:
        return plain(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    return _resample_in_strips(image, size)


def _resample_in_strips(image: Image.Image, size: Size) -> Image.Image:
    """Convert and resize strip by strip, so that no second picture of full size and depth is ever held."""
    from PIL import Image

    ratio = image.height / size[1]
    rows = max(1, int(STRIP_PIXELS / (image.width * ratio)))
    # A row of the result takes in three rows of its own scale on either side (Lanczos), and whole blocks of them.
    margin = int(4 * max(1.0, ratio)) + 1
    whole = Image.new(plain(image.crop((0, 0, 1, 1))).mode, size)
    for first in range(0, size[1], rows):
        last = min(first + rows, size[1])
        top, bottom = max(0, int(first * ratio) - margin), min(image.height, int(last * ratio) + margin)
        strip = plain(image.crop((0, top, image.width, bottom)))
        box = (0.0, first * ratio - top, float(image.width), min(last * ratio - top, float(strip.height)))
        part = strip.resize((size[0], last - first), Image.Resampling.LANCZOS, box=box, reducing_gap=REDUCING_GAP)
        whole.paste(part, (0, first))
    return whole
