"""An image of known size, with all that its decision may depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headroom_core.blocks import ImageBlock, Picture, Replacement, Text
from headroom_core.image.header import Header
from headroom_core.image.memo import Memo
from headroom_core.image.outcome import Decision, Outcome
from headroom_core.image.policy import Policy, Thresholds
from headroom_core.image.target import Encoding, Target, View
from headroom_core.image.technique import Technique
from headroom_core.image.work import Desk, Made, Takes, Work

if TYPE_CHECKING:
    from headroom_core.image.pixels import Decoded
    from headroom_core.image.reading import Reader
    from headroom_core.image.signals import Signals

__all__ = ["Case", "Tools", "encoded_length", "kept"]

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tools:
    """What an engine looks at pictures with.

    Attributes:
        memo: Remembers the work on pixels by content; it saves time and never changes an answer.
        look: Measures a picture.
        reader: Reads the text of a picture: the reader at hand, or None. None in place of the function never reads.
        pre_resize: Send a kept picture at the size that the model sees, where that saves most of its bytes.
        desk: Where the decoded pictures of one request lie; None lays each picture on its own.
    """

    memo: Memo[Any]
    look: Callable[[Decoded], Signals] | None = None
    reader: Callable[[], Reader | None] | None = None
    pre_resize: bool = False
    desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An image of known size, with all that its decision may depend on.

    Attributes:
        block: Where it stands, and who asks about it.
        header: What its file says of itself.
        target: The models that it may reach.
        policy: What may be given up.
        thresholds: The numbers of the policy.
        before: What it costs and shows as the caller sent it.
        work: The work on its pixels.
        tools: What reads it.
    """

    block: ImageBlock
    header: Header
    target: Target
    policy: Policy
    thresholds: Thresholds
    before: View
    work: Work
    tools: Tools

    @classmethod
    def of(
        cls,
        block: ImageBlock,
        header: Header,
        target: Target,
        tools: Tools,
        *,
        policy: Policy,
        thresholds: Thresholds,
    ) -> Case:
        """Lay out the case of `block`."""
        before = target.view(Encoding(header.size, block.setting))
        takes = Takes(tuple(sorted(target.formats)), target.max_bytes)
        work = Work(block, header, takes, tools.memo, tools.look, tools.desk)
        return cls(block, header, target, policy, thresholds, before, work, tools)

    @property
    def seen(self) -> Size:
        """The size at which the model sees the picture, as far as that is known."""
        return self.before.count.seen or self.header.size

    def signals(self) -> Signals:
        """What the picture shows.

        Raises:
            ImageError: It cannot be looked at.
        """
        return self.work.signals(self.seen)

    def keep(self, decision: Decision) -> Outcome:
        """Return the outcome of a picture that stays as it is."""
        return self.outcome(decision, self.before, ())

    def picture(self, made: Made, setting: str | None) -> Picture:
        """Return a picture to be written: what was made, under a setting in the words of the block's place."""
        return Picture(made.data, made.media_type, self.target.written(setting, self.block))

    def outcome(
        self, decision: Decision, view: View, parts: tuple[Picture | Text, ...], *, tokens: int | None = None
    ) -> Outcome:
        """Return the outcome of a decision.

        Args:
            decision: What was decided.
            view: What the first picture that is sent costs and shows.
            parts: What goes in the image's place; empty where it stays.
            tokens: What all parts cost, where that is not the price of `view`.
        """
        before, sent = self.before.count, encoded_length(self.block) * 3 // 4
        made = [part.data for part in parts if isinstance(part, Picture) and part.data is not None]
        shows = any(isinstance(part, Picture) for part in parts) or not parts
        return Outcome(
            place=self.block.place,
            shape=self.block.shape,
            turn=self.block.turn,
            decision=decision,
            tokens_before=before.tokens,
            tokens_after=view.count.tokens if tokens is None else tokens,
            exactness=before.exactness,
            model=self.target.counting.name,
            size_before=self.header.size,
            size_after=view.encoding.size if shows else None,
            seen_before=before.seen,
            seen_after=view.count.seen if shows else None,
            bytes_before=sent,
            bytes_after=sum(map(len, made)) if made or not shows else sent,
            replacement=Replacement(parts) if parts else None,
        )


def kept(block: ImageBlock, target: Target, reason: str) -> Outcome:
    """Return the outcome of an image of unknown size that stays as it is."""
    decision = Decision(Technique.PRESERVE, reason)
    return Outcome(block.place, block.shape, block.turn, decision, model=target.counting.name)


def encoded_length(block: ImageBlock) -> int:
    """Length of the image in base64, which is what the providers' limits speak of."""
    payload = block.payload or ""
    return len(payload) if isinstance(payload, str) else -(-len(payload) // 3) * 4
