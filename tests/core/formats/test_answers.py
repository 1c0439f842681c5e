"""What the answer must hold: the fields of its schema, wherever a provider keeps it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.formats import find

IMAGE = {"type": "image_url", "image_url": "https://example.com/a.png"}
TALK = [{"role": "user", "content": [IMAGE]}]
SCHEMA = {
    "type": "object",
    "properties": {"serialNumber": {"type": "string", "description": "As stamped on it."}, "num_people": {}},
}
FIELDS = ("serial Number\nnumber of people", "As stamped on it.")
TOOL = {"name": "report", "input_schema": SCHEMA}
OTHER = {"name": "look_up", "input_schema": {"properties": {"invoice": {"type": "string"}}}}
PLAIN = [{"name": one["name"], "parameters": one["input_schema"]} for one in (TOOL, OTHER)]
OPENAI_TOOLS = [{"type": "function", "function": one} for one in PLAIN]
GEMINI_TOOLS = [{"functionDeclarations": PLAIN}]
BEDROCK_TOOLS = [{"toolSpec": {"name": one["name"], "inputSchema": {"json": one["parameters"]}}} for one in PLAIN]
JSON_SCHEMA = {"type": "json_schema", "name": "r", "schema": SCHEMA}

SCHEMAS = {
    "Chat": {"response_format": {"type": "json_schema", "json_schema": {"name": "r", "schema": SCHEMA}}},
    "Responses": {"text": {"format": JSON_SCHEMA, "verbosity": "low"}},
    "Anthropic": {"output_config": {"effort": "low", "format": JSON_SCHEMA}},
    "Anthropic, beta": {"output_format": JSON_SCHEMA},
    "Gemini": {"generationConfig": {"responseSchema": {**SCHEMA, "type": "OBJECT"}}},
    "Gemini, JSON": {"generationConfig": {"responseJsonSchema": SCHEMA}},
    "google-genai": {"config": {"response_schema": SCHEMA}},
    "nested": {"response_format": {"schema": {"type": "array", "items": {"anyOf": [{"type": "null"}, SCHEMA]}}}},
    "definitions": {"response_format": {"schema": {"$ref": "#/$defs/A", "$defs": {"A": SCHEMA}}}},
}
FORCED = {
    "Anthropic": {"tools": [TOOL, OTHER], "tool_choice": {"type": "tool", "name": "report"}},
    "Anthropic, any": {"tools": [TOOL], "tool_choice": {"type": "any"}},
    "Chat": {"tools": OPENAI_TOOLS, "tool_choice": {"type": "function", "function": {"name": "report"}}},
    "Chat, required": {"tools": OPENAI_TOOLS[:1], "tool_choice": "required"},
    "Chat, allowed": {
        "tools": OPENAI_TOOLS,
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": OPENAI_TOOLS[:1]}},
    },
    "Chat, functions": {"functions": [TOOL, OTHER], "function_call": {"name": "report"}},
    "Responses": {
        "tools": [{"type": "function", **TOOL}, OTHER],
        "tool_choice": {"type": "function", "name": "report"},
    },
    "Responses, allowed": {
        "tools": [TOOL, OTHER],
        "tool_choice": {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "report"}]},
    },
    "Gemini": {
        "tools": GEMINI_TOOLS,
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["report"]}},
    },
    "google-genai": {
        "config": {
            "tools": GEMINI_TOOLS,
            "tool_config": {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["report"]}},
        }
    },
    "Bedrock": {"toolConfig": {"tools": BEDROCK_TOOLS, "toolChoice": {"tool": {"name": "report"}}}},
    "Bedrock, any": {"toolConfig": {"tools": BEDROCK_TOOLS[:1], "toolChoice": {"any": {}}}},
}
FREE = {
    "no schema": {},
    "any JSON": {"response_format": {"type": "json_object"}},
    "plain text": {"text": {"format": {"type": "text"}}},
    "tools unforced": {"tools": [TOOL, OTHER]},
    "auto": {"tools": [TOOL], "tool_choice": "auto"},
    "auto, Anthropic": {"tools": [TOOL], "tool_choice": {"type": "auto"}},
    "auto, Bedrock": {"toolConfig": {"tools": BEDROCK_TOOLS, "toolChoice": {"auto": {}}}},
    "auto, Gemini": {"tools": GEMINI_TOOLS, "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}},
    "auto, allowed": {
        "tools": [TOOL],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": OPENAI_TOOLS}},
    },
    "another": {"tools": [TOOL, {"name": "go"}], "tool_choice": {"type": "tool", "name": "go"}},
    "data, not fields": {"response_format": {"schema": {"enum": [SCHEMA], "default": SCHEMA, "const": SCHEMA}}},
    "nonsense": {"response_format": 5, "tool_choice": [7], "tools": 3, "text": None, "output_config": [None]},
}


def answer(more, **beside):
    return find({"messages": TALK, **more}, **beside)[0].query.answer


@pytest.mark.parametrize("more", [*SCHEMAS.values(), *FORCED.values()], ids=[*SCHEMAS, *(f"tool: {n}" for n in FORCED)])
def test_the_fields_of_the_answer_are_read_wherever_they_stand(more):
    assert answer(more) == FIELDS
    assert find({"custom_id": "1", "body": {"messages": TALK, **more}})[0].query.answer == FIELDS


@pytest.mark.parametrize("more", FREE.values(), ids=FREE.keys())
def test_an_answer_that_is_free_has_no_fields(more):
    assert answer(more) == ()


def test_a_schema_and_tools_beside_the_request_tell_the_same():
    assert find(TALK, response_format=SCHEMA)[0].query.answer == FIELDS
    assert answer({"tool_choice": {"type": "tool", "name": "report"}}, tools=[TOOL, OTHER]) == FIELDS


def test_a_field_may_be_called_like_a_word_of_schemas():
    fields = {"properties": {"properties": {"description": "A"}, "description": {"type": "string"}, "enum": {}}}
    assert answer({"response_format": fields}) == ("properties\ndescription\nenum", "A")


def test_every_picture_of_a_conversation_knows_the_same_fields():
    start = {"messages": TALK, **SCHEMAS["Chat"]}
    longer = {**start, "messages": [*TALK, {"role": "assistant", "content": "{}"}, *TALK]}
    assert find(longer)[0].query == find(start)[0].query
    assert find(longer)[1].query.answer == FIELDS


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {f"field_number_{number}": {} for number in range(1000)}},
        {"description": "long " * 3000},
        {"items": [{}] * 30_000},
    ],
    ids=["names", "description", "nodes"],
)
def test_a_schema_too_large_to_read_is_not_known(schema):
    assert answer({"response_format": schema}) is None


@given(st.lists(st.text("abcdABCD", min_size=1, max_size=40), unique_by=str.lower, max_size=60))
@settings(deadline=None, max_examples=50)
def test_no_field_is_lost_and_every_piece_is_as_short_as_a_question(names):
    pieces = answer({"response_format": {"properties": {name: {} for name in names}}})
    assert all(0 < len(piece) <= 300 for piece in pieces)
    assert [line.replace(" ", "") for piece in pieces for line in piece.split("\n")] == names
