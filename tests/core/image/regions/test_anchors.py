"""Places named by words that stand in the picture: labels, titles, quotations, numbered lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.image.regions import anchored, crop_plan
from tests.core.image.regions.layouts import INVOICE, LAYOUTS, written
from tests.core.image.regions.pool import covered, read

ANCHORS = read("anchors.tsv")
NAMED = [row for row in ANCHORS if row[2] != "-"]
quickly = settings(deadline=None, max_examples=40)


def moved(lines, by, factor=1):
    x, y = by
    return [
        replace(
            line,
            box=tuple(factor * edge + shift for edge, shift in zip(line.box, (x, y, x, y), strict=True)),
            em=factor * line.em,
        )
        for line in lines
    ]


def test_the_pool_is_varied():
    assert len(NAMED) >= 60
    assert len({layout for layout, _, _ in NAMED}) >= 10


@pytest.mark.parametrize(("layout", "question", "answer"), NAMED)
def test_the_answer_lies_inside_the_region(layout, question, answer):
    lines, size = LAYOUTS[layout]
    box = next(line.box for line in lines if line.text == answer)
    region = anchored(lines, question, size)
    assert region is not None
    plan = crop_plan(size, region, em=20, relations=False)
    assert covered(box, region) == 1.0
    assert plan is None or covered(box, plan.box) == 1.0


@pytest.mark.parametrize(("layout", "question"), [row[:2] for row in ANCHORS if row[2] == "-"])
def test_what_no_single_label_answers_is_none(layout, question):
    lines, size = LAYOUTS[layout]
    assert anchored(lines, question, size) is None


def test_most_regions_are_a_small_part_of_the_picture():
    shares = []
    for layout, question, _ in NAMED:
        lines, size = LAYOUTS[layout]
        left, top, right, bottom = anchored(lines, question, size)
        shares.append((right - left) * (bottom - top) / (size[0] * size[1]))
    assert sorted(shares)[len(shares) // 2] < 0.1


def test_a_label_that_stands_twice_is_none():
    lines = [*INVOICE, written("Total", 90, 600), written("1.00", 300, 600)]
    assert anchored(lines, "what is the total?", (1240, 1100)) is None


def test_a_label_that_the_reader_is_unsure_of_is_none():
    lines = [replace(line, confidence=0.7) if line.text == "Due date" else line for line in INVOICE]
    assert anchored(lines, "what is the due date?", (1240, 1100)) is None


def test_one_slip_of_the_reader_in_a_long_word_is_forgiven():
    slipped = [replace(line, text="Shlpping") if line.text == "Shipping" else line for line in INVOICE]
    two = [replace(line, text="Shlppimg") if line.text == "Shipping" else line for line in INVOICE]
    assert anchored(slipped, "how much is shipping?", (1240, 1100)) is not None
    assert anchored(two, "how much is shipping?", (1240, 1100)) is None


def test_a_number_over_its_name_is_in_the_region():
    lines = [written("1,284", 40, 40, 44), written("Open orders", 40, 100), written("since May", 40, 130)]
    assert anchored(lines, "how many open orders?", (900, 900)) == (40, 40, 154, 152)


def test_a_cell_of_a_table_is_none_and_a_sum_below_it_is_found():
    assert anchored(INVOICE, "torque wrench?", (1240, 1100)) is None
    assert anchored(INVOICE, "subtotal?", (1240, 1100)) is not None


def test_a_label_without_a_value_is_none():
    assert (
        anchored([written("Due date", 40, 40), written("Other", 600, 600)], "what is the due date?", (900, 900)) is None
    )


def test_nothing_read_is_none():
    assert anchored([], "what is the total?", (900, 900)) is None
    assert anchored(INVOICE, "", (1240, 1100)) is None


@quickly
@given(st.sampled_from(NAMED), st.integers(0, 400), st.integers(0, 400))
def test_a_moved_page_moves_the_region(named, x, y):
    lines, (width, height) = LAYOUTS[named[0]]
    before = anchored(lines, named[1], (width, height))
    after = anchored(moved(lines, (x, y)), named[1], (width + x, height + y))
    assert after == (before[0] + x, before[1] + y, before[2] + x, before[3] + y)


@quickly
@given(st.sampled_from(NAMED), st.integers(2, 4))
def test_a_larger_page_gives_a_region_larger_by_the_same(named, factor):
    lines, (width, height) = LAYOUTS[named[0]]
    before = anchored(lines, named[1], (width, height))
    after = anchored(moved(lines, (0, 0), factor), named[1], (factor * width, factor * height))
    assert after == tuple(factor * edge for edge in before)


@quickly
@given(st.sampled_from(NAMED), st.randoms(use_true_random=False))
def test_the_order_in_which_lines_were_read_does_not_matter(named, random):
    lines, size = LAYOUTS[named[0]]
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert anchored(shuffled, named[1], size) == anchored(lines, named[1], size)


@quickly
@given(st.sampled_from(sorted(LAYOUTS)), st.text(max_size=60))
def test_any_question_gives_a_box_inside_the_picture_or_none(layout, question):
    lines, size = LAYOUTS[layout]
    box = anchored(lines, question, size)
    assert box is None or (0 <= box[0] < box[2] <= size[0] and 0 <= box[1] < box[3] <= size[1])
