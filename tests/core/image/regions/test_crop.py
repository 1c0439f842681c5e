"""What is cut out of a picture for a region or for its blank margins."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from headroom_core.image.regions import crop_plan, trim_plan

quickly = settings(deadline=None, max_examples=150)
sides = st.integers(1, 6000)


@st.composite
def pictures(draw):
    width, height = draw(sides), draw(sides)
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    return (width, height), (left, top, draw(st.integers(left + 1, width)), draw(st.integers(top + 1, height)))


def test_the_note_names_the_rectangle_in_pixels_of_the_original():
    plan = crop_plan((1920, 1080), (0, 590, 870, 1080), em=None, relations=False)
    assert plan.box == (0, 516, 1001, 1080)
    assert (
        plan.note == "only this part of the picture is shown: left 0, top 516, width 1001, height 564 of 1920 x 1080 px"
    )


def test_a_note_with_an_overview_says_that_it_follows():
    plan = crop_plan((1920, 1080), (0, 590, 870, 1080), em=10, relations=True)
    assert plan.overview
    assert plan.note.startswith("this part of the picture is shown: ")
    assert plan.note.endswith("; the whole picture follows, smaller")


def test_the_margin_is_three_lines_where_that_is_more_than_a_tenth():
    plan = crop_plan((4000, 4000), (1000, 1000, 3000, 1200), em=50, relations=False)
    assert plan.box == (790, 790, 3210, 1410)


def test_text_of_unknown_height_has_a_wider_margin():
    known = crop_plan((4000, 4000), (1000, 1000, 2000, 2000), em=1, relations=False).box
    unknown = crop_plan((4000, 4000), (1000, 1000, 2000, 2000), em=None, relations=False).box
    assert known == (900, 900, 2100, 2100)
    assert unknown == (850, 850, 2150, 2150)


def test_a_very_small_crop_grows_and_has_an_overview():
    plan = crop_plan((3000, 2000), (10, 10, 60, 30), em=12, relations=False)
    assert plan.box[2] - plan.box[0] >= 200
    assert plan.box[3] - plan.box[1] >= 200
    assert plan.overview


@pytest.mark.parametrize("region", [(0, 0, 1000, 850), (0, 0, 1000, 1000), (300, 300, 300, 400), (2000, 0, 2100, 50)])
def test_nearly_the_whole_picture_or_nothing_is_no_crop(region):
    assert crop_plan((1000, 1000), region, em=10, relations=False) is None


@quickly
@given(pictures(), st.one_of(st.none(), st.floats(1, 200)), st.booleans())
def test_a_crop_holds_its_region_and_margin_and_lies_inside_the_picture(picture, em, relations):
    size, region = picture
    plan = crop_plan(size, region, em=em, relations=relations)
    assume(plan is not None)
    left, top, right, bottom = plan.box
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    for start, end, low, high, limit in (
        (left, right, region[0], region[2], size[0]),
        (top, bottom, region[1], region[3], size[1]),
    ):
        margin = max(0.1 * (high - low), 3 * (em or 0))
        assert start <= max(0, low - margin)
        assert end >= min(limit, high + margin)
    assert (right - left) * (bottom - top) <= 0.8 * size[0] * size[1]
    assert plan.overview or not relations


@quickly
@given(pictures(), st.booleans())
def test_the_same_region_gives_the_same_one_line_note(picture, relations):
    size, region = picture
    plan = crop_plan(size, region, em=12, relations=relations)
    assert plan == crop_plan(size, region, em=12, relations=relations)
    assume(plan is not None)
    assert "\n" not in plan.note
    left, top, right, bottom = plan.box
    told = [int(number) for number in re.findall(r"\d+", plan.note)]
    assert told == [left, top, right - left, bottom - top, *size]


def test_blank_margins_are_trimmed_to_a_small_border():
    plan = trim_plan((1000, 2000), (200, 300, 800, 1500))
    assert plan.box == (180, 280, 820, 1520)
    assert not plan.overview
    assert plan.note.endswith("left 180, top 280, width 640, height 1240 of 1000 x 2000 px")


@pytest.mark.parametrize("content", [(0, 0, 1000, 2000), (20, 20, 980, 1980), (500, 500, 500, 500)])
def test_narrow_margins_and_blank_pictures_are_not_trimmed(content):
    assert trim_plan((1000, 2000), content) is None


@quickly
@given(pictures())
def test_trimming_never_cuts_content(picture):
    size, content = picture
    plan = trim_plan(size, content)
    assume(plan is not None)
    left, top, right, bottom = plan.box
    assert 0 <= left <= content[0]
    assert 0 <= top <= content[1]
    assert content[2] <= right <= size[0]
    assert content[3] <= bottom <= size[1]
    assert (right - left) * (bottom - top) <= 0.85 * size[0] * size[1]
