"""OpenAI Responses (platform.openai.com/docs/api-reference/responses)."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from tests.providers.answers import OUTPUT_TOKENS, Answer, Ask, Tool, answer, identifier, pieces
from tests.providers.openai_chat import shown_by_openai
from tests.providers.replies import Event, reply, stream
from tests.providers.usage import images_tokens, joined_text, text_tokens


def create(body: dict[str, Any], _path: str) -> Response:
    """POST /v1/responses."""
    said = answer(_asked(body))
    response = _response(body, _item(said))
    return stream(_events(response, said)) if body.get("stream") else reply(response)


def count(body: dict[str, Any], _path: str) -> Response:
    """POST /v1/responses/input_tokens."""
    return reply({"object": "response.input_tokens", "input_tokens": _input_tokens(body)})


def _asked(body: dict[str, Any]) -> Ask:
    items = _items(body)
    choice = body.get("tool_choice") or "auto"
    if isinstance(choice, dict):
        choice = choice.get("name") or "any"
    wanted = (body.get("text") or {}).get("format") or {}
    functions = [tool for tool in body.get("tools") or [] if tool.get("type") == "function"]
    results = any(item.get("type") == "function_call_output" for item in items[-3:])
    return Ask(
        text=joined_text(items[-1].get("content")),
        tools=[Tool(one["name"], one.get("parameters") or {"type": "object"}) for one in functions],
        choice="any" if choice == "required" else choice,
        answered=results or items[-1].get("role") != "user",
        schema=wanted["schema"] if wanted.get("type") == "json_schema" else None,
        json_mode=wanted.get("type") == "json_object",
    )


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    given = body.get("input") or ""
    return given if isinstance(given, list) else [{"role": "user", "content": given}]


def _input_tokens(body: dict[str, Any]) -> int:
    items = _items(body)
    texts = text_tokens([items, {"instructions": body.get("instructions")}])
    return texts + images_tokens(body.get("model") or "", "openai", shown_by_openai(items))


def _item(said: Answer) -> dict[str, Any]:
    if said.call:
        call = {"call_id": identifier("call_"), "name": said.call[0], "arguments": said.arguments}
        return {"id": identifier("fc_"), "type": "function_call", "status": "completed", **call}
    part = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    return {
        "id": identifier("msg_"),
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [part],
    }


def _response(body: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    spent = _input_tokens(body)
    return {
        "id": identifier("resp_"),
        "object": "response",
        "created_at": int(time.time()),
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": body.get("model"),
        "output": [item],
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": {"effort": None, "summary": None},
        "store": True,
        "temperature": 1.0,
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": spent,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": OUTPUT_TOKENS,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": spent + OUTPUT_TOKENS,
        },
        "user": None,
        "metadata": {},
    }


def _events(response: dict[str, Any], said: Answer) -> Iterator[Event]:
    item, numbers = response["output"][0], itertools.count()

    def event(kind: str, **fields: Any) -> Event:
        return Event({"type": kind, "sequence_number": next(numbers), **fields}, kind)

    started = {**response, "status": "in_progress", "output": [], "usage": None}
    yield event("response.created", response=started)
    yield event("response.in_progress", response=started)
    hollow: dict[str, Any] = {"arguments": ""} if said.call else {"content": []}
    yield event("response.output_item.added", output_index=0, item={**item, **hollow, "status": "in_progress"})
    at: dict[str, Any] = {"item_id": item["id"], "output_index": 0}
    if said.call:
        for piece in pieces(said.arguments):
            yield event("response.function_call_arguments.delta", **at, delta=piece)
        name, arguments = said.call[0], said.arguments
        yield event("response.function_call_arguments.done", **at, name=name, arguments=arguments)
    else:
        at["content_index"] = 0
        part = item["content"][0]
        yield event("response.content_part.added", **at, part={**part, "text": ""})
        for word in said.words:
            yield event("response.output_text.delta", **at, delta=word, logprobs=[])
        yield event("response.output_text.done", **at, text=said.text, logprobs=[])
        yield event("response.content_part.done", **at, part=part)
    yield event("response.output_item.done", output_index=0, item=item)
    yield event("response.completed", response=response)
