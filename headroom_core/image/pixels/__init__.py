"""Pictures decoded, resized and encoded: the one package that imports Pillow."""

from __future__ import annotations

from headroom_core.image.pixels.decoding import DRAFT_FACTOR, STRIP_PIXELS, Decoded, decode, shrink
from headroom_core.image.pixels.encoding import (
    JPEG_QUALITY,
    PNG_LEVEL,
    WEBP_EFFORT,
    WEBP_QUALITY,
    as_png,
    encode,
    preview,
    render,
    render_crop,
)
from headroom_core.image.pixels.looks import FLAT_SHARE, STEP, Colour, Kind, Rows, darkest, kind_of, rows, unlike
from headroom_core.image.pixels.resizing import REDUCING_GAP, crop, resized
from headroom_core.image.pixels.turns import Box, Size
from headroom_core.image.pixels.views import in_colour, in_full, in_grey, in_square

__all__ = [
    "DRAFT_FACTOR",
    "FLAT_SHARE",
    "JPEG_QUALITY",
    "PNG_LEVEL",
    "REDUCING_GAP",
    "STEP",
    "STRIP_PIXELS",
    "WEBP_EFFORT",
    "WEBP_QUALITY",
    "Box",
    "Colour",
    "Decoded",
    "Kind",
    "Rows",
    "Size",
    "as_png",
    "crop",
    "darkest",
    "decode",
    "encode",
    "in_colour",
    "in_full",
    "in_grey",
    "in_square",
    "kind_of",
    "preview",
    "render",
    "render_crop",
    "resized",
    "rows",
    "shrink",
    "unlike",
]
