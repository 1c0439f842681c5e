"""What is needed later is attached later: an image that was sent small comes whole with the question that needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from headroom_core.blocks import ImageBlock, Picture, Place, Query
from headroom_core.formats import Addition, Question, attach, note, questions
from headroom_core.image.gates import unserved_by_low
from headroom_core.image.outcome import Attachment, Outcome
from headroom_core.image.router.derive import allows
from headroom_core.image.router.needs import Need, Needs, Router
from headroom_core.image.target import Encoding, Target
from headroom_core.image.technique import Technique

__all__ = ["ATTACHED_PER_QUESTION", "attached", "attachments"]

ATTACHED_PER_QUESTION: Final = 4
"""Images that one question brings back at most, the latest first; a later question may bring back the others."""


def attachments(
    request: Any,
    blocks: Sequence[ImageBlock],
    outcomes: Sequence[Outcome],
    router: Router,
    target: Target,
    decided: Callable[[ImageBlock], Outcome],
) -> tuple[Attachment, ...]:
    """Decide which images a later question needs that an earlier decision made small.

    An image is attached at the first later question that may need more than the small form shows: whole, or the part
    that is asked about. After a part, it may come whole once more. A question that comes with images of its own is
    about those, unless it compares. Nothing depends on what follows the question.

    Args:
        request: The request.
        blocks: Its images.
        outcomes: What was decided for each.
        router: Turns the words of a question into needs.
        target: The models that the request may reach.
        decided: Decides on an image again, for another question.
    """
    own = {block.turn for block in blocks if not (block.from_model or block.query.from_tool or block.ours)}
    small = [index for index, outcome in enumerate(outcomes) if _gave_pixels_up(blocks[index], outcome)]
    made: list[Attachment] = []
    for question in questions(request) if small else ():
        needs = router.route(Query(text=question.text))
        alone = question.turn not in own
        brought = [
            index
            for index in small
            if blocks[index].turn < question.turn and _needs_more(needs, outcomes[index].decision.serves, alone=alone)
        ][-ATTACHED_PER_QUESTION:]
        for index in brought:
            one = _part_again(index, blocks[index], question, target, decided) or _attachment(
                index, blocks[index], outcomes[index], question
            )
            in_part = any(other.image == one.image for other in made)
            made.append(one if not in_part else _attachment(index, blocks[index], outcomes[index], question))
            if made[-1].picture is None:
                small.remove(index)
    return tuple(made)


def attached(request: Any, made: Sequence[Attachment]) -> Any:
    """Write the attachments into the request, which must be the one that they were decided for."""
    additions: defaultdict[Place, list[Addition]] = defaultdict(list)
    for one in made:
        additions[one.place].append(Addition(one.image, note(one.note), one.picture))
    return attach(request, additions)


def _needs_more(needs: Needs, serves: Sequence[Need] | None, *, alone: bool) -> bool:
    if not alone:
        return needs.present(Need.COMPARE)
    if allows(needs, Technique.FULL_LOW):
        return False
    return any(need not in (serves or ()) for need in unserved_by_low(needs))


def _gave_pixels_up(block: ImageBlock, outcome: Outcome) -> bool:
    decision = outcome.decision
    if block.query.held_by_server or decision.repair or outcome.replacement is None:
        return False
    names_another = decision.same_as is not None and decision.box is None
    return decision.serves is not None and not names_another


def _attachment(index: int, block: ImageBlock, outcome: Outcome, question: Question) -> Attachment:
    words = f"image {index + 1} of this conversation again, as it was sent; what stands there shows less of it"
    return Attachment(question.place, block.place, question.turn, words, outcome.tokens_before)


def _part_again(
    index: int, block: ImageBlock, question: Question, target: Target, decided: Callable[[ImageBlock], Outcome]
) -> Attachment | None:
    """The part of an image that a later question asks about, where that can be found."""
    if block.payload is None:
        return None
    outcome = decided(replace(block, query=Query(text=question.text)))
    box, parts = outcome.decision.box, outcome.replacement.parts if outcome.replacement else ()
    picture = next((part for part in parts if isinstance(part, Picture)), None)
    if outcome.technique is not Technique.CROP or outcome.decision.serves is None or picture is None or box is None:
        return None
    left, top, right, bottom = box
    words = (
        f"a part of image {index + 1} of this conversation again, at full size: left {left}, top {top}, "
        f"width {right - left}, height {bottom - top} px"
    )
    shown = target.view(Encoding((right - left, bottom - top))).count.tokens
    price = shown + target.text_price(note(words).text)[0]
    return Attachment(question.place, block.place, question.turn, words, price, picture, box)
