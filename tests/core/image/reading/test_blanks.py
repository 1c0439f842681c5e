"""A form that is filled in by hand is told by the rules that its words stand on."""

from __future__ import annotations

import pytest

from headroom_core.image.reading import Refusal, Transcript, transcribe
from headroom_core.image.reading.blanks import filled_in
from headroom_core.image.reading.canvas import canvas

from .drawn import PAGE, PROSE, Paper
from .test_hand import FEW, by_hand


def form(paper: Paper, *, past: int = 120) -> Paper:
    """Rules under the words, that run on past them, and printed prose below."""
    for line in paper.lines:
        left, _, right, bottom = line.box
        paper.draw.line((left, bottom - 2, right + past, bottom - 2), fill="black", width=2)
    for index, words in enumerate(PROSE):
        paper.write(60, 300 + 30 * index, words, em=20)
    return paper


def printed() -> Paper:
    paper = Paper(size=(1400, 560), em=34)
    for index, words in enumerate(FEW):
        paper.write(60, 40 + 80 * index, words)
    return paper


def answer(paper: Paper) -> Transcript | Refusal:
    return transcribe(paper.picture(), PAGE, paper.reader(), digits=False, structure=False)


@pytest.mark.parametrize("seed", range(3))
def test_a_form_filled_in_by_hand_stays_a_picture(seed: int) -> None:
    assert answer(form(by_hand(seed))) == Refusal("a form that may be filled in by hand")


def test_a_form_filled_in_by_machine_is_written_down() -> None:
    paper = form(printed())
    assert len(filled_in(canvas(paper.picture()), paper.lines)) == len(FEW)
    assert isinstance(answer(paper), Transcript), answer(paper)


def test_rules_that_end_with_their_words_are_no_blanks() -> None:
    paper = form(printed(), past=0)
    assert filled_in(canvas(paper.picture()), paper.lines) == []


def test_prose_and_a_block_of_colour_beside_it_are_no_blanks() -> None:
    paper = Paper(size=(1400, 560), em=34).prose()
    paper.draw.rectangle((max(line.box[2] for line in paper.lines) + 4, 0, 1400, 560), fill="black")
    assert filled_in(canvas(paper.picture()), paper.lines) == []


def test_two_rules_on_a_page_make_no_form() -> None:
    paper = form(printed())
    assert filled_in(canvas(paper.picture()), paper.lines[1:]) == []
