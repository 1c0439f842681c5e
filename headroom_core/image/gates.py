"""What a question needs an encoding to show: the gates that every candidate must pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from headroom_core.image.router.derive import allows
from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.technique import Technique

if TYPE_CHECKING:
    from headroom_core.image.policy import Thresholds
    from headroom_core.image.signals import Signals

__all__ = [
    "Scale",
    "blocked",
    "closed",
    "is_read_out",
    "kinds_of",
    "least_scale",
    "may_crop",
    "served_at",
    "serves_snap",
    "text_joins",
    "unserved_by_low",
    "wants_whole",
]

_NEEDS_PIXELS: Final = (
    Need.TEXT,
    Need.DIGITS,
    Need.STRUCTURE,
    Need.DETAIL,
    Need.COUNT,
    Need.REGION,
    Need.COORDINATES,
    Need.COMPARE,
)
_FORBID_ANY_SHRINK: Final = (Need.DETAIL, Need.COUNT, Need.COORDINATES, Need.COMPARE)
_READS: Final = (Need.TEXT, Need.DIGITS, Need.STRUCTURE)
_KINDS: Final = {
    "photo": ("photo", "video_frame"),
    "document": ("document", "receipt", "form"),
    "screenshot": ("screenshot", "code"),
    "chart": ("chart", "diagram"),
    "scene_text": ("scene_text", "product"),
    "drawing": ("art", "diagram"),
}
_FINEST: Final = (0.25, 1 / 3, 0.5, 0.625, 0.75)
"""Scales at which the detail that a resize loses is measured."""
_LEAST_FOR_STRUCTURE: Final = 0.5
"""Ruled lines are 1 to 2 px wide: below half their size they fade."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How small a frame may be shown.

    Attributes:
        least: Pixels as seen per pixel of the file that serve the question; None where no smaller frame serves it.
        reason: What asks for it, in plain words.
    """

    least: float | None
    reason: str


def unserved_by_low(needs: Needs) -> tuple[Need, ...]:
    """Return the needs that a small whole frame would not serve, because they are present or cannot be excluded.

    A region needs only what is asked about it, but where that is open the pixels stay; text, digits and structure need
    a measured text height, and detail, count, coordinates and comparison need every pixel.
    """
    return tuple(need for need in _NEEDS_PIXELS if not needs.excluded(need))


def wants_whole(needs: Needs) -> bool:
    """Whether the question is about the whole scene, or about nothing in the picture."""
    return needs.present(Need.GIST) or needs.present(Need.NONE)


def serves_snap(needs: Needs) -> bool:
    """Whether a near-lossless shrink serves the question: not where every pixel was asked for."""
    return not any(needs.present(need) for need in _FORBID_ANY_SHRINK)


def text_joins(needs: Needs, signals: Signals, thresholds: Thresholds) -> bool:
    """Whether a question about the whole still needs the picture's text: of a page, the words are what it shows.

    A little text aside, in a photo or a drawing, is not what such a question asks for.
    """
    if needs.present(Need.NONE) or signals.has_text < thresholds.text_like:
        return False
    scenic = signals.kind in ("photo", "scene_text", "drawing")
    return not (scenic and signals.text_cover <= thresholds.text_aside)


def blocked(needs: Needs) -> Scale | None:
    """Return what forbids any smaller frame, whatever the picture shows, or None."""
    for need in (Need.COORDINATES, Need.COMPARE):
        if not needs.excluded(need):
            how = "is asked for" if needs.present(need) else "cannot be excluded"
            return Scale(None, f"{'a position in pixels' if need is Need.COORDINATES else 'a comparison'} {how}")
    return None


def least_scale(needs: Needs, signals: Signals, thresholds: Thresholds) -> Scale:
    """Return how small the whole frame may be shown, by the text that the question may need, if nothing is `blocked`.

    Args:
        needs: What the question needs; whatever is not excluded counts.
        signals: What was measured of the picture.
        thresholds: The heights that text must keep.
    """
    scales = [Scale(0.0, "")]
    if not (needs.excluded(Need.DETAIL) and needs.excluded(Need.COUNT)):
        scales.append(_for_detail(signals, thresholds))
    reading = [need for need in _READS if not needs.excluded(need)]
    if reading:
        scales += [_for_text(need, signals, thresholds) for need in reading]
    elif not needs.excluded(Need.REGION):
        scales.append(Scale(None, "one region is asked for, whose pixels stay"))
    elif text_joins(needs, signals, thresholds):
        scales.append(_for_text(Need.TEXT, signals, thresholds))
    largest = max(scales, key=lambda scale: float("inf") if scale.least is None else scale.least)
    sure = needs.risks is not None or wants_whole(needs) or largest.least != 0.0
    return largest if sure else Scale(None, "nothing says that the whole at a glance is meant")


def served_at(scale: float, signals: Signals, thresholds: Thresholds) -> tuple[Need, ...]:
    """Return the needs that a whole frame serves that the model sees at `scale`."""
    readable = (need for need in _READS if _serves(_for_text(need, signals, thresholds), scale))
    served = (Need.GIST, Need.NONE, *readable)
    return (*served, Need.REGION) if Need.DIGITS in served else served


def closed(needs: Needs, signals: Signals) -> Needs:
    """Return what must be shown of the whole picture, with what a trained reading of the question leaves out excluded.

    A need that is merely open, neither present nor excluded, asks for its gate. Where the reading is sure that a small
    picture, or the words alone, would do for this kind of picture, only the present needs, or those and all words, ask.
    """
    kinds = kinds_of(signals)
    if needs.risks is None:
        return needs
    if allows(needs, Technique.FULL_LOW, kind=kinds):
        return _only_present(needs)
    if allows(needs, Technique.TRANSCODE, kind=kinds):
        return replace(_only_present(needs), text=1.0, digits=1.0)
    return needs


def kinds_of(signals: Signals) -> tuple[str, ...]:
    """Return the kinds, in the words of the labelled questions, that a picture may be of by its measurements."""
    return _KINDS[signals.kind]


def may_crop(needs: Needs) -> bool:
    """Whether what is asked stands in one place: nothing about the whole, no positions, no comparison."""
    if needs.risks is not None:
        return allows(needs, Technique.CROP)
    elsewhere = (Need.GIST, Need.COORDINATES, Need.COMPARE)
    return needs.present(Need.REGION) and all(needs.excluded(need) for need in elsewhere)


def is_read_out(needs: Needs, signals: Signals) -> bool:
    """Whether words are all that is asked for, so that they may come as text."""
    if needs.risks is not None:
        return allows(needs, Technique.TRANSCODE, kind=kinds_of(signals))
    reads = needs.present(Need.TEXT) or needs.present(Need.DIGITS)
    looked_at = (Need.DETAIL, Need.COUNT, Need.REGION, Need.COORDINATES, Need.COMPARE)
    return reads and all(needs.excluded(need) for need in looked_at)


def _only_present(needs: Needs) -> Needs:
    levels: dict[str, Any] = {need.value: 0.0 for need in Need if not needs.present(need)}
    return replace(needs, **levels)


def _for_text(need: Need, signals: Signals, thresholds: Thresholds) -> Scale:
    heights = signals.heights
    if signals.has_text < thresholds.text_like or heights is None:
        return Scale(None, "its text was not found, so it may be small")
    if need is Need.STRUCTURE and signals.kind not in ("document", "screenshot"):
        return Scale(None, f"the marks of a {signals.kind.replace('_', ' ')} carry the answer")
    height, em = {
        Need.TEXT: (heights.p10, thresholds.word_em),
        Need.DIGITS: (heights.p10, thresholds.digit_em),
        Need.STRUCTURE: (heights.p10, thresholds.structure_em),
    }[need]
    least = em * thresholds.em_margin / max(height, 1.0)
    if need is Need.STRUCTURE:
        least = max(least, _LEAST_FOR_STRUCTURE)
    return Scale(least, f"its small text, {height:.0f} px high, stays at least {em:.0f} px high")


def _for_detail(signals: Signals, thresholds: Thresholds) -> Scale:
    for scale in _FINEST:
        if signals.detail_lost(scale) <= thresholds.detail_lost:
            return Scale(scale, "nothing finer is in the picture")
    return Scale(None, "every pixel may matter")


def _serves(wanted: Scale, scale: float) -> bool:
    return wanted.least is not None and wanted.least <= scale
