"""Patch grids of open-weight families: Mistral, Qwen, GLM, Kimi, DeepSeek.

Sources: the image processors of transformers 5.23 (pixtral, qwen2_vl, glm46v, kimi_k25) and of vLLM (deepseek_v41),
read 2026-11-20. Floating-point steps follow those processors, since they are the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import ClassVar

from headroom_core.tokens.counts import Cost, Size
from headroom_core.tokens.rules import NO_BOUND, Options, Rule

__all__ = ["DeepSeekCells", "GLM5Patches", "GLMPatches", "KimiPatches", "MistralPatches", "QwenPatches"]

_MOST_ASPECT = 200


@dataclass(frozen=True, slots=True)
class MistralPatches(Rule):
    """Patches of `patch` px after fitting the long side into `edge`, and one break token per row.

    >>> MistralPatches(edge=1540, patch=28).cost(640, 480)
    Cost(tokens=432, seen=(640, 480), rejected=None)
    """

    edge: int
    patch: int
    name: ClassVar[str] = "mistral_patches"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        ratio = max(width / self.edge, height / self.edge)
        if ratio > 1:
            width, height = max(1, floor(width / ratio)), max(1, floor(height / ratio))
        return Cost((-(-width // self.patch) + 1) * -(-height // self.patch), (width, height))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The smallest sides that the fit leaves; a pixel less, for its floating-point floor."""
        del setting, options
        long, short = low
        if high[0] > self.edge:
            long, short = min(long, self.edge - 1), max(1, short * self.edge // high[0] - 1)
        # Lying images have a break per row of the short side, standing ones of the long side.
        return (-(-long // self.patch) + 1) * -(-short // self.patch)

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price at full size: nothing is ever enlarged."""
        del low, setting, options
        return -(-high[0] // self.patch) * (-(-high[1] // self.patch) + 1)


@dataclass(frozen=True, slots=True)
class QwenPatches(Rule):
    """`smart_resize`: sides rounded to `factor`, the area kept between `min_pixels` and `max_pixels`, and markers.

    Published examples (docs.siliconflow.com/en/userguide/capabilities/vision), without the two markers:

    >>> rule = QwenPatches(factor=28, min_pixels=3136, max_pixels=12845056)
    >>> [rule.cost(*size, None, {"extra": 0}).tokens for size in [(224, 448), (1024, 1024), (3172, 4096)]]
    [128, 1369, 16240]
    """

    factor: int
    min_pixels: int
    max_pixels: int
    extra: int = 2
    high_pixels: int | None = None
    name: ClassVar[str] = "qwen_patches"
    options: ClassVar[tuple[str, ...]] = ("extra", "max_pixels", "min_pixels", "vl_high_resolution_images")
    whole: ClassVar[Mapping[str, int]] = {"extra": 0, "max_pixels": 1, "min_pixels": 1}

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image; sides of more than 200 : 1 are refused."""
        del setting
        seen = self._resized(width, height, options or {})
        extra = self._markers(options)
        return Cost(seen[0] * seen[1] // self.factor**2 + extra, seen, _too_slim(width, height))

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The rounded sides, the shrunk and the grown ones, each at their smallest."""
        del setting
        least, most = self._area(options or {})
        extra = self._markers(options)
        return _least_resized(low, high, self.factor, least, most) + extra

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The rounded sides, unless the image is enlarged."""
        del setting
        if _rounded(low[0], self.factor) * _rounded(low[1], self.factor) < self._area(options or {})[0]:
            return NO_BOUND
        extra = self._markers(options)
        return _rounded(high[0], self.factor) * _rounded(high[1], self.factor) // self.factor**2 + extra

    def _markers(self, options: Options | None) -> int:
        given = (options or {}).get("extra")
        return self.extra if given is None else int(given)

    def _area(self, options: Options) -> tuple[int, int]:
        most = self.max_pixels
        if options.get("vl_high_resolution_images") and self.high_pixels:
            most = self.high_pixels
        return int(options.get("min_pixels") or self.min_pixels), int(options.get("max_pixels") or most)

    def _resized(self, width: int, height: int, options: Options) -> Size:
        least, most = self._area(options)
        seen = _rounded(width, self.factor), _rounded(height, self.factor)
        if seen[0] * seen[1] > most:
            return _shrunk(width, height, self.factor, sqrt(height * width / most))
        if seen[0] * seen[1] < least:
            return _grown(width, height, self.factor, sqrt(least / (height * width)))
        return seen


@dataclass(frozen=True, slots=True)
class GLMPatches(Rule):
    """GLM-4.5V and 4.6V: `smart_resize` over two frames, so that half of `max_pixels` is left for an image.

    >>> GLMPatches().cost(1024, 1024), GLMPatches().cost(3000, 4000).tokens
    (Cost(tokens=1369, seen=(1036, 1036), rejected=None), 7500)
    """

    factor: int = 28
    min_pixels: int = 112 * 112
    max_pixels: int = 28 * 28 * 15000
    name: ClassVar[str] = "glm_patches"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        rejected = None
        if width < self.factor or height < self.factor:
            scale = max(self.factor / height, self.factor / width)
            width, height = int(width * scale), int(height * scale)
        rejected = _too_slim(width, height)
        seen = _rounded(width, self.factor), _rounded(height, self.factor)
        pixels = 2 * seen[0] * seen[1]
        if pixels > self.max_pixels:
            seen = _shrunk(width, height, self.factor, sqrt(2 * height * width / self.max_pixels))
        elif pixels < self.min_pixels:
            seen = _grown(width, height, self.factor, sqrt(self.min_pixels / (2 * height * width)))
        return Cost(seen[0] * seen[1] // self.factor**2, seen, rejected)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """As for Qwen, over two frames; images below one patch are enlarged and therefore not bounded."""
        del setting, options
        if low[1] < self.factor:
            return 0
        return _least_resized(low, high, self.factor, self.min_pixels // 2, self.max_pixels // 2)


@dataclass(frozen=True, slots=True)
class GLM5Patches(Rule):
    """GLM-5: sides padded up to 28 px, between 16 and 8,000 tokens."""

    factor: int = 28
    least: int = 16
    most: int = 8000
    name: ClassVar[str] = "glm5_patches"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        seen = -(-width // self.factor) * self.factor, -(-height // self.factor) * self.factor
        tokens = seen[0] * seen[1] // self.factor**2
        if tokens > self.most:
            seen = _shrunk(width, height, self.factor, sqrt(height * width / (self.most * self.factor**2)))
        elif tokens < self.least:
            seen = _grown(width, height, self.factor, sqrt(self.least * self.factor**2 / (height * width)))
        return Cost(seen[0] * seen[1] // self.factor**2, seen)


@dataclass(frozen=True, slots=True)
class KimiPatches(Rule):
    """Kimi K2.5: never enlarged, at most 16,384 patches of 14 px and 7,168 px a side, padded to 28 px.

    >>> KimiPatches().cost(640, 480), KimiPatches().cost(3000, 4000)
    (Cost(tokens=414, seen=(640, 480), rejected=None), Cost(tokens=4200, seen=(1554, 2073), rejected=None))
    """

    patch: int = 14
    most_patches: int = 16384
    most_side: int = 512 * 14
    name: ClassVar[str] = "kimi_patches"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image."""
        del setting, options
        patches = max(1, width // self.patch) * max(1, height // self.patch)
        scale = min(1.0, sqrt(self.most_patches / patches), self.most_side / width, self.most_side / height)
        seen = (
            min(self.most_side, max(1, int(width * scale))),
            min(self.most_side, max(1, int(height * scale))),
        )
        cell = 2 * self.patch
        return Cost(-(-seen[0] // cell) * -(-seen[1] // cell), seen)

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The smallest sides under the tightest of the three scales."""
        del setting, options
        patches = max(1, high[0] // self.patch) * max(1, high[1] // self.patch)
        scale = min(1.0, sqrt(self.most_patches / patches), self.most_side / high[0])
        cell = 2 * self.patch
        return -(-max(1, int(low[0] * scale)) // cell) * -(-max(1, int(low[1] * scale)) // cell)

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """The price at full size: nothing is ever enlarged."""
        del low, setting, options
        return -(-high[0] // (2 * self.patch)) * -(-high[1] // (2 * self.patch))


@dataclass(frozen=True, slots=True)
class DeepSeekCells(Rule):
    """DeepSeek V4.1: cells of 42 px, one break per row and two marks, within `budget`; small images are enlarged.

    >>> [DeepSeekCells().cost(*size).tokens for size in [(640, 480), (1024, 1024), (1920, 1080), (3000, 4000)]]
    [206, 382, 366, 359]
    """

    budget: int = 384
    patch: int = 14
    merge: int = 3
    min_pixels: int = 544 * 544
    name: ClassVar[str] = "deepseek_cells"
    options: ClassVar[tuple[str, ...]] = ("budget",)
    whole: ClassVar[Mapping[str, int]] = {"budget": 4}

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image; the option `budget` is the most tokens (1,024 for the weights' default)."""
        del setting
        budget = int((options or {}).get("budget") or self.budget)
        if width * height < self.min_pixels:
            ratio: float = (self.min_pixels / (width * height)) ** 0.5
            width, height = max(1, int(width * ratio)), max(1, int(height * ratio))
        seen = -(-width // self.patch) * self.patch, -(-height // self.patch) * self.patch
        if self._tokens(seen) > budget:
            seen = self._into(width, height, budget)
        return Cost(self._tokens(seen), seen)

    def _tokens(self, size: Size) -> int:
        columns, rows = (ceil(side // self.patch / self.merge) for side in size)
        return rows * (columns + 1) + 2

    def _into(self, width: int, height: int, budget: int) -> Size:
        shape = height / width
        columns = sqrt((budget - 2) / shape + 0.25) - 0.5
        rows = columns * shape
        cell = self.patch * self.merge
        if columns < 1:
            return cell, (budget - 2) // 2 * cell
        if rows < 1:
            return (budget - 3) * cell, cell
        beta = min(floor(columns) * cell / width, floor(rows) * cell / height)
        return floor(width * beta / self.patch) * self.patch, floor(height * beta / self.patch) * self.patch


def _rounded(side: int, factor: int) -> int:
    return max(factor, round(side / factor) * factor)


def _shrunk(width: int, height: int, factor: int, beta: float) -> Size:
    return max(factor, floor(width / beta / factor) * factor), max(factor, floor(height / beta / factor) * factor)


def _grown(width: int, height: int, factor: int, beta: float) -> Size:
    return ceil(width * beta / factor) * factor, ceil(height * beta / factor) * factor


def _least_resized(low: Size, high: Size, factor: int, least: int, most: int) -> int:
    """The fewest patches of `smart_resize` between two sizes; a hair is taken off for its floating-point steps."""
    patches = _rounded(low[0], factor) * _rounded(low[1], factor)
    if _rounded(high[0], factor) * _rounded(high[1], factor) > most:
        long, short = sqrt(most * low[0] / high[1]), sqrt(most * low[1] / high[0])
        patches = min(patches, max(1, floor(long / factor - 1e-6)) * max(1, floor(short / factor - 1e-6)) * factor**2)
    if patches < least:
        patches = max(patches, least - 1)
    return patches // factor**2


def _too_slim(width: int, height: int) -> str | None:
    if max(width, height) <= _MOST_ASPECT * min(width, height):
        return None
    return f"sides of {width} : {height}; more than {_MOST_ASPECT} : 1 is refused"
