"""The n-gram reader: hashed character and word n-grams of a question, one linear score per need."""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["NgramReader", "features", "normalised"]

_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class NgramReader:
    """A linear model over hashed n-grams.

    Attributes:
        weights: int8, (buckets, needs); the number of buckets is a power of two.
        scales: float32, (needs,): what one step of a weight is worth.
        bias: float32, (needs,).
        character_orders: Lengths of the character n-grams.
        word_orders: Lengths of the word n-grams.
    """

    weights: Any
    scales: Any
    bias: Any
    character_orders: tuple[int, ...]
    word_orders: tuple[int, ...]

    @classmethod
    def read(cls, path: Path) -> NgramReader:
        """Read the arrays of an `ngrams.npz`.

        Raises:
            OSError: The file cannot be read.
            KeyError: An array is missing.
            ValueError: It is no such file, or the arrays do not fit together.
        """
        import numpy as np

        with np.load(path, allow_pickle=False) as arrays:
            weights, scales, bias = arrays["weights"], arrays["scales"], arrays["bias"]
            characters, words = (tuple(map(int, arrays[f"{kind}_orders"])) for kind in ("character", "word"))
        buckets, needs = weights.shape
        if buckets & (buckets - 1) or scales.shape != (needs,) or bias.shape != (needs,):
            raise ValueError(
                f"weights {weights.shape}, scales {scales.shape} and bias {bias.shape} do not fit together"
            )
        return cls(weights, scales, bias, characters, words)

    def logits(self, text: str) -> Any:
        """One logit per need, float64, (needs,)."""
        import numpy as np

        ids = features(text, len(self.weights), self.character_orders, self.word_orders)
        if not ids:
            return self.bias.astype(np.float64)
        summed = self.weights[ids].sum(axis=0, dtype=np.int64)
        return summed * (self.scales / np.sqrt(len(ids))) + self.bias


def normalised(text: str) -> str:
    """NFKC, lower case, every digit as 0, white space collapsed, one blank at either end."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    return f" {' '.join(_DIGIT.sub('0', lowered).split())} "


def features(text: str, buckets: int, character_orders: Sequence[int], word_orders: Sequence[int]) -> list[int]:
    """The distinct buckets of a text's n-grams, ascending: crc32 of the UTF-8 bytes, word n-grams behind a NUL."""
    padded, last = normalised(text), buckets - 1
    words = _WORD.findall(padded)
    phrases = [" ".join(words[at : at + order]) for order in word_orders for at in range(len(words) - order + 1)]
    found = {zlib.crc32(f"\x00{phrase}".encode("utf-8", "replace")) & last for phrase in phrases}
    return sorted(found.union(*(_character_buckets(padded, order, last) for order in character_orders)))


def _character_buckets(padded: str, order: int, last: int) -> set[int]:
    crc, ends = zlib.crc32, range(order, len(padded) + 1)
    if padded.isascii():
        # Characters are bytes, so that nothing is encoded again for each of them: half the time.
        whole = padded.encode()
        return {crc(whole[end - order : end]) & last for end in ends}
    return {crc(padded[end - order : end].encode("utf-8", "replace")) & last for end in ends}
