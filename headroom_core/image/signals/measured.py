"""The measurements of one picture, put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headroom_core.image.signals.text import text_like

if TYPE_CHECKING:
    from headroom_core.image.header import Format
    from headroom_core.image.pixels import Decoded

__all__ = ["ImageSignals", "Signals", "measure"]


@dataclass(frozen=True, slots=True)
class ImageSignals:
    """The four documented estimates of a picture, each in [0, 1]; 0.5 is where yes begins.

    Attributes:
        has_text: There is text in it.
        is_document: It is mostly lines of text: a page, a receipt, a terminal.
        is_complex: Much of it is covered with edges.
        has_small_details: A small copy would lose something: small text, or fine edges.
    """

    has_text: float
    is_document: float
    is_complex: float
    has_small_details: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What was measured of a picture.

    Attributes:
        width: Pixels of the file, upright.
        height: Pixels of the file, upright.
        format: The format of the file.
        alpha: It has an alpha channel or a transparent colour.
        has_text: Estimate in [0, 1] that it bears text; a page, a screenshot, a receipt or a chart is at 0.5 or above.
        text_height: Median height of its text lines in pixels of the file (em, not x-height), or None without lines.
        text_lines: Text lines met in five vertical strips.
        text_rows: Share of rows inside text lines, in [0, 1].
        flatness: Share of exactly equal horizontal neighbours, in [0, 1].
        edges: Share of pixels at a clear horizontal step, in [0, 1].
    """

    width: int
    height: int
    format: Format
    alpha: bool
    has_text: float
    text_height: float | None
    text_lines: int
    text_rows: float
    flatness: float
    edges: float

    @property
    def face(self) -> ImageSignals:
        """The four documented estimates."""
        fine = 0.0 if self.text_height is None else _ramp(32 - self.text_height, 0, 24) * self.has_text
        return ImageSignals(
            has_text=self.has_text,
            is_document=self.has_text * _ramp(self.text_rows, 0.05, 0.25),
            is_complex=_ramp(self.edges, 0.0, 0.16),
            has_small_details=max(fine, _ramp(self.edges, 0.02, 0.20)),
        )


def measure(picture: Decoded) -> Signals:
    """Measure a decoded picture: 1 to 4 ms up to 4 decoded megapixels, a few per cent of the decoding beyond."""
    signs, header = text_like(picture), picture.header
    width, height = header.size
    return Signals(
        width=width,
        height=height,
        format=header.format,
        alpha=header.alpha,
        has_text=signs.has_text,
        text_height=None if signs.text_height is None else signs.text_height / picture.scale,
        text_lines=signs.lines,
        text_rows=signs.rows,
        flatness=signs.flatness,
        edges=signs.edges,
    )


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
