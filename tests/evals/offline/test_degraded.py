"""Pages as a scanner and a telephone take them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from headroom.evals.offline.degraded import CLEAN, CONDITIONS, degraded
from headroom.evals.offline.pages import Page, Word, read_pages
from headroom.evals.offline.questions import area_questions, questions
from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode, in_grey
from tests.evals.offline.conftest import EM

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAKEN = tuple(name for name in CONDITIONS if name != CLEAN)


def _grey(page: Page) -> NDArray[np.int16]:
    return np.asarray(in_grey(decode(page.picture, read_header(page.picture))), dtype=np.int16)


@pytest.fixture(scope="module")
def taken(page: Page, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    return {name: degraded(page, name, tmp_path_factory.mktemp(name)) for name in TAKEN}


def test_a_clean_page_is_the_page_itself(page: Page, tmp_path: Path) -> None:
    assert degraded(page, CLEAN, tmp_path) is page


@pytest.mark.parametrize("name", TAKEN)
def test_the_same_seed_takes_the_same_picture(
    page: Page, taken: dict[str, Page], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = degraded(page, name, tmp_path_factory.mktemp("again"))
    other = degraded(page, name, tmp_path_factory.mktemp("other"), seed=2)
    assert again.words == taken[name].words
    assert again.picture == taken[name].picture != other.picture


@pytest.mark.parametrize("name", TAKEN)
def test_a_taken_page_comes_back_as_it_was_written(taken: dict[str, Page], name: str) -> None:
    page = taken[name]
    assert read_pages(page.folder) == [page]
    assert read_header(page.picture).media_type == "image/jpeg"
    assert read_header(page.picture).size == page.size


@pytest.mark.parametrize("name", TAKEN)
def test_ink_lies_inside_the_boxes_that_were_carried_along(taken: dict[str, Page], name: str) -> None:
    grey = _grey(taken[name])
    for word in taken[name].words:
        left, top, right, bottom = word.box
        inside = grey[top:bottom, left:right]
        assert inside.min() < np.median(inside) - 30, word


@pytest.mark.parametrize("name", TAKEN)
def test_there_is_paper_between_the_lines(taken: dict[str, Page], name: str) -> None:
    grey = _grey(taken[name])
    for word in taken[name].words[::7]:
        left, top, right, _ = word.box
        above = grey[top - EM // 2 : top - 3, left:right]
        assert np.median(above) > np.median(grey[top : top + EM, left:right].min(axis=0)) + 30


@pytest.mark.parametrize("name", TAKEN)
def test_the_height_of_print_changes_with_the_view(page: Page, taken: dict[str, Page], name: str) -> None:
    for before, after in zip(page.words, taken[name].words, strict=True):
        assert after.text == before.text
        assert after.em == pytest.approx(before.em, rel=0.12)


@pytest.mark.parametrize("name", TAKEN)
def test_the_same_questions_are_asked_of_the_same_page(page: Page, taken: dict[str, Page], name: str) -> None:
    assert [one.answer for one in questions(taken[name], 1)] == [one.answer for one in questions(page, 1)]
    assert area_questions(taken[name], 1)


def test_a_scan_keeps_the_size_of_the_sheet_and_a_photograph_shows_the_table(
    page: Page, taken: dict[str, Page]
) -> None:
    assert taken["scan"].size == page.size
    assert all(large > small for large, small in zip(taken["phone"].size, page.size, strict=True))
    grey = _grey(taken["phone"])
    assert np.median(grey[:8]) < np.median(grey) - 30


def test_a_box_follows_a_dot(tmp_path: Path) -> None:
    """A sheet that is blank but for one square: its box is where the square went."""
    image = Image.new("RGB", (600, 800), "white")
    image.paste("black", (400, 100, 440, 140))
    image.save(tmp_path / "dot.png")
    dot = Page("dot", "d", "pdf", "", "", "dev", image.size, (Word("dot", (400, 100, 440, 140), 40.0),), tmp_path)
    page = degraded(dot, "phone", tmp_path / "phone")
    left, top, right, bottom = page.words[0].box
    grey = _grey(page)
    patch = grey[top - 30 : bottom + 30, left - 30 : right + 30]
    down, across = np.nonzero(patch < (int(patch.min()) + int(np.median(patch[:10]))) / 2)
    assert (abs(across.min() - 30), abs(down.min() - 30)) <= (3, 3)
    assert abs(across.max() - 30 - (right - left)) <= 3
    assert abs(down.max() - 30 - (bottom - top)) <= 3
