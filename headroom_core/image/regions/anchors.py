"""Places that a question names by words that stand in the picture: a label, a title, a quotation, a line number."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final

from headroom_core.image.regions.geometry import LONGEST, spoken
from headroom_core.image.regions.plan import Box, Size
from headroom_core.image.regions.rows import Line, around, is_heading, is_table_row, joined, row_of, section
from headroom_core.image.regions.words import BREAK, QUOTED, STOP, Word, words_of

__all__ = ["anchored"]

CONFIDENT: Final = 0.9
"""A label that the reader is less sure of does not count."""
LONGEST_LABEL: Final = 8
"""Words of a label."""
ONE_SLIP_FROM: Final = 6
"""Letters of a word from which one wrong letter is taken for a slip of the reader."""
GUTTER: Final = 3
"""Numbered lines that make a gutter of line numbers."""
TITLE: Final = 1.4
"""Size of a title against every other line."""

CURRENCIES: Final = frozenset(
    {"eur", "usd", "gbp", "chf", "jpy", "cny", "rmb", "pln", "czk", "sek", "try", "tl", "inr", "rs"}
)

Tokens = tuple[str, ...]
_HARMLESS: Final = frozenset({Word.SMALL, Word.OF, Word.KNOWN, Word.FRAME, Word.BREAK, Word.RELATION})
_NUMBER_SIGN = re.compile(r"[#№]|\bn[°º]", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(\d{1,5})\b")
_QUOTES: Final = '"“”„«»「」『』‘’`'


def anchored(lines: Sequence[Line], words: str, size: Size) -> Box | None:
    """The rectangle that a question names by words that stand in the picture, without margin.

    Args:
        lines: What was read in the picture.
        words: The question. All of its words must be accounted for: it may ask for nothing beside the one place.
        size: Width and height of the picture in pixels.

    Returns:
        (left, top, right, bottom): the label with its value right of it or below, the title, the lines of an error
        message, a numbered line. None unless exactly one place fits and the reader is sure of it; and None for a cell
        of a table, which means nothing without the rest.
    """
    asked = _Asked.of(words)
    if asked is None:
        return None
    sure = [line for line in lines if line.confidence >= CONFIDENT]
    found = _labelled(asked, sure, lines, size[1]) or _unlabelled(asked, sure, lines)
    if found is None:
        return None
    left, top, right, bottom = found
    return max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1])


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as tokens.

    Attributes:
        tokens: Its words without quotations.
        open: The places of those that only something in the picture can account for.
        telling: These, and those that may as well be the words of a label; one that names something holds one.
        quoted: The one quotation, or nothing.
    """

    tokens: Tokens
    open: frozenset[int]
    telling: frozenset[int]
    quoted: Tokens

    @classmethod
    def of(cls, text: str) -> _Asked | None:
        """Read a question; None for one that no single place answers."""
        quotations = [_exact(match.group().strip(_QUOTES)) for match in QUOTED.finditer(text[:LONGEST])]
        tokens = _exact(QUOTED.sub(" ", text))
        classes = _classes(tokens)
        if len(text) > LONGEST or len(quotations) > 1 or Word.VOID in classes:
            return None
        harmless = _HARMLESS | {Word.THING} if quotations else _HARMLESS
        still_open = frozenset(at for at, word in enumerate(classes) if word not in harmless)
        if quotations and (still_open or not quotations[0]):
            return None
        telling = still_open | {at for at, word in enumerate(classes) if word is Word.RELATION}
        return cls(tokens, still_open, telling, quotations[0] if quotations else ())

    def asks_for(self, names: Sequence[Tokens]) -> bool:
        """Whether one of the names stands in the question and leaves nothing open."""
        return any(self._is_all(*span) for name in names for span in _spans(name, self.tokens))

    def asks_nearly_for(self, label: Tokens) -> bool:
        """The same for a label in which the reader may have one letter wrong."""
        spans = ((start, start + len(label)) for start in range(len(self.tokens) - len(label) + 1))
        return any(self._is_all(*span) and _one_slip(label, self.tokens[slice(*span)]) for span in spans)

    def _is_all(self, start: int, end: int) -> bool:
        span = set(range(start, end))
        return self.open <= span and bool(self.telling & span)


