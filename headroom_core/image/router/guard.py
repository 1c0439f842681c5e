"""What a model read in a question, held against what the word lists know for sure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.technique import Technique

__all__ = ["OPEN", "guarded", "opened"]

OPEN: Final = 0.3
"""The level at which a need is neither present nor excluded: where a text was not read to its end."""

_DEMANDING: Final = tuple(need for need in Need if need not in {Need.GIST, Need.NONE})


def guarded(read: Needs, rules: Needs) -> Needs:
    """Join a model's reading with the rule router's.

    The words win where they are sure: a demanding need that a word names is present whatever the model thinks, a text
    that says nothing stays silent, and coordinates that the request announces stay. A question that the words know to
    be about the whole scene, or about nothing in the picture, is that unless the model finds a demanding need present.
    In everything else the model reads better.

    Args:
        read: The model's needs.
        rules: The rule router's needs for the same query.
    """
    if rules.silent or rules.coordinates == 1.0:
        return rules
    if rules.technique is Technique.FULL_LOW and not any(read.present(need) for need in _DEMANDING):
        return rules
    named: dict[str, Any] = {
        need.value: max(rules.probability(need), read.probability(need)) for need in _DEMANDING if rules.present(need)
    }
    return replace(read, **named, silent=read.silent and not named, place=rules.place, language=rules.language)


def opened(needs: Needs) -> Needs:
    """Exclude nothing that demands pixels: for a text of which only a part was read."""
    lifted: dict[str, Any] = {need.value: OPEN for need in _DEMANDING if needs.excluded(need)}
    return replace(needs, **lifted, silent=False)
