"""Which technique the needs of a question allow, alone or for a picture of a known kind."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Final

from headroom_core.image.router.lexicon import tokens
from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.technique import Technique

__all__ = ["SCENES", "WITH_PROSE", "is_located", "technique_of"]

SCENES: Final = frozenset({"photo", "art", "video_frame"})
"""Kinds of pictures that bear no text worth reading, unless a question names it."""
WITH_PROSE: Final = frozenset({"document", "screenshot", "receipt", "product", "scene_text", "code", "ui"})
"""Kinds whose print can be read out in order. Not charts, tables, forms, maps and diagrams, whose marks carry the
answer, and neither handwriting nor maths, which recognition gets wrong. Not memes, whose words mean little without the
picture."""
SMALL_PRINT: Final = frozenset({"document", "receipt", "form", "table", "code", "handwriting", "math"})
"""Kinds that are nearly all text: a small copy of them shows little more than that."""


def technique_of(needs: Needs, *, kind: str | None = None) -> Technique:
    """Return the technique that the needs allow.

    Args:
        needs: What the question needs; whatever is not excluded counts.
        kind: What the picture is (`photo`, `document`, `screenshot`, `chart`, ...), as a stand-in for measuring it. A
            kind that is not known counts as bearing text. None decides by the question alone, which never transcribes:
            whether a picture bears print that can be read out is not in the words.

    Returns:
        `preserve` wherever a need stays open, a region has no place that can be found, or the kind does not bear what
        the question alone would allow.
    """
    technique = needs.technique
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


def is_located(place: str | None) -> bool:
    """Whether the words that name a region name it by geometry: a corner, a side, the middle.

    A place named by its meaning ("the badge on his jacket") cannot be found without understanding the picture.
    """
    words = tokens(place or "")
    whole, stems, phrases = _geometry()
    joined = " ".join(words)
    by_word = any(word in whole or any(word.startswith(stem) for stem in stems) for word in words)
    return by_word or any(f" {phrase} " in f" {joined} " for phrase in phrases)


@cache
def _geometry() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    text = (resources.files(__package__) / "places.toml").read_text("utf-8")
    listed = [item.strip() for item in tomllib.loads(text)["words"].replace("\n", " ").split(",")]
    folded = [(" ".join(tokens(item.removesuffix("*"))), item.endswith("*")) for item in listed if item]
    whole = frozenset(word for word, stem in folded if not stem and " " not in word)
    stems = tuple(sorted({word for word, stem in folded if stem}))
    return whole, stems, tuple(sorted({word for word, stem in folded if not stem and " " in word}))
