"""What a policy sends for a page: what it costs, and what the model sees of it after the provider's own resize."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING

from headroom.evals.offline.judges import Sought
from headroom.evals.offline.pages import Box, Page
from headroom.evals.offline.questions import Question, bare
from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode, resized
from headroom_core.tokens.search import same_shape

if TYPE_CHECKING:
    from PIL import Image

    from headroom_core.image.pixels import Decoded
    from headroom_core.tokens import VisionProfile

__all__ = ["Form", "Sight", "covered", "opened", "seen_size", "whole"]

Size = tuple[int, int]

INSIDE = 0.95
"""Share of an answer's box that must lie inside a part of the page for the part to show it."""


@dataclass(frozen=True)
class Sight:
    """One picture that is sent.

    Attributes:
        file: Its bytes.
        size: Width and height of these, in pixels.
        seen: Width and height at which the model sees it.
        box: The part of the page that it shows, in pixels of the page's picture.
    """

    file: bytes = field(repr=False)
    size: Size
    seen: Size
    box: Box

    @cached_property
    def image(self) -> Image.Image:
        """The picture as the model sees it."""
        return resized(opened(self.file), self.seen)

    def sought(self, question: Question) -> Sought | None:
        """The answer, where it stands in `image`; None if it is outside."""
        if covered(question.box, self.box) < INSIDE:
            return None
        across = self.seen[0] / (self.box[2] - self.box[0])
        down = self.seen[1] / (self.box[3] - self.box[1])
        left, top, right, bottom = question.box
        box = (
            round((left - self.box[0]) * across),
            round((top - self.box[1]) * down),
            round((right - self.box[0]) * across),
            round((bottom - self.box[1]) * down),
        )
        return Sought(question.answer, box, round(question.em * down, 2))


@dataclass(frozen=True)
class Form:
    """What is sent in the place of a page.

    Attributes:
        tokens: What it costs.
        sights: The pictures.
        text: What was transcribed, else None.
        because: Why, as the engine says it; empty for the fixed policies.
    """

    tokens: int
    sights: tuple[Sight, ...] = ()
    text: str | None = field(default=None, repr=False)
    because: str = ""

    def says(self, answer: str) -> bool:
        """Whether the transcribed text holds the answer."""
        return self.text is not None and any(bare(answer) in line for line in self._lines)

    @cached_property
    def _lines(self) -> list[str]:
        return [bare(line) for line in (self.text or "").splitlines()]


def covered(answer: Box, box: Box) -> float:
    """Share of an answer's box that lies inside a box."""
    width = min(answer[2], box[2]) - max(answer[0], box[0])
    height = min(answer[3], box[3]) - max(answer[1], box[1])
    area = (answer[2] - answer[0]) * (answer[3] - answer[1])
    return max(0, width) * max(0, height) / area if area else 0.0


def opened(file: bytes) -> Decoded:
    """Decode a picture at full size."""
    return decode(file, read_header(file))


def seen_size(profile: VisionProfile, size: Size, setting: str | None = None) -> Size:
    """The size at which a model sees a picture.

    Where the provider publishes a budget of tokens and not a size, it is the picture's shape in as many cells of the
    model's grid; a picture is never enlarged.
    """
    count = profile.count(*size, setting)
    if count.seen is not None:
        return count.seen
    if profile.rule.cell is None:
        return size
    ratio = max(size) / min(size)
    return same_shape(*size, min(max(size), int(profile.rule.cell * sqrt(count.tokens * ratio))))


def whole(page: Page) -> Box:
    """The box of the whole page."""
    return (0, 0, *page.size)
