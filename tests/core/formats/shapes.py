"""Where images stand in requests: a block of each shape, and each place that holds blocks."""

from __future__ import annotations

import base64
from typing import Any

from headroom_core.blocks import ImageBlock, Shape
from headroom_core.formats import find
from tests.core.strategies import png

OLD, NEW = png(9, 5, 1), png(2, 2, 4)
A, B = base64.b64encode(OLD).decode(), base64.b64encode(NEW).decode()
URL = "https://example.com/cat.png?size=1"
DATA = f"data:image/png;charset=utf-8;base64,{A}"
WEBP = f"data:image/webp;base64,{B}"
S = Shape

# name: shape, block as it stands, block with new data and `low` where it takes one (None: it takes no setting)
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
# where a list of blocks can stand: name -> (request around the list, path to the list)
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


def at(request: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path of a request."""
    for key in path:
        request = request[key]
    return request


def only(request: Any) -> ImageBlock:
    """The one image of a request."""
    (block,) = find(request)
    return block
