"""Ask how one image and one question would be routed, without a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from headroom_core.blocks import Query
from headroom_core.errors import ImageError
from headroom_core.image import pixels
from headroom_core.image.header import read_header
from headroom_core.image.policy import THRESHOLDS, Policy
from headroom_core.image.router import Needs, RouteDecision, Router, Siglip
from headroom_core.image.router.derive import is_located
from headroom_core.image.router.siglip import joined
from headroom_core.image.signals import ImageSignals, measure
from headroom_core.image.technique import Technique

__all__ = ["Probe"]

_LOOK: Final = (512, 512)
"""The size in pixels that a picture is decoded for when it is only looked at."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Reads a question with a router, and a picture with the measured signals and SigLIP's.

    Attributes:
        router: Turns the question into needs.
        siglip: Joins the measured signals where it is at hand; None measures alone.
    """

    router: Router
    siglip: Siglip | None = None

    def classify(self, image_data: bytes | None = None, query: str = "") -> RouteDecision:
        """Return how the image and the question together would be routed.

        Args:
            image_data: The bytes of the image, or None to read the question alone.
            query: The question.

        Returns:
            The decision. What the picture shows overrides the question: a picture that bears text is not sent low for a
            question about the whole, nor one without text transcribed; a region without a place that can be found is
            not cropped; a question that says nothing leaves it to the picture; what cannot be read is preserved. Each
            override stands in the reason.
        """
        needs = self.router.route(Query(text=query))
        decision = RouteDecision.of_question(needs)
        if image_data is None:
            return decision
        try:
            header = read_header(image_data)
            picture = pixels.decode(image_data, header, at_least=_LOOK)
            signals = measure(picture).face
        except ImageError as error:
            return replace(decision, technique=Technique.PRESERVE, reason=f"{decision.reason}; {error}")
        seen = self.siglip.score(picture) if self.siglip is not None else None
        if self.siglip is not None and seen is None:
            decision = replace(decision, reason=f"{decision.reason} (without SigLIP, which is not at hand)")
        return _fused(decision, needs, signals if seen is None else joined(signals, seen))


def _fused(decision: RouteDecision, needs: Needs, signals: ImageSignals) -> RouteDecision:
    technique, because, confidence = _override(decision, needs, signals)
    reason = f"{decision.reason}, {because}" if because else decision.reason
    return replace(decision, technique=technique, reason=reason, confidence=confidence, image_signals=signals)


def _override(decision: RouteDecision, needs: Needs, signals: ImageSignals) -> tuple[Technique, str, float]:
    """The technique that the picture leaves of the question's, why, and how sure that is."""
    thresholds, text = THRESHOLDS[Policy.BALANCED], signals.has_text
    if needs.silent and text < thresholds.text_free:
        return Technique.FULL_LOW, "and the picture bears no text", 1 - text
    if needs.silent:
        return Technique.PRESERVE, "and the picture may bear text", text
    match decision.technique:
        case Technique.FULL_LOW if text >= thresholds.text_like:
            return Technique.PRESERVE, "but the picture bears text that a small copy would lose", text
        case Technique.TRANSCODE if text < thresholds.text_free:
            return Technique.PRESERVE, "but no text to transcribe was found in the picture", 1 - text
        case Technique.CROP if not is_located(needs.place):
            return Technique.PRESERVE, "but the region cannot be located", decision.confidence
        case technique:
            return technique, "", decision.confidence
