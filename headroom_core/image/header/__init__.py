"""What the first bytes of an image say about it, read in pure Python before any decoder sees them."""

from __future__ import annotations

from headroom_core.image.header.mark import MARK, MARK_TIFF
from headroom_core.image.header.reading import PEEK_BYTES, peek_header, read_header
from headroom_core.image.header.values import Colour, Format, Header

__all__ = ["MARK", "MARK_TIFF", "PEEK_BYTES", "Colour", "Format", "Header", "peek_header", "read_header"]
