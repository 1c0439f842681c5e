"""OpenAI: 512-px tiles and 32-px patches.

Source: developers.openai.com/api/docs/guides/images-vision, read 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import ClassVar

from headroom_core.tokens.counts import Cost, Size
from headroom_core.tokens.rules import Options, Rule, fit_round

__all__ = ["GPTImage", "OpenAIPatches", "OpenAITiles"]

_PATCH = 32
_MOST_PATCHES = 30_000


@dataclass(frozen=True, slots=True)
class OpenAITiles(Rule):
    """A base price and a price per 512-px tile of the image fitted into 2048 x 2048 with a short side of 768.

    Older text ("scale such that the shortest side is 768") was read by some as also enlarging. The guide of 2026 says
    that nothing is enlarged, and 128 x 64 is billed as one tile; so nothing is enlarged here.

    Published examples (platform.openai.com/docs/guides/vision#calculating-costs, text of 2025):

    >>> OpenAITiles(base=85, tile=170).cost(1024, 1024, "high")
    Cost(tokens=765, seen=(768, 768), rejected=None)
    >>> OpenAITiles(base=85, tile=170).cost(2048, 4096, "high")
    Cost(tokens=1105, seen=(768, 1536), rejected=None)
    >>> OpenAITiles(base=85, tile=170).cost(4096, 8192, "low").tokens
    85
    """

    base: int
    tile: int
    short_side: int = 768
    name: ClassVar[str] = "openai_tiles"

    @property
    def settings(self) -> tuple[str, ...]:
        """`low` and `high`; `auto` counts as `high`."""
        return ("low", "high")

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del options
        if setting == "low":
            return Cost(self.base, fit_round(width, height, 512))
        seen = _tile_view(width, height, self.short_side)
        return Cost(self.base + self.tile * _cells(seen, 512), seen)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The two fits in interval arithmetic: every step grows with each side, or shrinks with the other."""
        del options
        if setting == "low":
            return self.base
        long, short = min(low[0], 2048), max(1, low[1] * min(2048, high[0]) // high[0])
        if high[1] > self.short_side:
            long = min(long, long * self.short_side // high[1])
        return self.base + self.tile * _cells((max(1, long), min(short, self.short_side)), 512)

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price at full size: nothing is ever enlarged."""
        del low, setting, options
        return self.base + self.tile * _cells(high, 512)


@dataclass(frozen=True, slots=True)
class GPTImage(Rule):
    """Image input of gpt-image-1: tiles with a short side of 512, and a surcharge for high input fidelity."""

    base: int = 65
    tile: int = 129
    square_extra: int = 4160
    other_extra: int = 6240
    name: ClassVar[str] = "gpt_image"
    options: ClassVar[tuple[str, ...]] = ("input_fidelity",)
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"input_fidelity": ("low", "high")}

    @property
    def settings(self) -> tuple[str, ...]:
        """`low` and `high` as for the other tile models; `auto` counts as `high`."""
        return ("low", "high")

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image; the option `input_fidelity` is `low` (default) or `high`."""
        seen = fit_round(width, height, 512) if setting == "low" else _tile_view(width, height, 512)
        tokens = self.base + (0 if setting == "low" else self.tile * _cells(seen, 512))
        if options and options.get("input_fidelity") == "high":
            tokens += self.square_extra if width == height else self.other_extra
        return Cost(tokens, seen)


@dataclass(frozen=True, slots=True)
class OpenAIPatches(Rule):
    """32-px patches, with an edge and a patch budget per detail level and a multiplier per model.

    Attributes:
        percent: The multiplier in hundredths, so that no float rounds a price up.
        levels: For each detail level its name, the longest edge and the patch budget (None: no budget).
        default: The level that `auto` or no detail means.

    The two copies of the guide disagree in places; the newer one (September 2026) is followed:

    - multipliers of gpt-5-mini and gpt-5-nano: 1.62 and 2.46 in spring 2026, 1.2 and 1.5 now. A third party's bills of
      June 2026 show 1.20 on six sizes;
    - patch budget of gpt-5.2 and gpt-4.1-mini: 1,536 in spring 2026, 6,144 now, which a 2048-px square never reaches.
      Their deprecated siblings are not in the newer copy and keep 1,536;
    - `low`: a 512-px view on every model in spring 2026; now so on gpt-5.5 and later only, as the levels say;
    - `original`: listed for Chat Completions and Responses, while the SDK's type of the former stops at `high`. It is
      counted for both; whether to send it is not decided here.

    Published examples (developers.openai.com/api/docs/guides/images-vision, September 2026):

    >>> high = OpenAIPatches(percent=120, levels=(("high", 2048, 2500),), default="high")
    >>> high.cost(1024, 1024), high.cost(2048, 2048)
    (Cost(tokens=1229, seen=(1024, 1024), rejected=None), Cost(tokens=3000, seen=(1600, 1600), rejected=None))
    >>> OpenAIPatches(percent=120, levels=(("high", 65535, 2500),), default="high").cost(4096, 512).tokens
    2458

    Text of spring 2026: 1800 x 2400 under 1,536 patches becomes 1056 x 1408, that is 1,452 patches.

    >>> OpenAIPatches(percent=100, levels=(("high", 2048, 1536),), default="high").cost(1800, 2400)
    Cost(tokens=1452, seen=(1056, 1408), rejected=None)
    """

    percent: int
    levels: tuple[tuple[str, int, int | None], ...]
    default: str
    name: ClassVar[str] = "openai_patches"

    @property
    def settings(self) -> tuple[str, ...]:
        """The detail levels of the model."""
        return tuple(level[0] for level in self.levels)

    def _level(self, setting: str | None) -> tuple[int, int | None]:
        wanted = setting or self.default
        for word, edge, budget in self.levels:
            if word == wanted:
                return edge, budget
        return self._level(self.default)

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image; more than 30,000 patches are refused, not shrunk."""
        del options
        edge, budget = self._level(setting)
        seen = fit_round(width, height, edge)
        patches = _cells(seen, _PATCH)
        if budget is not None and patches > budget:
            seen = _into_budget(*seen, budget)
            patches = _cells(seen, _PATCH)
        rejected = None
        if patches > _MOST_PATCHES:
            rejected = f"{patches:,} patches; OpenAI refuses more than {_MOST_PATCHES:,}"
        return Cost(-(-patches * self.percent // 100), seen, rejected)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The fit into the edge and the one into the budget, each at its smallest."""
        del options
        edge, budget = self._level(setting)
        # The longest first side and the shortest second side that the edge leaves, and the other way about.
        slim = min(low[0], edge), max(1, low[1] * min(edge, high[0]) // high[0])
        flat = min(high[0], edge), high[1]
        patches = _cells(slim, _PATCH)
        if budget is not None and _cells(flat, _PATCH) > budget:
            patches = min(patches, _least_in_budget(slim, flat, budget))
        return -(-patches * self.percent // 100)

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price at full size: nothing is ever enlarged."""
        del low, setting, options
        return -(-_cells(high, _PATCH) * self.percent // 100)


def _least_in_budget(low: Size, high: Size, budget: int) -> int:
    """The fewest patches that `_into_budget` can leave of sizes from `low` to `high`."""
    columns, rows = max(1, isqrt(budget * low[0] // high[1])), max(1, isqrt(budget * low[1] // high[0]))
    by_columns = _cells((_PATCH * columns, max(1, _PATCH * columns * low[1] // high[0])), _PATCH)
    by_rows = _cells((max(1, _PATCH * rows * low[0] // high[1]), _PATCH * rows), _PATCH)
    return min(by_columns, by_rows)


def _cells(size: Size, side: int) -> int:
    return -(-size[0] // side) * -(-size[1] // side)


def _tile_view(width: int, height: int, short_side: int) -> Size:
    """Fit into 2048 x 2048, then bring the short side down; each step floors, neither enlarges."""
    width, height = _floor_to(width, height, max(width, height), 2048)
    return _floor_to(width, height, min(width, height), short_side)


def _floor_to(width: int, height: int, side: int, target: int) -> Size:
    if side <= target:
        return width, height
    return max(1, width * target // side), max(1, height * target // side)


def _into_budget(width: int, height: int, budget: int) -> Size:
    """Shrink until the patches fit the budget, one side on a whole number of patches.

    OpenAI states it with square roots: f = sqrt(32^2 * budget / (w * h)), then f times the smaller of
    floor(w f / 32) / (w f / 32) and the same of h. Here in whole numbers, so that no rounding error costs a patch.
    """
    columns = max(1, isqrt(budget * width // height))
    rows = max(1, isqrt(budget * height // width))
    if columns * height <= rows * width:
        return _PATCH * columns, max(1, _PATCH * columns * height // width)
    return max(1, _PATCH * rows * width // height), _PATCH * rows
