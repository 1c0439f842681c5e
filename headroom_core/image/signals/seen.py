"""Everything that is measured of a picture without a model, in decoded pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.image import pixels
from headroom_core.image.signals.detail import spectrum_of
from headroom_core.image.signals.fields import fields
from headroom_core.image.signals.lines import lines_of
from headroom_core.image.signals.margins import content_of
from headroom_core.image.signals.palette import palette_of
from headroom_core.image.signals.rules import rules_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.signals.fields import Field
    from headroom_core.image.signals.lines import Lines
    from headroom_core.image.signals.palette import Palette
    from headroom_core.image.signals.rules import Rules

__all__ = ["Seen", "seen_in"]

RULED: Final = 1_200_000
"""Ruled lines are looked for in the largest view of at most this many pixels, but not in the picture itself."""

SAMPLE: Final = 64
"""About this many pixels across and down are looked at in colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was measured of a picture, in decoded pixels unless said otherwise.

    Attributes:
        size: Width and height.
        views: The picture at three sizes.
        lines: The lines of text.
        palette: The colours.
        rules: The ruled lines.
        spectrum: Contrast by frequency; see `detail`.
        content: The box inside the blank margins, in pixels of the upright file.
        margins: Share of the area that is blank margin, in [0, 1].
        sample: A few pixels in colour, evenly spread, shape (rows, columns, 3).
    """

    size: tuple[int, int]
    views: tuple[Field, ...]
    lines: Lines
    palette: Palette
    rules: Rules
    spectrum: tuple[float, ...]
    content: Box
    margins: float
    sample: NDArray[np.uint8]


def seen_in(picture: Decoded) -> Seen:
    """Measure a decoded picture."""
    views = fields(picture)
    left, top, right, bottom = content = content_of(picture)
    width, height = picture.header.size
    return Seen(
        size=picture.size,
        views=views,
        lines=lines_of(views),
        palette=palette_of(picture),
        rules=rules_of(next(view.grey for view in views[1:] if view.grey.size <= RULED or view is views[-1])),
        spectrum=spectrum_of(views[0], picture.scale),
        content=content,
        margins=1 - (right - left) * (bottom - top) / (width * height),
        sample=np.asarray(pixels.in_colour(picture, every=max(1, round(max(picture.size) / SAMPLE)))),
    )
