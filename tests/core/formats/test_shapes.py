"""Every shape in every place: what is found, and what a replacement writes."""

from __future__ import annotations

import base64
import copy

import pytest

from headroom_core.blocks import Picture, Replacement, Shape, Text
from headroom_core.errors import InvalidOption
from headroom_core.formats import find, payload_bytes, replace
from tests.core.strategies import png

OLD, NEW = png(9, 5, 1), png(2, 2, 4)
A, B = base64.b64encode(OLD).decode(), base64.b64encode(NEW).decode()
URL = "https://example.com/cat.png?size=1"
DATA = f"data:image/png;charset=utf-8;base64,{A}"
WEBP = f"data:image/webp;base64,{B}"
S = Shape

# name: shape, block as it stands, block with new data and `low` where it takes one (None: it takes no setting), text
INLINE = {
    "chat": (
        S.OPENAI_CHAT,
        {"x": 1, "type": "image_url", "image_url": {"detail": "auto", "url": DATA, "x": 2}},
        {"x": 1, "type": "image_url", "image_url": {"detail": "auto", "url": WEBP, "x": 2}},
        {"x": 1, "type": "image_url", "image_url": {"detail": "low", "url": DATA, "x": 2}},
    ),
    "chat string": (
        S.OPENAI_CHAT,
        {"type": "image_url", "image_url": DATA},
        {"type": "image_url", "image_url": WEBP},
        {"type": "image_url", "image_url": {"url": DATA, "detail": "low"}},
    ),
    "responses": (
        S.OPENAI_RESPONSES,
        {"type": "input_image", "image_url": DATA, "prompt_cache_breakpoint": {"mode": "explicit"}},
        {"type": "input_image", "image_url": WEBP, "prompt_cache_breakpoint": {"mode": "explicit"}},
        {"type": "input_image", "image_url": DATA, "prompt_cache_breakpoint": {"mode": "explicit"}, "detail": "low"},
    ),
    "responses object": (
        S.OPENAI_RESPONSES,
        {"type": "input_image", "image_url": {"url": DATA, "detail": "auto"}},
        {"type": "input_image", "image_url": {"url": WEBP, "detail": "auto"}},
        {"type": "input_image", "image_url": {"url": DATA, "detail": "low"}},
    ),
    "anthropic": (
        S.ANTHROPIC,
        {
            "type": "image",
            "source": {"media_type": "image/png", "type": "base64", "data": A, "x": 1},
            "transformations": {"oversized_image": "error"},
        },
        {
            "type": "image",
            "source": {"media_type": "image/webp", "type": "base64", "data": B, "x": 1},
            "transformations": {"oversized_image": "error"},
        },
        None,
    ),
    "gemini": (
        S.GEMINI,
        {"inlineData": {"mimeType": "image/png", "data": A, "displayName": "a"}},
        {"inlineData": {"mimeType": "image/webp", "data": B, "displayName": "a"}},
        {
            "inlineData": {"mimeType": "image/png", "data": A, "displayName": "a"},
            "mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"},
        },
    ),
    "gemini snake, raw": (
        S.GEMINI,
        {"inline_data": {"mime_type": "image/png", "data": OLD}, "media_resolution": None},
        {"inline_data": {"mime_type": "image/webp", "data": NEW}, "media_resolution": None},
        {
            "inline_data": {"mime_type": "image/png", "data": OLD},
            "media_resolution": {"level": "MEDIA_RESOLUTION_LOW"},
        },
    ),
    "gemini mixed, no label": (
        S.GEMINI,
        {"inline_data": {"data": A}},
        {"inline_data": {"data": B, "mime_type": "image/webp"}},
        {"inline_data": {"data": A}, "media_resolution": {"level": "MEDIA_RESOLUTION_LOW"}},
    ),
    "gemini camel around snake": (
        S.GEMINI,
        {"inlineData": {"data": A, "mime_type": "image/png"}},
        {"inlineData": {"data": B, "mime_type": "image/webp"}},
        {
            "inlineData": {"data": A, "mime_type": "image/png"},
            "mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"},
        },
    ),
    "bedrock base64": (
        S.BEDROCK,
        {"image": {"format": "png", "source": {"bytes": A}}},
        {"image": {"format": "webp", "source": {"bytes": B}}},
        None,
    ),
    "bedrock raw": (
        S.BEDROCK,
        {"image": {"format": "png", "source": {"bytes": OLD}}},
        {"image": {"format": "webp", "source": {"bytes": NEW}}},
        None,
    ),
    "langchain v1": (
        S.LANGCHAIN,
        {"type": "image", "id": "lc_1", "base64": A, "mime_type": "image/png", "extras": {"a": 1}, "x": 3},
        {"type": "image", "id": "lc_1", "base64": B, "mime_type": "image/webp", "extras": {"a": 1}, "x": 3},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{A}", "detail": "low"}, "x": 3},
    ),
    "langchain v1, data URL": (
        S.LANGCHAIN,
        {"type": "image", "url": DATA, "mime_type": "image/png"},
        {"type": "image", "url": WEBP, "mime_type": "image/webp"},
        {"type": "image_url", "image_url": {"url": DATA, "detail": "low"}},
    ),
    "langchain v0": (
        S.LANGCHAIN,
        {"type": "image", "source_type": "base64", "data": A, "mime_type": "image/png", "cache_control": {"a": 1}},
        {"type": "image", "source_type": "base64", "data": B, "mime_type": "image/webp", "cache_control": {"a": 1}},
        {
            "type": "image_url",
            "image_url": {"url": f"data:image/png;base64,{A}", "detail": "low"},
            "cache_control": {"a": 1},
        },
    ),
    "langchain v0, data URL": (
        S.LANGCHAIN,
        {"type": "image", "source_type": "url", "url": DATA},
        {"type": "image", "source_type": "url", "url": WEBP},
        {"type": "image_url", "image_url": {"url": DATA, "detail": "low"}},
    ),
    "langchain media": (
        S.LANGCHAIN,
        {"type": "media", "mime_type": "image/png", "data": OLD},
        {"type": "media", "mime_type": "image/webp", "data": NEW},
        {"type": "media", "mime_type": "image/png", "data": OLD, "media_resolution": "MEDIA_RESOLUTION_LOW"},
    ),
    "mcp": (
        S.MCP,
        {"type": "image", "data": A, "mimeType": "image/png", "annotations": {"audience": ["user"]}},
        {"type": "image", "data": B, "mimeType": "image/webp", "annotations": {"audience": ["user"]}},
        None,
    ),
    "mcp snake": (
        S.MCP,
        {"type": "image", "data": A, "mime_type": "image/png"},
        {"type": "image", "data": B, "mime_type": "image/webp"},
        None,
    ),
    "mcp resource": (
        S.MCP,
        {"type": "resource", "resource": {"uri": "x://a", "mimeType": "image/png", "blob": A}, "_meta": {"k": 1}},
        {"type": "resource", "resource": {"uri": "x://a", "mimeType": "image/webp", "blob": B}, "_meta": {"k": 1}},
        None,
    ),
}
TEXTS = {
    S.OPENAI_RESPONSES: {"type": "input_text", "text": "read"},
    S.BEDROCK: {"text": "read"},
}
# where a list of blocks can stand: name -> (request around the list, path to the list, spelling of Gemini's text)
NESTS = {
    "content": (lambda bs: [{"role": "user", "content": bs}], (0, "content")),
    "parts": (lambda bs: {"contents": [{"parts": bs, "role": "user"}]}, ("contents", 0, "parts")),
    "one Gemini content": (lambda bs: {"contents": {"parts": bs}}, ("contents", "parts")),
    "tool row": (lambda bs: [{"role": "tool", "tool_call_id": "1", "content": bs}], (0, "content")),
    "tool_result": (
        lambda bs: {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": bs}]}]},
        ("messages", 0, "content", 0, "content"),
    ),
    "toolResult": (
        lambda bs: {"messages": [{"role": "user", "content": [{"toolResult": {"content": bs}}]}], "system": []},
        ("messages", 0, "content", 0, "toolResult", "content"),
    ),
    "function_call_output": (
        lambda bs: {"input": [{"type": "function_call_output", "call_id": "1", "output": bs}]},
        ("input", 0, "output"),
    ),
    "document": (
        lambda bs: [{"role": "user", "content": [{"type": "document", "source": {"type": "content", "content": bs}}]}],
        (0, "content", 0, "source", "content"),
    ),
    "document in tool_result": (
        lambda bs: [
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "content": [{"type": "document", "source": {"type": "content", "content": bs}}],
                    }
                ],
            }
        ],
        (0, "content", 0, "content", 0, "source", "content"),
    ),
    "OpenAI batch line": (
        lambda bs: {"custom_id": "a", "method": "POST", "body": {"messages": [{"role": "user", "content": bs}]}},
        ("body", "messages", 0, "content"),
    ),
    "Anthropic batch line": (
        lambda bs: {"custom_id": "a", "params": {"messages": [{"role": "user", "content": bs}]}},
        ("params", "messages", 0, "content"),
    ),
    "one message": (lambda bs: {"content": bs, "isError": False}, ("content",)),
    "tuple": (lambda bs: ({"role": "user", "content": tuple(bs)},), (0, "content")),
    "bare list": (lambda bs: list(bs), ()),
}
FIRST = {"type": "text", "text": "see"}


def at(request, path):
    for key in path:
        request = request[key]
    return request


def only(request):
    (block,) = find(request)
    return block


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
    body = {
        "model": "claude",
        "tools": tools,
        "messages": [
            {"role": "user", "content": "hello"},
            assistant,
            {
                "role": "user",
                "x": 1,
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "t",
                        "is_error": False,
                        "content": [
                            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": A}}
                        ],
                    },
                    FIRST,
                ],
            },
        ],
        "max_tokens": 5,
    }
    block = only(body)
    new = replace(body, {block.place: Replacement((Picture(NEW, "image/webp"), Text("cropped")))})
    assert new == {
        "model": "claude",
        "tools": tools,
        "messages": [
            {"role": "user", "content": "hello"},
            assistant,
            {
                "role": "user",
                "x": 1,
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "t",
                        "is_error": False,
                        "content": [
                            {"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": B}},
                            {"type": "text", "text": "cropped"},
                        ],
                    },
                    FIRST,
                ],
            },
        ],
        "max_tokens": 5,
    }
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
