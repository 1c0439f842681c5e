"""What the first bytes of an image say about it, read in pure Python before any decoder sees them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from headroom_core.errors import BrokenImage, ImageTooLarge, UnsupportedImage
from headroom_core.image.limits import LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PEEK_BYTES", "Colour", "Format", "Header", "peek_header", "read_header"]

PEEK_BYTES = 64 * 1024
"""How many bytes from the start hold the header of nearly every image: enough for `peek_header`."""


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


def read_header(data: bytes | memoryview, *, limits: Limits = LIMITS) -> Header:
    """Read the header from the whole bytes of an image. Takes some 10 us.

    Raises:
        UnsupportedImage: Not PNG, JPEG, GIF or WebP; the message names the format where it is known.
        BrokenImage: The header is damaged or the bytes end before it does.
        ImageTooLarge: Beyond a limit on bytes, pixels or sides.
    """
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(f"{len(data) / 2**20:.1f} MB is over the limit of {limits.max_bytes / 2**20:.0f} MB")
    try:
        header = _parse(memoryview(data), whole=True)
    except _ShortError:
        raise BrokenImage("the file ends inside its header") from None
    return _within(header, limits)


def peek_header(start: bytes | memoryview, *, limits: Limits = LIMITS) -> Header | None:
    """Read the header from the first bytes of an image, or say that they do not suffice.

    `PEEK_BYTES` suffice for nearly all PNG and JPEG files and for WebP without EXIF; a GIF needs its whole first
    frame. The answer is that of `read_header`, with one exception: a PNG may state its orientation behind the pixels,
    which only `read_header` sees. So read again before pixels are rewritten.

    Returns:
        The header, or None: the bytes end before the header does, so try more bytes or `read_header` on all.

    Raises:
        UnsupportedImage, BrokenImage, ImageTooLarge: As `read_header`.
    """
    try:
        header = _parse(memoryview(start), whole=False)
    except _ShortError:
        return None
    return _within(header, limits)


class _ShortError(Exception):
    """The bytes end before the header does."""


def _parse(data: memoryview, *, whole: bool) -> Header:
    try:
        match _format(data, whole=whole):
            case Format.PNG:
                return _png(data)
            case Format.JPEG:
                return _jpeg(data)
            case Format.GIF:
                return _gif(data, whole=whole)
            case Format.WEBP:
                return _webp(data, whole=whole)
    except (struct.error, IndexError):
        raise _ShortError from None


def _within(header: Header, limits: Limits) -> Header:
    width, height = header.width, header.height
    if not width or not height:
        raise BrokenImage(f"a picture of {width}x{height} pixels")
    if max(width, height) > limits.max_side:
        raise ImageTooLarge(f"{width}x{height}: a side is over the limit of {limits.max_side} pixels")
    most = limits.max_webp_pixels if header.format is Format.WEBP else limits.max_pixels
    if width * height > most:
        raise ImageTooLarge(f"{width}x{height} is over the limit of {most / 1e6:.0f} megapixels")
    return header


_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (0, b"BM", "BMP"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (4, b"ftypmsf1", "HEIF"),
    (4, b"ftyp", "a video or HEIF container"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"8BPS", "PSD"),
    (0, b"\0\0\x01\0", "ICO"),
    (0, b"\0\0\x02\0", "CUR"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\x8aMNG", "MNG"),
    (0, b"\x8bJNG", "JNG"),
    (0, b"qoif", "QOI"),
    (0, b"DDS ", "DDS"),
    (0, b"v/1\x01", "OpenEXR"),
    (0, b"SIMPLE  =", "FITS"),
    (0, b"\xd7\xcd\xc6\x9a", "WMF"),
    (40, b" EMF", "EMF"),
)


def _format(data: memoryview, *, whole: bool) -> Format:
    start = bytes(data[:256])
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if start.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if start.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return Format.WEBP
    if not start and whole:
        raise BrokenImage("there are no bytes")
    if len(start) < 12 and not whole:
        raise _ShortError
    raise UnsupportedImage(f"left alone: {_foreign(start)}")


def _foreign(start: bytes) -> str:
    for offset, magic, name in _FOREIGN:
        if start.startswith(magic, offset):
            return f"{name}, not PNG, JPEG, GIF or WebP"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<svg", b"<?xml")):
        return "SVG, not PNG, JPEG, GIF or WebP"
    return "not a PNG, JPEG, GIF or WebP file"


# PNG: W3C PNG Third Edition, https://www.w3.org/TR/png-3/ (read 2026-11-21).

_PNG_COLOURS = {0: Colour.GREY, 2: Colour.RGB, 3: Colour.PALETTE, 4: Colour.GREY, 6: Colour.RGB}


def _png(data: memoryview) -> Header:
    length, kind, width, height, bits, colour = struct.unpack_from(">I4sIIBB", data, 8)
    if length != 13 or kind != b"IHDR":
        raise BrokenImage("a PNG that does not start with its header chunk")
    if colour not in _PNG_COLOURS:
        raise BrokenImage(f"a PNG of the unknown colour type {colour}")
    frames, orientation, alpha, profile = 1, 1, colour in (4, 6), False
    for kind, body in _png_chunks(data):
        if kind == b"acTL":
            frames = max(frames, struct.unpack_from(">I", body)[0])
        elif kind == b"eXIf":
            orientation = _orientation(body)
        elif kind == b"tRNS":
            alpha = True
        elif kind == b"iCCP":
            profile = True
    return Header(Format.PNG, width, height, orientation, frames, bits, _PNG_COLOURS[colour], alpha, profile)


def _png_chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The chunks after IHDR. Behind the first pixels a missing end is no longer the header's matter."""
    at, pixels = 33, False
    while True:
        if at + 8 > len(data):
            if pixels:
                return
            raise _ShortError
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            return
        pixels = pixels or kind == b"IDAT"
        if not pixels and at + 8 + length > len(data):
            raise _ShortError
        yield kind, data[at + 8 : at + 8 + length]
        at += length + 12


