"""One picture that is in no request."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image

from headroom import compress_image
from headroom_core.blocks import Picture, Text
from headroom_core.errors import InvalidOption
from headroom_core.image import ImageCompressor, Technique
from tests.core.parts import BESIDE, CORNER, PAGE, READ, SCREEN, knowing
from tests.core.pictures import as_bytes, scene

PHOTO = as_bytes(scene(), quality=90)
MODEL = "claude-opus-5-5"


def test_bytes_a_path_and_a_pillow_image_are_taken(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(PHOTO)
    for source in (PHOTO, path, str(path), scene()):
        compressed = compress_image(source, "What is the mood?", model="claude-sonnet-4-5")
        assert Image.open(BytesIO(compressed.data)).size == compressed.outcome.size_after == (523, 392)
        assert compressed.media_type == "image/jpeg"


def test_a_picture_that_stays_is_the_very_same_bytes():
    compressed = compress_image(PHOTO, "Count the birds", provider="openai")
    assert compressed.data is PHOTO
    assert (compressed.media_type, compressed.setting) == ("image/jpeg", None)
    assert compressed.outcome.technique is Technique.PRESERVE


def test_a_setting_is_told_with_the_bytes_it_belongs_to():
    compressed = compress_image(PHOTO, "What is the mood?", model="gpt-4o")
    assert (compressed.data, compressed.setting) == (PHOTO, "low")


def test_what_is_no_picture_stays_with_a_reason():
    compressed = compress_image(b"%PDF-1.7", "What is the mood?", model="gpt-4o")
    assert compressed.data == b"%PDF-1.7"
    assert compressed.media_type is None
    assert "PDF" in compressed.outcome.reason


def test_the_model_of_a_shared_compressor_counts():
    assert compress_image(PHOTO, "What is the mood?", compressor=ImageCompressor(model="gpt-4o")).setting == "low"


@pytest.mark.parametrize(("source", "options"), [(PHOTO, {}), (3, {"model": "gpt-4o"}), (None, {"model": "gpt-4o"})])
def test_misuse_says_what_to_do(source, options):
    with pytest.raises(InvalidOption):
        compress_image(source, "What is the mood?", **options)


@pytest.mark.parametrize(("source", "question"), [(PHOTO, "Click on the birds"), (b"%PDF-1.7", "What is the mood?")])
def test_of_a_picture_that_stays_the_one_part_is_the_picture(source, question):
    compressed = compress_image(source, question, model=MODEL)
    assert compressed.parts == (Picture(source, compressed.media_type),)
    assert compressed.text is None


def test_a_setting_stands_on_the_part_with_its_bytes():
    assert compress_image(PHOTO, "What is the mood?", model="gpt-4o").parts == (Picture(PHOTO, "image/jpeg", "low"),)


@pytest.mark.parametrize(("question", "pictures"), [(CORNER, 1), (BESIDE, 2)])
def test_a_part_comes_with_its_note_and_perhaps_an_overview(question, pictures):
    compressed = compress_image(SCREEN, question, model=MODEL, compressor=knowing())
    note, *shown = compressed.parts
    left, top, right, bottom = compressed.outcome.decision.box
    assert isinstance(note, Text)
    assert f"left {left}, top {top}, width {right - left}, height {bottom - top} of 1920 x 1200 px" in note.text
    assert [isinstance(part, Picture) for part in shown] == [True] * pictures
    assert Image.open(BytesIO(shown[0].data)).size == (right - left, bottom - top) == compressed.outcome.size_after
    assert (compressed.data, compressed.media_type) == (shown[0].data, shown[0].media_type)
    assert compressed.text is None


def test_text_comes_alone_and_the_callers_bytes_stay_at_hand():
    compressed = compress_image(PAGE, READ, model=MODEL, compressor=knowing())
    assert compressed.parts == (Text(compressed.text),)
    assert compressed.text.startswith("[OCR from image]")
    assert compressed.text.count("\n") == 27
    assert compressed.data is PAGE
    assert compressed.media_type == "image/png"


def test_a_policy_that_only_observes_sends_the_picture_as_it_is():
    observed = compress_image(SCREEN, BESIDE, model=MODEL, compressor=knowing(policy="observe"))
    assert observed.outcome.decision.overview
    assert observed.parts == (Picture(SCREEN, "image/png"),)
    assert "<img" in observed._repr_html_()


def test_an_outcome_as_data_says_what_is_sent_and_what_it_serves():
    crop = compress_image(SCREEN, BESIDE, model=MODEL, compressor=knowing()).outcome
    said = json.loads(json.dumps(crop.as_dict()))
    assert said["box"] == list(crop.decision.box)
    assert (said["overview"], said["same_as"], said["serves"]) == (True, None, ["none"])
    kept = json.loads(json.dumps(compress_image(PHOTO, "Click on the birds", model=MODEL).outcome.as_dict()))
    assert (kept["box"], kept["overview"], kept["same_as"], kept["serves"]) == (None, False, None, None)
    assert kept.keys() == said.keys()
