"""The words that name a place, per language: how a text is cut into them.

A language is one file, `words/<tag>.toml`, of comma-separated phrases (`stem*` for every word that begins so):

    left, right, top, bottom, middle    directions that stand for a side of the picture by themselves ("on the left")
    left_bare, ...                      the same where they need a second direction, a unit or a thing beside them
    top_left, ...                       both directions in one word
    corner, side, half, third, quarter  units, and `line`, `row`, `column`, `header`, `footer`
    first, last                         which line or row
    small                               small words that may stand within a place ("in the", "very")
    of                                  words that tie a place to something: it must be the picture ("left of the page")
    frame                               words for the picture itself
    things                              nouns that may follow a direction ("the left panel")
    known                               other words that change nothing beside a place: question words, verbs
    void                                words that make every place in the question unsure ("not", "between")
    trap                                phrases that look like a place ("right now", "top 10")
    relations                           words that ask how a part relates to the rest; they change no place
    prefixes                            what may be written together before a word (articles and prepositions)
    genitive = true                     a noun right after a place may be what it is a place of
    before = true                       what a place is a place of stands before it

Adding a language is adding a file.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

__all__ = ["BREAK", "NUMBER", "QUOTED", "STOP", "Language", "Word", "Words", "folded", "languages", "words_of"]

BREAK: Final = "|"
"""Stands for a comma, a colon, a dash, a bracket."""
STOP: Final = "."
"""Stands for the end of a sentence."""
NUMBER: Final = "#"

_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670\u0640]")
_LETTERS: Final = str.maketrans(
    {"ı": "i", "ł": "l", "ß": "ss", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ۀ": "ه"}
)
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9\u01a1\u01b0\u0111]")
_FORMAT = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
QUOTED = re.compile('"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|『[^』]*』|‘[^’]*’|`[^`]*`')
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_OTHER = (
    "\\s\\d!-/:-@\\[-`{-~\u00a1-\u00bf\u05be\u060c\u061b\u061f\u0964\u0965\u06d4\u2000-\u206f\u3000-\u303f\uff01-\uff65"
)
_TOKEN = re.compile(
    f"(?P<stop>[.;!?\\n\u2026\u061b\u061f\u06d4\u0964\u3002]+)|(?P<pause>[,:()\u060c\u3001\u2013\u2014]+)|(?P<number>\\d+)"
    f"|[{_UNSPACED}]|[^{_OTHER}{_UNSPACED}]+"
)
_STANDS_FOR: Final = {"stop": STOP, "pause": BREAK, "number": NUMBER}
_UNKNOWN_WORD: Final = "\u2020"


class Word(StrEnum):
    """What a word or a phrase does for a place."""

    PLACE = "place"
    BARE = "bare"
    UNIT = "unit"
    FIRST = "first"
    LAST = "last"
    SMALL = "small"
    OF = "of"
    FRAME = "frame"
    THING = "things"
    KNOWN = "known"
    VOID = "void"
    TRAP = "trap"
    RELATION = "relations"
    BREAK = "break"
    UNKNOWN = "unknown"


class Words(NamedTuple):
    """A stretch of tokens, `tokens[start:end]`, what it does, and its meaning (directions, or the unit)."""

    start: int
    end: int
    word: Word
    meaning: frozenset[str]


_DIRECTIONS: Final = ("left", "right", "top", "bottom", "middle")
_UNITS: Final = ("corner", "side", "half", "third", "quarter", "line", "row", "column", "header", "footer")
_PLAIN: Final = tuple(word for word in Word if word not in {Word.PLACE, Word.BARE, Word.UNIT, Word.BREAK, Word.UNKNOWN})
_Entry = tuple[Word, frozenset[str]]
_NOTHING: Final[frozenset[str]] = frozenset()
_BREAKS: Final = {BREAK: frozenset({"pause"}), STOP: frozenset({"stop"})}


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language.

    Attributes:
        tag: Its language tag.
        entries: What its phrases mean.
        stems: What words mean that begin so.
        sizes: How many tokens the phrases have that begin with a token, longest first.
        vocabulary: Every token of its phrases.
        prefixes: What may be written together before a word.
        genitive: A noun right after a place may be what it is a place of.
        before: What a place is a place of stands before it.
    """

    tag: str
    entries: dict[str, _Entry]
    stems: dict[str, _Entry]
    sizes: dict[str, tuple[int, ...]]
    vocabulary: frozenset[str]
    prefixes: tuple[str, ...]
    genitive: bool
    before: bool

    def knows(self, token: str) -> bool:
        """Whether a token stands in any phrase of the language."""
        return any(form in self.vocabulary for form in self._forms(token)) or self._stem(token) is not None

    def cut(self, tokens: list[str]) -> list[Words]:
        """Cut a text into its longest known phrases, left to right; a token that is not known stands alone."""
        found, at = [], 0
        while at < len(tokens):
            words = self._longest(tokens, at)
            found.append(words)
            at = words.end
        return found

    def _longest(self, tokens: list[str], at: int) -> Words:
        if tokens[at] in _BREAKS:
            return Words(at, at + 1, Word.BREAK, _BREAKS[tokens[at]])
        for form in self._forms(tokens[at]):
            for size in self.sizes.get(form, ()):
                entry = self.entries.get(" ".join((form, *tokens[at + 1 : at + size])))
                if entry is not None:
                    return Words(at, min(at + size, len(tokens)), *entry)
        return Words(at, at + 1, *(self._stem(tokens[at]) or (Word.UNKNOWN, _NOTHING)))

    def _forms(self, token: str) -> tuple[str, ...]:
        """The token, and what is left of it without a word written together before it."""
        if not self.prefixes:
            return (token,)
        return (token, *(token[len(prefix) :] for prefix in self.prefixes if token.startswith(prefix)))

    def _stem(self, token: str) -> _Entry | None:
        if not self.stems:
            return None
        stems = (form[:size] for form in self._forms(token) for size in range(len(form), 2, -1))
        return next((self.stems[stem] for stem in stems if stem in self.stems), None)


