"""What a question needs of a picture, as probabilities, in the terms that the decision uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from headroom_core.blocks import Query
from headroom_core.image.router.risks import RISKED, Kinds, Risks
from headroom_core.image.signals import ImageSignals
from headroom_core.image.technique import Technique

__all__ = ["EXCLUDED_BELOW", "PRESENT_FROM", "Need", "Needs", "RouteDecision", "Router"]

PRESENT_FROM: Final = 0.5
"""A need counts as present from this probability on."""
EXCLUDED_BELOW: Final = 0.1
"""A need counts as excluded only below this one. Between the two it is open, and its gate must pass as well."""


class Need(StrEnum):
    """The things that a question can need of a picture."""

    TEXT = "text"
    DIGITS = "digits"
    STRUCTURE = "structure"
    DETAIL = "detail"
    COUNT = "count"
    REGION = "region"
    GIST = "gist"
    COORDINATES = "coordinates"
    COMPARE = "compare"
    NONE = "none"


_WORDS: Final = {
    Need.TEXT: "words in the picture",
    Need.DIGITS: "exact strings",
    Need.STRUCTURE: "structure",
    Need.DETAIL: "fine detail",
    Need.COUNT: "a count",
    Need.REGION: "one region",
    Need.GIST: "the gist",
    Need.COORDINATES: "coordinates",
    Need.COMPARE: "a comparison",
    Need.NONE: "nothing of the picture",
}
_NAMES: Final = tuple(need.value for need in Need)
_LIGHT: Final = frozenset({Need.GIST, Need.NONE})
_DEMANDING: Final = tuple(need for need in Need if need not in _LIGHT)
_UNSERVED: Final = {
    Technique.FULL_LOW: (Need.COUNT, Need.COORDINATES),
    Technique.TRANSCODE: (Need.DETAIL, Need.COUNT, Need.COORDINATES, Need.COMPARE),
    Technique.CROP: (Need.COORDINATES, Need.COMPARE),
}
"""Needs that a technique does not serve, whatever the risks say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The probability in [0, 1] of each need, and what else the question says. The default leaves everything open.

    Attributes:
        text: Words in the picture must be read.
        digits: Exact strings: numbers, codes, identifiers, prices, dates.
        structure: Tables, forms, charts, diagrams, layout.
        detail: Fine detail: inspection, small objects, species, expressions, authenticity.
        count: How many.
        region: One part of the picture.
        gist: The whole at a glance: scene, mood, style, category, main colours.
        coordinates: Positions in pixels, or the next click.
        compare: Differences or likeness between pictures.
        none: The question is no longer about the picture.
        place: The words that name the region, when the question names one.
        language: Language tag of the words that decided, e.g. `pt`; None when unknown.
        silent: The words say nothing about what is wanted (empty, "have a look"), so that the picture may decide.
        risks: What a trained router expects of each technique; None where needs alone decide.
    """

    text: float = 0.3
    digits: float = 0.3
    structure: float = 0.3
    detail: float = 0.3
    count: float = 0.3
    region: float = 0.3
    gist: float = 0.3
    coordinates: float = 0.3
    compare: float = 0.3
    none: float = 0.1
    place: str | None = None
    language: str | None = None
    silent: bool = False
    risks: Risks | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a probability outside [0, 1]."""
        for name in _NAMES:
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be a probability from 0 to 1, not {getattr(self, name)!r}")

    def probability(self, need: Need) -> float:
        """The probability of one need."""
        value: float = getattr(self, need.value)
        return value

    def present(self, need: Need) -> bool:
        """Whether the question needs this (probability >= `PRESENT_FROM`)."""
        return self.probability(need) >= PRESENT_FROM

    def excluded(self, need: Need) -> bool:
        """Whether the question surely does not need this (probability < `EXCLUDED_BELOW`)."""
        return self.probability(need) < EXCLUDED_BELOW

    def words(self) -> str:
        """The present needs in plain words, e.g. `gist only` or `exact strings, structure`."""
        present = [need for need in Need if self.present(need)]
        if not present:
            return "nothing named" if self.silent else "nothing excluded"
        if present == [Need.GIST] and self._nothing_demanding():
            return "gist only"
        return ", ".join(_WORDS[need] for need in present)

    @property
    def technique(self) -> Technique:
        """What the question alone would allow; preserve wherever a need stays open.

        By the risks where they are known, else by exclusion.
        """
        return self.by_exclusion if self.risks is None else self.least_risky(None)

    def least_risky(self, kind: Kinds) -> Technique:
        """The technique that the risks favour for a picture of these kinds; preserve without risks.

        A question that is no longer about the picture takes the small copy, whatever words it mentions.
        """
        if self.present(Need.NONE) and self.gain(Technique.FULL_LOW, kind) > 0.0:
            return Technique.FULL_LOW
        best = max(RISKED, key=lambda technique: self.gain(technique, kind))
        return best if self.gain(best, kind) > 0.0 else Technique.PRESERVE

    def gain(self, technique: Technique, kind: Kinds) -> float:
        """The share of tokens that a technique is expected to save, less its risk; 0 or less where it is not allowed.

        Nothing without risks, for a question that says nothing, and where a need is present that the technique cannot
        serve, whatever the risks say.
        """
        if self.risks is None or self.silent or any(self.present(need) for need in _UNSERVED.get(technique, ())):
            return 0.0
        return self.risks.gain(technique, kind)

    @property
    def by_exclusion(self) -> Technique:
        """What the needs allow where every other one is excluded."""
        if self._nothing_demanding() and (self.present(Need.GIST) or self.present(Need.NONE)):
            return Technique.FULL_LOW
        if self._reading_only():
            return Technique.TRANSCODE
        if self._one_place_only():
            return Technique.CROP
        return Technique.PRESERVE

    @property
    def confidence(self) -> float:
        """How sure the question makes `technique`, in [0, 1]; for preserve, how sure it is that less would not do."""
        if self.risks is not None:
            return self.risks.fitness(self.technique)
        light = max(self.gist, self.none)
        demanding = max(self.probability(need) for need in _DEMANDING)
        match self.technique:
            case Technique.FULL_LOW:
                return min(light, 1.0 - demanding)
            case Technique.TRANSCODE:
                return max(self.text, self.digits)
            case Technique.CROP:
                return self.region
            case Technique.PRESERVE:
                return max(demanding, 1.0 - light)

    def _nothing_demanding(self) -> bool:
        return all(self.excluded(need) for need in _DEMANDING)

    def _reading_only(self) -> bool:
        others = (Need.STRUCTURE, Need.DETAIL, Need.COUNT, Need.GIST, Need.REGION, Need.COORDINATES, Need.COMPARE)
        reads = self.present(Need.TEXT) or self.present(Need.DIGITS)
        return reads and all(self.excluded(need) for need in others)

    def _one_place_only(self) -> bool:
        whole = (Need.COUNT, Need.GIST, Need.COORDINATES, Need.COMPARE)
        return self.present(Need.REGION) and self.place is not None and all(self.excluded(need) for need in whole)


class Router(Protocol):
    """Whatever turns the words about an image into needs. Pure: the same query always gives the same needs."""

    def route(self, query: Query) -> Needs:
        """What the question needs. Never raises for any text."""
        ...


@dataclass(frozen=True, slots=True)
class RouteDecision:
    """How one image was routed, for reports.

    Attributes:
        technique: What was chosen for the picture and the question together.
        confidence: How sure that choice is, in [0, 1].
        reason: Why, in plain words that name the needs.
        query_prediction: What the question alone would allow.
        query_confidence: How sure the question makes that, in [0, 1].
        image_signals: What the picture added, or None when it was not measured.
    """

    technique: Technique
    confidence: float
    reason: str
    query_prediction: Technique
    query_confidence: float
    image_signals: ImageSignals | None = None

    @classmethod
    def of_question(cls, needs: Needs) -> RouteDecision:
        """The decision that the question alone would make."""
        technique, confidence = needs.technique, needs.confidence
        reason = f"the question needs {needs.words()}" if _names_something(needs) else f"the question: {needs.words()}"
        return cls(technique, confidence, reason, technique, confidence)


def _names_something(needs: Needs) -> bool:
    return any(needs.present(need) for need in Need)
