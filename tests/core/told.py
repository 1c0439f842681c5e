"""A router that was told what each question needs, and a reader that was told what each picture says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from headroom_core.blocks import Query
from headroom_core.image.reading import ReadLine
from headroom_core.image.router import Needs, RuleRouter

__all__ = ["Told", "ToldReader", "lines_of_page", "needing"]

_NOTHING = dict.fromkeys(
    ("text", "digits", "structure", "detail", "count", "region", "gist", "coordinates", "compare", "none"), 0.0
)


def needing(*needs: str, place: str | None = None) -> Needs:
    """The needs of a question that surely needs these and surely nothing else."""
    return Needs(**{**_NOTHING, **dict.fromkeys(needs, 1.0)}, place=place)


@dataclass(frozen=True)
class Told:
    """Knows the needs of some questions for sure, by a phrase in them; reads the others by the rules."""

    phrases: Mapping[str, Needs]
    rules: RuleRouter = field(default_factory=RuleRouter)

    def route(self, query: Query) -> Needs:
        for phrase, needs in self.phrases.items():
            if phrase in query.text:
                return needs
        return self.rules.route(query)


@dataclass(frozen=True)
class ToldPage:
    """The lines of one picture, read when asked."""

    lines: tuple[ReadLine, ...]

    @property
    def boxes(self) -> tuple[tuple[int, int, int, int], ...]:
        return tuple(line.box for line in self.lines)

    def read(self, chosen: Sequence[int]) -> tuple[ReadLine, ...]:
        return tuple(self.lines[index] for index in chosen)


@dataclass(frozen=True)
class ToldReader:
    """Reads each picture of a known size without a mistake: what `lines` says stands on it."""

    lines: Mapping[tuple[int, int], tuple[ReadLine, ...]]
    name: str = "told"

    def find(self, picture: Any, box: tuple[int, int, int, int] | None = None) -> ToldPage:
        return ToldPage(self.read(picture, box))

    def read(self, picture: Any, box: tuple[int, int, int, int] | None = None) -> tuple[ReadLine, ...]:
        found = self.lines.get(picture.header.size, ())
        if box is None:
            return found
        return tuple(line for line in found if _inside(line.box, box))


def lines_of_page(width: int, height: int, em: int, words: str, *, confidence: float = 0.99) -> tuple[ReadLine, ...]:
    """Lines where `pictures.page` draws them; `words` may hold the `number` of the line and its `top`."""
    return tuple(
        ReadLine(words.format(number=number, top=top), (em * 2, top, width - em * 2, top + em), confidence, float(em))
        for number, top in enumerate(range(em * 2, height - em * 3, int(em * 1.5)))
    )


def _inside(inner: tuple[int, int, int, int], outer: tuple[int, int, int, int]) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
