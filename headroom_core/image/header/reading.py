"""The header of a whole file, or of its first bytes."""

from __future__ import annotations

import struct

from headroom_core.errors import BrokenImage, ImageTooLarge, UnsupportedImage
from headroom_core.image.header.foreign import foreign_name
from headroom_core.image.header.gif import gif_header
from headroom_core.image.header.jpeg import jpeg_header
from headroom_core.image.header.png import png_header
from headroom_core.image.header.values import Format, Header, ShortError
from headroom_core.image.header.webp import webp_header
from headroom_core.image.limits import LIMITS, Limits

__all__ = ["PEEK_BYTES", "peek_header", "read_header"]

PEEK_BYTES = 64 * 1024
"""How many bytes from the start hold the header of nearly every image: enough for `peek_header`."""


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
    except ShortError:
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
    except ShortError:
        return None
    return _within(header, limits)


def _parse(data: memoryview, *, whole: bool) -> Header:
    try:
        match _format(data, whole=whole):
            case Format.PNG:
                return png_header(data)
            case Format.JPEG:
                return jpeg_header(data)
            case Format.GIF:
                return gif_header(data, whole=whole)
            case Format.WEBP:
                return webp_header(data, whole=whole)
    except (struct.error, IndexError):
        raise ShortError from None


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
        raise ShortError
    raise UnsupportedImage(f"left alone: {foreign_name(start)}")
