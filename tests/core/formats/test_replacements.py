"""What a replacement writes around the image: siblings, cache marks, whole requests, errors of the caller."""

from __future__ import annotations

import pytest

from headroom_core.blocks import Picture, Replacement, Text
from headroom_core.errors import InvalidOption
from headroom_core.formats import replace
from tests.core.formats.shapes import DATA, FIRST, NEW, A, B, only


def test_several_parts_become_siblings_and_the_last_ends_the_cached_prefix():
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": A}, "id": "i", "x": 1}
    marked = {**image, "cache_control": {"type": "ephemeral"}}
    request = [{"role": "user", "content": [FIRST, marked, FIRST, marked]}]
    crop = Picture(NEW, "image/png")
    new_source = {"type": "base64", "media_type": "image/png", "data": B}
    result = replace(
        request,
        {
            (0, "content", 1): Replacement((Text("a"), Picture(), crop)),
            (0, "content", 3): Replacement((crop, Text("b"))),
        },
    )
    assert result[0]["content"] == [
        FIRST,
        {"type": "text", "text": "a"},
        image,
        {"type": "image", "source": new_source, "x": 1, "cache_control": {"type": "ephemeral"}},
        FIRST,
        {"type": "image", "source": new_source, "id": "i", "x": 1},
        {"type": "text", "text": "b", "cache_control": {"type": "ephemeral"}},
    ]


def test_a_whole_request_before_and_after():
    tools = [{"name": "shot", "input_schema": {"type": "object"}}]
    assistant = {"role": "assistant", "content": [{"type": "thinking", "thinking": "x", "signature": "s=="}]}

    def holding(*content):
        shot = {"type": "tool_result", "tool_use_id": "t", "is_error": False, "content": [*content]}
        return {
            "model": "claude",
            "tools": tools,
            "messages": [
                {"role": "user", "content": "hello"},
                assistant,
                {"role": "user", "x": 1, "content": [shot, FIRST]},
            ],
            "max_tokens": 5,
        }

    body = holding({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": A}})
    new = replace(body, {only(body).place: Replacement((Picture(NEW, "image/webp"), Text("cropped")))})
    assert new == holding(
        {"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": B}},
        {"type": "text", "text": "cropped"},
    )
    assert list(new) == list(body)
    assert new["tools"] is tools
    assert all(new["messages"][index] is body["messages"][index] for index in (0, 1))
    assert new["messages"][2]["content"][1] is FIRST


@pytest.mark.parametrize("place", [(), (0,), (0, "content"), (0, "content", 0), (0, "content", 9), (7, "content", 0)])
def test_a_place_without_an_image_is_an_error_of_the_caller(place):
    with pytest.raises(InvalidOption, match="no image stands"):
        replace([{"role": "user", "content": [FIRST]}], {place: Replacement((Picture(),))})


def test_new_bytes_need_their_type():
    request = [{"role": "user", "content": [{"type": "image_url", "image_url": DATA}]}]
    with pytest.raises(InvalidOption, match="media type"):
        replace(request, {(0, "content", 0): Replacement((Picture(NEW),))})
