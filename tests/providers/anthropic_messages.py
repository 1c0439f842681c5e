"""Anthropic messages (docs.claude.com/en/api/messages)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from tests.providers.answers import OUTPUT_TOKENS, Answer, Ask, Tool, answer, identifier, pieces
from tests.providers.replies import Event, reply, stream
from tests.providers.usage import Shown, images_tokens, joined_text, nodes, text_tokens

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def create(body: dict[str, Any], path: str) -> Response:
    """POST /v1/messages, and Bedrock's InvokeModel path of the same."""
    said = answer(_asked(body))
    message = {
        "id": identifier("msg_"),
        "type": "message",
        "role": "assistant",
        "model": _model(body, path),
        "content": _blocks(said),
        "stop_reason": "tool_use" if said.call else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": _input_tokens(body, path),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": OUTPUT_TOKENS,
        },
    }
    return stream(_events(message)) if body.get("stream") else reply(message)


def count(body: dict[str, Any], path: str) -> Response:
    """POST /v1/messages/count_tokens."""
    return reply({"input_tokens": _input_tokens(body, path)})


def error(status: int, message: str) -> dict[str, Any]:
    """The body of an error reply (docs.claude.com/en/api/errors)."""
    kind = KINDS.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": identifier("req_")}


def _asked(body: dict[str, Any]) -> Ask:
    messages, choice = body["messages"], body.get("tool_choice") or {"type": "auto"}
    recent = [block for message in messages[-3:] for block in message["content"] if isinstance(block, dict)]
    wanted = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    custom = [tool for tool in body.get("tools") or [] if "input_schema" in tool]
    return Ask(
        text=joined_text(messages[-1]["content"]),
        tools=[Tool(one["name"], one["input_schema"]) for one in custom],
        choice=choice["name"] if choice["type"] == "tool" else choice["type"],
        answered=any(block.get("type") == "tool_result" for block in recent),
        schema=wanted.get("schema"),
        thinking=(body.get("thinking") or {}).get("type") in ("enabled", "adaptive"),
    )


def _model(body: dict[str, Any], path: str) -> str:
    return str(body.get("model") or unquote(path.rpartition("/model/")[2].removesuffix("/invoke")))


def _input_tokens(body: dict[str, Any], path: str) -> int:
    texts = text_tokens([body["messages"], {"system": body.get("system")}, body.get("system")])
    return texts + images_tokens(_model(body, path), "anthropic", _shown(body["messages"]))


def _shown(messages: Any) -> Iterator[Shown]:
    for node in nodes(messages):
        source = node.get("source")
        if node.get("type") == "image" and isinstance(source, dict):
            yield Shown(source.get("data", "") if source.get("type") == "base64" else None)


def _blocks(said: Answer) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if said.thought:
        blocks.append({"type": "thinking", "thinking": said.thought, "signature": "c2lnbmF0dXJl"})
    if said.call:
        blocks.append({"type": "tool_use", "id": identifier("toolu_"), "name": said.call[0], "input": said.call[1]})
    else:
        blocks.append({"type": "text", "text": said.text, "citations": None})
    return blocks


def _events(message: dict[str, Any]) -> Iterator[Event]:
    opening = {**message, "content": [], "stop_reason": None, "usage": {**message["usage"], "output_tokens": 1}}
    yield _event("message_start", message=opening)
    yield _event("ping")
    for index, block in enumerate(message["content"]):
        yield from _block_events(index, block)
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=ending, usage={"output_tokens": OUTPUT_TOKENS})
    yield _event("message_stop")


def _block_events(index: int, block: dict[str, Any]) -> Iterator[Event]:
    hollow, deltas = _HOLLOW[block["type"]], _deltas(block)
    yield _event("content_block_start", index=index, content_block={**block, **hollow})
    for delta in deltas:
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


_HOLLOW: dict[str, dict[str, Any]] = {
    "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
    "text": {"text": ""},
}


def _deltas(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] == "thinking":
        told = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"], 12)]
        return [*told, {"type": "signature_delta", "signature": block["signature"]}]
    if block["type"] == "tool_use":
        arguments = Answer(call=(block["name"], block["input"])).arguments
        return [{"type": "input_json_delta", "partial_json": piece} for piece in pieces(arguments)]
    return [{"type": "text_delta", "text": word} for word in Answer(text=block["text"]).words]


def _event(kind: str, **fields: Any) -> Event:
    return Event({"type": kind, **fields}, kind)
