"""Places that a question names by geometry, as rectangles: corners, sides, halves, thirds, the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from headroom_core.image.regions.plan import Box, Size
from headroom_core.image.regions.words import Language, Word, Words, languages, words_of

__all__ = ["asks_relations", "place_of", "region_of", "spoken"]

LONGEST: Final = 200
"""Characters; a longer text is a prompt, which may name more than one place in ways that no list of words sees."""

_Span = tuple[Fraction, Fraction]
_HALF, _THIRD, _QUARTER = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)
_WHOLE: Final[_Span] = (Fraction(0), Fraction(1))
_MIDDLE: Final[_Span] = (_QUARTER, 1 - _QUARTER)
"""The middle along one side: generous, for "the middle" is said of much that is a little beside it."""
_CENTRE: Final[_Span] = (Fraction(1, 5), Fraction(4, 5))
"""The same along both sides at once, since what stands in the middle is often large."""
_EXTENT: Final = {"third": _THIRD, "quarter": _QUARTER, "header": _THIRD, "footer": _THIRD}
_LINES: Final = frozenset({"line", "row"})
_MEMBERS: Final = frozenset({Word.PLACE, Word.BARE, Word.UNIT, Word.FIRST, Word.LAST})
_SEEN: Final = frozenset({Word.UNKNOWN, Word.BREAK})
_HARMLESS: Final = frozenset({Word.BREAK, Word.KNOWN, Word.SMALL, Word.FRAME, Word.RELATION})


def region_of(place: str, size: Size, *, content: Box | None = None) -> Box | None:
    """The rectangle that words name by geometry, without margin.

    Args:
        place: The words of a place ("top left corner", "右下"), or the whole question around them, which is safer: it
            shows what the place is a place of ("left of the car" is no place in the picture).
        size: Width and height of the picture in pixels.
        content: What is not blank margin; lines, headers and footers are taken from it instead of the whole picture.

    Returns:
        (left, top, right, bottom) in pixels, or None where the words name no place, more than one, one by its meaning
        ("the background"), or are unsure.
    """
    found = _found(place)
    if found is None:
        return None
    across, down = found.spans()
    frame = content if content is not None and found.of_content else (0, 0, *size)
    return _scaled(across, down, frame, size)


def place_of(text: str) -> str | None:
    """The words of a question that name one place by geometry, folded and with the picture they are a place of.

    None where `region_of` finds no place in the question.
    """
    found = _found(text)
    if found is None:
        return None
    start, end = found.at
    return " ".join(words_of(text)[start:end])


def asks_relations(text: str) -> bool:
    """Whether a question asks how a part of the picture relates to the rest ("compared with", "next to")."""
    tokens = words_of(text[:LONGEST])
    return any(words.word is Word.RELATION for language in spoken(tokens) for words in language.cut(tokens))


@dataclass(frozen=True, slots=True)
class _Found:
    """A place as its directions and units; `at` is where its words stand."""

    directions: frozenset[str]
    units: frozenset[str]
    at: tuple[int, int]

    @property
    def of_content(self) -> bool:
        return bool(self.units & {"line", "row", "header", "footer"})

    def same_as(self, other: _Found) -> bool:
        return self.spans() == other.spans() and self.of_content == other.of_content

    def spans(self) -> tuple[_Span, _Span]:
        """Its extent across and down, as shares of the picture."""
        if self.directions == {"middle"} and not self.units & {"row", "line", "column"}:
            return _CENTRE, _CENTRE
        across = self._span("left", "right", middle_of={"top", "bottom"}, unit="column")
        return across, self._span("top", "bottom", middle_of={"left", "right"}, unit="row")

    def _span(self, first: str, last: str, *, middle_of: set[str], unit: str) -> _Span:
        extent = self._extent()
        if first in self.directions:
            return Fraction(0), extent
        if last in self.directions:
            return 1 - extent, Fraction(1)
        if "middle" in self.directions and (self.directions & middle_of or unit in self.units):
            return _MIDDLE
        return _WHOLE

    def _extent(self) -> Fraction:
        """How far it reaches along one side; a place with two directions reaches half of each."""
        if len(self.directions) > 1:
            return _HALF
        return min((_EXTENT[unit] for unit in self.units if unit in _EXTENT), default=_HALF)


def _found(text: str) -> _Found | None:
    if len(text) > LONGEST:
        return None
    tokens = words_of(text)
    read = [_read_in(language, tokens, asked="?" in text or "？" in text) for language in spoken(tokens)]
    first = read[0] if read else None
    if first is None or any(other is None or not other.same_as(first) for other in read):
        return None
    return first


def spoken(tokens: list[str]) -> list[Language]:
    """The languages that know the most of a text."""
    met = {language.tag: sum(map(language.knows, tokens)) for language in languages()}
    enough = max(1, max(met.values()) / 2)
    known = {language.tag: _known(language, tokens) for language in languages() if met[language.tag] >= enough}
    most = max(known.values(), default=0)
    return [language for language in languages() if most and known.get(language.tag) == most]


def _known(language: Language, tokens: list[str]) -> int:
    return sum(words.end - words.start for words in language.cut(tokens) if words.word not in _SEEN)


def _read_in(language: Language, tokens: list[str], *, asked: bool) -> _Found | None:
    """The one place that a text names when read in one language."""
    cut = _with_frames(language.cut(tokens), before=language.before)
    if any(words.word is Word.VOID for words in cut):
        return None
    found: list[_Found] = []
    for start, end in _clusters(cut):
        directions, units = _meaning(cut[start:end])
        if not directions:
            continue
        place = _Found(directions, units, (cut[start].start, cut[end - 1].end))
        if not _makes_sense(place) or not _is_of_the_picture(language, cut, start, end, place, asked=asked):
            return None
        found.append(place)
    if not found or any(not place.same_as(found[0]) for place in found):
        return None
    return found[0]


def _with_frames(cut: list[Words], *, before: bool) -> list[Words]:
    """The same, with "of the picture" (or, where that stands before it, "the picture's") as one frame."""
    joined: list[Words] = []
    at = 0
    pair = (Word.FRAME, Word.OF) if before else (Word.OF, Word.FRAME)
    while at < len(cut):
        end = at + 1 if before else _past_small(cut, at + 1)
        if end < len(cut) and (cut[at].word, cut[end].word) == pair:
            joined.append(Words(cut[at].start, cut[end].end, Word.FRAME, frozenset()))
            at = end + 1
        else:
            joined.append(cut[at])
            at += 1
    return joined


def _clusters(cut: list[Words]) -> Iterator[tuple[int, int]]:
    """Runs of words that name one place, small words and "of the picture" within them; first and past-the-last."""
    at = 0
    while at < len(cut):
        if cut[at].word not in _MEMBERS:
            at += 1
            continue
        end = at + 1
        while (after := _next_member(cut, end)) is not None:
            end = after + 1
        yield at, _past_frames(cut, end)
        at = end


def _next_member(cut: list[Words], at: int) -> int | None:
    glue = {Word.SMALL, Word.FRAME, Word.OF}
    while at < len(cut) and (cut[at].word in glue or (cut[at].word is Word.BREAK and _is_comma(cut, at))):
        at += 1
    return at if at < len(cut) and cut[at].word in _MEMBERS else None


def _is_comma(cut: list[Words], at: int) -> bool:
    """Whether a break is a comma right between two words of places ("links, ganz oben")."""
    after = _past_small(cut, at + 1)
    within = "pause" in cut[at].meaning and cut[at - 1].word in _MEMBERS
    return within and after < len(cut) and cut[after].word in _MEMBERS


def _past_frames(cut: list[Words], at: int) -> int:
    while (after := _past_small(cut, at)) < len(cut) and cut[after].word is Word.FRAME:
        at = after + 1
    return at


def _past_small(cut: Sequence[Words], at: int) -> int:
    while at < len(cut) and cut[at].word is Word.SMALL:
        at += 1
    return at


def _meaning(cluster: list[Words]) -> tuple[frozenset[str], frozenset[str]]:
    directions: set[str] = set()
    units: set[str] = set()
    ends = {words.word for words in cluster} & {Word.FIRST, Word.LAST}
    for words in (words for words in cluster if words.word in _MEMBERS):
        (units if words.word is Word.UNIT else directions).update(words.meaning)
    if ends and "line" in units and not directions:
        directions = {"top"} if ends == {Word.FIRST} else {"bottom"} if ends == {Word.LAST} else {"top", "bottom"}
    elif ends and directions:
        units.add("ordinal")
    for unit, direction in (("header", "top"), ("footer", "bottom")):
        if unit in units:
            directions.add(direction)
    return frozenset(directions), frozenset(units)


def _makes_sense(place: _Found) -> bool:
    """Whether the directions agree with each other and with the unit."""
    if "ordinal" in place.units or {"left", "right"} <= place.directions or {"top", "bottom"} <= place.directions:
        return False
    if len(place.directions) > 2 or ("half" in place.units and len(place.directions) > 1):
        return False
    if "middle" in place.directions and place.units & {"corner", "half", "quarter", "third"}:
        return False
    return not (place.units & _LINES and place.directions <= {"left", "right"})


def _is_of_the_picture(
    language: Language, cut: list[Words], start: int, end: int, place: _Found, *, asked: bool
) -> bool:
    fits = _may_follow(language, cut, end, place) and _may_precede(language, cut, start)
    before = start > 0 and language.before and cut[start - 1].word is Word.FRAME
    named = before or any(words.word is Word.FRAME for words in cut[start:end])
    nothing_else = not asked and all(words.word in _MEMBERS | {Word.SMALL, Word.FRAME} for words in cut)
    return fits and (named or nothing_else or _stands_by_itself(cut, start, end, place))


def _stands_by_itself(cut: list[Words], start: int, end: int, place: _Found) -> bool:
    """Whether its words mean a place without "of the picture"; "the middle" may be that of any thing."""
    if place.directions == {"middle"} and not place.units:
        return False
    if len(place.directions) > 1 or any(words.word in {Word.PLACE, Word.UNIT} for words in cut[start:end]):
        return True
    of_a_thing = end < len(cut) and cut[end].word is Word.THING
    return of_a_thing and (start == 0 or cut[start - 1].word is not Word.UNKNOWN)


def _may_follow(language: Language, cut: list[Words], end: int, place: _Found) -> bool:
    """Whether what follows a place cannot be what it is a place of, or what it only qualifies."""
    if end >= len(cut) or language.before:
        return True
    after = cut[end].word
    if after in _HARMLESS or after is Word.THING:
        return after is not Word.SMALL or _may_follow(language, cut, _past_small(cut, end), place)
    free = len(place.directions) > 1 and not language.genitive
    return free and after is Word.UNKNOWN


def _may_precede(language: Language, cut: list[Words], start: int) -> bool:
    """Whether what precedes a place cannot be what it is a place of."""
    if not language.before or start == 0:
        return True
    return cut[start - 1].word in _HARMLESS


def _scaled(across: _Span, down: _Span, frame: Box, size: Size) -> Box | None:
    """The smallest whole pixels that hold the shares of the frame."""
    left, top, right, bottom = frame
    box = (
        left + _floor(across[0] * (right - left)),
        top + _floor(down[0] * (bottom - top)),
        left + _ceil(across[1] * (right - left)),
        top + _ceil(down[1] * (bottom - top)),
    )
    clipped = (max(box[0], 0), max(box[1], 0), min(box[2], size[0]), min(box[3], size[1]))
    return clipped if clipped[0] < clipped[2] and clipped[1] < clipped[3] else None


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
