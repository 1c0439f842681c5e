"""What the trained parts make of the measurements: text or none, the kind, the heights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headroom_core.image.signals.evidence import NAMES, evidence_of
from headroom_core.image.signals.heights import Quantiles, characters_of, heights_of, refined
from headroom_core.image.signals.kinds import PictureKind
from headroom_core.image.signals.patches import patches_of
from headroom_core.image.signals.trained import trained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headroom_core.image.signals.glance import Glance
    from headroom_core.image.signals.lines import Lines
    from headroom_core.image.signals.seen import Seen

__all__ = ["Verdict", "glanced", "judged", "weighed"]

_KINDS = tuple(PictureKind)
_SURE = 0.002
"""Nothing is surer than this."""
_EQUAL = NAMES.index("equal native")
_STEPS = slice(NAMES.index("by 20 to 79 native"), NAMES.index("by 80 native") + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a picture is taken for. Lengths in decoded pixels, shares in [0, 1].

    Attributes:
        has_text: Probability that it bears text.
        kind: The likeliest kind.
        confidence: Its probability.
        lines: The lines of text, their em heights refined.
        heights: Quantiles of the em heights, or None without lines.
        characters: Estimated number of characters.
        cover: Share of the area that lines take up.
        rows: Share of the rows that a line crosses.
        flatness: Share of exactly equal neighbours.
        edges: Share of clear steps between neighbours.
        logits: What the trees say of text, and of each kind, shape (7,).
    """

    has_text: float
    kind: PictureKind
    confidence: float
    lines: Lines
    heights: Quantiles | None
    characters: int
    cover: float
    rows: float
    flatness: float
    edges: float
    logits: NDArray[np.float64]


def judged(seen: Seen) -> Verdict:
    """Judge a measured picture.

    Raises:
        BrokenModel: The trained file of the package is damaged.
    """
    parts = trained()
    patches = patches_of(seen.views, seen.lines)
    evidence = evidence_of(seen, parts.letters(patches.grey), patches.groups)
    slope, shift = parts.text_line
    text, kinds = parts.text(evidence), parts.kinds(evidence)
    shares = _shares(parts.kind_scale * kinds)
    likeliest = int(shares.argmax())
    lines = refined(seen.lines, parts.em)
    area = seen.size[0] * seen.size[1]
    return Verdict(
        has_text=_share(float(slope * text[0] + shift)),
        kind=_KINDS[likeliest],
        confidence=float(shares[likeliest]),
        lines=lines,
        heights=heights_of(lines),
        characters=round(float(characters_of(lines).sum())),
        cover=min(1.0, float((lines.width * lines.em * lines.weight).sum()) / area),
        rows=_rows(lines, seen.size[1]),
        flatness=float(evidence[_EQUAL]),
        edges=float((1 - evidence[_EQUAL]) * evidence[_STEPS].sum()),
        logits=np.concatenate([text, kinds]),
    )


def glanced(verdict: Verdict, glance: Glance) -> Verdict:
    """Return the verdict of the trees and of a glance together: text, kind and how sure it is.

    Raises:
        BrokenModel: The trained file of the package is damaged.
    """
    parts = trained()
    own, others, shift = (float(weight) for weight in parts.glance_text)
    shares = _shares(np.concatenate([verdict.logits[1:], glance.kinds, [1.0]]) @ parts.glance_kinds)
    likeliest = int(shares.argmax())
    return replace(
        verdict,
        has_text=_share(own * float(verdict.logits[0]) + others * glance.text + shift),
        kind=_KINDS[likeliest],
        confidence=float(shares[likeliest]),
    )


def weighed(has_text: float, found: float | None) -> float:
    """Return the probability of text where a detector was asked as well: not less than without it.

    Args:
        has_text: The probability without it.
        found: What the detector says, in [0, 1], or None where it does not know.
    """
    if found is None:
        return has_text
    own, others, shift = (float(weight) for weight in trained().detector)
    return max(has_text, _share(own * _logit(has_text) + others * _logit(found) + shift))


def _share(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _logit(share: float) -> float:
    share = min(1 - _SURE, max(_SURE, share))
    return float(np.log(share / (1 - share)))


def _shares(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = np.exp(logits - logits.max())
    return np.asarray(shares / shares.sum())


def _rows(lines: Lines, height: int) -> float:
    turns = np.zeros(height + 1, np.int64)
    np.add.at(turns, lines.boxes[:, 1].clip(0, height).astype(np.int64), 1)
    np.add.at(turns, lines.boxes[:, 3].clip(0, height).astype(np.int64), -1)
    return float(np.mean(np.cumsum(turns)[:-1] > 0))
