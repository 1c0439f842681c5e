"""What is needed later is attached later: an image that was sent small comes whole with the question that needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from headroom_core.blocks import ImageBlock, Picture, Place, Query
from headroom_core.formats import Addition, Question, attach, note, questions
from headroom_core.image.gates import unserved_by_low
from headroom_core.image.result import Attachment, Outcome
from headroom_core.image.router import Need, Needs, Router
from headroom_core.image.technique import Technique

__all__ = ["ATTACHED_PER_QUESTION", "attached", "attachments"]

ATTACHED_PER_QUESTION: Final = 4
"""Images that one question brings back at most, the latest first; a later question may bring back the others."""


def attachments(
    request: Any, blocks: Sequence[ImageBlock], outcomes: Sequence[Outcome], router: Router
) -> tuple[Attachment, ...]:
    """Decide which images a later question needs that an earlier decision made small.

    An image is attached once, at the first later question that may need more than the small form shows. A question that
    comes with images of its own is about those, unless it compares. Nothing depends on what follows the question.
    """
    own = {block.turn for block in blocks if not (block.from_model or block.query.from_tool or block.ours)}
    small = [index for index, outcome in enumerate(outcomes) if _gave_pixels_up(blocks[index], outcome)]
    made: list[Attachment] = []
    for question in questions(request) if small else ():
        earlier = [index for index in small if blocks[index].turn < question.turn]
        if not earlier or not _needs_more(router.route(Query(text=question.text)), alone=question.turn not in own):
            continue
        brought = earlier[-ATTACHED_PER_QUESTION:]
        made += (_attachment(index, blocks[index], outcomes[index], question) for index in brought)
        small = [index for index in small if index not in brought]
    return tuple(made)


def attached(request: Any, made: Sequence[Attachment]) -> Any:
    """Write the attachments into the request, which must be the one that they were decided for."""
    additions: defaultdict[Place, list[Addition]] = defaultdict(list)
    for one in made:
        additions[one.place].append(Addition(one.image, note(one.note), one.picture))
    return attach(request, additions)


def _needs_more(needs: Needs, *, alone: bool) -> bool:
    return bool(unserved_by_low(needs)) if alone else needs.present(Need.COMPARE)


def _gave_pixels_up(block: ImageBlock, outcome: Outcome) -> bool:
    if block.query.held_by_server or outcome.decision.repair or outcome.replacement is None:
        return False
    made_small = any(isinstance(part, Picture) for part in outcome.replacement.parts)
    return made_small and outcome.decision.technique is not Technique.PRESERVE


def _attachment(index: int, block: ImageBlock, outcome: Outcome, question: Question) -> Attachment:
    words = f"image {index + 1} of this conversation again, as it was sent; what stands there is a small copy"
    return Attachment(question.place, block.place, question.turn, words, outcome.tokens_before)
