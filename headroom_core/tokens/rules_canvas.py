"""Tiles on a chosen canvas: Llama, Cohere, Grok, Nova 1.

Sources: transformers 5.23 (llama4, cohere2_vision), docs.together.ai, docs.x.ai, docs.aws.amazon.com, read 2026-11-20.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import ClassVar

from headroom_core.tokens.counts import Cost, Size
from headroom_core.tokens.rules import Options, Rule

__all__ = ["CohereTiles", "GrokTiles", "Llama4Chunks", "Llama32Tiles", "NovaSizes"]


@dataclass(frozen=True, slots=True)
class Llama4Chunks(Rule):
    """Llama 4: the best canvas of at most 16 chunks of 336 px, 144 tokens each, and a global view.

    >>> [Llama4Chunks().cost(*size).tokens for size in [(640, 480), (1024, 1024), (3000, 4000)]]
    [727, 2467, 1887]
    """

    side: int = 336
    most: int = 16
    per_chunk: int = 144
    name: ClassVar[str] = "llama4_chunks"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image: per chunk one separator, and three marks."""
        del setting, options
        columns, rows = _canvas(width, height, self.side, self.most)
        tokens = self.per_chunk + 3
        if columns * rows > 1:
            tokens += columns * rows * (self.per_chunk + 1)
        return Cost(tokens, (columns * self.side, rows * self.side))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price of the fewest tiles that any of the sizes takes."""
        del setting, options
        tiles = _fewest(low, high, self.side, self.most)
        return self.per_chunk + 3 + (tiles > 1) * tiles * (self.per_chunk + 1)


@dataclass(frozen=True, slots=True)
class CohereTiles(Rule):
    """Command A Vision and Aya Vision: the best canvas of at most 12 tiles of 512 px, and a thumbnail if more than one.

    >>> [CohereTiles().cost(*size).tokens for size in [(640, 480), (1024, 1024), (3000, 4000)]]
    [773, 1287, 3343]
    """

    side: int = 512
    most: int = 12
    per_tile: int = 257
    name: ClassVar[str] = "cohere_tiles"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        columns, rows = _canvas(width, height, self.side, self.most)
        tiles = columns * rows
        return Cost(2 + self.per_tile * (tiles + (tiles > 1)), (columns * self.side, rows * self.side))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price of the fewest tiles that any of the sizes takes."""
        del setting, options
        tiles = _fewest(low, high, self.side, self.most)
        return 2 + self.per_tile * (tiles + (tiles > 1))


@dataclass(frozen=True, slots=True)
class Llama32Tiles(Rule):
    """Llama 3.2 Vision as Together bills it: 1,601 tokens for each of at most 2 x 2 tiles of 560 px, rounded down.

    Published formula (docs.together.ai, vision):

    >>> (
    ...     Llama32Tiles().cost(560, 560).tokens,
    ...     Llama32Tiles().cost(1119, 560).tokens,
    ...     Llama32Tiles().cost(1280, 720).tokens,
    ... )
    (1601, 1601, 3202)
    """

    side: int = 560
    per_tile: int = 1601
    name: ClassVar[str] = "llama32_tiles"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        columns, rows = min(2, max(width // self.side, 1)), min(2, max(height // self.side, 1))
        return Cost(columns * rows * self.per_tile)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price never falls as a side grows."""
        del high
        return self.cost(*low, setting, options).tokens


@dataclass(frozen=True, slots=True)
class GrokTiles(Rule):
    """Grok: 256 tokens per 448-px tile and one tile more, at most six tiles. How tiles are chosen is not published.

    >>> GrokTiles().cost(448, 448).tokens, GrokTiles().cost(4000, 3000).tokens
    (512, 1792)
    """

    side: int = 448
    most: int = 6
    per_tile: int = 256
    name: ClassVar[str] = "grok_tiles"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Bound the price of one image from above."""
        del setting, options
        tiles = min(self.most, -(-width // self.side) * -(-height // self.side))
        return Cost((tiles + 1) * self.per_tile)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price never falls as a side grows."""
        del high
        return self.cost(*low, setting, options).tokens


_NOVA_SIDE = 896
_HAIR = 1 - 1e-9
"""Room for the rounding of floating-point scales."""


@dataclass(frozen=True, slots=True)
class NovaSizes(Rule):
    """Nova 1: the nearest of the sizes that Amazon publishes, by area and by shape.

    Published examples (docs.aws.amazon.com/nova/latest/userguide/modalities-image.html, read 2026-11-20):

    >>> [NovaSizes().cost(*size).tokens for size in [(900, 450), (900, 900), (1400, 900), (1800, 900), (1300, 1300)]]
    [800, 1300, 1800, 2400, 2600]
    """

    sizes: tuple[tuple[int, int, int], ...] = (
        (900, 450, 800),
        (900, 900, 1300),
        (1400, 900, 1800),
        (1800, 900, 2400),
        (1300, 1300, 2600),
    )
    name: ClassVar[str] = "nova_sizes"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Estimate one image; small ones are enlarged, and one on end costs the same as one on its side."""
        del setting, options
        scale = max(1.0, _NOVA_SIDE / max(width, height))
        long, short = max(width, height) * scale, min(width, height) * scale

        def distance(size: tuple[int, int, int]) -> float:
            wide, high, _ = size
            return abs(log(wide * high / (long * short))) + abs(log((wide / high) / (long / short)))

        return Cost(min(self.sizes, key=distance)[2])


@lru_cache(maxsize=8)
def _canvases(most: int) -> tuple[Size, ...]:
    grids = [(columns, rows) for columns in range(1, most + 1) for rows in range(1, most // columns + 1)]
    return tuple(sorted(grids, key=lambda grid: grid[0] * grid[1]))


def _canvas(width: int, height: int, side: int, most: int) -> Size:
    """The grid that enlarges the image least, or failing that shrinks it least; of equals the one with fewest tiles."""
    best, best_scale = (1, 1), 0.0
    for columns, rows in _canvases(most):
        scale = min(columns * side / width, rows * side / height)
        if (scale < best_scale) if best_scale >= 1 <= scale else (best_scale < 1 and scale > best_scale):
            best, best_scale = (columns, rows), scale
    return best


def _fewest(low: Size, high: Size, side: int, most: int) -> int:
    """The fewest tiles of any canvas that is chosen between two sizes.

    A canvas that enlarges covers the image. One that shrinks is the best of all for its aspect; a canvas is left out
    that stays behind another one over the whole range of aspects.
    """
    covering = -(-low[0] // side) * -(-low[1] // side)
    if _covered(high, side, most):
        return covering
    slim, flat = high[0] / low[1], low[0] / high[1]
    floor = max(min(columns / slim, rows) for columns, rows in _canvases(most))
    near = [(columns, rows) for columns, rows in _canvases(most) if min(columns / flat, rows) >= floor * _HAIR]
    shrinking = min(columns * rows for columns, rows in near)
    return min(shrinking, covering) if _covered(low, side, most) else shrinking


def _covered(size: Size, side: int, most: int) -> bool:
    return -(-size[0] // side) * -(-size[1] // side) <= most
