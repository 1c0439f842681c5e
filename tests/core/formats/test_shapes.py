"""Every shape in every place: what is found, and what a replacement writes."""

from __future__ import annotations

import base64
import copy

import pytest

from headroom_core.blocks import Picture, Replacement, Text
from headroom_core.errors import InvalidOption
from headroom_core.formats import find, payload_bytes, replace
from tests.core.formats.shapes import DATA, FIRST, INLINE, NESTS, NEW, OLD, TEXTS, URL, A, S, at, only


@pytest.mark.parametrize("nest", NESTS)
@pytest.mark.parametrize("name", INLINE)
def test_an_image_is_found_and_replaced_wherever_it_stands(name, nest):
    shape, old, new, with_setting = INLINE[name]
    around, path = NESTS[nest]
    request = around([FIRST, old])
    before = copy.deepcopy(request)
    block = only(request)
    assert (block.shape, block.place, block.alone, block.setting) == (shape, (*path, 1), False, None)
    assert payload_bytes(block) == OLD
    assert block.settable is (with_setting is not None)

    one = replace(request, {block.place: Replacement((Picture(NEW, "image/webp"),))})
    assert at(one, path)[1] == new
    assert list(at(one, path)[1]) == list(new)
    assert at(one, path)[0] is FIRST
    if with_setting is None:
        with pytest.raises(InvalidOption, match="no setting"):
            replace(request, {block.place: Replacement((Picture(setting="low"),))})
    else:
        low = replace(request, {block.place: Replacement((Picture(setting="low"),))})
        assert at(low, path)[1] == with_setting
        assert only(low).setting in ("low", "MEDIA_RESOLUTION_LOW")
        named = replace(request, {block.place: Replacement((Picture(setting="MEDIA_RESOLUTION_LOW"),))})
        assert only(named).setting in ("low", "MEDIA_RESOLUTION_LOW")
    text = replace(request, {block.place: Replacement((Text("read"),))})
    gemini = {"type": "text", "text": "read"} if path[-1:] == ("content",) else {"text": "read"}
    expected = gemini if shape is S.GEMINI else TEXTS.get(shape, {"type": "text", "text": "read"})
    written = dict(at(text, path)[1])
    for kept in ("cache_control", "prompt_cache_breakpoint", "annotations", "_meta"):
        assert written.pop(kept, None) == old.get(kept)
    assert written == expected
    assert request == before
    assert type(at(one, path)) is type(at(request, path))


