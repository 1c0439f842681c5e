"""Images that repeat an earlier one of the conversation: a note in place of what the model has already seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from headroom_core.blocks import ImageBlock, Picture, Text
from headroom_core.errors import ImageError
from headroom_core.formats import note
from headroom_core.image.asked import asked
from headroom_core.image.case import Case
from headroom_core.image.decide import case_of, hands_off
from headroom_core.image.header import Format
from headroom_core.image.outcome import Decision, Outcome
from headroom_core.image.plan import worthwhile
from headroom_core.image.repeats import changed_note, equal_note, likeness, scrolled_note, with_surroundings
from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.target import Encoding, View
from headroom_core.image.technique import Technique

if TYPE_CHECKING:
    from headroom_core.image.case import Tools
    from headroom_core.image.policy import Policy
    from headroom_core.image.repeats import Likeness
    from headroom_core.image.router.needs import Router
    from headroom_core.image.target import Target

__all__ = ["CHANGES_IN_A_ROW", "Repeats"]

CHANGES_IN_A_ROW: Final = 3
"""After so many pictures that were sent as a change of the one before, the next comes whole."""


class _Shown(NamedTuple):
    """An earlier image of the request.

    Attributes:
        number: Its number among the images of the request, from 1.
        block: Where it stands.
        outcome: What was decided.
        changes: How many pictures in a row, this one included, were sent as a change of the one before.
    """

    number: int
    block: ImageBlock
    outcome: Outcome
    changes: int


class Repeats:
    """The images of one request so far, in order."""

    def __init__(self, target: Target, policy: Policy, router: Router, tools: Tools) -> None:
        """Begin a request to `target`."""
        self._target, self._policy, self._router, self._tools = target, policy, router, tools
        self._shown: list[_Shown] = []

    def seen(self, index: int, block: ImageBlock, outcome: Outcome) -> Outcome:
        """Return the outcome of the next image: as it is, or as a repeat of an earlier one where that is cheaper."""
        try:
            found = self._repeated(block, outcome)
        except ImageError:
            found = None
        changes = 0
        if found is not None:
            outcome, changes = found
        self._shown.append(_Shown(index + 1, block, outcome, changes))
        return outcome

    def _repeated(self, block: ImageBlock, outcome: Outcome) -> tuple[Outcome, int] | None:
        if block.payload is None or block.alone or outcome.decision.repair or not self._shown:
            return None
        case = case_of(block, self._target, self._policy, self._tools)
        if case is None or hands_off(case) is not None:
            return None
        twins = (one for one in self._shown if one.block.payload == block.payload and _is_plain(one.block))
        twin = next((one for one in twins if self._serves(one, block)), None)
        if twin is not None:
            case.signals()  # raises for what no decoder reads, which is left as it is
            return _equal(case, outcome, self._root(twin)), 0
        before = self._just_before(outcome)
        return self._changed(case, outcome, before) if before is not None and self._serves(before, block) else None

    def _just_before(self, outcome: Outcome) -> _Shown | None:
        """The image before, if it is of the same size, as a screen that changed a little is.

        An image further back is not looked at: what is sent for those between may itself refer to others.
        """
        pictures = (one for one in reversed(self._shown) if _is_picture(one.outcome))
        before = next(pictures, None)
        if before is None or outcome.size_before is None or before.outcome.size_before != outcome.size_before:
            return None
        return before if _is_plain(before.block) else None

    def _changed(self, case: Case, outcome: Outcome, before: _Shown) -> tuple[Outcome, int] | None:
        other = case_of(before.block, self._target, self._policy, self._tools)
        if other is None or Format.JPEG in (case.header.format, other.header.format) or other.header.left_alone:
            return None
        like = likeness(other.work.fingerprint(), case.work.fingerprint())
        if like is None:
            return None
        if like.relation == "equal":
            return _equal(case, outcome, self._root(before)), 0
        if not case.thresholds.lossy or before.changes >= CHANGES_IN_A_ROW:
            return None
        return _change(case, outcome, self._root(before), like), before.changes + 1

    def _root(self, one: _Shown) -> _Shown:
        """The image that shows what `one` shows: itself, unless it is a note that names another."""
        repeats = one.outcome.decision.same_as is not None and one.outcome.decision.box is None
        return next(it for it in self._shown if it.number - 1 == one.outcome.decision.same_as) if repeats else one

    def _serves(self, before: _Shown, block: ImageBlock) -> bool:
        serves = before.outcome.decision.serves
        if serves is None:
            return True
        question = asked(block.query, self._router)
        return not question.open and not _beyond(question.needs, serves)


def _is_picture(outcome: Outcome) -> bool:
    """Whether a picture still stands where the image stood: words in its place are no image to compare with."""
    parts = outcome.replacement.parts if outcome.replacement else ()
    return not parts or any(isinstance(part, Picture) for part in parts)


def _is_plain(block: ImageBlock) -> bool:
    """Whether it is known what the model sees of an image: under a setting of the caller's it may see less."""
    return not block.ours and block.setting is None


def _beyond(needs: Needs, serves: Sequence[Need]) -> tuple[Need, ...]:
    return tuple(need for need in Need if not needs.excluded(need) and need not in serves)


def _equal(case: Case, outcome: Outcome, before: _Shown) -> Outcome:
    words = note(equal_note(before.number))
    decision = Decision(
        Technique.PRESERVE,
        f"the same picture as image {before.number}, pixel by pixel",
        same_as=before.number - 1,
        serves=before.outcome.decision.serves,
    )
    price = case.target.text_price(words.text)
    return _cheaper(case, outcome, decision, case.before, price, (words,))


def _change(case: Case, outcome: Outcome, before: _Shown, like: Likeness) -> Outcome:
    if like.box is None:
        return outcome
    box, number = with_surroundings(like.box, case.header.size), before.number
    like = replace(like, box=box)
    if like.relation == "scrolled":
        words = note(scrolled_note(number, like, case.header.size))
    else:
        words = note(changed_note(number, box, case.header.size))
    view = case.target.view(Encoding((box[2] - box[0], box[3] - box[1])))
    price = tuple(a + b for a, b in zip(case.target.text_price(words.text), view.tokens, strict=True))
    decision = Decision(
        Technique.CROP,
        f"only a part differs from image {number}",
        size=view.encoding.size,
        box=box,
        same_as=before.number - 1,
        serves=before.outcome.decision.serves,
    )
    return _cheaper(case, outcome, decision, view, price, (words, box))


def _cheaper(
    case: Case,
    outcome: Outcome,
    decision: Decision,
    view: View,
    price: tuple[int, ...],
    parts: tuple[Text | tuple[int, int, int, int], ...],
) -> Outcome:
    """The repeat, if it is worth it beside what was decided for the image alone; a rectangle is cut out only then."""
    limits = case.thresholds
    dearer = outcome.tokens_after is not None and price[0] >= outcome.tokens_after
    if dearer or not worthwhile(case.before.tokens, price, limits.minimum_saving, limits.minimum_tokens):
        return outcome
    made: tuple[Picture | Text, ...] = tuple(
        part if isinstance(part, Text) else case.picture(case.work.part(part), None) for part in parts
    )
    return case.outcome(decision, view, made, tokens=price[0])
