"""Pictures decoded, resized and encoded: the one module that imports Pillow."""

from __future__ import annotations

import logging
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from headroom_core.errors import BrokenImage, ImageError, ImageTooLarge, UnsupportedImage
from headroom_core.image.header import Format, Header, read_header
from headroom_core.image.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from PIL import Image

__all__ = [
    "Box",
    "Decoded",
    "Kind",
    "Rows",
    "as_png",
    "crop",
    "decode",
    "encode",
    "kind_of",
    "preview",
    "render",
    "resized",
    "rows",
]

Size = tuple[int, int]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the upright picture; right and bottom are outside."""


class Kind(StrEnum):
    """The two kinds of pictures that are encoded differently."""

    PHOTO = "photo"
    GRAPHIC = "graphic"
    """Flat graphics and text: screenshots, pages, charts."""


DRAFT_FACTOR: Final = 2
"""A JPEG is decoded at the smallest eighth of its size that is at least this many times the size asked for."""
REDUCING_GAP: Final = 3.0
"""Above this many times the final size, pixels are first averaged in whole blocks; from 3 on the result is hardly
distinguishable from a full Lanczos (Pillow's documentation of `Image.resize`, 2026-11-21)."""
STRIP_PIXELS: Final = 4_000_000
"""Pictures that must be converted before the resize are worked on in strips of about this many pixels."""
JPEG_QUALITY: Final = 85
WEBP_QUALITY: Final = 85
PNG_LEVEL: Final = 3
"""For resized screens and pages, level 3 gives smaller files than 6, in half the time."""
WEBP_EFFORT: Final = 30
"""Effort of lossless WebP in [0, 100]: more takes longer and gains little."""
FLAT_SHARE: Final = 0.45
"""From this share of exactly equal horizontal neighbours on, a picture is a graphic."""
_SAMPLE_ROWS: Final = 64
STEP: Final = 28
"""Grey levels between neighbours from which on a step is clear."""
_CLEAR: Final = bytes(255 * (difference >= STEP) for difference in range(256))
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
        return _turned(self.stored.size, self.header.orientation)

    @property
    def scale(self) -> float:
        """Decoded pixels per pixel of the file: 1.0, or less for a draft."""
        return self.stored.width / self.header.width

    def window(self, box: Box) -> Image.Image:
        """Cut the box, given in decoded upright pixels, out of the picture: upright, in the file's mode."""
        orientation = self.header.orientation
        return _upright(self.stored.crop(_stored_box(box, self.size, orientation)), orientation)


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
    with _decoder():
        return Decoded(whole, _load(data, whole, at_least))


def resized(picture: Decoded, size: Size) -> Image.Image:
    """Resize a picture to `size` (upright) with Lanczos.

    Palette and bilevel pictures become grey or colour first, transparent ones are weighted by their alpha, so that
    neither hard edges nor hidden colours appear. The EXIF orientation is applied and all metadata is dropped. Colours
    are brought to sRGB when a profile says that they are something else; a profile that cannot be read, or is for
    another kind of pixels, is ignored, as browsers do. Grey pictures stay grey as they are.

    Returns:
        An image of mode L, LA, RGB or RGBA; with alpha only where something is transparent.
    """
    with _decoder():
        small = _resample(picture.stored, _turned(size, picture.header.orientation))
        small = _in_srgb(small, picture.stored.info.get("icc_profile"))
        return _bare(_upright(small, picture.header.orientation))


def crop(picture: Decoded, box: Box) -> Image.Image:
    """Cut a box of the upright picture out at full resolution, ready for `encode`.

    Raises:
        ValueError: The picture was decoded as a draft, or the box is not inside it.
    """
    left, top, right, bottom = box
    if picture.scale != 1.0:
        raise ValueError("a draft has no full resolution: decode without at_least")
    if not (0 <= left < right <= picture.size[0] and 0 <= top < bottom <= picture.size[1]):
        raise ValueError(f"the box {box!r} is not inside a picture of {picture.size!r}")
    with _decoder():
        return _bare(_in_srgb(_plain(picture.window(box)), picture.stored.info.get("icc_profile")))


@dataclass(frozen=True, slots=True)
class Rows:
    """How the pixels of a part of a picture differ from their right neighbours.

    Attributes:
        steps: For each row, from the top, the share of clear steps (`STEP` grey levels), 255 standing for all.
        flatness: Share of exactly equal neighbours, in [0, 1].
        edges: Share of clear steps, in [0, 1].
    """

    steps: bytes
    flatness: float
    edges: float


def rows(picture: Decoded, box: Box) -> Rows:
    """Compare the pixels in a box of the decoded upright picture with their right neighbours."""
    from PIL import Image

    with _decoder():
        pairs = _neighbours(_grey(picture.window(box)))
        counts, number = pairs.histogram(), max(1, pairs.width * pairs.height)
        profile = pairs.point(_CLEAR).resize((1, pairs.height), Image.Resampling.BOX)
        return Rows(profile.tobytes(), counts[0] / number, sum(counts[STEP:]) / number)


def kind_of(image: Image.Image) -> Kind:
    """Tell a photo from flat graphics and text by the share of exactly equal horizontal neighbours.

    64 rows spread over the picture are looked at. Rendered pages, screenshots and charts have 60 to 99 % equal
    neighbours, photos 2 to 30 %.
    """
    from PIL import Image

    # Nearest rows keep the pixels of a row as they are, which is what is compared.
    sample = image.resize((image.width, min(image.height, _SAMPLE_ROWS)), Image.Resampling.NEAREST)
    pairs = _neighbours(sample.convert("L"))
    return Kind.GRAPHIC if pairs.histogram()[0] >= FLAT_SHARE * pairs.width * pairs.height else Kind.PHOTO


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
        with _decoder():
            encoded = way.write(image)
        if max_bytes is None or len(encoded) <= max_bytes:
            return encoded, way.media_type
    raise ImageTooLarge(f"every encoding at {image.width}x{image.height} is over {max_bytes} bytes")


def render(picture: Decoded, size: Size, *, takes: Collection[str], max_bytes: int | None = None) -> tuple[bytes, str]:
    """Resize a picture and encode it by its kind; arguments, result and errors as `resized` and `encode`."""
    image = resized(picture, size)
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
    with _decoder():
        return _Way("image/webp", (("quality", quality), ("method", 4))).write(image.crop(box) if box else image)


def as_png(image: Image.Image) -> bytes:
    """Write an image that the caller holds in Pillow as PNG bytes, every pixel and the orientation kept.

    Raises:
        UnsupportedImage: PNG cannot hold its mode, e.g. CMYK.
    """
    with _decoder():
        try:
            return _Way("image/png", (("compress_level", 1), ("exif", image.getexif()))).write(image)
        except OSError as error:
            raise UnsupportedImage(f"a picture of mode {image.mode!r} cannot be PNG: convert it to RGB") from error


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write a picture."""

    media_type: str
    options: tuple[tuple[str, object], ...]
    flatten: bool = False

    def holds(self, image: Image.Image) -> bool:
        """Whether what is written could be read again within the limits."""
        return self.media_type != "image/webp" or image.width * image.height <= LIMITS.max_webp_pixels

    def write(self, image: Image.Image) -> bytes:
        out = BytesIO()
        opaque = _on_white(image) if self.flatten else image
        opaque.save(out, format=self.media_type.removeprefix("image/"), **dict(self.options))
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


def _load(data: bytes, header: Header, at_least: Size | None) -> Image.Image:
    from PIL import Image

    image = Image.open(BytesIO(data), formats=(header.format.value,))
    if image.size != (header.width, header.height):
        raise BrokenImage("the decoder sees another size than the header states")
    if getattr(image, "is_animated", False):
        raise UnsupportedImage("left alone: an animation")
    if image.mode not in _PLAIN_MODES:
        raise UnsupportedImage(f"left alone: pixels of mode {image.mode!r}")
    if at_least is not None and header.format is Format.JPEG:
        width, height = _turned(at_least, header.orientation)
        image.draft(None, (DRAFT_FACTOR * width, DRAFT_FACTOR * height))
    image.load()
    stated = image.getexif().get(0x0112, 1)
    if (stated if stated in _TURNS else 1) != header.orientation:
        # XMP or a text chunk contradicts EXIF: which of them a viewer follows is open.
        raise UnsupportedImage("left alone: its metadata disagree on the orientation")
    # The WebP decoder keeps two more pictures of its own for as long as the image lives.
    return image.copy() if header.format is Format.WEBP and image.width * image.height > STRIP_PIXELS else image


def _resample(image: Image.Image, size: Size) -> Image.Image:
    from PIL import Image

    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    if image.width * image.height <= STRIP_PIXELS:
        return _plain(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    return _resample_in_strips(image, size)


def _resample_in_strips(image: Image.Image, size: Size) -> Image.Image:
    """Convert and resize strip by strip, so that no second picture of full size and depth is ever held."""
    from PIL import Image

    ratio = image.height / size[1]
    rows = max(1, int(STRIP_PIXELS / (image.width * ratio)))
    # A row of the result takes in three rows of its own scale on either side (Lanczos), and whole blocks of them.
    margin = int(4 * max(1.0, ratio)) + 1
    whole = Image.new(_plain(image.crop((0, 0, 1, 1))).mode, size)
    for first in range(0, size[1], rows):
        last = min(first + rows, size[1])
        top, bottom = max(0, int(first * ratio) - margin), min(image.height, int(last * ratio) + margin)
        strip = _plain(image.crop((0, top, image.width, bottom)))
        box = (0.0, first * ratio - top, float(image.width), min(last * ratio - top, float(strip.height)))
        part = strip.resize((size[0], last - first), Image.Resampling.LANCZOS, box=box, reducing_gap=REDUCING_GAP)
        whole.paste(part, (0, first))
    return whole


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized: L, LA, RGB or RGBA."""
    if image.mode == "LA" or (image.mode == "L" and "transparency" not in image.info):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _grey(image: Image.Image) -> Image.Image:
    return image if image.mode == "L" else _on_white(_plain(image)).convert("L")


def _neighbours(grey: Image.Image) -> Image.Image:
    """The difference of each pixel to its right neighbour; a single column has itself."""
    from PIL import ImageChops

    width, height = grey.size
    last = max(1, width - 1)
    return ImageChops.difference(grey.crop((0, 0, last, height)), grey.crop((width - last, 0, width, height)))


def _bare(image: Image.Image) -> Image.Image:
    """The picture without metadata, and without an alpha channel that hides nothing."""
    if image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert(image.mode[:-1])
    image.info.clear()
    return image


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.mode not in ("LA", "RGBA"):
        return image
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


_SRGB_NAMES: Final = ("srgb", "c2")
"""How profiles that hold sRGB describe themselves; c2 is the compact profile of Facebook's and Google's encoders."""


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return image
    from PIL import ImageCms

    space = "GRAY" if image.mode in ("L", "LA") else "RGB "
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = (opened.profile.profile_description or "").lower()
        if opened.profile.xcolor_space != space or space == "GRAY" or name.startswith(_SRGB_NAMES):
            return image
        converted = ImageCms.profileToProfile(
            image, opened, ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return image if converted is None else converted


_TURNS: Final = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    from PIL import Image

    return image.transpose(Image.Transpose[_TURNS[orientation]]) if orientation in _TURNS else image


def _turned(size: Size, orientation: int) -> Size:
    return (size[1], size[0]) if orientation >= 5 else size


def _stored_box(box: Box, size: Size, orientation: int) -> Box:
    """Where a box of the upright picture of `size` stands in the picture as stored."""
    left, top, right, bottom = box
    if orientation in (2, 3, 6, 7):
        left, right = size[0] - right, size[0] - left
    if orientation in (3, 4, 7, 8):
        top, bottom = size[1] - bottom, size[1] - top
    return (top, left, bottom, right) if orientation >= 5 else (left, top, right, bottom)


class _Silence(logging.Filter):
    """Keeps Pillow's warnings down while at least one thread is inside: the filters belong to the whole process.

    From a thread that is inside, Pillow logs no metadata either: at DEBUG it writes out what EXIF says, such as places.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._inside = 0
        self._threads = threading.local()
        self._filters = warnings.catch_warnings()

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        """Let pass what other threads, and callers of their own, have Pillow do."""
        return not getattr(self._threads, "depth", 0)

    def __enter__(self) -> None:
        self._threads.depth = getattr(self._threads, "depth", 0) + 1
        with self._lock:
            if not self._inside:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        self._threads.depth -= 1
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._filters.__exit__(None, None, None)


_SILENCE: Final = _Silence()
logging.getLogger("PIL.TiffImagePlugin").addFilter(_SILENCE)


@contextmanager
def _decoder() -> Iterator[None]:
    """Turn whatever Pillow raises into the engine's errors, and keep its warnings from the user."""
    try:
        with _SILENCE:
            yield
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageTooLarge("memory does not suffice to decode it") from error
    except Exception as error:
        # Pillow's security notes: hostile files may raise any exception, not OSError alone.
        if type(error).__name__ == "DecompressionBombError":
            raise ImageTooLarge("a decompression bomb") from error
        raise BrokenImage(f"it does not decode ({type(error).__name__})") from error
