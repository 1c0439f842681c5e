"""A flat price per image: Nova 2 and Gemma 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from headroom_core.tokens.counts import Cost, Size
from headroom_core.tokens.rules import Options, Rule

__all__ = ["Flat"]


@dataclass(frozen=True, slots=True)
class Flat(Rule):
    """The same price for every image; `side` is the square that the model sees, if that is known.

    Amazon Nova 2 bills 230 tokens per image (docs.aws.amazon.com/nova/latest/nova2-userguide, read 2026-11-20).

    >>> Flat(tokens=230).cost(800, 400).tokens
    230
    """

    tokens: int
    side: int | None = None
    name: ClassVar[str] = "flat"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del width, height, setting, options
        seen: Size | None = None if self.side is None else (self.side, self.side)
        return Cost(self.tokens, seen)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price itself."""
        del low, high, setting, options
        return self.tokens

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price itself."""
        del low, high, setting, options
        return self.tokens
