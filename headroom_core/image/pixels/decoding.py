"""A file decoded once, upright or as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from headroom_core.errors import BrokenImage, UnsupportedImage
from headroom_core.image.header import Format, Header, read_header
from headroom_core.image.pixels.silence import decoder
from headroom_core.image.pixels.turns import TURNS, Box, Size, stored_box, turned, upright

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["DRAFT_FACTOR", "STRIP_PIXELS", "Decoded", "decode", "shrink"]

DRAFT_FACTOR: Final = 2
"""A JPEG is decoded at the smallest eighth of its size that is at least this many times the size asked for."""
STRIP_PIXELS: Final = 4_000_000
"""Pictures that must be converted before the resize are worked on in strips of about this many pixels."""
_PLAIN_MODES: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture in memory, decoded once; it is measured, resized and cropped from here.

    Attributes:
        header: What the file says about itself.
        stored: The Pillow image as stored, before the EXIF orientation; of a large JPEG a smaller draft.
    """

    header: Header
    stored: Image.Image

    @property
    def size(self) -> Size:
        """Width and height of the decoded pixels, upright."""
        return turned(self.stored.size, self.header.orientation)

    @property
    def scale(self) -> float:
        """Decoded pixels per pixel of the file: 1.0, or less for a draft."""
        return self.stored.width / self.header.width

    def window(self, box: Box) -> Image.Image:
        """Cut the box, given in decoded upright pixels, out of the picture: upright, in the file's mode."""
        orientation = self.header.orientation
        return upright(self.stored.crop(stored_box(box, self.size, orientation)), orientation)


def decode(data: bytes, header: Header, *, at_least: Size | None = None) -> Decoded:
    """Decode a picture.

    Args:
        data: The whole file.
        header: Its header, which may come from `peek_header`.
        at_least: The size in pixels, upright, that the picture will be resized to. A large JPEG is then decoded at a
            fraction of its size, never below twice this. None decodes every pixel.

    Raises:
        UnsupportedImage: The picture is of a kind that is left alone.
        BrokenImage: The bytes do not decode, or end too soon.
        ImageTooLarge: The file is beyond a limit, or memory does not suffice.
    """
    whole = read_header(data)
    if whole.size != header.size:
        raise UnsupportedImage("left alone: its orientation stands behind its pixels")
    if whole.left_alone is not None:
        raise UnsupportedImage(whole.left_alone)
    with decoder():
        return Decoded(whole, _load(data, whole, at_least))


def shrink(header: Header, at_least: Size | None) -> int:
    """Return by how much smaller, on each side, a picture is decoded for a size: 1, or 2, 4 or 8 of a large JPEG.

    Two sizes of the same shrink give the same pixels. Arguments as `decode`.
    """
    if at_least is None or header.format is not Format.JPEG:
        return 1
    width, height = turned(at_least, header.orientation)
    most = min(header.width // (DRAFT_FACTOR * width), header.height // (DRAFT_FACTOR * height))
    return next((factor for factor in (8, 4, 2) if factor <= most), 1)


def _load(data: bytes, header: Header, at_least: Size | None) -> Image.Image:
    from PIL import Image

    image = Image.open(BytesIO(data), formats=(header.format.value,))
    if image.size != (header.width, header.height):
        raise BrokenImage("the decoder sees another size than the header states")
    if getattr(image, "is_animated", False):
        raise UnsupportedImage("left alone: an animation")
    if image.mode not in _PLAIN_MODES:
        raise UnsupportedImage(f"left alone: pixels of mode {image.mode!r}")
    if (factor := shrink(header, at_least)) > 1:
        image.draft(None, (header.width // factor, header.height // factor))
    image.load()
    stated = image.getexif().get(0x0112, 1)
    if (stated if stated in TURNS else 1) != header.orientation:
        # XMP or a text chunk contradicts EXIF: which of them a viewer follows is open.
        raise UnsupportedImage("left alone: its metadata disagree on the orientation")
    # The WebP decoder keeps two more pictures of its own for as long as the image lives.
    return image.copy() if header.format is Format.WEBP and image.width * image.height > STRIP_PIXELS else image
