"""One picture that is in no request."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from headroom import compress_image
from headroom_core.errors import InvalidOption
from headroom_core.image import ImageCompressor, Technique
from tests.core.pictures import as_bytes, scene

PHOTO = as_bytes(scene(), quality=90)


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
