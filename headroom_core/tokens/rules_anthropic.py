"""Anthropic: 28-px patches under an edge and a token ceiling.

Source: platform.claude.com/docs/en/build-with-claude/vision and .../vision-coordinates, copy of 2026-09-07.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from headroom_core.tokens.counts import Cost, Size
from headroom_core.tokens.rules import Options, Rule

__all__ = ["AnthropicPatches"]

_PATCH = 28
_MOST_SIDE = 8000


@dataclass(frozen=True, slots=True)
class AnthropicPatches(Rule):
    """28-px patches of the image, shrunk to the largest size within `edge` and `ceiling` tokens.

    The older text (width * height / 750, about 1.15 megapixels, about 1,600 tokens) no longer holds: against this rule
    it is 44 % too low to 4 % too high on usual sizes of the standard tier, and up to 68 % too low on the high one.
    The guide's table shrinks 2000 x 1500 to 1269 x 952, the reference code to 1270 x 952, at the same price; the code
    is followed. The tier of claude-mythos-preview is not stated: it is taken for the high one, as assumed.

    Published rows (platform.claude.com/docs/en/build-with-claude/vision, copy of 2026-09-07), standard tier first:

    >>> standard, high = AnthropicPatches(edge=1568, ceiling=1568), AnthropicPatches(edge=2576, ceiling=4784)
    >>> [standard.cost(*size).tokens for size in [(200, 200), (1000, 1000), (1092, 1092), (1920, 1080), (3840, 2160)]]
    [64, 1296, 1521, 1560, 1560]
    >>> [high.cost(*size).tokens for size in [(200, 200), (1920, 1080), (2000, 1500), (3840, 2160)]]
    [64, 2691, 3888, 4784]
    >>> standard.cost(1075, 1520)
    Cost(tokens=1551, seen=(924, 1307), rejected=None)
    """

    edge: int
    ceiling: int
    name: ClassVar[str] = "anthropic_patches"

    def _fits(self, long: int, short: int) -> bool:
        columns, rows = -(-long // _PATCH), -(-short // _PATCH)
        return columns * _PATCH <= self.edge and columns * rows <= self.ceiling

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image; a side over 8000 px is refused."""
        del setting, options
        rejected = None
        long, short = (width, height) if width >= height else (height, width)
        if long > _MOST_SIDE:
            rejected = f"{long} px on a side; Anthropic refuses more than {_MOST_SIDE} px"
        if not self._fits(long, short):
            long, short = self._shrunk(long, short)
        tokens = -(-long // _PATCH) * -(-short // _PATCH)
        return Cost(tokens, (long, short) if width >= height else (short, long), rejected)

    def _shrunk(self, long: int, short: int) -> tuple[int, int]:
        """The largest size of this shape that fits: bisection on the long side, the short one half to even."""
        aspect = long / short
        return self._widest(aspect, min(long, self.edge + 1))

    def _widest(self, aspect: float, too_long: int) -> tuple[int, int]:
        low, high = 1, too_long
        while high - low > 1:
            middle = (low + high) // 2
            if self._fits(middle, max(1, round(middle / aspect))):
                low = middle
            else:
                high = middle
        return low, max(1, round(low / aspect))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """A long side that fits grows with the aspect and a short side shrinks with it: both at their smallest."""
        del setting, options
        patches = -(-low[0] // _PATCH) * -(-low[1] // _PATCH)
        if self._fits(*high):
            return patches
        flattest, slimmest = max(1.0, low[0] / high[1]), high[0] / low[1]
        widest, _ = self._widest(flattest, self.edge + 1)
        shrunk = -(-widest // _PATCH) * -(-max(1, round(widest / slimmest)) // _PATCH)
        return min(patches, shrunk)

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price at full size: nothing is ever enlarged."""
        del low, setting, options
        return -(-high[0] // _PATCH) * -(-high[1] // _PATCH)