def folded(text: str) -> str:
    """A text in lower case, without common accents; Vietnamese keeps its marks, without which it is other words."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    lower = unicodedata.normalize("NFKC", _FORMAT.sub("", lower))
    return lower if _VIETNAMESE.search(lower) else _bare(lower)


def words_of(text: str, *, exact: bool = False) -> list[str]:
    """The tokens of a text, folded: `#` for a number (itself if exact), `|` and `.` for breaks; a quotation is unknown.

    Scripts without spaces give one token per character, so that a word of theirs is a phrase of characters.
    """
    plain = folded(QUOTED.sub(f" {_UNKNOWN_WORD} ", text))
    return [
        match.group() if exact and match.lastgroup == "number" else _token(match) for match in _TOKEN.finditer(plain)
    ]


@cache
def languages() -> tuple[Language, ...]:
    """The languages in `words/`, read once per process."""
    folder = resources.files(__package__) / "words"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(_read(file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in files)


def _token(match: re.Match[str]) -> str:
    return _STANDS_FOR.get(match.lastgroup or "") or match.group()


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_LETTERS))


def _read(tag: str, text: str) -> Language:
    tables = tomllib.loads(text)
    entries: dict[str, _Entry] = {}
    stems: dict[str, _Entry] = {}
    prefixes = tuple(folded(prefix) for prefix in _listed(tables.pop("prefixes", "")))
    genitive, before = bool(tables.pop("genitive", False)), bool(tables.pop("before", False))
    for name, listed in tables.items():
        entry = _meaning_of(name)
        for item in _listed(listed):
            for phrase in _forms(item.removesuffix("*")):
                (stems if item.endswith("*") else entries)[phrase] = entry
    sizes: dict[str, set[int]] = {}
    for phrase in entries:
        parts = phrase.split()
        sizes.setdefault(parts[0], set()).add(len(parts))
    longest_first = {token: tuple(sorted(found, reverse=True)) for token, found in sizes.items()}
    vocabulary = frozenset(token for phrase in entries for token in phrase.split())
    return Language(tag, entries, stems, longest_first, vocabulary, prefixes, genitive, before)


def _listed(listed: str) -> list[str]:
    return [item.strip() for item in listed.replace("\n", " ").split(",") if item.strip()]


def _forms(item: str) -> set[str]:
    """The phrase as a text may hold it: folded, and without marks."""
    kept = unicodedata.normalize("NFKC", item.casefold())
    if kept.isascii() and "#" not in kept:
        return {_phrase(kept)}
    return {_phrase(form) for form in (kept, _bare(kept), _bare(kept).replace("đ", "d"))}


def _phrase(folded_item: str) -> str:
    """Its tokens, with `#` for any number."""
    parts = ("0" if part == NUMBER else part for part in folded_item.split())
    return " ".join(_token(match) for match in _TOKEN.finditer(" ".join(parts)))


def _meaning_of(name: str) -> _Entry:
    if name in _UNITS:
        return Word.UNIT, frozenset({name})
    if name in _PLAIN:
        return Word(name), _NOTHING
    directions = frozenset(name.removesuffix("_bare").split("_"))
    if not directions <= set(_DIRECTIONS):
        raise ValueError(f"no table of place words is called {name!r}")
    return (Word.BARE if name.endswith("_bare") else Word.PLACE), directions
