"""The run: every policy's form of every page for every model, read by every judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from headroom.evals.offline.forms import Form, Sight, covered
from headroom.evals.offline.judges import Judge, answers_read
from headroom.evals.offline.keeping import KeptReader
from headroom.evals.offline.pages import Page
from headroom.evals.offline.policies import POLICIES, Desk
from headroom.evals.offline.questions import Question, TrueNeeds, area_questions, questions
from headroom_core.image import ImageCompressor
from headroom_core.image.reading import reader_at_hand

__all__ = ["ORACLE", "ORIGINAL", "PAGE_ORACLE", "Bench", "Verdict", "oracle", "page_oracle"]

ORACLE: Final = "oracle"
PAGE_ORACLE: Final = "oracle of page"
ORIGINAL: Final = "original"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer can still be read in what a policy sends.

    Attributes:
        page: The page.
        model: Name of the model.
        policy: Name of the policy.
        question: The question.
        form: What is sent.
        read: For each judge whether it reads the answer.
        area: The question asks about a part of the page.
        shown: Share of the answer's box inside the best picture that is sent; 1.0 for a text that holds it.
    """

    page: Page
    model: str
    policy: str
    question: Question
    form: Form = field(repr=False)
    read: Mapping[str, bool]
    area: bool = False
    shown: float = 1.0

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """What verdicts of several policies on the same question have in common."""
        return self.page.name, self.model, self.question.answer, self.area


@dataclass(frozen=True)
class Bench:
    """A run over pages.

    Attributes:
        judges: The readers.
        models: Names of the models.
        cache: Where to keep what was read.
        policy: Policy of the engine that is judged.
        seed: By which questions are drawn.
        threads: Number of pages that are worked on at once.
        transcribes: The engine may read text, as with the extra `ocr`.
    """

    judges: tuple[Judge, ...]
    models: tuple[str, ...]
    cache: Path
    policy: str = "balanced"
    seed: int = 1
    threads: int = 4
    transcribes: bool = True

    def run(self, pages: Sequence[Page]) -> Iterator[list[Verdict]]:
        """Judge every page; gives the verdicts of each page in turn."""
        with ThreadPoolExecutor(self.threads) as pool:
            yield from pool.map(self.judge, pages)

    def judge(self, page: Page) -> list[Verdict]:
        """Judge one page."""
        asked, areas = questions(page, self.seed), area_questions(page, self.seed)
        reading = _Reading(self.judges, (*asked, *areas), self.cache)
        desks = self._desks(page, (*asked, *areas))
        return [verdict for desk in desks for verdict in (*_asked(desk, asked, reading), *_areas(desk, areas, reading))]

    def _desks(self, page: Page, asked: tuple[Question, ...]) -> list[Desk]:
        """The page before every model. They share one compressor: what it finds in the picture is found once."""
        found = reader_at_hand() if self.transcribes else None
        reader = None if found is None else KeptReader(found, self.cache)
        compressor = ImageCompressor(
            router=TrueNeeds(asked), policy=self.policy, use_siglip=False, read_text=reader or False
        )
        return [Desk(page, model, compressor, reader) for model in self.models]


@dataclass(frozen=True)
class _Reading:
    """Reads the answers to all questions of a page at once, so that no picture is read twice."""

    judges: tuple[Judge, ...]
    asked: tuple[Question, ...]
    cache: Path
    known: dict[tuple[int, str], tuple[Sight, frozenset[str]]] = field(default_factory=dict)

    def __call__(self, form: Form, question: Question) -> dict[str, bool]:
        """Return whether each judge reads the answer, in the text or in one of the pictures."""
        if form.says(question.answer):
            return {judge.name: True for judge in self.judges}
        sights = [sight for sight in form.sights if sight.sought(question) is not None]
        return {judge.name: any(self._reads(judge, sight, question) for sight in sights) for judge in self.judges}

    def _reads(self, judge: Judge, sight: Sight, question: Question) -> bool:
        key = (id(sight), judge.name)
        if key not in self.known:
            wanted = [found for other in self.asked if (found := sight.sought(other)) is not None]
            hits = answers_read(judge, sight.image, wanted, self.cache)
            read = frozenset(one.answer for one, hit in zip(wanted, hits, strict=True) if hit)
            # The picture is kept beside, so that no other one takes over its id.
            self.known[key] = sight, read
        return question.answer in self.known[key][1]


def _asked(desk: Desk, asked: Sequence[Question], reading: _Reading) -> Iterator[Verdict]:
    """The verdicts of all policies, and of the oracle, on the questions about a whole page."""
    for digits in (False, True):
        of_kind = [question for question in asked if question.digits is digits]
        if not of_kind:
            continue
        forms = {policy: form for policy in POLICIES if (form := desk.form(policy, of_kind[0])) is not None}
        settings = [("", form) for form in desk.settings()]
        # The rule alone looks at the words of the question.
        named = {question: [*(forms | {"rule": desk.ruled(question)}).items(), *settings] for question in of_kind}
        rows = [
            [Verdict(desk.page, desk.model, policy, question, form, reading(form, question)) for policy, form in each]
            for question, each in named.items()
        ]
        yield from (one for row in rows for one in row if one.policy)
        yield from map(oracle, rows)
        yield from page_oracle(rows)


def _areas(desk: Desk, areas: Sequence[Question], reading: _Reading) -> Iterator[Verdict]:
    """The verdicts on the questions about a part of the page."""
    for question in areas:
        for policy in (ORIGINAL, "rule"):
            form = desk.form(policy, question)
            if form is not None:
                read = reading(form, question)
                yield Verdict(
                    desk.page, desk.model, policy, question, form, read, area=True, shown=_shown(form, question)
                )


def oracle(verdicts: Sequence[Verdict]) -> Verdict:
    """The cheapest of the verdicts on a question in which every judge reads what it reads in the original."""
    original = next(verdict for verdict in verdicts if verdict.policy == ORIGINAL)
    serving = [one for one in verdicts if _preserves(one, original)]
    return replace(min(serving, key=lambda one: one.form.tokens), policy=ORACLE)


def page_oracle(rows: Sequence[Sequence[Verdict]]) -> list[Verdict]:
    """The verdicts on the cheapest form that preserves all answers of a page: what may know the page, not the answer.

    Args:
        rows: For each question the verdicts on the same forms, in the same order.
    """
    originals = [next(one for one in row if one.policy == ORIGINAL) for row in rows]
    columns = [list(column) for column in zip(*rows, strict=True)]
    serving = [column for column in columns if all(map(_preserves, column, originals))]
    best = min(serving, key=lambda column: sum(one.form.tokens for one in column))
    return [replace(one, policy=PAGE_ORACLE) for one in best]


def _preserves(one: Verdict, original: Verdict) -> bool:
    return all(one.read[name] for name, read in original.read.items() if read)


def _shown(form: Form, question: Question) -> float:
    if form.says(question.answer):
        return 1.0
    return max((covered(question.box, sight.box) for sight in form.sights), default=0.0)