# JPEG: ITU-T T.81 annex B; Exif 2.32 (CIPA DC-008); multi-picture files CIPA DC-007.

_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers that stand alone, without a length."""
_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
_LOSSLESS_OR_HIERARCHICAL = _FRAMES - {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}


def _jpeg(data: memoryview) -> Header:
    frame: tuple[int, int, int, int] | None = None
    orientation, pictures, profile, seen_exif = 1, 1, False, False
    for marker, body in _jpeg_segments(data):
        if marker in _LOSSLESS_OR_HIERARCHICAL:
            raise UnsupportedImage("left alone: a lossless or hierarchical JPEG")
        if marker in _FRAMES:
            frame = frame or struct.unpack_from(">BHHB", body)
        elif marker == 0xE1 and not seen_exif and bytes(body[:6]) == b"Exif\0\0":
            orientation, seen_exif = _orientation(body[6:]), True
        elif marker == 0xE2:
            profile = profile or bytes(body[:12]) == b"ICC_PROFILE\0"
            pictures = max(pictures, _pictures(body))
    if frame is None:
        raise BrokenImage("a JPEG without a frame header")
    bits, height, width, components = frame
    colours = {1: Colour.GREY, 3: Colour.RGB, 4: Colour.CMYK}
    if components not in colours:
        raise UnsupportedImage(f"left alone: a JPEG of {components} components")
    return Header(Format.JPEG, width, height, orientation, pictures, bits, colours[components], profile=profile)


def _jpeg_segments(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The marker segments up to the first scan."""
    at = 2
    while True:
        # Between segments decoders skip stray bytes, and a marker may be preceded by any number of FF.
        while data[at] != 0xFF:
            at += 1
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker in (0xDA, 0xD9):
            return
        if marker == 0 or marker in _ALONE:
            continue
        length = struct.unpack_from(">H", data, at)[0]
        if at + length > len(data):
            raise _ShortError
        yield marker, data[at + 2 : at + length]
        at += max(length, 2)


def _pictures(segment: memoryview) -> int:
    """The number of pictures that a multi-picture segment (MPF) states; 1 for any other segment."""
    if bytes(segment[:4]) != b"MPF\0":
        return 1
    # A damaged index is none of the header's business: the first picture stands by itself.
    return _tag(segment[4:], 0xB001) or 1


