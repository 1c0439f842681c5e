"""Which technique the needs of a question allow, alone or for a picture of a known kind."""

from __future__ import annotations

from typing import Final

from headroom_core.image.regions import region_of
from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.router.risks import RISKED, Kinds
from headroom_core.image.technique import Technique

__all__ = ["SCENES", "WITH_PROSE", "allows", "confidence_of", "is_located", "technique_of"]

SCENES: Final = frozenset({"photo", "art", "video_frame"})
"""Kinds of pictures that bear no text worth reading, unless a question names it."""
WITH_PROSE: Final = frozenset({"document", "screenshot", "receipt", "product", "scene_text", "code", "ui"})
"""Kinds whose print can be read out in order. Not charts, tables, forms, maps and diagrams, whose marks carry the
answer, and neither handwriting nor maths, which recognition gets wrong. Not memes, whose words mean little without the
picture."""
SMALL_PRINT: Final = frozenset({"document", "receipt", "form", "table", "code", "handwriting", "math"})
"""Kinds that are nearly all text: a small copy of them shows little more than that."""

_ANY_SIZE: Final = (1000, 1000)


def technique_of(needs: Needs, *, kind: Kinds = None) -> Technique:
    """Return the technique that the needs allow.

    Args:
        needs: What the question needs; whatever is not excluded counts.
        kind: What the picture is (`photo`, `document`, `screenshot`, `chart`, ...), as a stand-in for measuring it, or
            several where it may be any of them. None decides by the question alone.

    Returns:
        With the risks of a trained router, the technique that saves most at a risk worth taking. Else `preserve`
        wherever a need stays open or the kind does not bear what the question alone would allow: without risks a kind
        that is not known counts as bearing text, and without a kind nothing is transcribed, for whether a picture bears
        print that can be read out is not in the words. A region that has no place that can be found is never cropped.
    """
    if needs.risks is None:
        techniques = {
            _by_exclusion(needs, name) for name in ([kind] if isinstance(kind, str) or kind is None else kind)
        }
        return techniques.pop() if len(techniques) == 1 else Technique.PRESERVE
    technique = needs.least_risky(kind)
    if technique is not Technique.CROP or is_located(needs.place):
        return technique
    others = [other for other in RISKED if other is not Technique.CROP]
    best = max(others, key=lambda other: needs.gain(other, kind))
    return best if needs.gain(best, kind) > 0.0 else Technique.PRESERVE


def allows(needs: Needs, technique: Technique, *, kind: Kinds = None) -> bool:
    """Whether a technique may be tried for a question; what the picture shows must allow it as well.

    Args:
        needs: What the question needs.
        technique: The one that is asked about. Preserve is always allowed.
        kind: What the picture is or may be, as for `technique_of`; of several, all must allow it.
    """
    if technique is Technique.PRESERVE:
        return True
    if needs.risks is None:
        return technique_of(needs, kind=kind) is technique
    if technique is Technique.CROP and needs.place is None:
        return False
    return needs.gain(technique, kind) > 0.0


def confidence_of(needs: Needs, technique: Technique, *, kind: Kinds = None) -> float:
    """How sure it is, in [0, 1], that a technique answers as well as the original; of preserve, that no other does."""
    return needs.confidence if needs.risks is None else needs.risks.fitness(technique, kind)


def is_located(place: str | None) -> bool:
    """Whether the words that name a region name it by geometry: a corner, a side, the middle.

    A place named by its meaning ("the badge on his jacket") cannot be found without understanding the picture.
    """
    return place is not None and region_of(place, _ANY_SIZE) is not None


def _by_exclusion(needs: Needs, kind: str | None) -> Technique:
    technique = needs.by_exclusion
    if technique is Technique.CROP and not is_located(needs.place):
        return Technique.PRESERVE
    if kind is None:
        return Technique.PRESERVE if technique is Technique.TRANSCODE else technique
    if needs.silent:
        return Technique.FULL_LOW if kind in SCENES else Technique.PRESERVE
    if technique is Technique.TRANSCODE and kind not in WITH_PROSE:
        return Technique.PRESERVE
    if technique is Technique.FULL_LOW and kind in SMALL_PRINT and not needs.present(Need.NONE):
        return Technique.PRESERVE
    return technique
