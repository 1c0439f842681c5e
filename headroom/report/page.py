"""The page of a report, from its cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from headroom.report.card import Card, Sight
from headroom_core.errors import MissingExtra
from headroom_core.image import Technique
from headroom_core.tokens import Drift, VisionProfile, dollars

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["Occasion", "make_page"]

_REQUESTS = 1000
"""Dollars are given for this many requests: those for one are too small to read."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the report is about.

    Attributes:
        target: The model, or the provider, in words.
        policy: What might be given up.
        day: The day of the report.
        failed: What could not be read, and why.
        drift: What was billed beside what was estimated, where that was observed.
    """

    target: str
    policy: str
    day: date
    failed: tuple[tuple[str, str], ...] = ()
    drift: Drift | None = None


def make_page(cards: Sequence[Card], occasion: Occasion) -> str:
    """Return the page as HTML: inline style, inline pictures, no script, and no request to anywhere.

    Raises:
        MissingExtra: Jinja2 is not installed.
    """
    prices = {(one.profile, one.model): _Prices.of_model(one.profile, one.model) for one in cards}
    return _template().render(
        style=_text("page.css"),
        cards=[{"card": one, **_facts(one, prices[one.profile, one.model])} for one in cards],
        total=_total(cards, prices),
        occasion=occasion,
        drift=occasion.drift.report() if occasion.drift else (),
        profiles=dict.fromkeys(one.profile for one in cards),
        price_notes=dict.fromkeys(price.note for price in prices.values()),
        per=_REQUESTS,
    )


@dataclass(frozen=True, slots=True)
class _Prices:
    """Dollars for tokens, where a price is known.

    Attributes:
        each: Dollars for one token, or None.
        note: Where the price is from, or how to get one.
    """

    each: Decimal | None
    note: str

    @classmethod
    def of_model(cls, profile: VisionProfile, model: str | None) -> _Prices:
        name = model or profile.name
        try:
            price = dollars(name, 1_000_000, provider=profile.provider)
        except MissingExtra as missing:
            return cls(None, f"{missing}.")
        if price is None:
            return cls(None, f"The price list knows no model {name!r}.")
        note = f"List price of {price.model} at {price.provider} for input that is not cached, by {price.source}."
        return cls(price.dollars / 1_000_000, note)

    def of(self, tokens: int | None) -> Decimal | None:
        return None if self.each is None or tokens is None else self.each * tokens * _REQUESTS


def _total(cards: Sequence[Card], prices: dict[tuple[VisionProfile, str | None], _Prices]) -> dict[str, Any]:
    outcomes = [one.outcome for one in cards]
    priced = [(one, prices[one.profile, one.model]) for one in cards if one.outcome.tokens_before is not None]
    before = sum(outcome.tokens_before or 0 for outcome in outcomes)
    after = sum(one.tokens_sent for one in cards)
    return {
        "pictures": len(outcomes),
        "kept": sum(outcome.decision.keeps for outcome in outcomes),
        "before": before,
        "after": after,
        "saved": before - after,
        "headline": _headline(before, after, changed=any(not outcome.decision.keeps for outcome in outcomes)),
        "dollars_before": _sum(price.of(one.outcome.tokens_before) for one, price in priced),
        "dollars_after": _sum(price.of(one.tokens_sent) for one, price in priced),
    }


def _headline(before: int, after: int, *, changed: bool) -> str:
    if after < before:
        return f"{100 * (before - after) / before:.0f} % of the image tokens saved"
    if after > before:
        return f"{100 * (after - before) / before:.0f} % more image tokens, attached for later questions"
    return "As many image tokens as before" if changed else "Every picture stays as it is"


def _sum(amounts: Iterable[Decimal | None]) -> str | None:
    """The sum for a person; none as soon as one amount is unknown."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return _dollars(total)


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else f"${amount:,.2f}"


def _facts(card: Card, prices: _Prices) -> dict[str, Any]:
    outcome = card.outcome
    share = 100 * (outcome.tokens_after or 0) / outcome.tokens_before if outcome.tokens_before else 100.0
    amounts = (_dollars(prices.of(tokens)) for tokens in (outcome.tokens_before, outcome.tokens_after))
    rows = [
        ("Image tokens", _count(outcome.tokens_before), _count(outcome.tokens_after)),
        (f"Dollars for {_REQUESTS:,}", *amounts),
        ("Seen at", _seen(card.saw), _sizes(card, [_seen(one.sight) for one in card.gets])),
        ("Sent at", _size(outcome.size_before), _sizes(card, [_size(one.part.size) for one in card.gets])),
        ("Bytes", _bytes(outcome.bytes_before), _bytes(_length(card))),
    ]
    return {
        "verdict": _verdict(card),
        "share": round(max(share, 1.0), 1),
        "rows": [row for row in rows if row[1] is not None or row[2] is not None],
        "given_up": _given_up(card),
        "attached": [(one, f"{one.attachment.words(card.name)}.") for one in card.attached],
    }


