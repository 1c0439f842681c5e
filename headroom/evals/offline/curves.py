"""How high print must be seen to be read: shares of answers by the height of their em in what is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from headroom.evals.offline.bench import ORACLE, ORIGINAL, PAGE_ORACLE, Bench, Verdict
from headroom.evals.offline.forms import Form, Sight, whole
from headroom.evals.offline.judges import answers_read
from headroom.evals.offline.pages import Page, heights
from headroom.evals.offline.questions import questions
from headroom.evals.scores import Share

__all__ = ["EDGES", "HEIGHTS", "as_curves", "curves", "em_seen", "sweep"]

HEIGHTS: Final = (6, 7, 8, 9, 10, 11, 12, 13, 14, 16)
"""Pixels of the em, as seen, to which a page is brought."""

EDGES: Final = (5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20)
"""Where a row of a curve ends, in pixels of the em as the model sees it."""

_Curve = Mapping[tuple[str, bool], Mapping[int, Share]]


def sweep(page: Page, bench: Bench) -> list[Verdict]:
    """What the judges of a run read of a page at full size, and at each of `HEIGHTS` of its running text."""
    em = heights(page.words, 0.5)
    asked = questions(page, bench.seed)
    found: list[Verdict] = []
    for height in (*(one for one in HEIGHTS if one < em), None):
        width, tall = page.size
        seen = page.size if height is None else (round(width * height / em), round(tall * height / em))
        sight = Sight(page.picture, page.size, seen, whole(page))
        wanted = [(question, place) for question in asked if (place := sight.sought(question)) is not None]
        places = [place for _, place in wanted]
        hits = {judge.name: answers_read(judge, sight.image, places, bench.cache) for judge in bench.judges}
        policy = ORIGINAL if height is None else f"{height} px"
        for number, (question, _) in enumerate(wanted):
            read = {name: hit[number] for name, hit in hits.items()}
            found.append(Verdict(page, "", policy, question, Form(0, (sight,)), read))
    return found


def em_seen(verdict: Verdict) -> float | None:
    """Height in pixels of the answer's em as the model sees it; None unless the whole page is sent as one picture."""
    form = verdict.form
    if len(form.sights) != 1 or form.text is not None or form.sights[0].box != whole(verdict.page):
        return None
    sought = form.sights[0].sought(verdict.question)
    return None if sought is None else sought.em


def curves(verdicts: Iterable[Verdict]) -> _Curve:
    """The share of answers that each judge reads, by judge and whether they hold digits, by row of `EDGES`.

    Row 0 lies below the first edge. An answer counts once at each size at which a page is seen, whichever model and
    policy sent it, and only for a judge that reads it in the page itself, at full size or as any of the models sees it.
    """
    found = [one for one in verdicts if not one.area and one.policy not in (ORACLE, PAGE_ORACLE)]
    readable = {
        (*_answer(one), name) for one in found if one.policy == ORIGINAL for name, read in one.read.items() if read
    }
    seen: dict[tuple[tuple[str, str], float, str], tuple[bool, bool]] = {}
    for one in found:
        em = em_seen(one)
        for name, read in one.read.items():
            if em is not None and (*_answer(one), name) in readable:
                seen[_answer(one), em, name] = one.question.digits, read
    return _counted((name, digits, em, read) for (_, em, name), (digits, read) in seen.items())


def as_curves(verdicts: Sequence[Verdict]) -> str:
    """The curves as a table: a row for each height, a column for each judge and kind of answer."""
    found = curves(verdicts)
    columns = sorted(found)
    head = "".join(f"{name.split()[0] + (', digits' if digits else ', words'):>20}" for name, digits in columns)
    lines = ["", f"{'em as seen, px':16}{head}"]
    for row in range(len(EDGES) + 1):
        cells = [found[column].get(row, Share(0, 0)) for column in columns]
        if any(cell.n for cell in cells):
            lines.append(f"{_named(row):16}" + "".join(f"{_cell(cell):>20}" for cell in cells))
    return "\n".join(lines) + "\n"


def _answer(one: Verdict) -> tuple[str, str]:
    return one.page.name, one.question.answer


def _counted(rows: Iterable[tuple[str, bool, float, bool]]) -> _Curve:
    hits: dict[tuple[str, bool], dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for name, digits, em, read in rows:
        hits[name, digits][sum(round(em, 1) >= edge for edge in EDGES)].append(read)
    return {
        column: {row: Share(sum(read), len(read)) for row, read in of_row.items()} for column, of_row in hits.items()
    }


def _named(row: int) -> str:
    if row == 0:
        return f"< {EDGES[0]}"
    if row == len(EDGES):
        return f">= {EDGES[-1]}"
    low, high = EDGES[row - 1], EDGES[row] - 1
    return f"{low}" if low == high else f"{low}-{high}"


def _cell(share: Share) -> str:
    return f"{share.value:.2f} ({share.n})" if share.n else "-"
