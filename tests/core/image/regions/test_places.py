"""Places named by geometry: what is found, in which languages, and what only looks like a place."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.image.regions import asks_relations, crop_plan, place_of, region_of
from headroom_core.image.regions.words import languages, words_of
from tests.core.image.regions.pool import SIZE, answers, covered, read, region

PLACES = read("places.tsv")
TRAPS = read("traps.tsv")
quickly = settings(deadline=None, max_examples=60)


def test_the_pool_is_varied():
    assert len(PLACES) >= 150
    assert len({language for language, _, _ in PLACES}) >= 20
    assert {language.tag for language in languages()} == {language for language, _, _ in PLACES}


@pytest.mark.parametrize(("language", "question", "meaning"), PLACES)
def test_a_place_is_found_in_the_question(language, question, meaning):
    assert region_of(question, SIZE) == region(meaning)


@pytest.mark.parametrize("question", [trap[1] if len(trap) > 1 else "" for trap in TRAPS])
def test_what_only_looks_like_a_place_is_none(question):
    assert region_of(question, SIZE) is None
    assert place_of(question) is None


def test_the_words_of_the_place_stand_in_the_question():
    for _, question, _ in PLACES:
        assert f" {place_of(question)} " in f" {' '.join(words_of(question))} "


def test_the_answer_lies_inside_the_crop():
    """At least 0.95 of nearly every answer box, for every phrase of the pool."""
    shares = []
    for _, question, meaning in PLACES:
        found = region_of(question, SIZE)
        assert found is not None
        plan = crop_plan(SIZE, found, em=20, relations=False)
        crop = plan.box if plan else (0, 0, *SIZE)
        shares.append(statistics.fmean(covered(answer, crop) >= 0.95 for answer in answers(meaning)))
    assert min(shares) >= 0.95


@pytest.mark.parametrize(
    "question",
    [
        "left, as in the left of the car",
        "a long prompt that says: look at the top left. " + "And then consider everything else. " * 8,
        'what does "bottom right" mean here?',
    ],
)
def test_quotations_long_prompts_and_things_of_other_things_name_no_place(question):
    assert region_of(question, SIZE) is None


def test_a_place_without_the_question_is_read_more_freely_than_within():
    assert region_of("middle", SIZE) == region("C")
    assert region_of("is the steak done in the middle", SIZE) is None
    assert region_of("left", SIZE) == region("L")
    assert region_of("how many are left", SIZE) is None


def test_lines_headers_and_footers_are_taken_from_what_is_not_blank():
    content = (100, 100, 1100, 400)
    assert region_of("the last line", SIZE, content=content) == (100, 250, 1100, 400)
    assert region_of("what does the footer say", SIZE, content=content) == (100, 300, 1100, 400)
    assert region_of("bottom left", SIZE, content=content) == region("BL")


@pytest.mark.parametrize(
    ("question", "relations"),
    [
        ("what does the top right say compared with the rest", True),
        ("was steht oben links im Vergleich zum Rest", True),
        ("what does the top right say", False),
        ("右下に何がありますか", False),
    ],
)
def test_questions_about_relations_are_told(question, relations):
    assert asks_relations(question) is relations


@quickly
@given(st.text(max_size=80), st.tuples(st.integers(1, 5000), st.integers(1, 5000)))
def test_any_text_gives_a_box_inside_the_picture_or_none(text, size):
    box = region_of(text, size)
    assert box is None or (0 <= box[0] < box[2] <= size[0] and 0 <= box[1] < box[3] <= size[1])


@quickly
@given(st.sampled_from(PLACES), st.tuples(st.integers(1, 5000), st.integers(1, 5000)))
def test_every_place_lies_inside_every_picture(place, size):
    box = region_of(place[1], size)
    assert box is not None
    assert 0 <= box[0] < box[2] <= size[0]
    assert 0 <= box[1] < box[3] <= size[1]


@quickly
@given(st.sampled_from(PLACES), st.integers(1, 40), st.integers(2, 5))
def test_a_larger_picture_gives_a_box_larger_by_the_same(place, unit, factor):
    small, large = (60 * unit, 120 * unit), (60 * unit * factor, 120 * unit * factor)
    found = region_of(place[1], small)
    assert region_of(place[1], large) == tuple(factor * edge for edge in found)


@quickly
@given(st.sampled_from([tag.tag for tag in languages()]), st.data())
def test_two_places_in_two_sentences_are_none_unless_they_agree(language, data):
    spoken = [place for place in PLACES if place[0] == language]
    one, other = data.draw(st.sampled_from(spoken)), data.draw(st.sampled_from(spoken))
    both = region_of(f"{one[1]}.\n{other[1]}.", SIZE)
    assert both is None or (one[2] == other[2] and both == region(one[2]))
