"""What a request saved, in the words and the place in which LiteLLM's spend logs look for it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from headroom_core.image.result import CompressionResult

__all__ = ["ALREADY_SAVED", "SAVINGS", "Savings"]

_KEY: Final = "compression_savings"
_SOURCE: Final = "headroom"


@dataclass(frozen=True, slots=True)
class Savings:
    """Tokens of the images of one request that were changed, and of those that were attached again.

    Attributes:
        call_type: LiteLLM's name of the call for which the work was done.
        tokens_before: As the caller sent them.
        tokens_after: As they are sent on.
    """

    call_type: str
    tokens_before: int
    tokens_after: int

    @classmethod
    def of(cls, result: CompressionResult, call_type: str) -> Savings:
        """Add up what was changed."""
        before = sum(image.tokens_before or 0 for image in result.outcomes if image.changed)
        return cls(call_type, before, before - result.tokens_sent_less)

    def note_in(self, record: MutableMapping[str, Any]) -> None:
        """Write the savings into LiteLLM's record of a call, from which a row of the spend logs is made.

        LiteLLM reads `litellm_metadata` where a call has one, else `metadata`. The first belongs to LiteLLM and is
        shared with its proxy, so it is written to; the second may be the caller's own, so it is replaced. A note of an
        earlier attempt of the same call goes away.
        """
        params = record.setdefault("litellm_params", {})
        bucket = params.get("litellm_metadata")
        if not bucket:
            bucket = params["metadata"] = dict(params.get("metadata") or {})
        if self.tokens_after < self.tokens_before:
            bucket[_KEY] = self._as_note()
        elif isinstance(note := bucket.get(_KEY), dict) and note.get("source") == _SOURCE:
            del bucket[_KEY]

    def _as_note(self) -> dict[str, Any]:
        saved = self.tokens_before - self.tokens_after
        return {
            "tokens_before": self.tokens_before,
            "tokens_after": self.tokens_after,
            "tokens_saved": saved,
            "source": _SOURCE,
        }


SAVINGS: Final = "headroom_savings"
"""Where LiteLLM's record of a call keeps what was saved before it began. Its presence says that the work is done."""

ALREADY_SAVED: ContextVar[Savings | None] = ContextVar("headroom_already_saved", default=None)
"""What the wrapper around a synchronous call has saved for the call that runs inside it."""
