"""How the logits of the members and the word lists' reading of a question become risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.router.risks import RISKED, RiskPolicy, Risks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["FLAGS", "LOCATED", "STEEPEST", "Stack", "flags_of"]

STEEPEST: Final = 6.0
"""Logits of members are clipped to this before they are weighed: beyond it they say nothing more."""
FLAGS: Final = 13
"""Numbers that the word lists' reading gives."""
LOCATED: Final = -2
"""The one of them that tells whether a place was found."""

_LIGHT: Final = frozenset({Need.GIST, Need.NONE})
_DEMANDING: Final = tuple(need for need in Need if need not in _LIGHT)
_LONG: Final = 400


def flags_of(rules: Needs, text: str, *, located: bool) -> list[float]:
    """The word lists' reading as `FLAGS` numbers: named needs, gist, none, silence, a place, and the text's length."""
    named = [float(rules.present(need)) for need in (*_DEMANDING, Need.GIST, Need.NONE)]
    return [*named, float(rules.silent), float(located), min(len(text), _LONG) / 100]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """A logistic model of each risk over everything that was read, which differs a little between kinds of pictures.

    Attributes:
        words: (risks, features): weights of 1, each member's logits in the order of `members`, the flags, and
            the mean logit of a region where a place was found.
        untold: The same for row 0, where the kind is not known.
        rows: (rows, risks): offset of each row.
        turns: (rows, risks, needs): weights of the members' mean logits of the needs, for each row.
        region: The place of the need of a region among the logits, whose mean is a feature where a place was found.
        members: The members whose logits are read.
        policy: How risks are weighed.
    """

    words: Array
    untold: Array
    rows: Array
    turns: Array
    region: int
    members: tuple[str, ...]
    policy: RiskPolicy

    @classmethod
    def of(cls, stored: Mapping[str, Any], kinds: Mapping[str, int]) -> Stack:
        """Read the entry `risk` of a setup in `calibration.json`.

        Raises:
            KeyError: Something is missing.
            ValueError: The parts do not fit together.
        """
        import numpy as np

        names = ("words", "untold", "rows", "turns")
        words, untold, rows, turns = (np.array(stored[name], dtype=np.float64) for name in names)
        policy = RiskPolicy(kinds, tuple(map(float, stored["price"])), tuple(map(float, stored["most"])))
        risks, count = 2 * len(RISKED), len(rows)
        shapes = words.shape == untold.shape and rows.shape == (count, risks) and len(words) == risks
        if not shapes or turns.shape[:2] != rows.shape or not len(policy.price) == len(policy.most) == count:
            raise ValueError("the weights of the risks do not fit together")
        if max(kinds.values(), default=0) >= count:
            raise ValueError("a kind of picture has no weights")
        return cls(words, untold, rows, turns, int(stored["region"]), tuple(stored["members"]), policy)

    def logits(self, members: Mapping[str, Array], flags: list[float]) -> Array:
        """One logit per row and risk, (rows, risks), from the logits of each member and what `flags_of` gave."""
        import numpy as np

        read = [np.clip(members[name], -STEEPEST, STEEPEST) for name in self.members]
        needs = self.turns.shape[2]
        mean: Array = np.mean([row[:needs] for row in read], axis=0)
        features = np.concatenate([np.ones(1), *read, np.array([*flags, flags[LOCATED] * mean[self.region]])])
        logits: Array = self.rows + self.turns @ mean + self.words @ features
        logits[0] = self.untold @ features
        return logits

    def risks(self, logits: Array, *, digits: int) -> Risks:
        """The risks of a question, as probabilities rounded to so many digits."""
        import numpy as np

        levels: list[list[float]] = np.round(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), digits).tolist()
        half = len(RISKED)
        return Risks(tuple(tuple(r[:half]) for r in levels), tuple(tuple(r[half:]) for r in levels), self.policy)
