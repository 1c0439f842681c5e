"""What was decided for one image, what it cost before and after, and what was attached again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from headroom_core.blocks import Picture, Place, Replacement, Shape
from headroom_core.image.router.needs import Need
from headroom_core.image.technique import Technique
from headroom_core.tokens import Exactness

__all__ = ["Attachment", "Decision", "Outcome"]

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one image, and why.

    Attributes:
        technique: The technique that the decision is reported as.
        reason: Why, in plain words, for a person.
        confidence: How sure the reading of the question is, in [0, 1]. Reported; it does not select.
        size: Width and height to send, in pixels, or None to send the pixels as they are.
        setting: The provider's own setting to write, or None.
        repair: The provider would refuse the request without this change.
        box: The part of the picture that is shown: left, top, right, bottom in pixels of the upright file; None shows
            all of it.
        overview: A small copy of the whole stands beside the part.
        same_as: Index of the earlier image of the request that this one repeats, whole or but for `box`, or None.
        serves: The needs that what is sent serves; None where nothing is lost. A later question that needs more gets
            the image again.
    """

    technique: Technique
    reason: str
    confidence: float = 1.0
    size: Size | None = None
    setting: str | None = None
    repair: bool = False
    box: tuple[int, int, int, int] | None = None
    overview: bool = False
    same_as: int | None = None
    serves: tuple[Need, ...] | None = None

    @property
    def keeps(self) -> bool:
        """Whether the image stays exactly as it is."""
        unmade = self.size is None and self.setting is None and self.box is None and self.same_as is None
        return unmade and self.serves is None and not self.repair


@dataclass(frozen=True, slots=True)
class Outcome:
    """One image of a request: where it stands, what was decided and what it costs before and after.

    Attributes:
        place: Path from the request to the image's block.
        shape: The wire shape of the block.
        turn: Index of the turn, from 0.
        decision: What was decided. Under a dry run: what would have been done.
        tokens_before: Tokens of the image as the caller sent it; None when its size is not known.
        tokens_after: Tokens of what goes in its place.
        exactness: How well the provider's rule behind these counts is known.
        model: Name of the row of data that priced the image.
        size_before: Width and height in pixels after EXIF rotation, or None when unknown.
        size_after: Width and height of the picture sent, or None when unknown.
        seen_before: Size at which the model would have seen the caller's image.
        seen_after: Size at which the model sees what is sent.
        bytes_before: Size of the image's bytes, or None when they are not in the request.
        bytes_after: Size of the bytes sent.
        changed: The request holds something else now. False under a dry run.
        replacement: What was put in the image's place, or None.
    """

    place: Place
    shape: Shape
    turn: int
    decision: Decision
    tokens_before: int | None = None
    tokens_after: int | None = None
    exactness: Exactness = Exactness.ASSUMED
    model: str = ""
    size_before: Size | None = None
    size_after: Size | None = None
    seen_before: Size | None = None
    seen_after: Size | None = None
    bytes_before: int | None = None
    bytes_after: int | None = None
    changed: bool = False
    replacement: Replacement | None = field(default=None, repr=False)

    @property
    def technique(self) -> Technique:
        """The technique of the decision."""
        return self.decision.technique

    @property
    def reason(self) -> str:
        """Why, in plain words."""
        return self.decision.reason

    @property
    def confidence(self) -> float:
        """How sure the reading of the question is, in [0, 1]."""
        return self.decision.confidence

    @property
    def tokens_saved(self) -> int:
        """Tokens that this image no longer costs."""
        return (self.tokens_before or 0) - (self.tokens_after or 0)

    @property
    def savings_percent(self) -> float:
        """Share of this image's tokens that is saved, in percent."""
        return 100.0 * self.tokens_saved / self.tokens_before if self.tokens_before else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-like data, without any image bytes."""
        return {
            "place": list(self.place),
            "shape": self.shape.value,
            "turn": self.turn,
            "technique": self.technique.value,
            "reason": self.reason,
            "confidence": round(self.confidence, 4),
            "setting": self.decision.setting,
            "repair": self.decision.repair,
            "box": self.decision.box,
            "overview": self.decision.overview,
            "same_as": self.decision.same_as,
            "serves": None if self.decision.serves is None else [need.value for need in self.decision.serves],
            "changed": self.changed,
            "tokens_before": self.tokens_before,
            "tokens_after": self.tokens_after,
            "tokens_saved": self.tokens_saved,
            "exactness": self.exactness.value,
            "model": self.model,
            "size_before": self.size_before,
            "size_after": self.size_after,
            "seen_before": self.seen_before,
            "seen_after": self.seen_after,
            "bytes_before": self.bytes_before,
            "bytes_after": self.bytes_after,
        }


@dataclass(frozen=True, slots=True)
class Attachment:
    """An image that was sent small, attached again to a later question that may need what the small form lost.

    Attributes:
        place: Path to the content of the message that it is attached to.
        image: Path to the image it is a copy of.
        turn: Index of the question's turn, from 0.
        note: What the model is told about it.
        tokens: What it costs, or None when the image's size is not known.
        picture: What the copy holds where it is a part, or the provider would refuse the image itself; else None.
        box: The part of the image that comes again: left, top, right, bottom in pixels of the upright file; None for
            all of it.
    """

    place: Place
    image: Place
    turn: int
    note: str
    tokens: int | None
    picture: Picture | None = None
    box: tuple[int, int, int, int] | None = None

    def words(self, image: str) -> str:
        """Say for a person that `image` comes again, how much of it, and what that costs."""
        cost = "of unknown size" if self.tokens is None else f"{self.tokens:,} tokens"
        return f"attached again: {image}, {self._extent()}, with the question in turn {self.turn + 1}, {cost}"

    def _extent(self) -> str:
        if self.box is None:
            return "whole"
        left, top, right, bottom = self.box
        return f"its part of {right - left}×{bottom - top} px"

    def as_dict(self) -> dict[str, Any]:
        """Return the attachment as JSON-like data."""
        return {
            "place": list(self.place),
            "image": list(self.image),
            "turn": self.turn,
            "note": self.note,
            "tokens": self.tokens,
            "box": self.box,
        }
