"""How much a policy may give up, with every threshold in one table."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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
    """Only what loses nothing that the model could have used: repairs of requests that the provider would refuse,
    blank margins, notes for equal pictures."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The numbers that a policy decides by.

    Attributes:
        lossy: Pixels may be dropped at all.
        gist_edge: Long edge in pixels, as the model sees it, that still serves a question about the whole scene.
        word_em: Least em height in pixels, as the model sees it, of text that is to be read.
        digit_em: The same for exact strings: numbers, codes, identifiers.
        structure_em: The same for text in tables and forms.
        dense_em: The same for any text, where the question is in a script whose letters need more pixels than those of
            an alphabet: Han, Kana, Hangul, the scripts of India and South East Asia, Arabic.
        em_margin: By how much a measured text height may be too large: the heights asked for are multiplied by it.
        detail_lost: Largest share of fine detail that a resize may lose where detail is asked for.
        minimum_saving: Smallest share of an image's tokens that is worth a change.
        minimum_tokens: Smallest number of tokens that is worth a change.
        snap: Largest linear shrink, as a share of each side, that counts as near-lossless.
        snap_saving: Smallest share of an image's tokens that is worth such a snap.
        text_like: At or above this `has_text` estimate a picture counts as bearing text.
        text_free: Below this `has_text` estimate a picture that nothing definite is asked about counts as a scene.
        text_aside: Share of a scene's area that text may cover while a question about the whole scene ignores it.
        reading_tokens: Smallest number of tokens that reading a picture must be able to save before it is begun.
        reading_share: Largest share of the cheapest legible picture's tokens that its transcription may cost.
        reading_confidence: Confidence that nine of ten transcribed lines must reach, in [0, 1].
        unseen: The provider's cheaper setting may be used for an image that we cannot look at (a URL, a file id).
    """

    lossy: bool = True
    gist_edge: int = 512
    word_em: float = 11.0
    digit_em: float = 12.0
    structure_em: float = 14.0
    dense_em: float = 14.0
    em_margin: float = 1.0
    detail_lost: float = 0.01
    minimum_saving: float = 0.15
    minimum_tokens: int = 100
    snap: float = 0.02
    snap_saving: float = 0.10
    text_like: float = 0.5
    text_free: float = 0.3
    text_aside: float = 0.02
    reading_tokens: int = 300
    reading_share: float = 0.7
    reading_confidence: float = 0.9
    unseen: bool = False

    def asked_in(self, words: str) -> Thresholds:
        """Return the thresholds for a picture that is asked about in these words.

        Who asks in a script whose letters need more pixels likely asks about print in it, and the height of print is
        measured without knowing its script.
        """
        if _DENSE.search(words) is None:
            return self
        least = {name: max(getattr(self, name), self.dense_em) for name in ("word_em", "digit_em", "structure_em")}
        return replace(self, **least)


_DENSE: Final = re.compile(
    # Arabic; the scripts of India and South East Asia; Hangul letters; Khmer; Kana, Han, Hangul; their further forms.
    "[\u0600-\u06ff\u0750-\u077f\u08a0-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3000-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufb50-\ufdff\ufe70-\ufefc\uff00-\uffef\U00020000-\U0003ffff]"
)


# Origins. gist_edge: MMBench and POPE lose <= 1 % at 9 to 36 visual tokens, the smallest label of CARES is 384 px;
# 448 px is the floor that serves and 512 px the default. word_em, digit_em: two machine readers on the pages of the
# offline benchmark (docs/offline.md): from 11 px on words, and from 12 px on digits, a larger picture gains nothing
# with either of them; at 11 px the weaker one begins to lose digits. structure_em: chosen, 2 px more than digits need.
# dense_em: the same readers on pages in other scripts: 19 of 20 answers are read from 13 px of the true em on (Thai and
# Kana; 10 to 12 the others, but 14 Arabic), and Han is measured 1.19 times too high.
# The minimum saving, the snap and the reading figures are chosen too: below them a rewrite is not worth a changed
# picture. em_margin: the measured heights are 6 to 8 % low on such pages, which is margin enough. text_like, text_free,
# text_aside: see `signals`, where the estimates are made and measured.
_BALANCED: Final = Thresholds()
THRESHOLDS: Final[dict[Policy, Thresholds]] = {
    Policy.SAFE: replace(_BALANCED, lossy=False, snap=0.0, text_free=0.0),
    Policy.BALANCED: _BALANCED,
    Policy.AGGRESSIVE: Thresholds(
        gist_edge=448,
        word_em=10.0,
        digit_em=11.0,
        structure_em=12.0,
        dense_em=13.0,
        detail_lost=0.02,
        minimum_saving=0.10,
        minimum_tokens=50,
        snap=0.04,
        snap_saving=0.08,
        text_like=0.7,
        text_free=0.4,
        text_aside=0.05,
        reading_tokens=150,
        reading_share=0.9,
        unseen=True,
    ),
}
