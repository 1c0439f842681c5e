"""The directories of TIFF 6.0, section 2, which EXIF and MPF share."""

from __future__ import annotations

import struct

__all__ = ["orientation_of", "tag_of", "text_of"]


def orientation_of(tiff: memoryview) -> int:
    """The EXIF orientation, 1 to 8; 1 where none is stated, or one that does not exist."""
    value = tag_of(tiff, 0x0112)
    return value if value is not None and 1 <= value <= 8 else 1


def tag_of(tiff: memoryview, wanted: int) -> int | None:
    """The value of a SHORT or LONG tag in the first directory; None where it is absent or the directory is damaged."""
    entry = _entry(tiff, wanted)
    if entry is None:
        return None
    order, at, kind, _ = entry
    try:
        return int(struct.unpack_from(order + {3: "H", 4: "I"}.get(kind, "B"), tiff, at)[0])
    except struct.error:
        return None


def text_of(tiff: memoryview, wanted: int, *, most: int) -> bytes | None:
    """The value of an ASCII tag, its end included; None where it is absent, longer than `most` bytes or cut off."""
    entry = _entry(tiff, wanted)
    if entry is None:
        return None
    order, at, kind, count = entry
    if kind != 2 or count > most:
        return None
    try:
        # Up to four bytes stand in the entry itself, more where it points.
        start = at if count <= 4 else int(struct.unpack_from(order + "I", tiff, at)[0])
    except struct.error:
        return None
    text = bytes(tiff[start : start + count])
    return text if len(text) == count else None


def _entry(tiff: memoryview, wanted: int) -> tuple[str, int, int, int] | None:
    """Byte order, place of the value, type and count of a tag in the first directory."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(tiff[:2]))
    if order is None:
        return None
    try:
        first = struct.unpack_from(order + "I", tiff, 4)[0]
        number = struct.unpack_from(order + "H", tiff, first)[0]
        for entry in range(first + 2, first + 2 + 12 * number, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, entry)
            if tag == wanted:
                return order, entry + 8, kind, struct.unpack_from(order + "I", tiff, entry + 4)[0]
    except struct.error:
        return None
    return None
