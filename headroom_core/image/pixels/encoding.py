"""Pictures written as files: the same picture gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from headroom_core.errors import ImageTooLarge, UnsupportedImage
from headroom_core.image.header import MARK, MARK_TIFF
from headroom_core.image.limits import LIMITS
from headroom_core.image.pixels.looks import Kind, kind_of
from headroom_core.image.pixels.modes import on_white
from headroom_core.image.pixels.resizing import crop, resized
from headroom_core.image.pixels.silence import decoder

if TYPE_CHECKING:
    from collections.abc import Collection

    from PIL import Image

    from headroom_core.image.pixels.decoding import Decoded
    from headroom_core.image.pixels.turns import Box, Size

__all__ = [
    "JPEG_QUALITY",
    "PNG_LEVEL",
    "WEBP_EFFORT",
    "WEBP_QUALITY",
    "as_png",
    "encode",
    "preview",
    "render",
    "render_crop",
]

JPEG_QUALITY: Final = 85
WEBP_QUALITY: Final = 85
PNG_LEVEL: Final = 3
"""For resized screens and pages, level 3 gives smaller files than 6, in half the time."""
WEBP_EFFORT: Final = 30
"""Effort of lossless WebP in [0, 100]: more takes longer and gains little."""


def encode(
    image: Image.Image, *, kind: Kind, takes: Collection[str], max_bytes: int | None = None
) -> tuple[bytes, str]:
    """Encode a picture that `resized` or `crop` made: same picture, same bytes.

    | kind | opaque | with alpha |
    |---|---|---|
    | photo | JPEG quality 85, 4:2:0 | WebP quality 85 with lossless alpha |
    | graphic | WebP lossless, else PNG | WebP lossless, else PNG |

    Where the receiver takes none of these, or the bytes are over the limit, the next one is tried, down to a JPEG
    flattened on white.

    The file bears the mark of headroom (`Header.ours`), a few dozen bytes by which it is left alone when it comes back.

    Args:
        image: The picture.
        kind: What it shows; see `kind_of`.
        takes: The media types that the receiver takes, e.g. `{"image/png", "image/jpeg"}`.
        max_bytes: The most bytes that the receiver takes.

    Returns:
        The bytes and their media type.

    Raises:
        ImageTooLarge: No encoding stays within `max_bytes`.
        UnsupportedImage: The receiver takes neither JPEG, PNG nor WebP.
    """
    ways = _WAYS[kind, image.mode in ("LA", "RGBA")]
    candidates = [way for way in ways if way.media_type in takes and way.holds(image)]
    if not candidates:
        raise UnsupportedImage("the receiver takes neither JPEG, PNG nor WebP")
    for way in candidates:
        with decoder():
            encoded = way.write(image, **_marked(way.media_type))
        if max_bytes is None or len(encoded) <= max_bytes:
            return encoded, way.media_type
    raise ImageTooLarge(f"every encoding at {image.width}x{image.height} is over {max_bytes} bytes")


def render(picture: Decoded, size: Size, *, takes: Collection[str], max_bytes: int | None = None) -> tuple[bytes, str]:
    """Resize a picture and encode it by its kind; arguments, result and errors as `resized` and `encode`."""
    image = resized(picture, size)
    return encode(image, kind=kind_of(image), takes=takes, max_bytes=max_bytes)


def render_crop(
    picture: Decoded, box: Box, size: Size | None = None, *, takes: Collection[str], max_bytes: int | None = None
) -> tuple[bytes, str]:
    """Cut a box out of a picture and encode it by its own kind; arguments, result and errors as `crop` and `encode`.

    An overview of the same picture is a `render` of it at a small size: both come from one decode.
    """
    image = crop(picture, box, size)
    return encode(image, kind=kind_of(image), takes=takes, max_bytes=max_bytes)


def preview(picture: Decoded, size: Size, box: Box | None = None, *, quality: int = 70) -> bytes:
    """Make a WebP for a person to look at: the picture at `size` (upright), or a box of it in pixels of that size.

    Args:
        picture: The picture.
        size: Width and height in pixels.
        box: What to cut out of it.
        quality: Quality of the WebP, from 0 to 100.
    """
    image = resized(picture, size)
    with decoder():
        return _Way("image/webp", (("quality", quality), ("method", 4))).write(image.crop(box) if box else image)


def as_png(image: Image.Image) -> bytes:
    """Write an image that the caller holds in Pillow as PNG bytes, every pixel and the orientation kept.

    Raises:
        UnsupportedImage: PNG cannot hold its mode, e.g. CMYK.
    """
    with decoder():
        try:
            return _Way("image/png", (("compress_level", 1), ("exif", image.getexif()))).write(image)
        except OSError as error:
            raise UnsupportedImage(f"a picture of mode {image.mode!r} cannot be PNG: convert it to RGB") from error


def _marked(media_type: str) -> dict[str, object]:
    """The options by which Pillow writes the mark: before the pixels, except in WebP, which keeps EXIF behind them."""
    if media_type == "image/jpeg":
        return {"comment": MARK}
    if media_type == "image/webp":
        return {"exif": MARK_TIFF}
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Software", MARK.decode())
    return {"pnginfo": text}


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write a picture."""

    media_type: str
    options: tuple[tuple[str, object], ...]
    flatten: bool = False

    def holds(self, image: Image.Image) -> bool:
        """Whether what is written could be read again within the limits."""
        return self.media_type != "image/webp" or image.width * image.height <= LIMITS.max_webp_pixels

    def write(self, image: Image.Image, **more: object) -> bytes:
        out = BytesIO()
        opaque = on_white(image) if self.flatten else image
        opaque.save(out, format=self.media_type.removeprefix("image/"), **dict(self.options), **more)
        return out.getvalue()


_JPEG = _Way("image/jpeg", (("quality", JPEG_QUALITY), ("subsampling", "4:2:0")), flatten=True)
_JPEG_SHARP = _Way("image/jpeg", (("quality", JPEG_QUALITY), ("subsampling", "4:4:4")), flatten=True)
_PNG = _Way("image/png", (("compress_level", PNG_LEVEL),))
# `method=0` of lossless WebP is as small as PNG at its best level and four times as fast.
_WEBP_LOSSLESS = _Way("image/webp", (("lossless", True), ("method", 0), ("quality", WEBP_EFFORT)))
_WEBP = _Way("image/webp", (("quality", WEBP_QUALITY), ("method", 0), ("alpha_quality", 100)))
_WAYS: Final = {
    (Kind.PHOTO, False): (_JPEG, _WEBP, _PNG),
    (Kind.PHOTO, True): (_WEBP, _PNG, _JPEG),
    (Kind.GRAPHIC, False): (_WEBP_LOSSLESS, _PNG, _JPEG_SHARP),
    (Kind.GRAPHIC, True): (_WEBP_LOSSLESS, _PNG, _JPEG_SHARP),
}
