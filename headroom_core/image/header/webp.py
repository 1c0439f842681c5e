"""WebP: RFC 9649."""

from __future__ import annotations

import struct

from headroom_core.errors import BrokenImage
from headroom_core.image.header.mark import is_marked_tiff
from headroom_core.image.header.tiff import orientation_of
from headroom_core.image.header.values import Format, Header, ShortError

__all__ = ["webp_header"]


def webp_header(data: memoryview, *, whole: bool) -> Header:
    """Read the header of a WebP, or of its first bytes."""
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
        raise ShortError
    raise BrokenImage("a WebP of no known kind")


def _webp_extended(data: memoryview, *, whole: bool) -> Header:
    flags, low_width, high_width, low_height, high_height = struct.unpack_from("<B3xHBHB", data, 20)
    width, height = (low_width | high_width << 16) + 1, (low_height | high_height << 16) + 1
    animated, exif = bool(flags & 0x02), bool(flags & 0x08)
    tiff = _webp_tiff(data, whole=whole) if exif else data[:0]
    return Header(
        Format.WEBP,
        width,
        height,
        orientation_of(tiff),
        frames=2 if animated else 1,
        alpha=bool(flags & 0x10),
        profile=bool(flags & 0x20),
        ours=is_marked_tiff(tiff),
    )


def _webp_tiff(data: memoryview, *, whole: bool) -> memoryview:
    """What the EXIF chunk holds, which stands behind the pixels; empty where it is missing."""
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"EXIF" and (whole or len(body) == length):
            return body[6:] if bytes(body[:6]) == b"Exif\0\0" else body
        at += 8 + length + (length & 1)
    if not whole:
        raise ShortError
    return data[:0]
