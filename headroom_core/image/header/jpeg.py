"""JPEG: ITU-T T.81 annex B; Exif 2.32 (CIPA DC-008); multi-picture files CIPA DC-007."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from headroom_core.errors import BrokenImage, UnsupportedImage
from headroom_core.image.header.mark import MARK
from headroom_core.image.header.tiff import orientation_of, tag_of
from headroom_core.image.header.values import Colour, Format, Header, ShortError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["jpeg_header"]

_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers that stand alone, without a length."""
_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
_LOSSLESS_OR_HIERARCHICAL = _FRAMES - {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}


def jpeg_header(data: memoryview) -> Header:
    """Read the header of a JPEG, or of its first bytes."""
    frame: tuple[int, int, int, int] | None = None
    orientation, pictures, profile, seen_exif, ours = 1, 1, False, False, False
    for marker, body in _jpeg_segments(data):
        if marker in _LOSSLESS_OR_HIERARCHICAL:
            raise UnsupportedImage("left alone: a lossless or hierarchical JPEG")
        if marker in _FRAMES:
            frame = frame or struct.unpack_from(">BHHB", body)
        elif marker == 0xE1 and not seen_exif and bytes(body[:6]) == b"Exif\0\0":
            orientation, seen_exif = orientation_of(body[6:]), True
        elif marker == 0xE2:
            profile = profile or bytes(body[:12]) == b"ICC_PROFILE\0"
            pictures = max(pictures, _pictures(body))
        elif marker == 0xFE:
            ours = ours or bytes(body[: len(MARK) + 1]) == MARK
    if frame is None:
        raise BrokenImage("a JPEG without a frame header")
    bits, height, width, components = frame
    return Header(
        Format.JPEG, width, height, orientation, pictures, bits, _colour(components), profile=profile, ours=ours
    )


def _colour(components: int) -> Colour:
    colours = {1: Colour.GREY, 3: Colour.RGB, 4: Colour.CMYK}
    if components not in colours:
        raise UnsupportedImage(f"left alone: a JPEG of {components} components")
    return colours[components]


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
            raise ShortError
        yield marker, data[at + 2 : at + length]
        at += max(length, 2)


def _pictures(segment: memoryview) -> int:
    """The number of pictures that a multi-picture segment (MPF) states; 1 for any other segment."""
    if bytes(segment[:4]) != b"MPF\0":
        return 1
    # A damaged index is none of the header's business: the first picture stands by itself.
    return tag_of(segment[4:], 0xB001) or 1
