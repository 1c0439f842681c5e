"""The documented probe: how a question would be routed, alone and with its picture."""

from __future__ import annotations

import pytest

from headroom.image import ImageCompressor, Technique
from tests.core.image.asking import PAGE, PHOTO, openai
from tests.core.parts import PAGE as LETTER
from tests.core.parts import SCREEN
from tests.core.told import Told, needing


def test_the_documented_probe_says_how_a_question_would_be_routed(compressor):
    router = compressor._get_router()
    photo = router.classify(image_data=compressor._extract_image_data(openai(PHOTO)), query="Describe the scene")
    assert photo.technique is Technique.FULL_LOW
    assert photo.query_prediction is Technique.FULL_LOW
    assert 0 <= photo.confidence <= 1
    assert photo.reason
    assert photo.image_signals.has_text < 0.5
    page_decision = router.classify(image_data=compressor._extract_image_data(openai(PAGE)), query="Describe the scene")
    assert page_decision.technique is Technique.PRESERVE
    assert page_decision.image_signals.has_text > 0.5
    assert router.classify(query="Count the stars").technique is Technique.PRESERVE


@pytest.mark.parametrize(
    ("picture", "needs", "technique", "words"),
    [
        (SCREEN, needing("text", "region", place="top right corner"), Technique.CROP, "one region"),
        (SCREEN, needing("count", "region", place="top right corner"), Technique.CROP, "a count, one region"),
        (SCREEN, needing("region", place="his badge"), Technique.PRESERVE, "but the region cannot be located"),
        (LETTER, needing("text"), Technique.TRANSCODE, "words in the picture"),
        (PHOTO, needing("text"), Technique.PRESERVE, "but no text to transcribe was found"),
        (LETTER, needing("gist"), Technique.PRESERVE, "but the picture bears text that a small copy would lose"),
        (LETTER, needing("none"), Technique.FULL_LOW, ""),
        (PHOTO, needing("count"), Technique.PRESERVE, "a count"),
    ],
)
def test_the_probe_overrides_the_question_by_what_the_picture_shows(picture, needs, technique, words):
    decision = ImageCompressor(router=Told({"?": needs}))._get_router().classify(picture, "What is asked?")
    assert decision.technique is technique
    assert words in decision.reason
    assert 0 <= decision.confidence <= 1