def _sizes(card: Card, sizes: list[str | None]) -> str | None:
    """The sizes of the pictures that are sent, for a person; None where one is not known."""
    pictured = [size for one, size in zip(card.gets, sizes, strict=True) if not one.part.form.is_text]
    if not pictured:
        return "as text" if card.outcome.decision.same_as is None else f"in {_earlier(card)}"
    return None if None in pictured else " + ".join(size for size in pictured if size)


def _length(card: Card) -> int | None:
    texts = [one.part.text for one in card.gets if one.part.text is not None]
    return sum(len(text.encode()) for text in texts) + (card.outcome.bytes_after or 0) or None


def _verdict(card: Card) -> str:
    decision = card.outcome.decision
    if decision.keeps:
        return "left alone"
    if decision.repair:
        return "repaired"
    if decision.same_as is not None:
        return f"same as {_earlier(card)}" if decision.box is None else f"only what differs from {_earlier(card)}"
    if decision.technique is Technique.TRANSCODE:
        return "sent as text"
    if decision.box is None:
        return "made smaller"
    if decision.serves is None:
        return "margins cut off"
    return "cropped" if decision.technique is Technique.CROP else "margins cut off, made smaller"


def _given_up(card: Card) -> str:
    """Say what the model no longer sees."""
    decision = card.outcome.decision
    if decision.keeps:
        return "Nothing: the picture goes out as it came, byte for byte."
    if decision.same_as is not None:
        rest = "it" if decision.box is None else "the rest of it"
        lost = "Nothing" if decision.serves is None else f"No more than of {_earlier(card)}"
        return f"{lost}: the model has {rest} already, in {_earlier(card)}, equal in every pixel."
    if decision.technique is Technique.TRANSCODE:
        return "The picture itself: the model gets only what was read in it."
    words = _outside(card) if decision.box else _fewer_pixels(card)
    return f"{words} The provider's own setting “{decision.setting}” is written." if decision.setting else words


def _outside(card: Card) -> str:
    outcome, decision = card.outcome, card.outcome.decision
    if decision.box is None or outcome.size_before is None:
        return _fewer_pixels(card)
    left, top, right, bottom = decision.box
    share = 100 * (1 - (right - left) * (bottom - top) / (outcome.size_before[0] * outcome.size_before[1]))
    if decision.serves is None:
        return f"Blank margins, {share:.0f} % of the picture; every other pixel stays."
    if decision.technique is not Technique.CROP:
        return f"Blank margins, {share:.0f} % of the picture. {_fewer_pixels(card)}"
    rest = "comes small, in the overview" if decision.overview else "does not come"
    return f"What lies outside the part, {share:.0f} % of the picture, {rest}. Inside it every pixel stays."


def _fewer_pixels(card: Card) -> str:
    if card.saw is None or card.sees is None:
        return "How much less the model sees is not known."
    if card.saw.size == card.sees.size:
        return "No pixels: the model sees the picture at the same size."
    before, after = (sight.size[0] * sight.size[1] for sight in (card.saw, card.sees))
    estimate = ", by estimate" if card.saw.estimated or card.sees.estimated else ""
    share = f"{100 * after / before:.0f} %{estimate}"
    return f"Of {_mega(before)} pixels that the model would have seen it sees {_mega(after)} ({share})."


def _earlier(card: Card) -> str:
    return card.earlier[0] if card.earlier else f"image {(card.outcome.decision.same_as or 0) + 1}"


def _mega(pixels: int) -> str:
    return f"{pixels / 1e6:.2f} million"


def _seen(sight: Sight | None) -> str | None:
    return sight.words if sight else None


def _count(tokens: int | None) -> str | None:
    return None if tokens is None else f"{tokens:,}"


def _size(size: tuple[int, int] | None) -> str | None:
    return None if size is None else f"{size[0]} × {size[1]} px"


def _bytes(number: int | None) -> str | None:
    if number is None:
        return None
    return f"{number / 1000:,.0f} kB" if number >= 10_000 else f"{number / 1000:,.1f} kB"


@cache
def _template() -> Template:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as missing:
        raise MissingExtra("a report", "cli", package="jinja2") from missing
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("page.html"))


def _text(name: str) -> str:
    return files("headroom.report").joinpath(name).read_text(encoding="utf-8")
