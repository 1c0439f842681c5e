"""Nothing that a caller sends raises anything."""

from __future__ import annotations

import copy
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.blocks import Picture, Replacement
from headroom_core.errors import ImageError
from headroom_core.formats import find, payload_bytes, payload_head, replace
from headroom_core.formats.compact import compact
from tests.core.strategies import conversations

IMAGE = {"type": "image_url", "image_url": "https://example.com/a.png"}

_keys = st.sampled_from(
    [
        *("type", "role", "content", "parts", "output", "image_url", "url", "detail", "source", "data", "media_type"),
        *(
            "inlineData",
            "inline_data",
            "mimeType",
            "mime_type",
            "fileData",
            "fileUri",
            "functionResponse",
            "toolResult",
        ),
        *(
            "image",
            "bytes",
            "format",
            "s3Location",
            "uri",
            "resource",
            "blob",
            "base64",
            "file_id",
            "source_type",
            "id",
        ),
        *("tool_calls", "function", "function_call", "functionCall", "name", "arguments", "tool_use_id", "call_id"),
        *("messages", "input", "contents", "tools", "body", "params", "generationConfig", "mediaResolution", "level"),
        *("model", "betas", "text", "numTokens", "toolUse", "custom_id", "truncation"),
    ]
)
_words = st.sampled_from(
    [
        *("image", "image_url", "input_image", "computer_screenshot", "media", "resource", "tool_result", "document"),
        *("base64", "url", "file", "id", "content", "user", "assistant", "tool", "model", "text", "function_call"),
        *(
            "computer_call_output",
            "data:image/png;base64,iVBORw0KGgo=",
            "data:",
            "iVBORw0KGgoAAAAA",
            "image/png",
            "\ud800",
        ),
    ]
)
_leaves = st.one_of(
    _words, st.none(), st.integers(), st.floats(), st.booleans(), st.binary(max_size=9), st.text(max_size=9)
)
_junk = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(_keys, _leaves), inner, max_size=5)),
    max_leaves=40,
)


def survives(request):
    blocks = find(request)
    for block in blocks:
        for read in (payload_bytes, lambda b: payload_head(b, 16)):
            with suppress(ImageError):
                assert isinstance(read(block), bytes)
    assert replace(request, {}) is request
    assert replace(request, {block.place: Replacement((Picture(),)) for block in blocks}) is request
    return blocks


@given(_junk)
@settings(deadline=None, max_examples=300)
def test_junk_is_passed_over(junk):
    survives(junk)
    survives([{"role": "user", "content": junk}, {"role": "user", "parts": junk}, junk])
    survives({"contents": junk, "tools": junk, "generationConfig": junk, "text": junk, "model": junk})


@given(conversations(), _junk, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_a_conversation_with_a_broken_piece_is_passed_through_and_rewritten_whole(conversation, junk, random):
    request = copy.deepcopy(conversation.messages)
    node, steps = request, random.randint(1, 6)
    for _ in range(steps):
        if not isinstance(node, dict | list) or not node:
            break
        key = random.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if random.random() < 0.4:
            node[key] = junk
            break
        node = node[key]
    blocks = survives(request)
    before = copy.deepcopy(request)
    written = replace(request, {b.place: Replacement((Picture(b"new", "image/png"),)) for b in blocks})
    assert repr(request) == repr(before)
    assert [payload_bytes(block) for block in find(written)] == [b"new"] * len(blocks)


@pytest.mark.parametrize("depth", [100, 5_000, 200_000])
def test_depth_is_no_danger(depth):
    for key in ("a", "content", "parts", "source", "toolResult", "functionResponse", "output"):
        node: object = [IMAGE]
        for _ in range(depth):
            node = [{"type": "tool_result", key: node}] if key == "content" else [{key: node}]
        talk = [
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "n", "input": node}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": node}, IMAGE]},
            {"role": "user", "content": node},
            {"role": "user", "parts": node, "output": node},
        ]
        blocks = survives(talk)
        assert len(blocks) >= 1
        new = replace(talk, {blocks[0].place: Replacement((Picture(setting="low"),))})
        assert new[2] is talk[2]


def test_a_deep_call_is_cut_in_the_query():
    node: object = 1
    for _ in range(200_000):
        node = {"a": [node]}
    text = compact(node, 50)
    assert text == ('{"a":[' * 9)[:50]
