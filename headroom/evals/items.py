"""Questions with or without labels, and what a router makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_core.blocks import Query
from headroom_core.errors import InvalidOption
from headroom_core.image import Need, Router, Technique
from headroom_core.image.router.derive import confidence_of, technique_of

__all__ = ["Item", "Prediction", "predict", "read_items"]


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a file.

    Attributes:
        id: Its name.
        query: The words.
        kind: What the picture is, or None when the file does not say.
        best: The expert's choice, or None without labels.
        acceptable: Techniques that answer as well as the original.
        unsafe: Techniques that normally destroy the evidence.
        lang: Language tag of the question.
        tags: Themes, for slicing alone.
    """

    id: str
    query: str
    kind: str | None = None
    best: Technique | None = None
    acceptable: frozenset[Technique] = frozenset()
    unsafe: frozenset[Technique] = frozenset()
    lang: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a router decided for one question.

    Attributes:
        id: The item.
        technique: The decision.
        confidence: How sure the question makes it, in [0, 1].
        needs: The level of each need on the scale of `Needs`, rounded to 3 decimals.
    """

    id: str
    technique: Technique
    confidence: float
    needs: dict[str, float]

    def as_json(self) -> str:
        """One line of a predictions file."""
        line = {"id": self.id, "technique": self.technique.value, "confidence": self.confidence, "needs": self.needs}
        return json.dumps(line, ensure_ascii=False)


def read_items(path: Path) -> list[Item]:
    """Read a JSON Lines file of `{"id", "query", "image_kind"?, "best"?, "acceptable"?, "unsafe"?, "lang"?, "tags"?}`.

    Raises:
        OSError: The file cannot be read.
        InvalidOption: A line is not such an object.
    """
    items = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                items.append(_item(json.loads(line)))
            except (KeyError, TypeError, ValueError) as error:
                raise InvalidOption(f"line {number} of {path.name} is no labelled question: {error!r}") from error
    return items


def predict(router: Router, items: Iterable[Item], *, with_kind: bool) -> list[Prediction]:
    """Let a router decide on every question; `with_kind` lets the labelled kind stand in for looking at the picture."""
    return [_predicted(router, item, item.kind if with_kind else None) for item in items]


def _item(line: dict[str, Any]) -> Item:
    return Item(
        id=str(line["id"]),
        query=_text(line["query"]),
        kind=line.get("image_kind"),
        best=Technique(line["best"]) if line.get("best") else None,
        acceptable=frozenset(map(Technique, line.get("acceptable", ()))),
        unsafe=frozenset(map(Technique, line.get("unsafe", ()))),
        lang=line.get("lang"),
        tags=tuple(line.get("tags", ())),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a query must be text, not {value!r}")
    return value


def _predicted(router: Router, item: Item, kind: str | None) -> Prediction:
    needs = router.route(Query(text=item.query))
    levels = {need.value: round(needs.probability(need), 3) for need in Need}
    technique = technique_of(needs, kind=kind)
    return Prediction(item.id, technique, round(confidence_of(needs, technique, kind=kind), 3), levels)
