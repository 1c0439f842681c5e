"""Ask how one image and one question would be routed, without a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from headroom_core.blocks import Query
from headroom_core.errors import ImageError
from headroom_core.image import pixels
from headroom_core.image.header import read_header
from headroom_core.image.policy import THRESHOLDS, Policy
from headroom_core.image.router import Needs, RouteDecision, Router
from headroom_core.image.signals import ImageSignals, measure
from headroom_core.image.technique import Technique

__all__ = ["Probe"]

_LOOK: Final = (512, 512)
"""The size in pixels that a picture is decoded for when it is only looked at."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Reads a question with a router and a picture with the measured signals."""

    router: Router

    def classify(self, image_data: bytes | None = None, query: str = "") -> RouteDecision:
        """Return how the image and the question together would be routed.

        Args:
            image_data: The bytes of the image, or None to read the question alone.
            query: The question.

        Returns:
            The decision. A picture that bears text is not sent low for a question about the whole; a question that says
            nothing leaves it to the picture; what cannot be read is preserved.
        """
        needs = self.router.route(Query(text=query))
        decision = RouteDecision.of_question(needs)
        if image_data is None:
            return decision
        try:
            header = read_header(image_data)
            signals = measure(pixels.decode(image_data, header, at_least=_LOOK)).face
        except ImageError as error:
            return replace(decision, technique=Technique.PRESERVE, reason=f"{decision.reason}; {error}")
        return _fused(decision, needs, signals)


def _fused(decision: RouteDecision, needs: Needs, signals: ImageSignals) -> RouteDecision:
    thresholds = THRESHOLDS[Policy.BALANCED]
    bears_text = signals.has_text >= thresholds.text_like
    if needs.silent and signals.has_text < thresholds.text_free:
        reason = f"{decision.reason}, and the picture bears no text"
        return replace(decision, technique=Technique.FULL_LOW, reason=reason, image_signals=signals)
    if decision.technique is Technique.FULL_LOW and bears_text:
        reason = f"{decision.reason}, but the picture bears text that a small copy would lose"
        return replace(decision, technique=Technique.PRESERVE, reason=reason, image_signals=signals)
    return replace(decision, image_signals=signals)
