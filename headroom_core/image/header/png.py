"""PNG: W3C PNG Third Edition, https://www.w3.org/TR/png-3/ (read 2026-11-21)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from headroom_core.errors import BrokenImage
from headroom_core.image.header.mark import MARK
from headroom_core.image.header.tiff import orientation_of
from headroom_core.image.header.values import Colour, Format, Header, ShortError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["png_header"]

_PNG_COLOURS = {0: Colour.GREY, 2: Colour.RGB, 3: Colour.PALETTE, 4: Colour.GREY, 6: Colour.RGB}
_TOLD = frozenset((b"tRNS", b"iCCP", b"IDAT"))
_MARKED = b"Software\0" + MARK


def png_header(data: memoryview) -> Header:
    """Read the header of a PNG, or of its first bytes."""
    length, kind, width, height, bits, colour = struct.unpack_from(">I4sIIBB", data, 8)
    if length != 13 or kind != b"IHDR":
        raise BrokenImage("a PNG that does not start with its header chunk")
    if colour not in _PNG_COLOURS:
        raise BrokenImage(f"a PNG of the unknown colour type {colour}")
    frames, orientation, ours = 1, 1, False
    seen: set[bytes] = set()
    for kind, body in _png_chunks(data):
        if kind == b"acTL":
            frames = max(frames, struct.unpack_from(">I", body)[0])
        elif kind == b"eXIf":
            orientation = orientation_of(body)
        elif kind == b"tEXt":
            # Behind the pixels a peek would not see it.
            ours = ours or (bytes(body[: len(_MARKED) + 1]) == _MARKED and b"IDAT" not in seen)
        elif kind in _TOLD:
            seen.add(kind)
    alpha, profile = colour in (4, 6) or b"tRNS" in seen, b"iCCP" in seen
    return Header(Format.PNG, width, height, orientation, frames, bits, _PNG_COLOURS[colour], alpha, profile, ours)


def _png_chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The chunks after IHDR. Behind the first pixels a missing end is no longer the header's matter."""
    at, pixels = 33, False
    while True:
        if at + 8 > len(data):
            if pixels:
                return
            raise ShortError
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            return
        pixels = pixels or kind == b"IDAT"
        if not pixels and at + 8 + length > len(data):
            raise ShortError
        yield kind, data[at + 8 : at + 8 + length]
        at += length + 12
