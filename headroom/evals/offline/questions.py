"""Questions whose answer is a string that stands exactly once on a page, and its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Final

from headroom.evals.offline.pages import Box, Page, Word, lot
from headroom_core.blocks import Query
from headroom_core.image import Needs

__all__ = ["PER_PAGE", "Question", "TrueNeeds", "area_questions", "bare", "is_foreign", "questions"]

PER_PAGE: Final = 16
AREAS_PER_PAGE: Final = 4
_SHORTEST: Final = 4
_LONGEST: Final = 24
_UNSEEN: Final = ("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), "\ufeff")
"""Joiners and marks of direction, which no reader can see."""
_SAME: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "..."} | dict.fromkeys(_UNSEEN, "")
)

_FOOTNOTE: Final = re.compile(r"[^\W\d].*[.,:;)\]]\d+$")
"""A number behind a full stop is the raised, smaller mark of a footnote."""

_ASK_TEXT: Final = (
    "What is written right before {word}?",
    "Which word follows {word} on this page?",
    "Read the line with {word} to me.",
    "Quote the sentence in which {word} occurs.",
)
_ASK_DIGITS: Final = (
    "Which value stands next to {word}?",
    "What exactly is the number after {word}?",
    "Copy the entry beside {word} character for character.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a page.

    Attributes:
        text: The words that are asked.
        needs: What a perfect router would say that the question needs.
        answer: The string that must still be readable.
        box: Where the answer stands, in pixels of the page's picture.
        em: Size of its font in these pixels.
        digits: The answer holds digits.
        place: The words that name the region, for a question about one part of the page; else None.
        anchored: The place is named by words on the page, not by geometry.
    """

    text: str
    needs: Needs
    answer: str
    box: Box
    em: float
    digits: bool
    place: str | None = None
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class TrueNeeds:
    """A router that knows what these questions need, by their words, and nothing else."""

    asked: tuple[Question, ...]

    def route(self, query: Query) -> Needs:
        """Return the needs of the question with these words; of any other words, that everything is open."""
        return next((question.needs for question in self.asked if question.text == query.text), Needs())


