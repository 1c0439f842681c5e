"""What a caller chose for an image: detail, media resolution, in each place that can say it."""

from __future__ import annotations

import pytest

from headroom_core.blocks import Picture, Replacement
from headroom_core.formats import find, replace
from tests.core.formats.shapes import URL, only

SETTINGS = {
    "low": ({"type": "image_url", "image_url": {"url": URL, "detail": "low"}}, "low"),
    "auto": ({"type": "image_url", "image_url": {"url": URL, "detail": "auto"}}, None),
    "null": ({"type": "image_url", "image_url": {"url": URL, "detail": None}}, None),
    "bogus": ({"type": "image_url", "image_url": {"url": URL, "detail": "bogus"}}, "bogus"),
    "a number is a choice too": ({"type": "image_url", "image_url": {"url": URL, "detail": 5}}, "unreadable"),
    "responses": ({"type": "input_image", "image_url": URL, "detail": "original"}, "original"),
    "level": (
        {"fileData": {"fileUri": URL}, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}},
        "MEDIA_RESOLUTION_HIGH",
    ),
    "unspecified": ({"fileData": {"fileUri": URL}, "mediaResolution": {"level": "MEDIA_RESOLUTION_UNSPECIFIED"}}, None),
    "bare level": (
        {"file_data": {"file_uri": URL}, "media_resolution": "MEDIA_RESOLUTION_LOW"},
        "MEDIA_RESOLUTION_LOW",
    ),
    "tokens": ({"fileData": {"fileUri": URL}, "mediaResolution": {"numTokens": 70}}, "num_tokens:70"),
    "huge tokens": ({"fileData": {"fileUri": URL}, "mediaResolution": {"numTokens": 10**5000}}, "unreadable"),
    "langchain": ({"type": "image", "url": URL, "media_resolution": "MEDIA_RESOLUTION_LOW"}, "MEDIA_RESOLUTION_LOW"),
    "langchain detail": ({"type": "image", "url": URL, "detail": "high"}, "high"),
}


@pytest.mark.parametrize(("block", "setting"), SETTINGS.values(), ids=SETTINGS.keys())
def test_the_callers_setting_is_read(block, setting):
    assert only([{"role": "user", "content": [block]}]).setting == setting


@pytest.mark.parametrize("config", ["generationConfig", "generation_config", "config"])
def test_the_resolution_of_a_whole_gemini_request_is_the_choice_for_parts_without_their_own(config):
    own = {"fileData": {"fileUri": URL}, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}
    parts = [{"fileData": {"fileUri": URL}}, own, {"type": "image_url", "image_url": URL}]
    body = {"contents": [{"parts": parts}], config: {"mediaResolution": "MEDIA_RESOLUTION_LOW"}}
    assert [block.setting for block in find(body)] == ["MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_HIGH", None]


def test_a_level_keeps_the_form_that_the_part_gave_it():
    parts = [
        {"fileData": {"fileUri": URL}, "mediaResolution": "MEDIA_RESOLUTION_UNSPECIFIED"},
        {"fileData": {"fileUri": URL}, "media_resolution": {"level": "MEDIA_RESOLUTION_UNSPECIFIED", "x": 1}},
    ]
    request = [{"parts": parts}]
    medium = Replacement((Picture(setting="medium"),))
    new = replace(request, {block.place: medium for block in find(request)})
    assert new[0]["parts"][0]["mediaResolution"] == "MEDIA_RESOLUTION_MEDIUM"
    assert new[0]["parts"][1]["media_resolution"] == {"level": "MEDIA_RESOLUTION_MEDIUM", "x": 1}
