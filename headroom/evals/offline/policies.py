"""The policies that are compared: fixed sizes, legibility at the true text height, transcription, the engine's rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from headroom.evals.offline.forms import Form, Sight, opened, seen_size, whole
from headroom.evals.offline.keeping import KeptReader
from headroom.evals.offline.pages import Page, heights, picture_of
from headroom.evals.offline.questions import Question
from headroom_core.blocks import Picture, Query, Text
from headroom_core.image import ImageCompressor
from headroom_core.image.header import read_header
from headroom_core.image.pixels import render
from headroom_core.image.reading import Transcript, transcribe
from headroom_core.image.signals import measure
from headroom_core.tokens import VisionProfile, resolve, text_tokens
from headroom_core.tokens.search import same_shape

__all__ = ["FIXED_EDGES", "MODELS", "POLICIES", "Desk"]

Size = tuple[int, int]

MODELS: Final = ("gpt-4o", "claude-sonnet-4-5", "gpt-5.4", "claude-opus-5-5", "gemini-3.8-flash")
"""One model of each way to bill: tiles, patches with a small and with a large cap, OpenAI's patches, Google's grid."""
FIXED_EDGES: Final = (512, 768, 1024)
POLICIES: Final = ("original", "low", *(f"fixed {edge}" for edge in FIXED_EDGES), "legible", "transcribe", "rule")
LEGIBLE_EM: Final = 12.0
_HEADING: Final = "[OCR from image"
_TAKES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_STEP: Final = 32


@dataclass(frozen=True)
class Desk:
    """A page on its way to one model.

    Attributes:
        page: The page.
        model: Name of the model.
        compressor: The engine, with a router that knows what the questions need.
        reader: What transcribes, or None.
    """

    page: Page
    model: str
    compressor: ImageCompressor
    reader: KeptReader | None = None

    def form(self, policy: str, question: Question) -> Form | None:
        """What a policy sends for a question; None where it has nothing to send."""
        if policy.startswith("fixed"):
            return self.resized(int(policy.split()[1]))
        if policy == "legible":
            return self.legible
        if policy == "transcribe":
            return self.transcript(digits=question.digits)
        if policy == "rule":
            return self.ruled(question)
        return self.original if policy == "original" else self.low

    @cached_property
    def original(self) -> Form:
        """The page as it is."""
        return self._framed(self.page.size)

    @cached_property
    def low(self) -> Form:
        """The cheapest of the provider's `low` and 512 px: what a rule does that takes every question for a gist."""
        forms = [self.resized(512)]
        if "low" in self._profile.settings:
            forms.append(self._framed(self.page.size, "low"))
        return min(forms, key=lambda form: form.tokens)

    def resized(self, edge: int) -> Form:
        """The page with its long edge at most `edge` pixels."""
        return self._framed(same_shape(*self.page.size, min(edge, max(self.page.size))))

    def settings(self) -> Iterator[Form]:
        """The page as it is under every setting of the provider, among which the oracle may choose."""
        for setting in self._profile.settings:
            yield self._framed(self.page.size, setting)

    @cached_property
    def legible(self) -> Form:
        """The cheapest whole page on which nine of ten characters, by their true height, are seen `LEGIBLE_EM` high."""
        least = LEGIBLE_EM / heights(self.page.words, 0.10) * max(self.page.size)
        serving = [way for way in self._ways() if max(seen_size(self._profile, way[0], way[1])) >= least]
        best = min(serving, key=self._price, default=None)
        return self.original if best is None else self._framed(*best)

    def transcript(self, *, digits: bool) -> Form | None:
        """The engine's transcription, whatever it costs; None where it refuses or no reader is installed."""
        if self.reader is None:
            return None
        text = _written(self.page.folder, self.page.name, self.reader, digits=digits)
        if text is None:
            return None
        tokens = text_tokens(self.model, text, provider=self._profile.provider).tokens
        return Form(tokens, text=text)

    def ruled(self, question: Question) -> Form:
        """What the engine sends, told what the question truly needs."""
        query = Query(text=question.text)
        outcome = self.compressor.outcome_of(self.page.picture, query, model=self.model)
        parts = outcome.replacement.parts if outcome.replacement else (Picture(),)
        boxes = [outcome.decision.box or whole(self.page), whole(self.page)]
        pictures = [part for part in parts if isinstance(part, Picture)]
        sights = tuple(self._sight(part, box) for part, box in zip(pictures, boxes, strict=False))
        said = [part.text for part in parts if isinstance(part, Text) and _HEADING in part.text]
        reason = f"{outcome.technique.value}: {outcome.reason}"
        return Form(outcome.tokens_after or 0, sights, "\n".join(said) or None, reason)

    @cached_property
    def _profile(self) -> VisionProfile:
        return resolve(self.model)

    def _ways(self) -> Iterator[tuple[Size, str | None]]:
        for setting in (None, *self._profile.settings):
            yield self.page.size, setting
            for edge in range(max(self.page.size) // _STEP * _STEP, 256, -_STEP):
                yield same_shape(*self.page.size, edge), setting

    def _price(self, way: tuple[Size, str | None]) -> tuple[int, int]:
        """Tokens; of equal prices the one that shows more comes first."""
        (width, height), setting = way
        return self._profile.count(width, height, setting).tokens, -max(width, height)

    def _framed(self, size: Size, setting: str | None = None) -> Form:
        file = self.page.picture if size == self.page.size else _rendered(self.page.folder, self.page.name, size)
        sight = Sight(file, size, seen_size(self._profile, size, setting), whole(self.page))
        return Form(self._profile.count(*size, setting).tokens, (sight,))

    def _sight(self, part: Picture, box: tuple[int, int, int, int]) -> Sight:
        file = part.data or self.page.picture
        size = read_header(file).size
        return Sight(file, size, seen_size(self._profile, size, part.setting), box)


@lru_cache(maxsize=64)
def _rendered(folder: Path, name: str, size: Size) -> bytes:
    return render(opened(picture_of(folder, name)), size, takes=_TAKES)[0]


@lru_cache(maxsize=16)
def _written(folder: Path, name: str, reader: KeptReader, *, digits: bool) -> str | None:
    picture = opened(picture_of(folder, name))
    found = transcribe(picture, measure(picture), reader, digits=digits, structure=False)
    return found.text if isinstance(found, Transcript) else None
