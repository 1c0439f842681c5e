"""Google: Gemini's tiles, its flat price and its aspect-preserving grid; Gemma's grid.

Sources: ai.google.dev/gemini-api/docs/image-understanding and .../media-resolution, docs.cloud.google.com, the
reference code of Gemma 4 (transformers, gemma4), read 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, sqrt
from typing import ClassVar

from headroom_core.tokens.counts import Cost, Size
from headroom_core.tokens.rules import Options, Rule, fit_round

__all__ = ["GeminiFlat", "GeminiGrid", "GeminiTiles", "GemmaGrid"]

_CELL = 48


@dataclass(frozen=True, slots=True)
class GeminiTiles(Rule):
    """Gemini 1.5 and 2.0: 258 tokens per crop, whose side is two thirds of the short side, between 256 and 768 px.

    Published examples (ai.google.dev/gemini-api/docs/image-understanding, read 2026-11-20):

    >>> GeminiTiles().cost(384, 384).tokens, GeminiTiles().cost(960, 540).tokens
    (258, 1548)

    The largest image is 16 tiles (discuss.ai.google.dev/t/40839):

    >>> GeminiTiles().cost(3072, 3072).tokens
    4128
    """

    tile: int = 258
    name: ClassVar[str] = "gemini_tiles"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        if width <= 384 and height <= 384:
            return Cost(self.tile, (width, height))
        width, height = fit_round(width, height, 3072)
        unit = min(768, max(256, 2 * min(width, height) // 3))
        return Cost(self.tile * -(-width // unit) * -(-height // unit), (width, height))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The largest crop, and the smallest sides that the fit into 3072 px leaves."""
        del setting, options
        if high[0] <= 384 or low[0] <= 384:
            return self.tile
        unit = min(768, max(256, 2 * high[1] // 3))
        long, short = min(low[0], 3072), max(1, low[1] * min(3072, high[0]) // high[0])
        return self.tile * -(-long // unit) * -(-short // unit)


@dataclass(frozen=True, slots=True)
class GeminiFlat(Rule):
    """Gemini 2.5: the same price whatever the size, one price per media resolution.

    Three sources disagree: the page on media resolution (256 and pan & scan), the page on images (the tiles of
    `GeminiTiles`: 1,032 for 1024 x 1024) and the bills. The bills are followed, hence `fitted`.

    Measured: 258 for 768 x 1280, 1024 x 1024 and 3840 x 2160 (github.com/googleapis/python-genai/issues/1349).

    >>> GeminiFlat().cost(3840, 2160).tokens, GeminiFlat().cost(768, 1280).tokens
    (258, 258)
    """

    prices: tuple[tuple[str, int], ...] = (("low", 64), ("medium", 256), ("high", 258))
    default: int = 258
    name: ClassVar[str] = "gemini_flat"

    @property
    def settings(self) -> tuple[str, ...]:
        """The media resolutions."""
        return tuple(word for word, _ in self.prices)

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del width, height, options
        return Cost(dict(self.prices).get(setting or "", self.default))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price itself."""
        del high
        return self.cost(*low, setting, options).tokens

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price itself."""
        return self.at_least(low, high, setting, options)


@dataclass(frozen=True, slots=True)
class GeminiGrid(Rule):
    """Gemini 3 and later: a 48-px grid that fills the budget of the media resolution, whatever the size.

    Measured at the default budget of 1,120 (huggingface.co/datasets/JOHNISKING/image-token-cost):

    >>> [GeminiGrid().cost(*size).tokens for size in [(1024, 1024), (1920, 1080), (1080, 1920), (4032, 3024)]]
    [1089, 1100, 1100, 1064]
    """

    budgets: tuple[tuple[str, int], ...] = (("low", 280), ("medium", 560), ("high", 1120), ("ultra_high", 2240))
    default: str = "high"
    name: ClassVar[str] = "gemini_grid"
    cell: ClassVar[int | None] = _CELL

    @property
    def settings(self) -> tuple[str, ...]:
        """The media resolutions."""
        return tuple(word for word, _ in self.budgets)

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del options
        columns, rows = _grid(width, height, self._budget(setting))
        return Cost(columns * rows)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The grid of the flattest shape by that of the slimmest."""
        del options
        return _least_grid(low, high, self._budget(setting))

    def _budget(self, setting: str | None) -> int:
        budgets = dict(self.budgets)
        return budgets.get(setting or self.default, budgets[self.default])


@dataclass(frozen=True, slots=True)
class GemmaGrid(Rule):
    """Gemma 4: a 48-px grid that fills `max_soft_tokens` (70, 140, 280, 560 or 1120).

    Emitted as predicted for squares, by a third party's measurement:

    >>> [GemmaGrid().cost(1024, 1024, None, {"max_soft_tokens": n}).tokens for n in (280, 560, 1120)]
    [256, 529, 1089]
    """

    max_soft_tokens: int = 280
    name: ClassVar[str] = "gemma_grid"
    options: ClassVar[tuple[str, ...]] = ("max_soft_tokens",)
    whole: ClassVar[Mapping[str, int]] = {"max_soft_tokens": 1}

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting
        columns, rows = _grid(width, height, self._budget(options))
        return Cost(columns * rows, (columns * _CELL, rows * _CELL))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The grid of the flattest shape by that of the slimmest."""
        del setting
        return _least_grid(low, high, self._budget(options))

    def _budget(self, options: Options | None) -> int:
        return int((options or {}).get("max_soft_tokens") or self.max_soft_tokens)


def _grid(width: int, height: int, budget: int) -> Size:
    """Columns and rows of 48-px cells, in the floating-point steps of the reference code."""
    factor = sqrt(budget * _CELL * _CELL / (width * height))
    columns, rows = floor(factor * width / _CELL), floor(factor * height / _CELL)
    if rows == 0:
        return min(max(1, width // height), budget), 1
    if columns == 0:
        return 1, min(max(1, height // width), budget)
    return columns, rows


def _least_grid(low: Size, high: Size, budget: int) -> int:
    """A bound for `_grid`; a hair is taken off, since its floating-point steps may lose one cell on a whole number."""
    columns = floor(sqrt(budget * low[0] / high[1]) - 1e-6)
    rows = floor(sqrt(budget * low[1] / high[0]) - 1e-6)
    if rows <= 0:
        return min(budget, max(1, low[0] // high[1], columns)) if low[0] > high[1] else 1
    return columns * rows
