"""The measurements of one picture, put together."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from headroom_core.image.header import Format
    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.signals.glance import Glance
    from headroom_core.image.signals.judged import Verdict
    from headroom_core.image.signals.kinds import PictureKind
    from headroom_core.image.signals.lines import Lines
    from headroom_core.image.signals.seen import Seen

__all__ = ["UNSURE", "ImageSignals", "Signals", "TextHeights", "TextLine", "measure"]

UNSURE: Final = (0.05, 0.5)
"""Between these `has_text` estimates a detector is worth its cost, where there is one."""


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
class TextHeights:
    """Em heights in pixels of the file, by characters: 5, 10 and 50 per cent of the characters are smaller.

    Attributes:
        p5: The height of the smallest print.
        p10: The height of the small print.
        p50: The height of the body.
    """

    p5: float
    p10: float
    p50: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text or a piece of one.

    Attributes:
        box: Where its letters stand, in pixels of the upright file.
        em: Em height in pixels of the file.
    """

    box: Box
    em: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What was measured of a picture.

    Attributes:
        width: Pixels of the file, upright.
        height: Pixels of the file, upright.
        format: The format of the file.
        alpha: It has an alpha channel or a transparent colour.
        has_text: Estimate in [0, 1] that it bears text; a page, a screenshot, a receipt or a chart is at 0.5 or above.
        text_lines: Pieces of lines of text found.
        text_rows: Share of rows inside text lines, in [0, 1].
        flatness: Share of exactly equal horizontal neighbours, in [0, 1].
        edges: Share of pixels at a clear horizontal step, in [0, 1].
        kind: What it shows.
        kind_confidence: How sure the kind is, in [0, 1].
        heights: Heights of the text, or None without lines of text.
        lines: The lines of text found. Of a picture of more than 3.5 decoded megapixels, small print only in bands.
        text_cover: Share of the area that lines of text take up, in [0, 1].
        characters: Estimated number of characters.
        ruled: Evidence of ruled lines, as in tables and forms, in [0, 1].
        colours: Colours met in a thin sample, each channel in 32 shades.
        content: The box of what is not blank margin, exact in pixels of the upright file unless decoded as a draft.
        detail: Contrast in sixteen rings of frequency, from coarse to fine, in squared grey levels.
    """

    width: int
    height: int
    format: Format
    alpha: bool
    has_text: float
    text_lines: int
    text_rows: float
    flatness: float
    edges: float
    kind: PictureKind
    kind_confidence: float
    heights: TextHeights | None
    lines: tuple[TextLine, ...]
    text_cover: float
    characters: int
    ruled: float
    colours: int
    content: Box
    detail: tuple[float, ...]

    @property
    def text_height(self) -> float | None:
        """Median em height of the text in pixels of the file, by characters, or None without lines."""
        return None if self.heights is None else self.heights.p50

    @property
    def face(self) -> ImageSignals:
        """The four documented estimates."""
        fine = 0.0 if self.heights is None else _ramp(32 - self.heights.p50, 0, 24) * self.has_text
        return ImageSignals(
            has_text=self.has_text,
            is_document=self.has_text * _ramp(self.text_rows, 0.05, 0.25),
            is_complex=_ramp(self.edges, 0.0, 0.16),
            has_small_details=max(fine, _ramp(self.edges, 0.02, 0.20)),
        )

    def detail_lost(self, scale: float) -> float:
        """Return the share of fine detail, in [0, 1], that a resize of the file to `scale` of its size loses.

        Contrast counts by its frequency squared, so that edges weigh as the eye sees them; contrast that no eye sees
        loses nothing. 0 means that the smaller copy holds all that there is.
        """
        rings = [(ring + 0.5) / len(self.detail) for ring in range(len(self.detail))]
        weights = [contrast * ring * ring for contrast, ring in zip(self.detail, rings, strict=True)]
        kept = [_ramp(scale * len(rings), ring, ring + 1) for ring in range(len(rings))]
        lost = sum(weight * (1 - share) for weight, share in zip(weights, kept, strict=True))
        return lost / (sum(weights) + UNSEEN)


UNSEEN: Final = 1.0
"""Weighted contrast in squared grey levels that nobody sees."""


def measure(
    picture: Decoded,
    *,
    glance: Callable[[Decoded], Glance | None] | None = None,
    detect: Callable[[Decoded], float | None] | None = None,
) -> Signals:
    """Measure a decoded picture: 10 to 20 ms at two decoded megapixels, 0.3 to 0.5 of decoding a JPEG of twelve.

    Args:
        picture: The picture.
        glance: A network that looks at the whole picture, in some 10 ms more: `glancer_at_hand()`. Kind and text are
            told from both then. It may be unable to, and answer None.
        detect: Asked how likely a picture bears text, from 0 to 1, where the measurement leaves it open (`UNSURE`): a
            text detector, which costs more. It may not know, and answer None. Its answer can raise the estimate and
            not lower it: text that is missed costs an answer, text that is not there a saving.

    Raises:
        BrokenModel: A trained file of the package is damaged.
        ImageError: The pixels cannot be read.
    """
    # numpy takes longer to import than all of headroom: only who measures pays for it.
    from headroom_core.image.signals.judged import glanced, judged, weighed
    from headroom_core.image.signals.seen import seen_in

    seen = seen_in(picture)
    verdict = judged(seen)
    if glance is not None and (whole := glance(picture)) is not None:
        verdict = glanced(verdict, whole)
    if detect is not None and UNSURE[0] < verdict.has_text < UNSURE[1]:
        verdict = replace(verdict, has_text=weighed(verdict.has_text, detect(picture)))
    return _signals(picture, seen, verdict)


def _signals(picture: Decoded, seen: Seen, verdict: Verdict) -> Signals:
    header, scale, heights = picture.header, picture.scale, verdict.heights
    width, height = header.size
    return Signals(
        width=width,
        height=height,
        format=header.format,
        alpha=header.alpha,
        has_text=verdict.has_text,
        text_lines=len(verdict.lines),
        text_rows=verdict.rows,
        flatness=verdict.flatness,
        edges=verdict.edges,
        kind=verdict.kind,
        kind_confidence=verdict.confidence,
        heights=None if heights is None else TextHeights(*(height / scale for height in astuple(heights))),
        lines=_in_file(verdict.lines, scale),
        text_cover=verdict.cover,
        characters=verdict.characters,
        ruled=seen.rules.ruled,
        colours=seen.palette.colours,
        content=seen.content,
        detail=seen.spectrum,
    )


def _in_file(lines: Lines, scale: float) -> tuple[TextLine, ...]:
    boxes = (lines.boxes / scale).round().astype(int).tolist()
    return tuple(
        TextLine((box[0], box[1], box[2], box[3]), em / scale) for box, em in zip(boxes, lines.em.tolist(), strict=True)
    )


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
