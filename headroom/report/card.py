"""One picture of a report: what the model saw before, and what it sees now."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from headroom_core.blocks import Picture, Text
from headroom_core.errors import ImageError
from headroom_core.image import Attachment, Outcome, pixels
from headroom_core.image.header import read_header
from headroom_core.tokens import VisionProfile

__all__ = ["LONGEST", "Card", "Shot", "Sight", "make_card"]

LONGEST: Final = 720
"""The longest side of a picture in a report, in pixels."""
_CARD_BYTES: Final = 96_000
"""The most bytes that the pictures of one card may have, so that two cards and their page stay under 300 kB."""
_QUALITIES: Final = (72, 55, 40, 25)
_WINDOW: Final = 0.2
"""The width of the detail, as a share of the picture's long side."""
_WINDOW_SHAPE: Final = 0.625
_LOOKS: Final = 6

Size = tuple[int, int]
Fractions = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to be shown.

    Attributes:
        data: The bytes of a WebP.
        size: Its width and height in pixels.
    """

    data: bytes
    size: Size

    @property
    def url(self) -> str:
        """The picture as a data URL."""
        return f"data:image/webp;base64,{base64.b64encode(self.data).decode()}"

    @property
    def ratio(self) -> float:
        """Its width over its height."""
        return round(self.size[0] / self.size[1], 4)


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
class Card:
    """One picture of a report.

    Attributes:
        name: What the picture is called.
        question: What was asked about it.
        outcome: What was decided, without the bytes of the replacement.
        profile: The row that counted it.
        model: The model that it goes to, as its user names it; None when only the provider is known.
        saw: The size at which the model would have seen the caller's picture; None where nothing is known of it.
        sees: The size at which it sees what is sent.
        before: The picture as the model would have seen it, at most `LONGEST` px long; None if it cannot be shown.
        after: What is sent, as the model sees it; None where the picture stays as it is.
        before_detail: The most detailed part, pixel for pixel as the model would have seen it.
        after_detail: The same part, pixel for pixel as the model sees it.
        window: Left, top, width and height of that part, in percent of the picture.
        texts: Words that are sent with the picture, or in its place.
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
    after: Shot | None = None
    before_detail: Shot | None = None
    after_detail: Shot | None = None
    window: Fractions | None = None
    texts: tuple[str, ...] = ()
    unseen: str | None = None
    attached: tuple[Attachment, ...] = ()

    @property
    def tokens_sent(self) -> int:
        """Tokens of what is sent, attachments included; what has no known size counts as none."""
        return (self.outcome.tokens_after or 0) + sum(one.tokens or 0 for one in self.attached)


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
    """
    parts = outcome.replacement.parts if outcome.replacement else ()
    texts = tuple(part.text for part in parts if isinstance(part, Text))
    saw = _sight(outcome.seen_before, outcome.size_before, outcome.tokens_before, profile)
    sees = _sight(outcome.seen_after, outcome.size_after, outcome.tokens_after, profile)
    again = tuple(replace(one, picture=None) for one in attached)
    small = replace(outcome, replacement=None)
    bare = Card(name, question, small, profile, model, saw, sees, texts=texts, attached=again)
    if not pictures:
        return replace(bare, unseen="Pictures are shown for the first ones only.")
    if data is None:
        return replace(bare, unseen="The picture is behind an address or a file id, which is never fetched.")
    sent = next((part.data for part in parts if isinstance(part, Picture) and part.data is not None), data)
    try:
        return _within_budget(bare, data, sent if parts else None)
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


def _within_budget(bare: Card, data: bytes, sent: bytes | None) -> Card:
    outcome = bare.outcome
    before = _Seen.of(data, bare.saw.size if bare.saw else outcome.size_before)
    after = _Seen.of(sent, bare.sees.size if bare.sees else outcome.size_after) if sent is not None else None
    window = before.busiest()
    for quality in _QUALITIES:
        made = replace(
            bare,
            before=before.whole(quality),
            before_detail=before.detail(window, quality),
            after=after.whole(quality) if after else None,
            after_detail=after.detail(window, quality) if after else None,
            window=_percent(window),
        )
        if sum(len(shot.data) for shot in _shots(made)) <= _CARD_BYTES:
            break
    return made


def _shots(made: Card) -> Iterator[Shot]:
    yield from (shot for shot in (made.before, made.after, made.before_detail, made.after_detail) if shot)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A decoded picture with the size at which a model sees it."""

    picture: pixels.Decoded
    size: Size

    @classmethod
    def of(cls, data: bytes, seen: Size | None) -> _Seen:
        header = read_header(data)
        size = seen or header.size
        return cls(pixels.decode(data, header, at_least=size), size)

    def whole(self, quality: int) -> Shot:
        size = _at_most(self.size, LONGEST)
        return Shot(pixels.preview(self.picture, size, quality=quality), size)

    def detail(self, window: Fractions, quality: int) -> Shot:
        box = _box(window, self.size)
        shot = pixels.preview(self.picture, self.size, box, quality=max(quality, 55))
        return Shot(shot, (box[2] - box[0], box[3] - box[1]))

    def busiest(self) -> Fractions:
        """The part with the most clear edges, where a loss would show first."""
        looks = list(_windows(self.size))
        return max(looks, key=lambda window: pixels.rows(self.picture, _box(window, self.picture.size)).edges)


def _windows(size: Size) -> Iterator[Fractions]:
    long = max(size)
    wide = min(1.0, _WINDOW * long / size[0])
    high = min(1.0, _WINDOW * _WINDOW_SHAPE * long / size[1])
    for row in range(_LOOKS):
        for column in range(_LOOKS):
            left, top = (1 - wide) * column / (_LOOKS - 1), (1 - high) * row / (_LOOKS - 1)
            yield left, top, left + wide, top + high


def _percent(window: Fractions) -> Fractions:
    left, top, right, bottom = (round(100 * side, 2) for side in window)
    return left, top, round(right - left, 2), round(bottom - top, 2)


def _at_most(size: Size, edge: int) -> Size:
    factor = min(1.0, edge / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _box(window: Fractions, size: Size) -> pixels.Box:
    left, top = int(window[0] * size[0]), int(window[1] * size[1])
    right, bottom = round(window[2] * size[0]), round(window[3] * size[1])
    return left, top, max(left + 1, min(right, size[0])), max(top + 1, min(bottom, size[1]))
