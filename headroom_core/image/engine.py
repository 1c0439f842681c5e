"""The flow of one request: find the images, decide on each, write back, report."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from headroom_core import formats
from headroom_core.blocks import ImageBlock
from headroom_core.image.decide import decide, kept
from headroom_core.image.later import attached, attachments
from headroom_core.image.memo import Memo
from headroom_core.image.pixels import Decoded
from headroom_core.image.policy import Policy
from headroom_core.image.result import Compressed, CompressionResult, Outcome
from headroom_core.image.router import Router
from headroom_core.image.shrink import Shrunk, measured_text
from headroom_core.image.target import Target

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
        memo: Remembers the work on pixels by content; it saves time and never changes an answer.
        pre_resize: Send a kept picture at the size that the model sees, where that saves most of its bytes.
        has_text: Estimates whether a picture bears text.
    """

    router: Router
    memo: Memo[Shrunk]
    pre_resize: bool = False
    has_text: Callable[[Decoded], float] = measured_text

    def run(
        self, request: Any, target: Target, policy: Policy, *, dry_run: bool = False, attach: bool = True
    ) -> Compressed:
        """Compress the images of `request` for `target`.

        Images that were made small are attached whole to a later question that may need them, unless `attach` is False.

        Returns:
            The new request with an account of each image; the very same request object if nothing changed.
        """
        if policy is Policy.OFF:
            return Compressed(request, CompressionResult())
        blocks = formats.find(request)
        outcomes = tuple(self._outcomes(blocks, target, policy))
        changes = {outcome.place: outcome.replacement for outcome in outcomes if outcome.replacement is not None}
        again = attachments(request, blocks, outcomes, self.router) if attach else ()
        if dry_run or policy is Policy.OBSERVE or not changes:
            return Compressed(request, CompressionResult(outcomes, again))
        done = tuple(replace(outcome, changed=outcome.replacement is not None) for outcome in outcomes)
        return Compressed(formats.replace(attached(request, again), changes), CompressionResult(done, again))

    def outcome(self, block: ImageBlock, target: Target, policy: Policy, *, images: int = 1) -> Outcome:
        """Decide on one image, of `images` in the request; an image that makes the engine fail stays as it is."""
        try:
            return decide(
                block,
                target,
                policy,
                self.router,
                self.memo,
                images=images,
                pre_resize=self.pre_resize,
                has_text=self.has_text,
            )
        except Exception:  # noqa: BLE001
            # The one edge that must not break a user's request: whatever went wrong, the image goes out as it came.
            _log.exception("an image could not be looked at and stays as it is")
            return kept(block, target, "an unexpected failure; see the log")

    def _outcomes(self, blocks: tuple[ImageBlock, ...], target: Target, policy: Policy) -> Iterator[Outcome]:
        in_turn: defaultdict[int, set[str | bytes | None]] = defaultdict(set)
        for block in blocks:
            different = in_turn[block.turn]
            different.add(block.payload or block.url)
            if len(different) <= IMAGES_PER_TURN:
                yield self.outcome(block, target, policy, images=len(blocks))
            else:
                yield _only_repaired(self.outcome(block, target, Policy.SAFE, images=len(blocks)))


def _only_repaired(outcome: Outcome) -> Outcome:
    if outcome.replacement is not None:
        return outcome
    reason = f"only the first {IMAGES_PER_TURN} different images of a turn are looked at"
    return replace(outcome, decision=replace(outcome.decision, reason=reason))
