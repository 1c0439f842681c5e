"""One picture of a report: what the model saw before, and what it gets now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from headroom.report.shots import LONGEST, Fractions, Seen, Shot, Size, percent, within
from headroom_core.blocks import Picture
from headroom_core.errors import ImageError
from headroom_core.image import Attachment, Outcome
from headroom_core.image.sent import Form, SentPart, sent_parts
from headroom_core.tokens import VisionProfile

__all__ = ["LONGEST", "Again", "Card", "Shot", "Shown", "Sight", "make_card"]

_CARD_BYTES: Final = 96_000
"""The most bytes that the pictures of one card may have, so that two cards and their page stay under 300 kB."""
_FITS: Final = ((72, LONGEST), (55, LONGEST), (40, LONGEST), (25, LONGEST), (25, 540), (25, 400), (20, 300))
"""Quality and longest side of the copies, tried in turn until a card keeps to its bytes."""
_WHOLE: Final = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Sight:
    """At what size a model sees a picture.

    Attributes:
        size: Width and height in pixels.
        estimated: The provider does not publish it; this is what the tokens can hold.
    """

    size: Size
    estimated: bool = False

    @property
    def words(self) -> str:
        """The size for a person."""
        return f"{'about ' if self.estimated else ''}{self.size[0]} × {self.size[1]} px"


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of what the model gets.

    Attributes:
        part: What it is.
        sight: The size at which a picture is seen.
        shot: A copy of a picture; None for a text, and where it cannot be shown.
    """

    part: SentPart
    sight: Sight | None = None
    shot: Shot | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """A later question that the picture comes back with.

    Attributes:
        attachment: What it costs, and what the model is told.
        shot: A copy of the part that comes; None where all of it comes.
    """

    attachment: Attachment
    shot: Shot | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One picture of a report.

    Attributes:
        name: What the picture is called.
        question: What was asked about it.
        outcome: What was decided, without the bytes of the replacement.
        profile: The row that counted it.
        model: The model that it goes to, as its user names it; None when only the provider is known.
        saw: The size at which the model would have seen the caller's picture; None where nothing is known of it.
        sees: The size at which it sees the first picture that is sent.
        before: The picture as the model would have seen it, at most `LONGEST` px long; None if it cannot be shown.
        gets: What is sent, part by part; the one part of a picture that stays as it is has no copy of its own.
        frame: Left, top, width and height of the part that is sent, in percent of the picture; None for all of it.
        before_detail: The most detailed part of what is sent, pixel for pixel as the model would have seen it.
        after_detail: The same part, pixel for pixel as the model sees it.
        window: Left, top, width and height of that part, in percent of the picture.
        earlier: The name, and a small copy, of the picture that this one repeats.
        unseen: Why no picture is shown.
        attached: Where the picture comes again with a later question, at a cost of its own.
    """

    name: str
    question: str
    outcome: Outcome
    profile: VisionProfile
    model: str | None = None
    saw: Sight | None = None
    sees: Sight | None = None
    before: Shot | None = None
    gets: tuple[Shown, ...] = ()
    frame: Fractions | None = None
    before_detail: Shot | None = None
    after_detail: Shot | None = None
    window: Fractions | None = None
    earlier: tuple[str, Shot | None] | None = None
    unseen: str | None = None
    attached: tuple[Again, ...] = ()

    @property
    def tokens_sent(self) -> int:
        """Tokens of what is sent, attachments included; what has no known size counts as none."""
        return (self.outcome.tokens_after or 0) + sum(one.attachment.tokens or 0 for one in self.attached)

    @property
    def after(self) -> Shot | None:
        """The picture that is sent whole in another form, beside which nothing else is sent; None elsewhere."""
        (only, *more) = self.gets
        return only.shot if not more and only.part.form is Form.WHOLE and self.earlier is None else None

    @property
    def loses_detail(self) -> bool:
        """Whether the model sees the finest part of what is sent at another size than before."""
        if self.before_detail is None or self.after_detail is None:
            return False
        return self.before_detail.size != self.after_detail.size

    @property
    def widest(self) -> int:
        """The width in pixels of the widest picture that is sent, as seen."""
        return max((one.sight.size[0] for one in self.gets if one.sight), default=1)


def make_card(
    name: str,
    question: str,
    data: bytes | None,
    outcome: Outcome,
    profile: VisionProfile,
    *,
    model: str | None = None,
    pictures: bool = True,
    attached: tuple[Attachment, ...] = (),
    earlier: tuple[str, bytes | None] | None = None,
) -> Card:
    """Make the card of one picture. It keeps small copies, and neither `data` nor the bytes of the replacement.

    Args:
        name: What the picture is called.
        question: What was asked about it.
        data: The bytes of the caller's picture; None when they are not at hand.
        outcome: What was decided.
        profile: The row that counted it.
        model: The model that it goes to, as its user names it.
        pictures: Show the picture.
        attached: The attachments of the same request that are copies of this picture.
        earlier: The name and the bytes of the picture that this one repeats.
    """
    saw = _sight(outcome.seen_before, outcome.size_before, outcome.tokens_before, profile)
    bare = Card(
        name,
        question,
        replace(outcome, replacement=None),
        profile,
        model,
        saw,
        _sight(outcome.seen_after, outcome.size_after, outcome.tokens_after, profile),
        gets=tuple(Shown(part, _sight_of(part, outcome, profile)) for part in sent_parts(outcome)),
        earlier=None if earlier is None else (earlier[0], None),
        attached=tuple(Again(replace(one, picture=None)) for one in attached),
    )
    if not pictures:
        return replace(bare, unseen="Pictures are shown for the first ones only.")
    if data is None:
        return replace(bare, unseen="The picture is behind an address or a file id, which is never fetched.")
    try:
        return _Studio.of(bare, data, outcome, attached, earlier).within_budget()
    except ImageError as error:
        return replace(bare, unseen=f"It cannot be shown: {error}.")


def _sight(seen: Size | None, size: Size | None, tokens: int | None, profile: VisionProfile) -> Sight | None:
    if seen is not None:
        return Sight(seen)
    cell = profile.rule.cell
    if size is None or tokens is None or cell is None:
        return None
    # Each token stands for a square of the picture; that many squares, in its shape.
    factor = min(1.0, cell * sqrt(tokens / (size[0] * size[1])))
    return Sight((max(1, round(size[0] * factor)), max(1, round(size[1] * factor))), estimated=True)


def _sight_of(part: SentPart, outcome: Outcome, profile: VisionProfile) -> Sight | None:
    if part.size is None:
        return None
    if part.form is not Form.OVERVIEW and outcome.seen_after is not None:
        return Sight(outcome.seen_after)
    count = profile.count(*part.size, setting=None if part.form is Form.OVERVIEW else outcome.decision.setting)
    return _sight(count.seen, part.size, count.tokens, profile)


@dataclass(frozen=True, slots=True)
class _Studio:
    """The decoded pictures of a card, from which copies are made.

    Attributes:
        bare: The card without copies.
        before: The caller's picture.
        parts: The picture of each part that is sent; None for a text, and where the caller's own bytes are sent alone.
        earlier: The picture that this one repeats.
        attached: The part that comes with each later question; None where all of it comes.
        frame: The rectangle of the caller's picture that the first picture sent shows.
    """

    bare: Card
    before: Seen
    parts: tuple[Seen | None, ...]
    earlier: Seen | None
    attached: tuple[Seen | None, ...]
    frame: Fractions

    @classmethod
    def of(
        cls,
        bare: Card,
        data: bytes,
        outcome: Outcome,
        attached: tuple[Attachment, ...],
        earlier: tuple[str, bytes | None] | None,
    ) -> _Studio:
        made = outcome.replacement.parts if outcome.replacement else (None,) * len(bare.gets)
        parts = (
            Seen.of(part.data or data, one.sight.size if one.sight else None) if isinstance(part, Picture) else None
            for part, one in zip(made, bare.gets, strict=True)
        )
        return cls(
            bare,
            Seen.of(data, bare.saw.size if bare.saw else outcome.size_before),
            tuple(parts),
            None if earlier is None else _recognised(earlier[1]),
            tuple(_recognised(one.picture.data) if one.box and one.picture else None for one in attached),
            _frame(outcome),
        )

    def within_budget(self) -> Card:
        for quality, longest in _FITS:
            made = self._pictured(quality, longest)
            if sum(len(shot.data) for shot in _shots(made)) <= _CARD_BYTES:
                break
        return made

    def _pictured(self, quality: int, longest: int) -> Card:
        card, first = self.bare, next((part for part in self.parts if part is not None), None)
        inside = self.before.busiest() if first is None else first.busiest()
        window = within(inside, self.frame)
        shown = zip(card.gets, self.parts, strict=True)
        return replace(
            card,
            before=self.before.whole(quality, longest),
            gets=tuple(replace(one, shot=part.whole(quality, longest) if part else None) for one, part in shown),
            frame=None if self.frame == _WHOLE else percent(self.frame),
            before_detail=self.before.detail(window, quality),
            after_detail=first.detail(inside, quality) if first else None,
            window=percent(window),
            earlier=card.earlier and (card.earlier[0], self.earlier.thumbnail(quality) if self.earlier else None),
            attached=tuple(
                replace(one, shot=part.thumbnail(quality) if part else None)
                for one, part in zip(card.attached, self.attached, strict=True)
            ),
        )


def _recognised(data: bytes | None) -> Seen | None:
    """A picture that is shown small; None where it is not at hand or cannot be shown."""
    try:
        return Seen.of(data, None) if data else None
    except ImageError:
        return None


def _frame(outcome: Outcome) -> Fractions:
    box, size = outcome.decision.box, outcome.size_before
    if box is None or size is None:
        return _WHOLE
    return box[0] / size[0], box[1] / size[1], box[2] / size[0], box[3] / size[1]


def _shots(made: Card) -> Iterator[Shot]:
    earlier = made.earlier[1] if made.earlier else None
    parts = (*(one.shot for one in made.gets), *(one.shot for one in made.attached))
    yield from (shot for shot in (made.before, made.before_detail, made.after_detail, earlier, *parts) if shot)
