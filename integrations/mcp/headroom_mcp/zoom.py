"""A second look at an image: the original, or a box of it at full resolution."""

from __future__ import annotations

from collections.abc import Sequence

from mcp.server.mcpserver.exceptions import ToolError

from headroom_core.errors import ImageError
from headroom_core.image.header import Header, read_header
from headroom_mcp.fitting import as_sent, cut
from headroom_mcp.results import Look

__all__ = ["header_of", "zoomed"]

Box = tuple[int, int, int, int]


def zoomed(original: bytes, box: Sequence[int] | None) -> Look:
    """Return an original, or a box of it, small enough for one result.

    Args:
        original: The file of the picture.
        box: Left, top, right, bottom in its pixels, clipped to it; None for the whole.

    Raises:
        ToolError: The picture cannot be opened, or nothing of the box is inside it.
    """
    header = header_of(original)
    inside = None if box is None else _clipped(box, header)
    try:
        sent = as_sent(original) if inside is None else cut(original, inside)
    except ImageError as error:
        raise ToolError(f"the image cannot be opened: {error}") from None
    whole = {"size": list(header.size), "sent": list(sent.size)}
    return Look(whole if inside is None else {**whole, "box": list(inside)}, (sent,))


def header_of(content: bytes) -> Header:
    """Return what the file of a picture says about itself.

    Raises:
        ToolError: It cannot be read.
    """
    try:
        return read_header(content)
    except ImageError as error:
        raise ToolError(f"the image cannot be opened: {error}") from None


def _clipped(box: Sequence[int], header: Header) -> Box:
    width, height = header.size
    if len(box) == 4:
        left, top, right, bottom = max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3])
        if left < right and top < bottom:
            return left, top, right, bottom
    raise ToolError(f"box must be [left, top, right, bottom] inside the original of {width} x {height} pixels")
