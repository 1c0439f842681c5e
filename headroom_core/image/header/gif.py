"""GIF: GIF89a specification, sections 18 to 25."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from headroom_core.errors import BrokenImage
from headroom_core.image.header.values import Colour, Format, Header, ShortError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["gif_header"]


def gif_header(data: memoryview, *, whole: bool) -> Header:
    """Read the header of a GIF, or of its first bytes."""
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
        raise ShortError


def _table(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
