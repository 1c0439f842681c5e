"""The rule router: what a question needs, by the words of its language alone."""

from __future__ import annotations

import re
from typing import Any, Final

from headroom_core.blocks import Query
from headroom_core.image.router.lexicon import BREAK, STOP, Languages, Lexicon, Mark, tokens
from headroom_core.image.router.needs import Need, Needs

__all__ = ["RuleRouter"]

LONGEST_QUESTION: Final = 400
"""Characters; a longer text is a prompt, not a question, and excludes nothing."""
WINDOW: Final = 300
"""Characters read at the head and at the tail of a longer text, to name its needs."""
UNKNOWN_WORDS: Final = 3
"""How many words that no table knows may stand beside an open gist phrase ("the mood at Henley regatta")."""

_SKIPPED_MARKS = 5
_TRAILING_MARKS = 4
_SURE, _OUT = 0.95, 0.03
_ALL_OUT = dict.fromkeys((need.value for need in Need), _OUT)
_LIGHT = frozenset({Need.GIST, Need.NONE})
_HARMLESS = frozenset(
    {"plain", "asking", "scene", "broad", "gist_open", "gist_closed", "which", "whether", "rough", "break"}
)
_OPENS = frozenset({"gist_open", "gist_closed", "which", "whether", "asking"})
_ARITHMETIC = re.compile(
    r"\d\s*%?\s*(?:[+*/×÷^-]|\bx\b|%|\bof\b|\btimes\b|\bplus\b|\bminus\b|\bdivided by\b)\s*(?:\w+\s+)?\d"
)


class RuleRouter:
    """Routes by word lists alone: pure, no model, no network, a few dozen microseconds for a normal question.

    The dangerous error is to call a question gist that needs more. So gist needs a known gist phrase **and** that every
    other word is known to be harmless (some phrases bear a few unknown words) **and** that no word of any language
    raises another need. Whatever is left excludes nothing, which means preserve.
    """

    __slots__ = ("_languages",)

    def __init__(self, *, languages: Languages | None = None) -> None:
        """Route with the built-in languages, or with others."""
        self._languages = languages

    def route(self, query: Query) -> Needs:
        """What the question needs. Never raises; text of any length takes bounded work."""
        if query.coordinates:
            return Needs(coordinates=1.0)
        text = query.text
        if len(text) > LONGEST_QUESTION:
            return self._route_prompt(text)
        languages = self._languages or Languages.built_in()
        words = tokens(text)
        if all(word in {BREAK, STOP} for word in words):
            return Needs(silent=True)
        readings = [_Reading(lexicon, languages, words, text) for lexicon in languages.likely(words)]
        verdicts = (reading.verdict() for reading in readings)
        return next((needs for needs in verdicts if needs is not None), _named(readings))

    def _route_prompt(self, text: str) -> Needs:
        languages = self._languages or Languages.built_in()
        words = tokens(f"{text[:WINDOW]}\n{text[-WINDOW:]}")
        return _named([_Reading(lexicon, languages, words, "") for lexicon in languages.likely(words)[:1]])


