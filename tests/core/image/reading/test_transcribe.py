"""A transcript stands for a picture only if it says all that the picture says."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.reading import Refusal, Transcript, transcribe

from .drawn import PAGE, PROSE, Paper


def of(paper: Paper, *, digits: bool = False, structure: bool = False, **options: object) -> Transcript | Refusal:
    return transcribe(paper.picture(), PAGE, paper.reader(), digits=digits, structure=structure, **options)  # type: ignore[arg-type]


def reason(paper: Paper, **options: object) -> str:
    answer = of(paper, **options)  # type: ignore[arg-type]
    assert isinstance(answer, Refusal), answer
    return answer.reason


def text(paper: Paper, **options: object) -> str:
    answer = of(paper, **options)  # type: ignore[arg-type]
    assert isinstance(answer, Transcript), answer
    return answer.text


def test_a_page_of_running_text_is_written_down_line_by_line() -> None:
    answer = of(Paper().prose())
    assert isinstance(answer, Transcript)
    assert answer.text.split("\n")[1:] == [f"│ {line}" for line in PROSE]
    assert (answer.lines, answer.script, answer.confidence) == (6, "Latin", 0.99)


@pytest.mark.parametrize(("colour", "ink"), [("#16181d", "#d6d9df"), ("#fdf6e3", "#586e75"), ("#204080", "white")])
def test_the_colours_of_paper_and_ink_do_not_matter(colour: str, ink: str) -> None:
    assert PROSE[3] in text(Paper(colour=colour, ink=ink).prose())


def test_a_ruled_table_is_no_drawing() -> None:
    paper = Paper().prose(lines=PROSE[:2])
    for row in range(6):
        paper.draw.line((60, 160 + 40 * row, 800, 160 + 40 * row), fill="#444", width=2)
        for column in range(4 if row < 5 else 0):
            paper.write(
                80 + 240 * column if column < 3 else 760, 168 + 40 * row, f"{row}{column}7"
            ) if column < 3 else None
    for left in (60, 300, 540, 800):
        paper.draw.line((left, 160, left, 360), fill="#444", width=2)
    said = text(paper, structure=True, digits=True)
    assert "│ | 307 | 317 | 327 |" in said


@pytest.mark.parametrize("kind", ["photo", "chart", "drawing", "scene_text"])
def test_other_kinds_of_pictures_stay_pictures(kind: str) -> None:
    paper = Paper().prose()
    reader = paper.reader()
    seen = SimpleNamespace(kind=kind, text_height=20.0)
    answer = transcribe(paper.picture(), seen, reader, digits=False, structure=False)
    assert answer == Refusal(f"not a page of text ({kind})")
    assert reader.asked == 0


def test_a_signature_beside_the_text_keeps_the_picture() -> None:
    paper = Paper().prose()
    points = [(100 + 3 * i, 420 + (35 if i % 7 < 3 else -35) * ((i % 5) - 2) // 2) for i in range(80)]
    paper.draw.line(points, fill="#113", width=3)
    assert "more than text" in reason(paper)


def test_a_photo_on_the_page_keeps_the_picture() -> None:
    paper = Paper().prose()
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    paper.image.paste(noise, (60, 330))
    assert "more than text" in reason(paper)


def test_bars_of_colour_keep_the_picture() -> None:
    paper = Paper().prose()
    for index, height in enumerate((60, 140, 90, 180)):
        paper.draw.rectangle((100 + 90 * index, 540 - height, 150 + 90 * index, 540), fill="#4c72b0")
    assert "more than text" in reason(paper)


def test_a_panel_under_the_text_is_paper() -> None:
    paper = Paper()
    paper.draw.rectangle((30, 40, 870, 270), fill="#cfe3ff")
    assert PROSE[0] in text(paper.prose())


def test_a_missed_paragraph_keeps_the_picture() -> None:
    paper = Paper().prose().prose(top=300)
    paper.lines = paper.lines[:6]
    assert "more than text" in reason(paper)


@pytest.mark.parametrize("inside", [False, True])
def test_tick_boxes_keep_the_picture_also_where_the_boxes_of_the_lines_take_them_in(inside: bool) -> None:
    paper = Paper()
    for index, name in enumerate(("Fire and lightning", "Water damage", "Theft and burglary", "Storm and hail")):
        top = 60 + 40 * index
        paper.draw.rectangle((60, top, 78, top + 18), outline="black", width=2)
        if index % 2:
            paper.draw.line((63, top + 3, 75, top + 15), fill="black", width=2)
        paper.write(100, top, name)
    if inside:
        paper.lines = [type(x)(x.text, (55, *x.box[1:]), x.confidence, x.em) for x in paper.lines]
    assert "more than text" in reason(paper)


def test_one_line_in_ten_may_be_unsure_but_not_two() -> None:
    lines = [f"{line} and so on" for line in PROSE * 2][:10]
    paper = Paper(size=(900, 700)).prose(lines=lines)
    assert isinstance(of(paper.unsure(0.7, 4)), Transcript)
    assert "one line in ten" in reason(paper.unsure(0.7, 4, 7))


def test_the_threshold_can_be_set() -> None:
    paper = Paper().prose().unsure(0.85, *range(6))
    assert isinstance(of(paper, min_confidence=0.8), Transcript)
    assert "confidence" in reason(paper)


def test_figures_must_be_surer_where_they_are_asked_for() -> None:
    paper = Paper().prose().write(60, 300, "Total 1,204.50", confidence=0.93)
    assert isinstance(of(paper), Transcript)
    assert "digits" in reason(paper, digits=True)


@pytest.mark.parametrize("figure", ["519", "189S", "1951", "$98,000.5"])
def test_a_figure_that_is_not_sure_keeps_the_picture_whatever_is_asked(figure: str) -> None:
    def page(words: str, confidence: float) -> Paper:
        return Paper().prose(lines=PROSE * 2).write(60, 450, words, confidence=confidence)

    assert reason(page(figure, 0.88)) == "a figure is read with less than 0.9 confidence"
    assert figure in text(page(figure, 0.91))
    assert "of all the goods" in text(page(f"{figure} of all the goods", 0.88))


@pytest.mark.parametrize("word", ["CHANGEL0G", "_private", "co1our"])
def test_strings_that_readers_confuse_are_not_given_as_exact(word: str) -> None:
    paper = Paper().prose().write(60, 300, f"see {word} for more")
    assert isinstance(of(paper), Transcript)
    assert "misread" in reason(paper, digits=True)


def test_options_of_commands_that_come_apart_are_not_given_at_all() -> None:
    assert "in pieces" in reason(Paper().prose(lines=[*PROSE, "the option - - al1 lists every one of them"]))


def test_formulas_stay_a_picture() -> None:
    paper = Paper().prose()
    paper.write(60, 300, "sum").write(60, 340, "int")
    paper.lines[-2] = type(paper.lines[0])("∑ x ≥ ∫ y", paper.lines[-2].box, 0.99, 20.0)
    paper.lines[-1] = type(paper.lines[0])("σ² ≤ μ", paper.lines[-1].box, 0.99, 20.0)
    assert reason(paper) == "formulas"


@pytest.mark.parametrize(
    "words", [("Exit",), ("Open", "daily"), ("A line that is long enough to be worth it, but alone",)]
)
def test_a_few_words_are_no_page_but_may_be_a_sign(words: tuple[str, ...]) -> None:
    paper = Paper()
    for index, word in enumerate(words):
        paper.write(60, 60 + 40 * index, word)
    assert reason(paper) == "too little text"
    assert words[0] in text(paper, sign=True)
    assert "certain" in reason(paper.unsure(0.9, 0), sign=True)


def test_a_page_is_no_sign() -> None:
    assert reason(Paper().prose(), sign=True) == "more than a short sign"


def test_letters_that_were_dropped_are_noticed() -> None:
    paper = Paper().prose()
    paper.lines = [type(x)(x.text[::3], x.box, x.confidence, x.em) for x in paper.lines]
    assert "fewer letters" in reason(paper)


def test_of_a_page_that_cannot_be_read_a_sample_is_read_and_one_upside_down() -> None:
    paper = Paper(size=(900, 1600))
    paper.prose(lines=[f"{line} {index}" for index, line in enumerate(PROSE * 7)]).unsure(0.5, *range(42))
    reader = paper.reader()
    answer = transcribe(paper.picture(), PAGE, reader, digits=False, structure=False)
    assert answer == Refusal("sampled lines are not read with confidence")
    assert reader.asked <= 2 * 6


def test_each_line_is_read_once() -> None:
    paper = Paper().prose()
    reader = paper.reader()
    transcribe(paper.picture(), PAGE, reader, digits=False, structure=False)
    assert reader.asked == len(PROSE)


def test_a_picture_without_words_is_left() -> None:
    assert reason(Paper()) == "no text was found"


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 2**32 - 1))
def test_the_same_page_gives_the_same_block(seed: int) -> None:
    paper = Paper().prose()
    paper.unsure(0.9 + seed % 100 / 1000, seed % 6)
    assert of(paper) == of(paper)


def test_a_draft_of_a_large_photo_of_a_page_is_judged_in_pixels_of_the_file() -> None:
    paper = Paper(size=(1800, 1200), em=40)
    for index, line in enumerate(PROSE):
        paper.write(120, 120 + 60 * index, line)
    out = BytesIO()
    paper.image.save(out, "JPEG", quality=92)
    draft = decode(out.getvalue(), read_header(out.getvalue()), at_least=(450, 300))
    assert draft.scale < 1
    answer = transcribe(draft, PAGE, paper.reader(), digits=False, structure=False)
    assert isinstance(answer, Transcript), answer
    assert "1800x1200 px" in answer.text


def test_a_part_of_a_page_is_judged_without_the_rest() -> None:
    paper = Paper(size=(900, 1000)).prose()
    paper.image.paste(Image.effect_noise((500, 300), 90).convert("RGB"), (60, 600))
    assert "more than text" in reason(paper)
    assert "its part 0,0 to 900,400" in text(paper, box=(0, 0, 900, 400))


def test_labels_in_the_frames_of_a_diagram_do_not_serve_structure() -> None:
    paper = Paper()
    for index, name in enumerate(("Receive the order", "Check the stock", "Pack and send it", "Write the invoice")):
        paper.draw.rectangle((60, 40 + 120 * index, 330, 110 + 120 * index), outline="black", width=2)
        paper.draw.line((195, 110 + 120 * index, 195, 160 + 120 * index), fill="black", width=2)
        paper.write(80, 65 + 120 * index, name)
    answer = of(paper)
    assert isinstance(answer, Transcript)
    assert not answer.serves_structure
    assert "could not be resolved" in reason(paper, structure=True)