ELSEWHERE = {
    "chat": (S.OPENAI_CHAT, {"type": "image_url", "image_url": {"url": URL}}, URL),
    "chat string": (S.OPENAI_CHAT, {"type": "image_url", "image_url": URL}, URL),
    "responses": (S.OPENAI_RESPONSES, {"type": "input_image", "image_url": URL}, URL),
    "responses file": (S.OPENAI_RESPONSES, {"type": "input_image", "file_id": "f1", "image_url": None}, "file:f1"),
    "anthropic": (S.ANTHROPIC, {"type": "image", "source": {"type": "url", "url": URL}}, URL),
    "anthropic file": (S.ANTHROPIC, {"type": "image", "source": {"type": "file", "file_id": "f1"}}, "file:f1"),
    "gemini": (S.GEMINI, {"fileData": {"mimeType": "image/png", "fileUri": "gs://a/b"}}, "gs://a/b"),
    "gemini snake": (S.GEMINI, {"file_data": {"mime_type": "image/png", "file_uri": "gs://a/b"}}, "gs://a/b"),
    "gemini by suffix": (S.GEMINI, {"fileData": {"fileUri": URL}}, URL),
    "bedrock": (S.BEDROCK, {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://a"}}}}, "s3://a"),
    "langchain v1": (S.LANGCHAIN, {"type": "image", "url": URL}, URL),
    "langchain v1 file": (S.LANGCHAIN, {"type": "image", "file_id": "f1"}, "file:f1"),
    "langchain v0": (S.LANGCHAIN, {"type": "image", "source_type": "url", "url": URL}, URL),
    "langchain v0 id": (S.LANGCHAIN, {"type": "image", "source_type": "id", "id": "f1"}, "file:f1"),
    "langchain media": (S.LANGCHAIN, {"type": "media", "mime_type": "image/png", "file_uri": "gs://a/b"}, "gs://a/b"),
    "a path is never opened": (S.OPENAI_CHAT, {"type": "image_url", "image_url": {"url": "/etc/a.png"}}, "/etc/a.png"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_an_image_elsewhere_is_found_and_takes_only_what_its_shape_can_say(name):
    shape, old, url = ELSEWHERE[name]
    request = [{"role": "user", "content": [old]}]
    block = only(request)
    assert (block.shape, block.url, block.payload) == (shape, url, None)
    low = {block.place: Replacement((Picture(setting="low"),))}
    if block.settable:
        written = only(replace(request, low))
        assert (written.url, written.setting is not None) == (url, True)
    else:
        with pytest.raises(InvalidOption):
            replace(request, low)
    pixels = only(replace(request, {block.place: Replacement((Picture(NEW, "image/png"),))}))
    assert payload_bytes(pixels) == NEW
    assert (pixels.shape, pixels.url) == (shape, None)


@pytest.mark.parametrize(
    "block",
    [
        {"inlineData": {"mimeType": "application/pdf", "data": base64.b64encode(b"%PDF-1.4").decode()}},
        {"inlineData": {"mimeType": "application/pdf", "data": A}},
        {"inlineData": {"mimeType": "audio/wav", "data": base64.b64encode(b"RIFF\0\0\0\0WAVE").decode()}},
        {"inlineData": {"data": base64.b64encode(b"RIFF\0\0\0\0WAVE").decode()}},
        {"inlineData": {"mimeType": "application/octet-stream", "data": "***"}},
        {"inline_data": {"mime_type": "video/mp4", "data": b"\0\0\0\x18ftypmp42"}},
        {"fileData": {"fileUri": "https://www.youtube.com/watch?v=1"}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://a/b.png"}},
        {"type": "image_url", "image_url": {"url": "data:application/pdf;base64,JVBERi0="}},
        {"type": "image_url", "image_url": ""},
        {"type": "media", "mime_type": "application/pdf", "data": A},
        {"type": "media", "mime_type": "video/mp4", "file_uri": "gs://a/b"},
        {"type": "resource", "resource": {"uri": "x", "mimeType": "application/zip", "blob": "UEsDBA=="}},
        {"type": "resource", "resource": {"uri": "x.png", "mimeType": "image/png", "text": "no"}},
        {"type": "audio", "data": A, "mimeType": "audio/wav"},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": A}},
        {"type": "file", "file": {"file_data": DATA}},
        {
            "type": "tool_use",
            "id": "1",
            "name": "n",
            "input": {"type": "image", "source": {"type": "base64", "data": A}},
        },
        {"type": "server_tool_use", "input": {"image": A, "content": [{"type": "image_url", "image_url": DATA}]}},
        {"functionCall": {"name": "n", "args": {"parts": [{"inlineData": {"mimeType": "image/png", "data": A}}]}}},
        {"toolUse": {"input": {"content": [{"image": {"format": "png", "source": {"bytes": A}}}]}}},
        {"functionResponse": {"name": "n", "response": {"inlineData": {"mimeType": "image/png", "data": A}}}},
        {"type": "text", "text": "x", "inlineData": {"mimeType": "image/png", "data": A}},
    ],
    ids=repr,
)
def test_what_is_no_image_block_is_left_alone(block):
    assert find([{"role": "user", "content": [block]}, {"role": "user", "parts": [block]}]) == ()


@pytest.mark.parametrize("label", [None, "", "application/octet-stream", "png", "*/*"])
def test_an_odd_label_is_judged_by_the_first_bytes(label):
    assert only([{"parts": [{"inlineData": {"mimeType": label, "data": A}}]}]).shape is S.GEMINI
    assert only([{"parts": [{"inlineData": {"mimeType": label, "data": OLD}}]}]).payload is OLD


ALONE = {
    "screenshot": (
        {"input": [{"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": DATA}}]},
        ("input", 0, "output"),
    ),
    "screenshot by file": (
        {"input": [{"type": "computer_call_output", "output": {"type": "computer_screenshot", "file_id": "f"}}]},
        ("input", 0, "output"),
    ),
    "function response": (
        {
            "contents": [
                {"parts": [{"functionResponse": {"parts": [{"inlineData": {"mimeType": "image/png", "data": A}}]}}]}
            ]
        },
        ("contents", 0, "parts", 0, "functionResponse", "parts", 0),
    ),
    "function response, snake": (
        [{"parts": [{"function_response": {"parts": [{"inline_data": {"mime_type": "image/png", "data": A}}]}}]}],
        (0, "parts", 0, "function_response", "parts", 0),
    ),
    "content of an MCP prompt": (
        [{"role": "user", "content": {"type": "image", "data": A, "mimeType": "image/png"}}],
        (0, "content"),
    ),
}


@pytest.mark.parametrize(("request_", "place"), ALONE.values(), ids=ALONE.keys())
def test_a_place_for_one_image_takes_one_image(request_, place):
    block = only(request_)
    assert (block.place, block.alone, block.settable) == (place, True, False)
    picture = Picture(NEW, "image/png")
    assert payload_bytes(only(replace(request_, {place: Replacement((picture,))}))) == NEW
    for parts in ((Text("a"),), (picture, Text("a")), (picture, picture), ()):
        with pytest.raises(InvalidOption):
            replace(request_, {place: Replacement(parts)})
    with pytest.raises(InvalidOption, match="no setting"):
        replace(request_, {place: Replacement((Picture(setting="low"),))})
