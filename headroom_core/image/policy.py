"""How much a policy may give up, with every threshold in one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from headroom_core.errors import InvalidOption

__all__ = ["THRESHOLDS", "Policy", "Thresholds"]


class Policy(StrEnum):
    """What headroom may do to a request."""

    OFF = "off"
    """Nothing at all; images are not even looked at."""
    OBSERVE = "observe"
    """Nothing; reports what `balanced` would have done."""
    SAFE = "safe"
    """Only what loses nothing that the model could have used: repairs of requests that the provider would refuse."""
    BALANCED = "balanced"
    """Drop what the question cannot need. The default."""
    AGGRESSIVE = "aggressive"
    """The same rule with lower thresholds."""

    @classmethod
    def named(cls, name: str) -> Policy:
        """Return the policy called `name`.

        Raises:
            InvalidOption: There is no such policy.
        """
        try:
            return cls(name)
        except ValueError:
            known = ", ".join(repr(policy.value) for policy in cls)
            raise InvalidOption(f"policy={name!r} is not known; choose one of {known}") from None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers that a policy decides by.

    Attributes:
        lossy: Pixels may be dropped at all.
        gist_edge: Long edge in pixels, as the model sees it, that still serves a question about the whole scene.
        minimum_saving: Smallest share of an image's tokens that is worth a change.
        minimum_tokens: Smallest number of tokens that is worth a change.
        snap: Largest linear shrink, as a share of each side, that counts as near-lossless.
        snap_saving: Smallest share of an image's tokens that is worth such a snap.
        text_like: At or above this `has_text` estimate a picture counts as bearing text.
        text_free: Below this `has_text` estimate a picture that nothing definite is asked about counts as a scene.
        unseen: The provider's cheaper setting may be used for an image that we cannot look at (a URL, a file id).
    """

    lossy: bool
    gist_edge: int
    minimum_saving: float
    minimum_tokens: int
    snap: float
    snap_saving: float
    text_like: float
    text_free: float
    unseen: bool


# Origins. gist_edge: MMBench and POPE lose <= 1 % at 9 to 36 visual tokens, the smallest label of CARES is 384 px;
# 448 px is the floor that serves and 512 px the default. The minimum saving and the snap are chosen: below them a
# rewrite is not worth a changed picture. text_like, text_free: see `signals`, where the estimate is made and measured.
THRESHOLDS: Final[dict[Policy, Thresholds]] = {
    Policy.SAFE: Thresholds(
        lossy=False,
        gist_edge=512,
        minimum_saving=0.15,
        minimum_tokens=100,
        snap=0.0,
        snap_saving=0.10,
        text_like=0.5,
        text_free=0.0,
        unseen=False,
    ),
    Policy.BALANCED: Thresholds(
        lossy=True,
        gist_edge=512,
        minimum_saving=0.15,
        minimum_tokens=100,
        snap=0.02,
        snap_saving=0.10,
        text_like=0.5,
        text_free=0.3,
        unseen=False,
    ),
    Policy.AGGRESSIVE: Thresholds(
        lossy=True,
        gist_edge=448,
        minimum_saving=0.10,
        minimum_tokens=50,
        snap=0.04,
        snap_saving=0.08,
        text_like=0.7,
        text_free=0.4,
        unseen=True,
    ),
}
