"""Requests that work with coordinates, or whose history the server holds."""

from __future__ import annotations

import pytest

from headroom_core.formats import find

IMAGE = {"type": "image_url", "image_url": "https://example.com/a.png"}
TALK = [{"role": "user", "content": [IMAGE]}]


def schema(*names, **more):
    return {"type": "object", "properties": {name: {"type": "number"} for name in names}, **more}


def function(name, parameters=None):
    return {"type": "function", "function": {"name": name, "parameters": parameters or schema("city")}}


POINTING = {
    **{
        kind: [{"type": kind, "name": "computer", "display_width_px": 1024}]
        for kind in ("computer_20241022", "computer_20250124", "computer_20251124", "computer_toolset_20260801")
    },
    "browser toolset": [{"type": "browser_toolset_20260801"}],
    "OpenAI computer": [{"type": "computer"}],
    "OpenAI preview": [{"type": "computer_use_preview", "display_width": 1}],
    "Gemini computer": [{"computer_use": {"environment": "ENVIRONMENT_BROWSER"}}],
    "Gemini computer, camel": [{"computerUse": {}}],
    "x and y": [function("move_to", schema("x", "y"))],
    "corners": [function("cut", schema("x1", "y1", "x2", "y2"))],
    "coordinate": [{"name": "act", "input_schema": schema("action", "coordinate")}],
    "bbox of MCP": [{"name": "cut", "inputSchema": schema("bbox")}],
    "box_2d, nested": [function("cut", schema("a", items={"items": schema("box_2d")}))],
    "point, Gemini": [{"functionDeclarations": [{"name": "mark", "parameters": schema("point")}]}],
    "click": [function("left_click")],
    "drag": [function("dragTo")],
    "mouse": [{"type": "function", "name": "browser_mouse_wheel", "parameters": {}}],
    "tap": [{"name": "tap", "input_schema": {}}],
}
HARMLESS = {
    "weather": [function("get_weather", schema("city", "unit"))],
    "x alone": [function("solve", schema("x"))],
    "words within words": [function("clickhouse_query"), function("tape_reader"), function("mousetrap")],
    "a property called name": [function("f", {"type": "object", "properties": {"name": {"type": "string"}}})],
    "a description that clicks": [function("f", {"description": "click the mouse at x, y"})],
    "search": [{"type": "web_search"}, {"google_search": {}}],
    "nonsense": [None, 5, "click", {"type": ["computer"]}, {"name": {"name": 5}}],
    "no list": 7,
}


@pytest.mark.parametrize("tools", POINTING.values(), ids=POINTING.keys())
def test_pointing_tools_are_seen_in_the_body_and_beside_it(tools):
    assert find({"messages": TALK, "tools": tools})[0].query.coordinates
    assert find(TALK, tools=tools)[0].query.coordinates


@pytest.mark.parametrize("tools", HARMLESS.values(), ids=HARMLESS.keys())
def test_other_tools_are_harmless(tools):
    assert not find({"messages": TALK, "tools": tools})[0].query.coordinates
    assert not find(TALK, tools=tools)[0].query.coordinates


BODIES = {
    "model": {"model": "computer-use-preview"},
    "Gemini's model": {"model": "gemini-2.5-computer-use-preview-10-2025"},
    "Bedrock tools": {
        "toolConfig": {"tools": [{"toolSpec": {"name": "go", "inputSchema": {"json": schema("x", "y")}}}]},
    },
    "config of google-genai": {"config": {"tools": [{"computer_use": {}}]}},
    "betas": {"betas": ["computer-use-2025-11-24"]},
    "legacy functions": {"functions": [{"name": "click"}]},
    "response_format": {"response_format": {"type": "json_schema", "json_schema": {"schema": schema("bbox")}}},
    "text.format": {"text": {"format": {"type": "json_schema", "schema": schema("x1", "y1", "x2", "y2")}}},
    "responseSchema": {"generationConfig": {"responseSchema": {"type": "ARRAY", "items": schema("box_2d")}}},
    "output_format": {"output_format": {"type": "json_schema", "schema": schema("boundingBoxes")}},
}


@pytest.mark.parametrize("more", BODIES.values(), ids=BODIES.keys())
def test_models_schemas_and_betas_are_seen(more):
    assert find({"messages": TALK, **more})[0].query.coordinates
    assert find({"custom_id": "1", "body": {"messages": TALK, **more}})[0].query.coordinates


def test_the_schema_of_the_answer_can_be_handed_over():
    assert find(TALK, response_format=schema("bbox"))[0].query.coordinates
    assert not find(TALK, response_format=schema("total"))[0].query.coordinates


def test_tools_too_many_to_search_count_as_pointing():
    assert find(TALK, tools=[{"a": {}}] * 60_000)[0].query.coordinates
    deep: object = {}
    for _ in range(200_000):
        deep = {"a": deep}
    assert find(TALK, tools=[deep])[0].query.coordinates


CALLS = {
    "name": {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "mouse_move", "arguments": "{}"}}]},
    "keys in JSON": {
        "role": "assistant",
        "tool_calls": [{"function": {"name": "go", "arguments": '{"x": 1, "y": 2}'}}],
    },
    "keys": {"role": "assistant", "content": [{"type": "tool_use", "name": "go", "input": {"coordinate": [1, 2]}}]},
    "Gemini": {"role": "model", "parts": [{"functionCall": {"name": "click_at", "args": {}}}]},
    "Bedrock": {"role": "assistant", "content": [{"toolUse": {"name": "go", "input": {"x": 1, "y": 1}}}]},
    "computer call": {"type": "computer_call", "call_id": "1", "action": {"type": "wait"}},
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_click_counts_from_its_own_turn_on_and_never_before(call):
    blocks = find([*TALK, call, *TALK, {"role": "assistant", "content": "ok"}, *TALK])
    assert [block.query.coordinates for block in blocks] == [False, True, True]


def test_a_screenshot_counts_for_its_whole_turn():
    screen = {"type": "computer_call_output", "call_id": "1", "output": {"type": "computer_screenshot", "file_id": "f"}}
    blocks = find({"input": [*TALK, {"type": "reasoning"}, *TALK, screen, {"type": "reasoning"}, *TALK]})
    assert [block.query.coordinates for block in blocks] == [False, True, True, True]


@pytest.mark.parametrize(
    "more",
    [
        {"previous_response_id": "resp_1"},
        {"conversation": {"id": "c"}},
        {"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}},
        {"truncation": "auto"},
        {"cachedContent": "cachedContents/1"},
        {"cached_content": "cachedContents/1"},
        {"config": {"cached_content": "cachedContents/1"}},
    ],
    ids=repr,
)
def test_a_history_held_by_the_server_is_seen(more):
    assert find({"input": TALK, **more})[0].query.held_by_server


@pytest.mark.parametrize("more", [{}, {"truncation": "disabled"}, {"previous_response_id": None}], ids=repr)
def test_a_history_that_the_request_shows_is_not_held(more):
    assert not find({"input": TALK, **more})[0].query.held_by_server