def _classes(tokens: Tokens) -> list[Word]:
    """What each token does in the language that knows the most of them; words like "field" and "beside" are small."""
    classes = [Word.UNKNOWN] * len(tokens)
    for language in spoken(list(tokens))[:1]:
        for words in language.cut(list(tokens)):
            classes[words.start : words.end] = [words.word] * (words.end - words.start)
    for name in _labels().aside:
        for start, end in _spans(name, tokens):
            classes[start:end] = [Word.SMALL] * (end - start)
    return classes


def _labelled(asked: _Asked, sure: Sequence[Line], lines: Sequence[Line], bottom: int) -> Box | None:
    """The one label that accounts for all that is open, with its value: word by word, by another name, with a slip."""
    for fits in (_is_named, _is_meant, _is_nearly_named):
        found = [line for line in sure if fits(asked, line) and not is_table_row(line, lines)]
        if found:
            return _with_value(found[0], lines, bottom, asked) if len(found) == 1 else None
    return None


def _is_named(asked: _Asked, line: Line) -> bool:
    if asked.quoted:
        return bool(_spans(asked.quoted, _exact(line.text)))
    return any(asked.asks_for([label]) for label in _labels_on(line.text))


def _is_meant(asked: _Asked, line: Line) -> bool:
    if asked.quoted:
        return False
    return any(asked.asks_for(names) for label in _labels_on(line.text) for names in _labels().alike(label))


def _is_nearly_named(asked: _Asked, line: Line) -> bool:
    if asked.quoted:
        return False
    return any(
        asked.asks_nearly_for(label)
        or any(asked.asks_for(names) and any(_one_slip(label, name) for name in names) for names in _labels().things)
        for label in _labels_on(line.text)
    )


def _with_value(line: Line, lines: Sequence[Line], bottom: int, asked: _Asked) -> Box | None:
    if is_heading(line, lines) and not asked.quoted:
        return section(line, lines, bottom)
    right_to_left = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in line.text)
    found = around(line, lines, both_sides=right_to_left or bool(asked.quoted))
    if asked.quoted:
        return joined(row_of(line, lines)) if found is None else found[0]
    if found is None:
        return None
    box, has_neighbours = found
    return box if has_neighbours or _bears_value(line.text) else None


def _unlabelled(asked: _Asked, sure: Sequence[Line], lines: Sequence[Line]) -> Box | None:
    """What is asked for by its kind: the title, the error message, a line by its number."""
    labels = _labels()
    if asked.asks_for(labels.title):
        return _title(lines)
    if asked.asks_for(labels.error):
        found = [line for line in sure if _tells_of_error(line.text)]
        told = around(found[0], lines, both_sides=True) if len(found) == 1 else None
        return None if told is None else told[0]
    number = _line_number(asked)
    return None if number is None else _numbered(number, sure, lines)


def _tells_of_error(text: str) -> bool:
    errors = _labels().errors
    return any(token.startswith(errors) or token.endswith(errors) for token in _exact(text))


def _title(lines: Sequence[Line]) -> Box | None:
    """The largest lines, if they stand together and are clearly larger than all others."""
    largest = max((line.em for line in lines), default=0.0)
    title = [line for line in lines if line.em * TITLE > largest]
    others = [line for line in lines if line not in title]
    box = joined(title) if title else None
    if box is None or not others or any(line.em * TITLE > min(line.em for line in title) for line in others):
        return None
    apart = box[3] - box[1] > 2 * len(title) * largest
    return None if apart or any(box[1] < line.box[1] and line.box[3] < box[3] for line in others) else box


def _line_number(asked: _Asked) -> str | None:
    """The number in "line 12" or "第12行", if the question leaves nothing else open."""
    numbers = [at for at in asked.open if asked.tokens[at].isdecimal()]
    if len(numbers) != 1:
        return None
    at = numbers[0]
    named = [span for name in _labels().line for span in _spans(name, asked.tokens) if at in {span[1], span[0] - 1}]
    rest = asked.open - {at} - {place for span in named for place in range(*span)}
    return asked.tokens[at] if named and all(asked.tokens[place] in {"第", "no"} for place in rest) else None


