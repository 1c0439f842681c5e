"""What every counting rule has in common, and the rules by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, cast

from headroom_core.errors import InvalidOption
from headroom_core.tokens.counts import Cost, Size

__all__ = ["NO_BOUND", "NO_CHOICE", "WIRE_WORDS", "Options", "Rule", "fit_round", "rule_named"]

Options = Mapping[str, Any]

NO_BOUND = 1 << 60
"""Above every price."""

NO_CHOICE = frozenset({"auto", "unspecified"})
"""Words that leave the choice to the provider: the same as no setting."""

WIRE_WORDS = frozenset({"low", "high", "original"})
"""Words that OpenAI-shaped requests carry to every model; a model without settings ignores them."""


class Rule:
    """One way of counting: a pure function of the size, the provider's own setting and options.

    Subclasses are frozen dataclasses whose fields are the parameters of the rule.

    Attributes:
        name: Name under which rows refer to the rule.
        options: Keyword options that the rule understands.
        whole: Of these the ones that are whole numbers, with the smallest value that makes sense.
        words: Of these the ones that are words, with the words known.
        cell: Side in pixels of the square that one token shows, where the size that a model sees is not published but
            the grid behind the price is known; else None.
    """

    __slots__ = ()
    name: ClassVar[str] = ""
    options: ClassVar[tuple[str, ...]] = ()
    whole: ClassVar[Mapping[str, int]] = {}
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    cell: ClassVar[int | None] = None

    @property
    def settings(self) -> tuple[str, ...]:
        """The provider's own settings, as callers write them; empty when there are none."""
        return ()

    def unfit(self, option: str, value: object) -> str | None:
        """What the value of an option should be, when it is something else; None when it is fine."""
        if option not in self.options:
            return f"one of {', '.join(self.options) or 'none'}"
        if option in self.words:
            return None if value is None or value in self.words[option] else " or ".join(self.words[option])
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= self.whole.get(option, value)
        if option not in self.whole or value is None or fits:
            return None
        return f"a whole number from {self.whole[option]} on"

    def cost(self, width: int, height: int, setting: str | None = None, options: Options | None = None) -> Cost:
        """Count one image of at least 1 x 1 pixels. `setting` is one of `settings` or None."""
        raise NotImplementedError

    def at_least(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """A lower bound on the price of all sizes from `low` to `high`, each side within its range.

        Searches leave out ranges that cannot hold the answer. The bound need not be reached; 0 is right, and slow.
        Both sizes have their long side, which is the width, first.
        """
        del low, high, setting, options
        return 0

    def at_most(self, low: Size, high: Size, setting: str | None = None, options: Options | None = None) -> int:
        """An upper bound in the same sense; without one, a number above every price."""
        del low, high, setting, options
        return NO_BOUND


def fit_round(width: int, height: int, edge: int) -> Size:
    """Shrink into `edge` x `edge`, never enlarging; the other side is rounded half to even, at least 1 px.

    >>> fit_round(5000, 1000, 2048), fit_round(640, 480, 2048)
    ((2048, 410), (640, 480))
    """
    long = max(width, height)
    if long <= edge:
        return width, height
    return max(1, round(width * edge / long)), max(1, round(height * edge / long))


_HOMES = {
    "openai_tiles": "rules_openai.OpenAITiles",
    "openai_patches": "rules_openai.OpenAIPatches",
    "gpt_image": "rules_openai.GPTImage",
    "anthropic_patches": "rules_anthropic.AnthropicPatches",
    "gemini_tiles": "rules_google.GeminiTiles",
    "gemini_grid": "rules_google.GeminiGrid",
    "gemini_flat": "rules_google.GeminiFlat",
    "gemma_grid": "rules_google.GemmaGrid",
    "flat": "rules_open.Flat",
    "mistral_patches": "rules_patches.MistralPatches",
    "qwen_patches": "rules_patches.QwenPatches",
    "glm_patches": "rules_patches.GLMPatches",
    "glm5_patches": "rules_patches.GLM5Patches",
    "kimi_patches": "rules_patches.KimiPatches",
    "deepseek_cells": "rules_patches.DeepSeekCells",
    "llama4_chunks": "rules_canvas.Llama4Chunks",
    "llama32_tiles": "rules_canvas.Llama32Tiles",
    "cohere_tiles": "rules_canvas.CohereTiles",
    "grok_tiles": "rules_canvas.GrokTiles",
    "nova_sizes": "rules_canvas.NovaSizes",
}


def rule_named(name: str, parameters: Mapping[str, Any]) -> Rule:
    """Make the rule `name` with these parameters.

    Raises:
        InvalidOption: There is no such rule, or it does not take these parameters.
    """
    home = _HOMES.get(name)
    if home is None:
        raise InvalidOption(f"unknown rule {name!r}; the rules are {', '.join(sorted(_HOMES))}")
    module, _, kind = home.partition(".")
    make = getattr(import_module(f"headroom_core.tokens.{module}"), kind)
    try:
        return cast("Rule", make(**parameters))
    except (TypeError, ValueError) as wrong:
        raise InvalidOption(f"the rule {name!r} cannot be made of {dict(parameters)!r}: {wrong}") from wrong
