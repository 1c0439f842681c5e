"""A page that lies on its side is read as it should stand, and only if one way is clearly the right one."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode
from headroom_core.image.reading import ReadLine, Refusal, transcribe
from headroom_core.image.reading.turning import clear_winner, lies, mostly_upright, view

from .drawn import PROSE, Paper

ORIENTATIONS = range(1, 9)


def pixels(picture: Decoded) -> np.ndarray:
    return np.asarray(picture.window((0, 0, *picture.size)))


def oriented(orientation: int) -> Decoded:
    noise = Image.effect_noise((40, 30), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    noise.save(out, "PNG", exif=exif)
    return decode(out.getvalue(), read_header(out.getvalue()))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("quarters", range(4))
def test_a_view_shows_the_same_pixels_turned_to_the_right(orientation: int, quarters: int) -> None:
    picture = oriented(orientation)
    shown = view(picture, None, quarters).picture
    assert np.array_equal(pixels(shown), np.rot90(pixels(picture), -quarters))
    assert shown.header.size == shown.size


@settings(deadline=None)
@given(st.sampled_from(ORIENTATIONS), st.integers(0, 3), st.integers(0, 20), st.integers(0, 10))
def test_a_box_is_turned_with_its_picture(orientation: int, quarters: int, left: int, top: int) -> None:
    picture = oriented(orientation)
    box = (left, top, left + 7, top + 12)
    shown = view(picture, box, quarters)
    assert shown.box is not None
    assert np.array_equal(
        np.asarray(shown.picture.window(shown.box)), np.rot90(np.asarray(picture.window(box)), -quarters)
    )


def sample(*confidences: float) -> list[ReadLine]:
    return [ReadLine("words", (0, 0, 100, 20), confidence, 20.0) for confidence in confidences]


def test_one_way_must_be_clearly_better_than_every_other() -> None:
    assert clear_winner([(1, sample(0.6, 0.7, 0.6)), (3, sample(0.99, 0.98, 0.97))]) == 3
    assert clear_winner([(1, sample(0.93, 0.95, 0.94)), (3, sample(0.99, 0.98, 0.97))]) is None
    assert clear_winner([(2, sample(0.99, 0.98, 0.97)), (0, sample(0.95, 0.9, 0.92))]) is None


def test_two_lines_do_not_tell_how_a_page_stands() -> None:
    assert clear_winner([(1, sample(0.99, 0.99)), (3, sample())]) is None
    assert clear_winner([]) is None


def test_lines_run_upwards_where_most_boxes_are_tall() -> None:
    assert mostly_upright([(0, 0, 20, 400), (30, 0, 50, 380), (60, 0, 90, 90)])
    assert not mostly_upright([(0, 0, 20, 400), (30, 0, 450, 20), (30, 40, 450, 60), (30, 80, 450, 100)])
    assert not mostly_upright([(0, 0, 20, 400)])


def page() -> Paper:
    return Paper(size=(760, 1000)).prose(lines=PROSE * 4)


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_on_its_side_is_told_from_a_chart(quarters: int) -> None:
    lying = view(page().picture(), None, quarters).picture
    assert lies(lying, "chart")
    assert not lies(page().picture(), "chart")


def test_a_photo_is_never_taken_for_a_page_on_its_side() -> None:
    assert not lies(view(page().picture(), None, 1).picture, "photo")


def test_a_chart_stays_a_picture_either_way_round() -> None:
    paper = Paper()
    for index, height in enumerate((60, 140, 90, 180, 230, 120)):
        paper.draw.rectangle((100 + 90 * index, 540 - height, 150 + 90 * index, 540), fill="#4c72b0")
        paper.write(100 + 90 * index, 550, f"Q{index}")
    answer = transcribe(
        paper.picture(), SimpleNamespace(kind="chart", text_height=20.0), paper.reader(), digits=False, structure=False
    )
    assert answer == Refusal("not a page of text (chart)")
