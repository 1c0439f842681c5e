"""Pages and the questions that are asked about them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.evals.offline import collect
from headroom.evals.offline.pages import Page, Word, heights, read_pages
from headroom.evals.offline.papers import PAPERS, editor
from headroom.evals.offline.questions import PER_PAGE, TrueNeeds, area_questions, bare, questions
from headroom_core.blocks import Query
from headroom_core.errors import InvalidOption
from headroom_core.image import Need, Needs

SOURCE = '"""A module."""\n\n\ndef twice(value: int) -> int:\n    # doubled\n    return 2 * value\n'


def test_a_page_comes_back_as_it_was_written(page: Page) -> None:
    assert read_pages(page.folder) == [page]
    assert page.picture.startswith(b"\x89PNG")


def test_pages_are_read_by_split(page: Page) -> None:
    assert read_pages(page.folder, split="test") == []
    assert [one.name for one in read_pages(page.folder, split="dev")] == ["drawn-1"]


@pytest.mark.parametrize("text", ["{", "[]", '{"words": []}', '{"words": [{"text": "a"}], "size": [1, 2]}'])
def test_a_file_that_is_no_page_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(InvalidOption, match=r"odd\.json is no page"):
        read_pages(tmp_path)


def test_text_heights_count_characters_and_not_words() -> None:
    words = [Word("a" * 99, (0, 0, 1, 1), 20.0), Word("b", (0, 0, 1, 1), 5.0)]
    assert (heights(words, 0.0), heights(words, 0.05), heights(words, 0.5)) == (5.0, 20.0, 20.0)


def test_a_page_without_words_has_no_text_height() -> None:
    with pytest.raises(ValueError, match="no text height"):
        heights([], 0.5)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_comparing_ignores_white_space_and_case(text: str) -> None:
    assert bare(f" {text}\n") == bare(text)
    assert not any(letter.isspace() for letter in bare(text))


def test_answers_stand_exactly_once_and_their_box_is_theirs(page: Page) -> None:
    words = Counter(bare(word.text) for word in page.words)
    boxes = {word.text: word.box for word in page.words}
    asked = questions(page, 1)
    assert len(asked) == PER_PAGE
    assert len({one.answer for one in asked}) == PER_PAGE
    for one in asked:
        assert words[bare(one.answer)] == 1
        assert boxes[one.answer] == one.box


def test_the_same_seed_asks_the_same(page: Page) -> None:
    assert questions(page, 3) == questions(page, 3)
    assert questions(page, 3) != questions(page, 4)
    assert area_questions(page, 3) == area_questions(page, 3)


def test_digits_are_asked_for_as_digits(page: Page) -> None:
    for one in questions(page, 1):
        assert one.needs.present(Need.DIGITS) is one.digits is any(letter.isdigit() for letter in one.answer)
        assert one.needs.present(Need.TEXT)
        assert one.needs.excluded(Need.REGION)


def test_a_raised_number_of_a_footnote_is_no_answer(page: Page) -> None:
    words = (Word("possible.8", (10, 10, 60, 30), 20.0), Word("Plaintext", (70, 10, 160, 30), 20.0))
    noted = Page("n", "d", "pdf", "", "", "dev", (200, 100), words, page.folder)
    assert [one.answer for one in questions(noted, 1)] == ["Plaintext"]


def test_a_covered_or_cut_word_is_no_answer(page: Page) -> None:
    words = (
        Word("Covered", (10, 10, 60, 30), 20.0, shown=False),
        Word("Cutaway", (170, 10, 200, 30), 20.0),
        Word("Visible", (70, 10, 160, 30), 20.0),
    )
    odd = Page("n", "d", "web", "", "", "dev", (200, 100), words, page.folder)
    assert [one.answer for one in questions(odd, 1)] == ["Visible"]


def test_questions_about_parts_name_a_place(page: Page) -> None:
    asked = area_questions(page, 1)
    assert {one.anchored for one in asked} == {True, False}
    for one in asked:
        assert one.needs.present(Need.REGION)
        assert one.place is not None
        assert one.needs.place == one.place
        assert one.place in one.text


def test_the_true_needs_are_those_of_the_question_that_is_asked(page: Page) -> None:
    asked = tuple(questions(page, 1))
    router = TrueNeeds(asked)
    found = {one.text: one.needs for one in asked}
    for text in found:
        assert router.route(Query(text=text)) == next(one.needs for one in asked if one.text == text)
    assert router.route(Query(text="Something else?")) == Needs()


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_drawn_from_its_seed_alone(name: str) -> None:
    draw = PAPERS[name]
    assert draw(Random(1)) == draw(Random(1)) != draw(Random(2))


def test_an_editor_shows_the_source_with_its_marks_and_numbers() -> None:
    shown = editor(SOURCE, "mod/ule.py", Random(1))
    assert "<span class=k>def</span>" in shown
    assert "<span class=r># doubled</span>" in shown
    assert "mod/ule.py" in shown


def test_every_source_names_its_licence_and_how_much_is_drawn() -> None:
    rule = collect.sources()
    for kind in ("pdf", "web", "code"):
        for source in rule[kind]:
            assert source["licence"]
            assert source["package"]
            assert source["glob"]
            assert source.get("files", 1) * source.get("pages", 1) >= 2


def test_the_manifest_has_one_line_for_each_page(page: Page) -> None:
    head, line = collect.manifest([page]).splitlines()
    assert head.split("\t") == ["page", "kind", "split", "document", "package", "licence"]
    assert line.split("\t") == ["drawn-1", "pdf", "dev", "drawn", "none 1.0", "CC0-1.0"]


def test_the_cache_of_the_user_is_where_pages_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert collect.default_folder() == tmp_path / "headroom" / "offline-pages"
