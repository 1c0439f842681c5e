"""The text detector of RapidOCR's wheel is asked about pictures that leave text open, within bounds."""

from __future__ import annotations

import socket

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from headroom.image import ImageCompressor
from headroom_core.image.reading import detector_at_hand
from headroom_core.image.reading.detector import DETECT_PIXELS, TextDetector
from headroom_core.image.signals import glancer_at_hand, measure
from headroom_core.image.signals.judged import weighed

from .pages import decoded, letter


@pytest.fixture(scope="module")
def detector() -> TextDetector:
    found = detector_at_hand()
    assert found is not None, "the extra [ocr] is not installed"
    return found


def scene(words: str = "", *, height: int = 80, ink: str = "#f2f2ee") -> Image.Image:
    """A sign in a soft landscape, with or without words."""
    image = Image.radial_gradient("L").resize((900, 700)).convert("RGB")
    ImageDraw.Draw(image).rectangle((150, 250, 800, 450), fill="#2b5d34")
    ImageDraw.Draw(image).text((170, 270), words, font=ImageFont.load_default(height), fill=ink)
    return image


def test_words_on_a_sign_are_found_and_an_empty_sign_is_not_one(detector: TextDetector) -> None:
    for words in ("HARBOUR", "Bakery 24"):
        assert detector(decoded(scene(words))) > 0.95
    assert detector(decoded(scene())) < 0.9
    assert measure(decoded(scene()), glance=glancer_at_hand(), detect=detector).has_text < 0.2
    assert detector(decoded(letter())) > 0.95
    assert detector.reason is None


def test_no_connection_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert TextDetector()(decoded(scene("HARBOUR"))) > 0.6


@pytest.mark.parametrize("size", [(40, 40), (333, 207), (1500, 1100), (4000, 3000), (2600, 400)])
def test_what_it_is_given_is_bounded_and_fits_its_strides(size: tuple[int, int]) -> None:
    given: list[tuple[int, ...]] = []

    def likely(levels: np.ndarray) -> np.ndarray:
        given.append(levels.shape)
        assert -1 <= levels.min() <= levels.max() <= 1
        return np.zeros(levels.shape[:2], np.float32)

    watching = TextDetector()
    watching._likely = likely
    assert watching(decoded(Image.new("RGB", size, "white"))) == 0
    ((rows, columns, channels),) = given
    assert channels == 3
    assert rows % 32 == columns % 32 == 0
    assert rows * columns <= DETECT_PIXELS + 32 * (rows + columns)


def test_a_detector_that_fails_is_not_asked_and_says_why(detector: TextDetector) -> None:
    def fail(_: np.ndarray) -> np.ndarray:
        raise RuntimeError("out of memory")

    broken = TextDetector()
    broken._likely = fail
    assert broken(decoded(scene("HARBOUR"))) is None
    assert broken.reason == "not read: the reader failed (RuntimeError)"
    assert detector(decoded(Image.new("RGB", (900, 20), "white"))) is None
    assert detector.reason is not None
    assert "too thin" in detector.reason


def test_the_default_engine_asks_it_where_text_is_open_and_without_reading_it_does_not(
    detector: TextDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float | None] = []
    inner = TextDetector.__call__

    def watching(self: TextDetector, picture: object) -> float | None:
        asked.append(inner(self, picture))
        return asked[-1]

    monkeypatch.setattr(TextDetector, "__call__", watching)
    picture = decoded(scene("HARBOUR", height=60, ink="#35663f"))
    told = {}
    for reads in (True, False):
        asked.clear()
        look = ImageCompressor(read_text=reads)._engine.tools.look
        assert look is not None
        told[reads] = look(picture).has_text
        assert len(asked) == reads
    assert told[True] == weighed(told[False], detector(picture)) > told[False]