def bare(text: str) -> str:
    """The text as answers are compared: normalised, without case and white space, typographic marks made plain.

    >>> bare("Debian’s  Policy")
    "debian'spolicy"
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SAME)
    return "".join(plain.split()).casefold()


def is_foreign(letter: str) -> bool:
    """Whether a letter is of another script than the Latin one."""
    return letter.isalpha() and not unicodedata.name(letter, "LATIN").startswith("LATIN")


def questions(page: Page, seed: int) -> list[Question]:
    """Draw `PER_PAGE` questions about a page, at most half of them without digits and names where others suffice."""
    draw = lot(seed, page.name)
    chosen = _answers(page, draw)[:PER_PAGE]
    return [_asked(page, word, draw) for word in chosen]


def area_questions(page: Page, seed: int) -> list[Question]:
    """Draw `AREAS_PER_PAGE` questions about a part of the page: half name it by geometry, half by words beside it."""
    draw = lot(seed, "areas", page.name)
    chosen = _answers(page, draw)
    geometric = [asked for word in chosen if (asked := _by_geometry(page, word, draw))][: AREAS_PER_PAGE // 2]
    taken = {asked.answer for asked in geometric}
    by_words = [asked for word in chosen if word.text not in taken and (asked := _by_words(page, word, draw))]
    return geometric + by_words[: AREAS_PER_PAGE - len(geometric)]


def _answers(page: Page, draw: Random) -> list[Word]:
    """Words that stand exactly once, those with digits and names first, in a drawn order."""
    whole = [bare(word.text) for word in page.words]
    joined = "\n".join(whole)
    fit = [word for word, plain in zip(page.words, whole, strict=True) if _fits(word, plain, joined, page)]
    draw.shuffle(fit)
    digits = [word for word in fit if _has_digit(word.text)]
    names = [word for word in fit if not _has_digit(word.text) and word.text[:1].isupper()]
    others = [word for word in fit if not _has_digit(word.text) and not word.text[:1].isupper()]
    half = PER_PAGE // 2
    first = digits[:half] + names[: half // 2]
    rest = [*others, *names[half // 2 :], *digits[half:]]
    return first + rest


def _fits(word: Word, plain: str, joined: str, page: Page) -> bool:
    left, top, right, bottom = word.box
    inside = left > 0 and top > 0 and right < page.size[0] and bottom < page.size[1]
    spoken = _spoken(plain, script=page.script)
    letters = sum(letter.isalnum() for letter in plain)
    sized = letters >= _SHORTEST and len(plain) <= _LONGEST
    return word.shown and inside and not _FOOTNOTE.search(word.text) and spoken and sized and joined.count(plain) == 1


def _spoken(plain: str, *, script: str) -> bool:
    """Whether a reader could know all of its letters: ASCII, or on a page in another script letters of that."""
    if not script:
        return all(letter.isprintable() and letter.isascii() for letter in plain)
    letters = [letter for letter in plain if letter.isalpha()]
    return plain.isprintable() and bool(letters) and all(map(is_foreign, letters))


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _asked(page: Page, word: Word, draw: Random) -> Question:
    digits = _has_digit(word.text)
    before = _neighbour(page, word)
    ask = draw.choice(_ASK_DIGITS if digits else _ASK_TEXT)
    text = ask.format(word=f"'{before.text}'" if before else "the first word")
    return Question(text, _needs(digits=digits), word.text, word.box, word.em, digits)


def _needs(*, digits: bool, place: str | None = None) -> Needs:
    return Needs(
        text=0.5 if digits else 0.97,
        digits=0.97 if digits else 0.03,
        region=0.97 if place else 0.02,
        place=place,
        structure=0.02,
        detail=0.02,
        count=0.02,
        gist=0.02,
        coordinates=0.02,
        compare=0.02,
        none=0.02,
    )


def _neighbour(page: Page, word: Word) -> Word | None:
    """The word before it on the same line."""
    place = page.words.index(word)
    before = page.words[place - 1] if place else word
    follows = _same_line(before.box, word.box) and before.box[2] <= word.box[0] + 2
    return before if follows and before is not word else None


def _same_line(first: Box, second: Box) -> bool:
    return min(first[3], second[3]) - max(first[1], second[1]) > 0.5 * min(first[3] - first[1], second[3] - second[1])


# Questions about a part of a page.

_PLACES: Final = {
    (0, 0): ("in the top left corner", "oben links", "en haut à gauche", "in the upper-left quarter"),
    (1, 0): ("at the top", "in the top third", "ganz oben", "arriba"),
    (2, 0): ("in the top right corner", "at the upper right", "oben rechts", "右上"),
    (0, 1): ("on the left", "in the left third", "links", "à gauche"),
    (2, 1): ("on the right-hand side", "in the right third", "rechts", "a la derecha"),
    (0, 2): ("in the bottom left corner", "unten links", "en bas à gauche", "左下"),
    (1, 2): ("at the bottom", "in the lower third", "unten", "in the bottom half"),
    (2, 2): ("in the bottom right corner", "at the lower right", "unten rechts", "右下"),
}
_ASK_PLACE: Final = (
    "What does it say {place}?",
    "Read me the text {place}.",
    "Which number is printed {place}?",
    "Just the part {place}: what is written there?",
)
_ASK_LABEL: Final = (
    "What does the line with '{word}' say?",
    "Which value is given for '{word}'?",
    "Read the entry '{word}'.",
    "What stands next to '{word}'?",
)


def _by_geometry(page: Page, word: Word, draw: Random) -> Question | None:
    """A question that names the part of a page cut in three by three, unless the word lies across a cut."""
    width, height = page.size
    left, top, right, bottom = word.box
    columns, rows = {3 * left // width, 3 * right // width}, {3 * top // height, 3 * bottom // height}
    cell = (min(columns), min(rows))
    if len(columns) > 1 or len(rows) > 1 or cell not in _PLACES:
        return None
    place = draw.choice(_PLACES[cell])
    digits = _has_digit(word.text)
    text = draw.choice(_ASK_PLACE).format(place=place)
    return Question(text, _needs(digits=digits, place=place), word.text, word.box, word.em, digits, place)


def _by_words(page: Page, word: Word, draw: Random) -> Question | None:
    """A question that names the place by the words before the answer, if these stand only once."""
    label = _label(page, word)
    if label is None:
        return None
    digits = _has_digit(word.text)
    text = draw.choice(_ASK_LABEL).format(word=label)
    return Question(
        text, _needs(digits=digits, place=label), word.text, word.box, word.em, digits, label, anchored=True
    )


def _label(page: Page, word: Word) -> str | None:
    end = page.words.index(word)
    before: list[Word] = []
    for other in reversed(page.words[max(0, end - 2) : end]):
        if not _same_line(other.box, word.box):
            break
        before.insert(0, other)
    label = " ".join(other.text for other in before)
    letters = sum(letter.isalpha() for letter in label)
    stands_once = "\n".join(bare(other.text) for other in page.words).replace("\n", "").count(bare(label)) == 1
    return label if letters >= _SHORTEST and stands_once else None
