"""Ask how one image and one question would be routed, without a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from headroom_core.blocks import Query
from headroom_core.errors import ImageError
from headroom_core.image import pixels
from headroom_core.image.gates import closed, kinds_of, least_scale, may_crop
from headroom_core.image.header import read_header
from headroom_core.image.policy import THRESHOLDS, Policy
from headroom_core.image.reading.gate import KINDS
from headroom_core.image.regions import asks_relations, crop_plan, place_of, region_of
from headroom_core.image.router import Needs, RouteDecision, Router, Siglip
from headroom_core.image.router.derive import confidence_of, technique_of
from headroom_core.image.router.siglip import joined
from headroom_core.image.signals import Signals, glancer_at_hand, measure
from headroom_core.image.technique import Technique

__all__ = ["Probe"]

_THRESHOLDS: Final = THRESHOLDS[Policy.BALANCED]
_Override = tuple[Technique, str, float]
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
            The decision. What the picture shows overrides the question: a picture whose text a small copy would lose is
            not sent low; one without text, or of a kind whose words do not stand for it, is not read out; a region is
            cropped only where geometry names it and much lies outside it; a question that says nothing leaves it to the
            picture; what cannot be read is preserved. Each override stands in the reason. A request may still decide
            otherwise: there prices count as well, and a text reader finds places that are named by words.
        """
        needs = self.router.route(Query(text=query))
        decision = RouteDecision.of_question(needs)
        if image_data is None:
            return decision
        try:
            header = read_header(image_data)
            picture = pixels.decode(image_data, header, at_least=_LOOK)
            signals = measure(picture, glance=glancer_at_hand())
        except ImageError as error:
            return replace(decision, technique=Technique.PRESERVE, reason=f"{decision.reason}; {error}")
        seen = self.siglip.score(picture) if self.siglip is not None else None
        if self.siglip is not None and seen is None:
            decision = replace(decision, reason=f"{decision.reason} (without SigLIP, which is not at hand)")
        face = signals.face if seen is None else joined(signals.face, seen)
        look = _Look(needs, query, replace(signals, has_text=face.has_text), header.size)
        technique, because, confidence = look.override(decision)
        reason = f"{decision.reason}, {because}" if because else decision.reason
        return replace(decision, technique=technique, reason=reason, confidence=confidence, image_signals=face)


@dataclass(frozen=True, slots=True)
class _Look:
    """A question and the picture that it is asked about.

    Attributes:
        needs: What the question needs.
        query: Its words.
        signals: What the picture shows.
        size: Width and height of the upright file in pixels.
    """

    needs: Needs
    query: str
    signals: Signals
    size: tuple[int, int]

    def override(self, decision: RouteDecision) -> _Override:
        """The technique that the picture leaves of the question's, why, and how sure that is."""
        text = self.signals.has_text
        if self.needs.silent and text < _THRESHOLDS.text_free:
            return Technique.FULL_LOW, "and the picture bears no text", 1 - text
        if self.needs.silent:
            return Technique.PRESERVE, "and the picture may bear text", text
        kinds = kinds_of(self.signals)
        wanted = decision.technique if self.needs.risks is None else technique_of(self.needs, kind=kinds)
        sure = confidence_of(self.needs, wanted, kind=kinds)
        if wanted is Technique.CROP or (wanted is Technique.PRESERVE and may_crop(self.needs)):
            return self._cropped(sure if wanted is Technique.CROP else self.needs.region)
        if wanted is Technique.FULL_LOW:
            return self._low(sure)
        if wanted is Technique.TRANSCODE:
            return self._transcribed(sure)
        return wanted, "", sure

    def _low(self, sure: float) -> _Override:
        if least_scale(closed(self.needs, self.signals), self.signals, _THRESHOLDS).least == 0:
            return Technique.FULL_LOW, "", sure
        return Technique.PRESERVE, "but the picture bears text that a small copy would lose", self.signals.has_text

    def _transcribed(self, sure: float) -> _Override:
        signals = self.signals
        if signals.has_text < _THRESHOLDS.text_like:
            return Technique.PRESERVE, "but no text to transcribe was found in the picture", 1 - signals.has_text
        if signals.kind not in KINDS:
            kind = signals.kind.replace("_", " ")
            return Technique.PRESERVE, f"but the words of a {kind} do not stand for it", signals.kind_confidence
        return Technique.TRANSCODE, "", sure

    def _cropped(self, sure: float) -> _Override:
        region = region_of(self.needs.place or place_of(self.query) or "", self.size)
        if region is None:
            return Technique.PRESERVE, "but the region cannot be located", sure
        plan = crop_plan(self.size, region, em=self.signals.text_height, relations=asks_relations(self.query))
        if plan is None:
            return Technique.PRESERVE, "but the region is nearly all of the picture", sure
        return Technique.CROP, "", sure
