"""A text detector is asked where measuring leaves text open, and can only raise the estimate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode
from headroom_core.image.signals import UNSURE, measure
from headroom_core.image.signals.judged import weighed
from tests.core.pictures import as_bytes, page, scene


def of(data: bytes) -> Decoded:
    return decode(data, read_header(data))


def test_a_detector_is_asked_only_where_the_measurement_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def detect(picture: Decoded) -> float | None:
        asked.append(picture)
        return answers[len(asked) - 1]

    assert measure(of(as_bytes(page(), "PNG")), detect=detect).has_text > UNSURE[1]
    assert asked == []
    answers = [1.0, 0.01, None]
    empty = of(as_bytes(scene()))
    monkeypatch.setattr("headroom_core.image.signals.measured.UNSURE", (0.0, 1.0))
    surely, hardly, unknown = (measure(empty, detect=detect).has_text for _ in answers)
    assert asked == [empty] * 3
    assert surely > hardly == unknown == measure(empty).has_text


@given(own=st.floats(0, 1), found=st.floats(0, 1))
@settings(deadline=None, max_examples=50)
def test_what_a_detector_says_never_lowers_what_was_measured(own: float, found: float) -> None:
    assert weighed(own, None) == own
    assert own <= weighed(own, found) <= 1
    assert weighed(own, found) <= weighed(own, min(1.0, found + 0.1))
    assert weighed(own, found) <= weighed(min(1.0, own + 0.1), found)
