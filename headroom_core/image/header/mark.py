"""The mark by which a file that headroom made is known when it comes back."""

from __future__ import annotations

import struct
from typing import Final

from headroom_core.image.header.tiff import text_of

__all__ = ["MARK", "MARK_TIFF", "is_marked_tiff"]

MARK: Final = b"headroom"
"""The comment of a JPEG (T.81, B.2.4.5), and the value of `Software` in a PNG (PNG Third Edition, 11.3.3.2) and in the
EXIF of a WebP (TIFF 6.0, tag 305)."""
_SOFTWARE: Final = 0x0131
_ASCII: Final = 2
_TEXT: Final = MARK + b"\0"
MARK_TIFF: Final = (
    b"II*\0" + struct.pack("<IHHHIII", 8, 1, _SOFTWARE, _ASCII, len(_TEXT), 26, 0) + _TEXT + bytes(len(_TEXT) % 2)
)
"""A TIFF directory that holds the mark alone, which is what stands in the EXIF of a WebP that headroom made."""


def is_marked_tiff(tiff: memoryview) -> bool:
    """Whether the first directory names headroom as the software, and nothing else."""
    return text_of(tiff, _SOFTWARE, most=len(_TEXT)) == _TEXT
