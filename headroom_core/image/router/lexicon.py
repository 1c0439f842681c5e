"""The word lists of the rule router: what each language's table means, and how words are found in a question.

A language is one file, `words/<tag>.toml`. Its tables, all of comma-separated words and phrases (`stem*` for every word
that begins so, `#` for a number):

    gist_open     phrases that ask for the whole at a glance, whatever they are about (mood, main colours)
    gist_closed   phrases that do so if every other word of the question is known to be harmless
    which, broad  "what kind of" and the broad categories that may follow it
    whether       "is this" and the like, which ask for the gist of the things in `scene` and `broad`
    scene         large things and plain qualities; after `which` only beside a word of `rough`
    plain         words that change nothing
    asking        question words; beside them `whether` does not count, for "what bird is this" is no gist
    silent        words that say nothing about what is wanted
    skip, link    "ignore", and the small words between it and what is ignored
    within        small words that carry on what is ignored ("the text *on* the poster")
    negators      words that turn a gist question into something else
    gone          "never mind the picture"; `elsewhere`: signs of another subject; `points`: words that point back at it
    marks         "kept" where a word without its accents is another word
    prefixes      what may stand, unspaced, before a stem of [needs] (articles, "in", "and")
    [needs]       per need the words that raise it; they always win over every table above

Adding a language is adding a file.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Generic, NamedTuple, TypeVar

from headroom_core.image.router.needs import Need

__all__ = ["BREAK", "STOP", "Entry", "Languages", "Lexicon", "Mark", "tokens"]

BREAK: Final = "|"
"""The token that stands for the end of a clause."""
STOP: Final = "."
"""The token that stands for the end of a sentence."""

# Latin, Arabic and Hebrew marks are dropped: they are often not typed. Vowel signs of Indic scripts and of Thai stay.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0640]")
# Vietnamese without its marks is another set of words, so it keeps them.
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9\u01a1\u01b0\u0111]")
_FORMAT = re.compile("[\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_OTHER = (
    "\\s\\d!-/:-@\\[-`{-~\u00a1-\u00bf\u05be\u060c\u061b\u061f\u0964\u0965\u06d4\u2000-\u206f\u3000-\u303f\uff01-\uff65"
)
_TOKEN = re.compile(
    rf"(?P<stop>[.;!?\n\u2026\u061b\u061f\u06d4\u0964\u3002]+)|(?P<break>[,:\u060c\u3001\u2013\u2014]+)|(?P<number>\d+)|[{_UNSPACED}]|[^{_OTHER}{_UNSPACED}]+"
)
_STANDS_FOR: Final = {"stop": STOP, "break": BREAK, "number": "#"}
_Meaning = TypeVar("_Meaning")


def tokens(text: str, *, marks_kept: bool = False) -> list[str]:
    """The words of a text, folded: lower case, common accents dropped, `#` for a number, `BREAK` and `STOP` for ends.

    Scripts without spaces give one token per character, so that a word of theirs is a phrase of characters.
    """
    folded = _fold(text, marks_kept)
    return [_STANDS_FOR.get(match.lastgroup or "") or match.group() for match in _TOKEN.finditer(folded)]


def _fold(text: str, marks_kept: bool) -> str:
    lower = text.casefold()
    if lower.isascii():
        return lower
    lower = unicodedata.normalize("NFKC", _FORMAT.sub("", lower))
    if marks_kept or _VIETNAMESE.search(lower):
        return lower
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", lower)).replace("ı", "i")
    return unicodedata.normalize("NFC", bare)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one word or phrase means: the tables it stands in, and the needs it raises."""

    tables: frozenset[str]
    needs: frozenset[Need]


_UNKNOWN: Final = Entry(frozenset(), frozenset())
_ENDS: Final = {BREAK: Entry(frozenset({"break"}), frozenset()), STOP: Entry(frozenset({"break", "stop"}), frozenset())}


class Mark(NamedTuple):
    """A stretch of a question, `words[start:end]`, and what it means."""

    start: int
    end: int
    entry: Entry


class _Stems(Generic[_Meaning]):
    """Meanings by the beginning of a word; the longest beginning wins."""

    __slots__ = ("_sizes", "meanings")

    def __init__(self, meanings: dict[str, _Meaning]) -> None:
        sizes: dict[str, set[int]] = {}
        for stem in meanings:
            sizes.setdefault(stem[:2], set()).add(len(stem))
        self.meanings = meanings
        self._sizes = {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()}

    def get(self, word: str) -> _Meaning | None:
        for size in self._sizes.get(word[:2], ()):
            meaning = self.meanings.get(word[:size])
            if meaning is not None:
                return meaning
        return None


