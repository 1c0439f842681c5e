"""A network glances at whole pictures where onnxruntime is installed, and joins what is measured."""

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom_core.errors import BrokenModel
from headroom_core.image import ImageCompressor
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode, in_square
from headroom_core.image.signals import Glance, Glancer, PictureKind, glance, glancer_at_hand, measure
from tests.core.pictures import page, scene


def opened(image: Image.Image, **options: Any) -> Decoded:
    out = BytesIO()
    image.save(out, **{"format": "PNG", **options})
    return decode(out.getvalue(), read_header(out.getvalue()))


def at_hand() -> Glancer:
    glancer = glancer_at_hand()
    assert glancer is not None
    return glancer


def test_a_page_is_told_from_a_scene() -> None:
    looked = at_hand()
    of_page, of_scene = looked(opened(page())), looked(opened(scene()))
    assert of_page is not None
    assert of_scene is not None
    assert of_page.text > 0 > of_scene.text
    assert list(PictureKind)[int(of_page.kinds.argmax())] is PictureKind.DOCUMENT


def test_the_same_picture_gets_the_same_glance_from_any_thread() -> None:
    looked, picture, found = Glancer(), opened(page()), []
    threads = [threading.Thread(target=lambda: found.append(looked(picture))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({(one.text, one.kinds.tobytes()) for one in found}) == 1


def test_kind_and_text_are_told_from_both() -> None:
    picture = opened(page())
    alone, both = measure(picture), measure(picture, glance=at_hand())
    assert both.kind is PictureKind.DOCUMENT
    assert both.has_text > 0.9
    assert (both.has_text, both.kind_confidence) != (alone.has_text, alone.kind_confidence)
    assert (both.heights, both.lines, both.content) == (alone.heights, alone.lines, alone.content)


def test_without_an_answer_the_measurement_stands() -> None:
    picture = opened(page())
    assert measure(picture, glance=lambda _: None) == measure(picture)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(-30, 30), min_size=6, max_size=6), st.floats(-30, 30))
def test_whatever_is_seen_estimates_stay_probabilities(kinds: list[float], text: float) -> None:
    seen = measure(opened(scene(320, 240)), glance=lambda _: Glance(np.array(kinds), text))
    assert 0 <= seen.has_text <= 1
    assert 1 / 6 <= seen.kind_confidence <= 1


def test_more_text_in_the_glance_never_lowers_the_estimate() -> None:
    picture = opened(scene(320, 240))
    levels = [measure(picture, glance=lambda _, text=text: Glance(np.zeros(6), text)).has_text for text in (-9, 0, 9)]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


def test_a_square_shows_the_whole_picture_upright_on_white() -> None:
    image = Image.new("RGBA", (400, 200), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 200, 200))
    square = in_square(opened(image), 64)
    assert (square.size, square.mode) == ((64, 64), "RGB")
    assert square.getpixel((8, 32)) == (0, 0, 255)
    assert square.getpixel((56, 32)) == (255, 255, 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = in_square(opened(image.convert("RGB"), format="JPEG", exif=exif, quality=95), 64)
    top, bottom = (turned.getpixel((32, row)) for row in (8, 56))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[2] > 200 > bottom[2]


def test_a_damaged_file_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "DIGEST", "0" * 64)
    with pytest.raises(BrokenModel, match="reinstall"):
        Glancer()(opened(scene(320, 240)))


def test_an_onnxruntime_that_cannot_run_it_leaves_the_measurement_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(glance, "_stored", lambda: b"not a graph")
    looked = Glancer()
    assert looked(opened(scene(320, 240))) is None
    assert looked.load() is None


def test_a_run_that_fails_leaves_the_measurement_alone() -> None:
    class Failing:
        def run(self, *_: object) -> None:
            raise RuntimeError("out of memory")

    looked, picture = Glancer(), opened(scene(320, 240))
    looked._session = Failing()
    assert looked(picture) is None
    assert measure(picture, glance=looked) == measure(picture)


def test_a_compressor_glances_and_says_so_in_its_signature() -> None:
    with ImageCompressor() as compressor:
        assert at_hand().identity in compressor.signature()