# GIF: GIF89a specification, sections 18 to 25.


def _gif(data: memoryview, *, whole: bool) -> Header:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    frames, alpha = 0, False
    for mark, at in _gif_blocks(data, 13 + _table(flags), whole=whole):
        if mark == 0x21 and data[at] == 0xF9 and not frames:
            alpha = bool(data[at + 2] & 1)
        elif mark == 0x2C:
            if not frames:
                left, top, wide, high = struct.unpack_from("<HHHH", data, at)
                width, height = max(width, left + wide), max(height, top + high)
            frames += 1
        if frames == 2:
            break
    if not frames:
        raise BrokenImage("a GIF without a picture")
    return Header(Format.GIF, width, height, frames=frames, colour=Colour.PALETTE, alpha=alpha)


def _gif_blocks(data: memoryview, at: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """The mark of each block and where its body starts. A whole file may break off inside a block."""
    end = len(data)
    while at < end and (mark := data[at]) != 0x3B:
        at += 1
        if mark not in (0x21, 0x2C):
            continue
        yield mark, at
        at += 1 if mark == 0x21 else 10 + _table(data[at + 8])
        while at < end and data[at]:
            at += data[at] + 1
        at += 1
    if at >= end and not whole:
        raise _ShortError


def _table(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


# WebP: RFC 9649.


def _webp(data: memoryview, *, whole: bool) -> Header:
    kind = bytes(data[12:16])
    if kind == b"VP8X":
        return _webp_extended(data, whole=whole)
    if kind == b"VP8 ":
        tag = bytes(data[23:26])
        width, height = struct.unpack_from("<HH", data, 26)
        if tag != b"\x9d\x01\x2a":
            raise BrokenImage("a WebP without a key frame")
        return Header(Format.WEBP, width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        mark, packed = struct.unpack_from("<BI", data, 20)
        if mark != 0x2F:
            raise BrokenImage("a lossless WebP without its mark")
        alpha = bool(packed >> 28 & 1)
        return Header(Format.WEBP, (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, alpha=alpha)
    if len(kind) < 4:
        raise _ShortError
    raise BrokenImage("a WebP of no known kind")


def _webp_extended(data: memoryview, *, whole: bool) -> Header:
    flags, low_width, high_width, low_height, high_height = struct.unpack_from("<B3xHBHB", data, 20)
    width, height = (low_width | high_width << 16) + 1, (low_height | high_height << 16) + 1
    animated, exif = bool(flags & 0x02), bool(flags & 0x08)
    orientation = 1
    if exif:
        orientation = _webp_orientation(data, whole=whole)
    return Header(
        Format.WEBP,
        width,
        height,
        orientation,
        frames=2 if animated else 1,
        alpha=bool(flags & 0x10),
        profile=bool(flags & 0x20),
    )


def _webp_orientation(data: memoryview, *, whole: bool) -> int:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"EXIF" and (whole or len(body) == length):
            return _orientation(body[6:] if bytes(body[:6]) == b"Exif\0\0" else body)
        at += 8 + length + (length & 1)
    if not whole:
        raise _ShortError
    return 1


# EXIF and MPF share TIFF's directories (TIFF 6.0, section 2).


def _orientation(tiff: memoryview) -> int:
    value = _tag(tiff, 0x0112)
    return value if value is not None and 1 <= value <= 8 else 1


def _tag(tiff: memoryview, wanted: int) -> int | None:
    """The value of a SHORT or LONG tag in the first directory; None where it is absent or the directory is damaged."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(tiff[:2]))
    if order is None:
        return None
    try:
        first = struct.unpack_from(order + "I", tiff, 4)[0]
        count = struct.unpack_from(order + "H", tiff, first)[0]
        for entry in range(first + 2, first + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, entry)
            if tag == wanted:
                return int(struct.unpack_from(order + {3: "H", 4: "I"}.get(kind, "B"), tiff, entry + 8)[0])
    except struct.error:
        return None
    return None
