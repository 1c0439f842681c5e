"""Counting a whole request: each picture at the model's price, the words by blocks, the rest said to be left out."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom_core import formats
from headroom_core.image.counting import UNSEEN, count_request, without_images
from headroom_core.tokens import Catalogue, Exactness, image_tokens, text_tokens
from tests.core.pictures import as_bytes, as_data_url, scene

JPEG = as_bytes(scene(1600, 1200))
PLAIN = base64.b64encode(JPEG).decode()
FRAME = 4 + 3


def chat(*blocks: dict[str, Any], words: str = "What is this?") -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "text", "text": words}, *blocks]}]


def image_url(url: str, **more: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, **more}}


SHAPES = {
    "chat": (chat(image_url(as_data_url(JPEG))), "gpt-4o"),
    "responses": (
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": as_data_url(JPEG)}]}]},
        "gpt-6-astra",
    ),
    "anthropic": (
        chat({"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": PLAIN}}),
        "claude-opus-5-5",
    ),
    "gemini": (
        {"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/jpeg", "data": PLAIN}}]}]},
        "gemini-2.0-flash",
    ),
    "bedrock": (
        {"messages": [{"role": "user", "content": [{"image": {"format": "jpeg", "source": {"bytes": JPEG}}}]}]},
        "nova-pro",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_costs_the_same_in_every_wire_shape(shape: str) -> None:
    request, model = SHAPES[shape]
    counted = count_request(request, model=model)
    assert [image.size for image in counted.images] == [(1600, 1200)]
    assert counted.image_tokens == image_tokens(model, 1600, 1200).tokens
    assert counted.exactness is image_tokens(model, 1600, 1200).exactness
    assert counted.images[0].unread is None


def test_the_setting_of_the_request_counts() -> None:
    assert count_request(chat(image_url(as_data_url(JPEG), detail="low")), model="gpt-4o").image_tokens == 85
    part = {"inlineData": {"mimeType": "image/jpeg", "data": PLAIN}, "mediaResolution": "MEDIA_RESOLUTION_LOW"}
    request = {"contents": [{"role": "user", "parts": [part]}]}
    expected = image_tokens("gemini-3.8-flash", 1600, 1200, detail="low").tokens
    assert count_request(request, model="gemini-3.8-flash").image_tokens == expected


def test_a_rotated_photo_counts_as_it_is_shown() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = as_bytes(scene(1600, 1200), exif=exif)
    (image,) = count_request(chat(image_url(as_data_url(turned))), model="gpt-4o").images
    assert image.size == (1200, 1600)


@pytest.mark.parametrize("url", ["https://example.org/cat.jpg", "data:image/png;base64,bm90IGFuIGltYWdl", "data:,x"])
def test_a_picture_that_cannot_be_read_counts_as_a_square_and_is_marked(url: str) -> None:
    counted = count_request(chat(image_url(url)), model="gpt-4o")
    (image,) = counted.images
    assert image.count.tokens == image_tokens("gpt-4o", *UNSEEN).tokens
    assert image.size is None
    assert image.unread
    assert counted.exactness is Exactness.ASSUMED


def test_plain_words_are_counted_with_their_frame() -> None:
    counted = count_request(chat(words="What is this?"), model="claude-opus-5-5")
    assert counted.text_tokens == FRAME + text_tokens("claude-opus-5-5", "What is this?").tokens
    assert counted.images == ()
    assert counted.text_exactness is Exactness.APPROX


def test_words_of_system_tools_calls_and_results_are_counted() -> None:
    bare = {"model": "claude-opus-5-5", "messages": [{"role": "user", "content": "Go."}]}
    said = "the quick brown fox jumps over the lazy dog"
    beyond = {
        "system": [{"type": "text", "text": said}],
        "tools": [{"name": "look", "description": said}],
        "messages": [
            *bare["messages"],
            {"role": "assistant", "content": [{"type": "tool_use", "id": "1", "name": "look", "input": {"at": said}}]},
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": said}]},
                    {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": said}},
                ],
            },
        ],
    }
    each = text_tokens("claude-opus-5-5", said).tokens
    grown = count_request(beyond).text_tokens - count_request(bare).text_tokens
    assert 5 * each < grown < 5 * each + 60
    assert count_request(beyond).unmeasured == 0


def test_base64_is_never_counted_as_words() -> None:
    with_image = count_request(SHAPES["anthropic"][0], model="claude-opus-5-5")
    without = count_request(chat(), model="claude-opus-5-5")
    assert with_image.text_tokens == without.text_tokens


@pytest.mark.parametrize(
    "part",
    [
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}},
        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0="}},
    ],
)
def test_what_is_neither_words_nor_picture_is_left_out_and_said(part: dict[str, Any]) -> None:
    counted = count_request(chat(part), model="gpt-4o")
    assert counted.unmeasured == 1
    assert counted.tokens == count_request(chat(), model="gpt-4o").tokens


def test_the_model_is_the_one_given_else_the_one_in_the_body() -> None:
    body = {"model": "gpt-4o-mini", "messages": chat(image_url(as_data_url(JPEG)))}
    assert count_request(body).model == "gpt-4o-mini"
    assert count_request(body, model="gpt-4o").model == "gpt-4o"
    mine = Catalogue().with_alias("our-gateway", "gpt-5")
    assert count_request(body, model="our-gateway", catalogue=mine).model == "gpt-5"
    assert count_request({"custom_id": "1", "body": body}).model == "gpt-4o-mini"


def test_a_request_that_would_be_refused_is_said_to_be() -> None:
    strip = as_data_url(as_bytes(Image.new("1", (16_000, 2100)), "PNG"), "image/png")
    counted = count_request(chat(image_url(strip, detail="original")), model="gpt-6-astra")
    assert counted.rejected == (image_tokens("gpt-6-astra", 16_000, 2100, detail="original").rejected,)
    assert None not in counted.rejected


def test_taking_images_out_leaves_everything_else_the_same_object() -> None:
    message = {"role": "user", "content": "Hello."}
    request = [message, *chat(image_url(as_data_url(JPEG)))]
    rest = without_images(request, formats.find(request))
    assert rest[1]["content"] == [{"type": "text", "text": "What is this?"}]
    assert rest[0] is message
    assert formats.find(rest) == ()
    assert len(formats.find(request)) == 1
    assert without_images(rest, ()) is rest


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.binary(max_size=4)
_KEYS = st.sampled_from(
    ["role", "content", "type", "text", "source", "input", "parts", "tool_calls", "image_url", "data"]
)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)


@given(_JSON, st.sampled_from([None, "gpt-4o", "claude-opus-5-5", "no-such-model"]))
@settings(deadline=None, max_examples=200)
def test_nothing_in_a_request_makes_counting_fail(request: Any, model: str | None) -> None:
    for body in (request, [request], {"messages": [request]}, {"messages": request, "tools": request}):
        counted = count_request(body, model=model, provider="openai")
        assert counted.tokens >= 0


def test_a_deep_or_circular_request_is_counted_as_far_as_it_goes() -> None:
    deep: Any = "word"
    for _ in range(5000):
        deep = [deep]
    around: dict[str, Any] = {"role": "user"}
    around["content"] = [around]
    assert count_request([{"role": "user", "content": deep}, around], model="gpt-4o").images == ()
