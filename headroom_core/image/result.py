"""What was decided for every image of a request, and what it saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headroom_core.image import notebook
from headroom_core.image.outcome import Attachment, Outcome
from headroom_core.image.technique import Technique

__all__ = ["Compressed", "CompressionResult"]


@dataclass(frozen=True, slots=True)
class CompressionResult:
    """What happened to the images of one request, in document order.

    With several images the single-valued properties speak of the image that saved most; `outcomes` holds every one.
    Without images they are `preserve`, confidence 1.0 and zero tokens.
    """

    outcomes: tuple[Outcome, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def leading(self) -> Outcome | None:
        """The outcome that saved most (the first of equals), or None without images."""
        return max(self.outcomes, key=lambda outcome: outcome.tokens_saved, default=None)

    @property
    def technique(self) -> Technique:
        """The technique of the leading outcome."""
        return self.leading.technique if self.leading else Technique.PRESERVE

    @property
    def confidence(self) -> float:
        """The confidence of the leading outcome, in [0, 1]."""
        return self.leading.confidence if self.leading else 1.0

    @property
    def reason(self) -> str:
        """The reason of the leading outcome."""
        return self.leading.reason if self.leading else "the request holds no image"

    @property
    def original_tokens(self) -> int:
        """Tokens of all images, of known size, as the caller sent them."""
        return _total(outcome.tokens_before for outcome in self.outcomes)

    @property
    def compressed_tokens(self) -> int:
        """Tokens of what is sent instead, attachments included."""
        sent = _total(outcome.tokens_after for outcome in self.outcomes)
        return sent + _total(attachment.tokens for attachment in self.attachments)

    @property
    def tokens_saved(self) -> int:
        """Tokens that the request no longer costs."""
        return self.original_tokens - self.compressed_tokens

    @property
    def tokens_sent_less(self) -> int:
        """Tokens that were really saved: those of the images that changed, less what was attached; 0 for a dry run."""
        saved = [outcome.tokens_saved for outcome in self.outcomes if outcome.changed]
        return sum(saved) - _total(attachment.tokens for attachment in self.attachments) if saved else 0

    @property
    def savings_percent(self) -> float:
        """Share of the image tokens that is saved, in percent; 0.0 without images."""
        return 100.0 * self.tokens_saved / self.original_tokens if self.original_tokens else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-like data, without any image bytes."""
        return {
            "original_tokens": self.original_tokens,
            "compressed_tokens": self.compressed_tokens,
            "tokens_saved": self.tokens_saved,
            "savings_percent": round(self.savings_percent, 2),
            "images": [outcome.as_dict() for outcome in self.outcomes],
            "attachments": [attachment.as_dict() for attachment in self.attachments],
        }

    def _repr_html_(self) -> str:
        """Return the result as a notebook shows it."""
        change = f"{self.original_tokens:,} → {self.compressed_tokens:,} image tokens"
        numbers = {outcome.place: number for number, outcome in enumerate(self.outcomes, 1)}
        return notebook.as_table(
            self.outcomes,
            total=f"{change}, {self._balance()}",
            notes=[one.words(f"image {numbers.get(one.image, '?')}") for one in self.attachments],
        )

    def _balance(self) -> str:
        if self.tokens_saved >= 0:
            return f"{self.savings_percent:.0f} % saved"
        return f"{-self.savings_percent:.0f} % more, for what later questions need again"


@dataclass(frozen=True, slots=True)
class Compressed:
    """A compressed request with the account of what was done.

    Attributes:
        messages: The request in the shape it came in. The very same object when nothing changed.
        result: One outcome per image.
    """

    messages: Any
    result: CompressionResult


def _total(tokens: Sequence[int | None] | Any) -> int:
    return sum(count or 0 for count in tokens)