class Lexicon:
    """The tables of one language."""

    __slots__ = ("_entries", "_marks_kept", "_sizes", "_stems", "language")

    def __init__(
        self,
        language: str,
        tables: dict[str, str],
        needs: dict[str, str],
        *,
        prefixes: tuple[str, ...] = (),
        marks_kept: bool = False,
    ) -> None:
        """Read the tables; raise ValueError for the name of a need that does not exist."""
        self.language = language
        self._marks_kept = marks_kept
        self._entries: dict[str, Entry] = {}
        stems: dict[str, Entry] = {}
        for table, listed in tables.items():
            self._add(stems, listed, table, None)
        for need, listed in needs.items():
            self._add(stems, listed, "need", Need(need))
        self._stems = _Stems(stems | {before + stem: entry for before in prefixes for stem, entry in stems.items()})
        self._sizes = _sizes_by_first_word(self._entries)

    def _add(self, stems: dict[str, Entry], listed: str, table: str, need: Need | None) -> None:
        new = Entry(frozenset({table}), frozenset({need} if need else ()))
        for item in filter(None, (part.strip() for part in listed.replace("\n", " ").split(","))):
            is_stem = item.endswith("*")
            key = " ".join(_phrase(item.removesuffix("*"), self._marks_kept))
            target = stems if is_stem else self._entries
            old = target.get(key)
            target[key] = new if old is None else Entry(old.tables | new.tables, old.needs | new.needs)

    def vocabulary(self) -> tuple[set[str], set[str]]:
        """Every single word of the entries, and every stem."""
        return {word for phrase in self._entries for word in phrase.split()}, set(self._stems.meanings)

    def entries(self) -> dict[str, Entry]:
        """Every word and phrase with its meaning, stems with a final `*`."""
        return self._entries | {f"{stem}*": entry for stem, entry in self._stems.meanings.items()}

    def mark(self, words: list[str]) -> list[Mark]:
        """Cut a question into its longest known phrases, left to right; a word that is not known stands alone."""
        marks, at = [], 0
        while at < len(words):
            end, entry = self._longest(words, at)
            marks.append(Mark(at, end, entry))
            at = end
        return marks

    def needs_across(self, words: list[str], marks: list[Mark]) -> frozenset[Need]:
        """Needs raised by phrases that the left-to-right cut went through, so that no cut can hide one."""
        found: frozenset[Need] = frozenset()
        for mark in marks:
            for at in range(mark.start + 1, mark.end):
                end, entry = self._longest(words, at)
                if end > mark.end:
                    found |= entry.needs
        return found

    def _longest(self, words: list[str], at: int) -> tuple[int, Entry]:
        first = words[at]
        if first in _ENDS:
            return at + 1, _ENDS[first]
        for size in self._sizes.get(first, ()):
            entry = self._entries.get(" ".join(words[at : at + size]))
            if entry is not None:
                return min(at + size, len(words)), entry
        return at + 1, self._stems.get(first) or _UNKNOWN


def _phrase(item: str, marks_kept: bool) -> list[str]:
    words: list[str] = []
    for part in item.split():
        if part == "#":
            words.append(part)
        elif part.isascii() and part.isalpha():
            words.append(part.lower())
        else:
            words += tokens(part, marks_kept=marks_kept)
    return words


def _sizes_by_first_word(entries: dict[str, Entry]) -> dict[str, tuple[int, ...]]:
    sizes: dict[str, set[int]] = {}
    for phrase in entries:
        words = phrase.split()
        sizes.setdefault(words[0], set()).add(len(words))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


class Languages:
    """All languages together, and which of them a question may be in."""

    __slots__ = ("_demanding", "_demanding_stems", "_speakers", "_stem_speakers", "lexicons")

    def __init__(self, lexicons: tuple[Lexicon, ...]) -> None:
        """Index the words of all languages."""
        self.lexicons = lexicons
        self._speakers: dict[str, frozenset[Lexicon]] = {}
        self._demanding: dict[str, frozenset[Need]] = {}
        stem_speakers: dict[str, frozenset[Lexicon]] = {}
        demanding_stems: dict[str, frozenset[Need]] = {}
        for lexicon in lexicons:
            alone = frozenset({lexicon})
            for words, speakers in zip(lexicon.vocabulary(), (self._speakers, stem_speakers), strict=True):
                for word in words:
                    speakers[word] = speakers[word] | alone if word in speakers else alone
            for phrase, entry in lexicon.entries().items():
                if entry.needs:
                    demanding = demanding_stems if phrase.endswith("*") else self._demanding
                    key = phrase.removesuffix("*")
                    demanding[key] = demanding.get(key, frozenset()) | entry.needs
        self._stem_speakers = _Stems(stem_speakers)
        self._demanding_stems = _Stems(demanding_stems)

    def likely(self, words: list[str]) -> list[Lexicon]:
        """The languages that know the most words of a question: usually one, at most three, perhaps none."""
        scores: dict[Lexicon, int] = {}
        for word in words:
            for lexicon in self._speakers.get(word) or self._stem_speakers.get(word) or ():
                scores[lexicon] = scores.get(lexicon, 0) + 1
        if not scores:
            return []
        most = max(scores.values())
        best = [lexicon for lexicon in self.lexicons if scores.get(lexicon) == most]
        return best[:3]

    def needs_of(self, word: str) -> frozenset[Need]:
        """The needs that a word raises in any language."""
        return self._demanding.get(word) or self._demanding_stems.get(word) or frozenset()

    @classmethod
    @cache
    def built_in(cls) -> Languages:
        """The languages in `words/`, read once per process."""
        folder = resources.files(__package__) / "words"
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
        return cls(tuple(_read(file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in files))


def _read(language: str, text: str) -> Lexicon:
    tables = tomllib.loads(text)
    needs: dict[str, str] = tables.pop("needs")
    prefixes = tuple(_fold(prefix.strip(), False) for prefix in tables.pop("prefixes", "").split(",") if prefix.strip())
    marks_kept = tables.pop("marks", "dropped") == "kept"
    return Lexicon(language, tables, needs, prefixes=prefixes, marks_kept=marks_kept)
