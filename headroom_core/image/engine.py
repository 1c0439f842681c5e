"""The flow of one request: find the images, decide on each, write back, report."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from headroom_core import formats
from headroom_core.blocks import ImageBlock, Picture
from headroom_core.image.again import Repeats
from headroom_core.image.case import Tools
from headroom_core.image.decide import decide, kept
from headroom_core.image.later import attached, attachments
from headroom_core.image.outcome import Attachment, Outcome
from headroom_core.image.policy import Policy
from headroom_core.image.repair import is_crowded
from headroom_core.image.result import Compressed, CompressionResult
from headroom_core.image.router import Router
from headroom_core.image.target import Target
from headroom_core.image.work import Desk

__all__ = ["IMAGES_PER_TURN", "Engine"]

_log = logging.getLogger("headroom")

IMAGES_PER_TURN: Final = 20
"""Different images of one turn that are looked at; the rest of that turn stay as they are. Counted by turn, not by
request, so that a longer conversation never changes what was decided for an earlier picture."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that decides, and nothing that changes.

    Attributes:
        router: Turns the words about an image into needs.
        tools: What pictures are looked at with.
    """

    router: Router
    tools: Tools

    def run(
        self, request: Any, target: Target, policy: Policy, *, dry_run: bool = False, attach: bool = True
    ) -> Compressed:
        """Compress the images of `request` for `target`.

        Images that were made small are attached whole to a later question that may need them, and images that repeat
        an earlier one become a note, unless `attach` is False.

        Returns:
            The new request with an account of each image; the very same request object if nothing changed.
        """
        if policy is Policy.OFF:
            return Compressed(request, CompressionResult())
        at_work = replace(self, tools=replace(self.tools, desk=Desk()))
        return at_work._run(request, target, policy, dry_run=dry_run, attach=attach)  # noqa: SLF001

    def _run(self, request: Any, target: Target, policy: Policy, *, dry_run: bool, attach: bool) -> Compressed:
        blocks = formats.find(request)
        outcomes = tuple(self._outcomes(blocks, target, policy, len(blocks), refer=attach))
        again = self._again(request, blocks, outcomes, target, policy) if attach else ()
        if is_crowded(target.counting, len(blocks) + len(again)) and not is_crowded(target.counting, len(blocks)):
            outcomes = tuple(self._outcomes(blocks, target, policy, len(blocks) + len(again), refer=attach))
        changes = {outcome.place: outcome.replacement for outcome in outcomes if outcome.replacement is not None}
        if dry_run or policy is Policy.OBSERVE or not changes:
            return Compressed(request, CompressionResult(outcomes, again))
        done = tuple(replace(outcome, changed=outcome.replacement is not None) for outcome in outcomes)
        return Compressed(formats.replace(attached(request, again), changes), CompressionResult(done, again))

    def outcome(self, block: ImageBlock, target: Target, policy: Policy, *, images: int = 1) -> Outcome:
        """Decide on one image, of `images` in the request; an image that makes the engine fail stays as it is."""
        try:
            return decide(block, target, policy, self.router, self.tools, images=images)
        except Exception:  # noqa: BLE001
            # The one edge that must not break a user's request: whatever went wrong, the image goes out as it came.
            _log.exception("an image could not be looked at and stays as it is")
            return kept(block, target, "an unexpected failure; see the log")

    def _again(
        self,
        request: Any,
        blocks: tuple[ImageBlock, ...],
        outcomes: tuple[Outcome, ...],
        target: Target,
        policy: Policy,
    ) -> tuple[Attachment, ...]:
        def decided(block: ImageBlock) -> Outcome:
            return self.outcome(block, target, policy, images=len(blocks))

        return self._fitting(blocks, attachments(request, blocks, outcomes, self.router, target, decided), target)

    def _fitting(
        self, blocks: tuple[ImageBlock, ...], again: tuple[Attachment, ...], target: Target
    ) -> tuple[Attachment, ...]:
        """Keep the latest attachments, as many as the provider takes images; repair those that it would refuse."""
        most = target.counting.limits.images
        first = 0 if most is None else max(0, len(again) + len(blocks) - most)
        images, by_place = len(blocks) + len(again[first:]), {block.place: block for block in blocks}
        return tuple(
            _repaired(one, self.outcome(by_place[one.image], target, Policy.SAFE, images=images))
            for one in again[first:]
        )

    def _outcomes(
        self, blocks: tuple[ImageBlock, ...], target: Target, policy: Policy, images: int, *, refer: bool
    ) -> Iterator[Outcome]:
        repeats = Repeats(target, policy, self.router, self.tools)
        for index, (block, outcome) in enumerate(zip(blocks, self._alone(blocks, target, policy, images), strict=True)):
            yield self._repeated(repeats, index, block, outcome) if refer else outcome

    def _repeated(self, repeats: Repeats, index: int, block: ImageBlock, outcome: Outcome) -> Outcome:
        try:
            return repeats.seen(index, block, outcome)
        except Exception:  # noqa: BLE001
            _log.exception("an image could not be compared with earlier ones and is sent for itself")
            return outcome

    def _alone(self, blocks: tuple[ImageBlock, ...], target: Target, policy: Policy, images: int) -> Iterator[Outcome]:
        in_turn: defaultdict[int, set[str | bytes | None]] = defaultdict(set)
        for block in blocks:
            different = in_turn[block.turn]
            different.add(block.payload or block.url)
            if len(different) <= IMAGES_PER_TURN:
                yield self.outcome(block, target, policy, images=images)
            else:
                yield _only_repaired(self.outcome(block, target, Policy.SAFE, images=images))


def _repaired(one: Attachment, whole: Outcome) -> Attachment:
    part = whole.replacement.parts[0] if whole.decision.repair and whole.replacement and one.box is None else None
    return replace(one, picture=part, tokens=whole.tokens_after) if isinstance(part, Picture) else one


def _only_repaired(outcome: Outcome) -> Outcome:
    if outcome.replacement is not None:
        return outcome
    reason = f"only the first {IMAGES_PER_TURN} different images of a turn are looked at"
    return replace(outcome, decision=replace(outcome.decision, reason=reason))