def _numbered(number: str, sure: Sequence[Line], lines: Sequence[Line]) -> Box | None:
    """The line that bears a number, where a column of rising numbers tells that they number the lines."""
    gutter = [(match.group(1), line) for line in sure if (match := _NUMBERED.match(line.text))]
    leftmost = min((line.box[0] for _, line in gutter), default=0)
    gutter = [(digits, line) for digits, line in gutter if abs(line.box[0] - leftmost) <= 3 * line.em]
    gutter.sort(key=lambda numbered: numbered[1].box[1])
    values = [int(digits) for digits, _ in gutter]
    rising = len(values) >= GUTTER and all(0 < after - before <= 3 for before, after in pairwise(values))
    found = [line for digits, line in gutter if digits == number]
    return joined(row_of(found[0], lines)) if rising and len(found) == 1 else None


def _labels_on(text: str) -> Iterator[Tokens]:
    """What may be the label on a line: all of it, what stands before a colon, what stands before the first number."""
    whole = _exact(text)
    head = _exact(re.split("[:：]", text, maxsplit=1)[0])
    numbers = [at for at, token in enumerate(whole) if any(letter.isdigit() for letter in token)]
    worded = whole[: numbers[0]] if numbers else whole
    while worded and worded[-1] in CURRENCIES:
        worded = worded[:-1]
    for label in {whole, head, worded}:
        letters = sum(1 if letter.isascii() else 2 for token in label for letter in token if letter.isalpha())
        if label and len(label) <= LONGEST_LABEL * (1 if letters < 2 * len(label) else 2) and letters >= 3:
            yield label


def _bears_value(text: str) -> bool:
    """Whether more than a label stands on the line."""
    after_colon = re.split("[:：]", text, maxsplit=1)[1:]
    return any(part.strip() for part in after_colon) or any(letter.isdigit() for letter in text)


def _exact(text: str) -> Tokens:
    """The tokens of a text with its numbers, without punctuation."""
    return tuple(token for token in words_of(_NUMBER_SIGN.sub(" no ", text), exact=True) if token not in {BREAK, STOP})


def _spans(name: Tokens, tokens: Tokens) -> list[tuple[int, int]]:
    size = len(name)
    return [(at, at + size) for at in range(len(tokens) - size + 1) if name and tokens[at : at + size] == name]


def _one_slip(label: Tokens, name: Tokens) -> bool:
    """Whether two phrases differ in one letter of one long word."""
    if len(label) != len(name):
        return False
    apart = [(one, other) for one, other in zip(label, name, strict=True) if one != other]
    return len(apart) == 1 and _slipped(*apart[0])


def _slipped(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < ONE_SLIP_FROM or one.isdecimal():
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


@dataclass(frozen=True, slots=True)
class _Labels:
    """The names of things that labels bear, and of what is asked for by its kind."""

    things: tuple[tuple[Tokens, ...], ...]
    title: tuple[Tokens, ...]
    error: tuple[Tokens, ...]
    line: tuple[Tokens, ...]
    errors: tuple[str, ...]
    aside: tuple[Tokens, ...]

    def alike(self, label: Tokens) -> list[tuple[Tokens, ...]]:
        """All names of the things that a label may name."""
        return [names for names in self.things if label in names]


@cache
def _labels() -> _Labels:
    tables = tomllib.loads((resources.files(__package__) / "labels.toml").read_text("utf-8"))
    asked, words = tables["asked"], tables["words"]
    return _Labels(
        things=tuple(_names(listed) for listed in tables["things"].values()),
        title=_names(asked["title"]),
        error=_names(asked["error"]),
        line=_names(asked["line"]),
        errors=tuple(token for name in _names(words["errors"]) for token in name),
        aside=(*_names(words["generic"]), *_names(words["near"])),
    )


def _names(listed: str) -> tuple[Tokens, ...]:
    items = (item.strip() for item in listed.replace("\n", " ").split(","))
    return tuple({name: None for item in items if item if (name := _exact(item))})