class _Reading:
    """One question read in one language."""

    __slots__ = ("asked", "language", "languages", "lexicon", "marks", "text", "words")

    def __init__(self, lexicon: Lexicon, languages: Languages, words: list[str], text: str) -> None:
        self.lexicon = lexicon
        self.languages = languages
        self.language = lexicon.language
        self.words = words
        self.text = text
        self.marks = lexicon.mark(words)
        self.asked = self._asked()

    def verdict(self) -> Needs | None:
        """Silent, gone or gist when the question is surely that, else None."""
        if self._is_silent():
            return Needs(silent=True, language=self.language)
        if self._is_gone():
            return _only(Need.NONE, self.language)
        if self._is_gist():
            return _only(Need.GIST, self.language)
        return None

    def needs(self) -> frozenset[Need]:
        """Every need that a word of the question raises, what is to be ignored aside."""
        found = self.lexicon.needs_across(self.words, self.marks)
        for mark in self.asked:
            found |= mark.entry.needs
        return found

    def place(self) -> str | None:
        """The words that name a region, as far as one phrase holds them."""
        named = [mark for mark in self.asked if Need.REGION in mark.entry.needs]
        return " ".join(" ".join(self.words[mark.start : mark.end]) for mark in named) or None

    def _is_silent(self) -> bool:
        tables = [mark.entry.tables for mark in self.marks]
        said = all(table & {"silent", "plain", "asking", "break"} for table in tables)
        return said and any("silent" in table for table in tables)

    def _is_gone(self) -> bool:
        at = next((at for at, mark in enumerate(self.marks) if "gone" in mark.entry.tables), None)
        if at is None or at + 1 >= len(self.marks) or "break" not in self.marks[at + 1].entry.tables:
            return False
        rest = [mark for index, mark in enumerate(self.marks) if index != at]
        points_back = any(mark.entry.needs or "points" in mark.entry.tables for mark in rest)
        elsewhere = any("elsewhere" in mark.entry.tables for mark in rest) or _ARITHMETIC.search(self.text) is not None
        return elsewhere and not points_back

    def _is_gist(self) -> bool:
        asked = self.asked
        if any("negators" in mark.entry.tables and not mark.entry.tables & _HARMLESS for mark in asked):
            return False
        if any(mark.entry.needs for mark in asked) or self.lexicon.needs_across(self.words, self.marks):
            return False
        unknown = [mark for mark in asked if not mark.entry.tables & _HARMLESS]
        if any(self.languages.needs_of(self.words[mark.start]) for mark in unknown):
            return False
        if any(self.words[mark.start] == "#" for mark in unknown):
            return False
        open_phrase = any("gist_open" in mark.entry.tables for mark in asked)
        if len(unknown) > (UNKNOWN_WORDS if open_phrase else 0):
            return False
        verdicts = [_asks_for_gist(sentence) for sentence in _sentences(asked)]
        return None not in verdicts and any(verdicts)

    def _asked(self) -> list[Mark]:
        """The marks without the stretches that the question tells to ignore ("without reading the text")."""
        kept: list[Mark] = []
        at = 0
        while at < len(self.marks):
            end = self._skipped_until(at, kept)
            if end == at:
                kept.append(self.marks[at])
                end = at + 1
            at = end
        return kept

    def _skipped_until(self, at: int, before: list[Mark]) -> int:
        if "skip" not in self.marks[at].entry.tables or (before and before[-1].entry.tables & {"negators", "skip"}):
            return at
        end = at
        for index in range(at + 1, min(at + 1 + _SKIPPED_MARKS, len(self.marks))):
            entry = self.marks[index].entry
            if entry.needs:
                end = index + 1
            elif "link" not in entry.tables:
                break
        return end if end == at else self._clause_end(end)

    def _clause_end(self, at: int) -> int:
        """Past "on the poster" after "ignore the text", if the clause ends there."""
        trailing = self.marks[at : at + _TRAILING_MARKS]
        if not trailing or "within" not in trailing[0].entry.tables:
            return at
        for index, mark in enumerate(trailing):
            if "break" in mark.entry.tables:
                return at + index
            if mark.entry.tables & _OPENS:
                return at
        return at


def _sentences(marks: list[Mark]) -> list[list[frozenset[str]]]:
    sentences: list[list[frozenset[str]]] = [[]]
    for mark in marks:
        if "stop" in mark.entry.tables:
            sentences.append([])
        else:
            sentences[-1].append(mark.entry.tables)
    return [sentence for sentence in sentences if sentence]


def _asks_for_gist(tables: list[frozenset[str]]) -> bool | None:
    """Whether a sentence asks for the gist: False where it asks for nothing, None where it asks for something else."""
    open_phrases = sum("gist_open" in table for table in tables)
    questions = sum("asking" in table for table in tables)
    categories = [at for at, table in enumerate(tables) if "which" in table]
    if not all(_broad_follows(tables, at) for at in categories) or (
        questions and questions > open_phrases + len(categories)
    ):
        return None
    if open_phrases or categories or any("gist_closed" in table for table in tables):
        return True
    things = any(table & {"scene", "broad"} and "plain" not in table for table in tables)
    if any("whether" in table for table in tables):
        return True if things else None
    return None if things else False


def _broad_follows(tables: list[frozenset[str]], at: int) -> bool:
    roughly = any("rough" in table for table in tables)
    for table in tables[at + 1 :]:
        if "broad" in table or (roughly and "scene" in table):
            return True
        if not table & {"plain", "asking"}:
            return False
    return False


def _only(need: Need, language: str) -> Needs:
    levels: dict[str, Any] = {**_ALL_OUT, need.value: _SURE}
    return Needs(**levels, language=language)


def _named(readings: list[_Reading]) -> Needs:
    """Everything stays open, but for the needs that words name, which are present."""
    if not readings:
        return Needs()
    reading = readings[0]
    named: dict[str, Any] = {need.value: _SURE for need in reading.needs() - _LIGHT}
    place = reading.place() if Need.REGION.value in named else None
    return Needs(**named, place=place, language=reading.language)
