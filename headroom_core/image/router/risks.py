"""What a trained router expects of each technique: how likely it destroys the evidence, by the kind of picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from headroom_core.image.technique import Technique

__all__ = ["RISKED", "Kinds", "RiskPolicy", "Risks"]

RISKED: Final = (Technique.FULL_LOW, Technique.CROP, Technique.TRANSCODE)
"""The techniques that give something up, in the order of every row here."""
_SAVED: Final = (0.80, 0.60, 0.85)
"""What each saves of the tokens, nominally: it orders the techniques where prices are not known yet."""

Kinds = str | Sequence[str] | None
"""What a picture is, or may be: a name, several, or None where it was not measured."""


@dataclass(frozen=True, slots=True, eq=False)
class RiskPolicy:
    """What of the risks is one for all questions.

    Attributes:
        kinds: The row of each kind of picture by its name. Row 0 is for a picture whose kind is not known.
        price: By row, what destroyed evidence counts against saved tokens.
        most: By row, the greatest risk that is taken.
    """

    kinds: Mapping[str, int]
    price: tuple[float, ...]
    most: tuple[float, ...]

    def rows(self, kind: Kinds) -> tuple[int, ...]:
        """The rows that a picture of these kinds may belong to."""
        names = (kind,) if isinstance(kind, str) else (kind or ("",))
        return tuple(sorted({self.kinds.get(name, 0) for name in names}))


@dataclass(frozen=True, slots=True)
class Risks:
    """The risks of one question.

    Attributes:
        unsafe: By row, for each of `RISKED`, the probability that the evidence is destroyed.
        unfit: The same, that the answer is not as good as with the original.
        policy: How they are weighed.
    """

    unsafe: tuple[tuple[float, ...], ...]
    unfit: tuple[tuple[float, ...], ...]
    policy: RiskPolicy = field(compare=False, repr=False)

    def gain(self, technique: Technique, kind: Kinds = None) -> float:
        """The share of tokens that a technique is expected to save, less its risk; 0 or less where it is not allowed.

        Of several kinds the worst counts.
        """
        if technique not in RISKED:
            return 0.0
        at = RISKED.index(technique)
        return min(self._gain(row, at) for row in self.policy.rows(kind))

    def fitness(self, technique: Technique, kind: Kinds = None) -> float:
        """The probability of an answer as good as with the original; of preserve, that nothing less gives one."""
        rows = self.policy.rows(kind)
        if technique not in RISKED:
            return min(min(self.unfit[row]) for row in rows)
        return 1.0 - max(self.unfit[row][RISKED.index(technique)] for row in rows)

    def _gain(self, row: int, at: int) -> float:
        unsafe, policy = self.unsafe[row][at], self.policy
        if unsafe > policy.most[row]:
            return 0.0
        return _SAVED[at] * (1.0 - self.unfit[row][at]) - policy.price[row] * unsafe
