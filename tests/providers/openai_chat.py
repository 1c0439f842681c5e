"""OpenAI chat completions (platform.openai.com/docs/api-reference/chat)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from tests.providers.answers import OUTPUT_TOKENS, Answer, Ask, Tool, answer, identifier, pieces
from tests.providers.replies import Event, reply, stream
from tests.providers.usage import Shown, images_tokens, joined_text, nodes, text_tokens


def complete(body: dict[str, Any], path: str) -> Response:
    """POST /v1/chat/completions, and Azure's path of the same."""
    model = body.get("model") or path.rsplit("/", 3)[1]
    said, spent = answer(_asked(body)), _usage(body, model)
    head = {"id": identifier("chatcmpl-"), "created": int(time.time()), "model": model, "system_fingerprint": "fp_x"}
    if body.get("stream"):
        return stream(_events(head, said, spent if (body.get("stream_options") or {}).get("include_usage") else None))
    return reply({**head, "object": "chat.completion", "choices": [_choice(said)], "usage": spent})


def shown_by_openai(request: Any) -> Iterator[Shown]:
    """The images of a chat or Responses request, wherever they stand."""
    for node in nodes(request):
        if node.get("type") == "image_url":
            given = node.get("image_url")
            given = given if isinstance(given, dict) else {"url": given}
            url, detail = given.get("url") or "", given.get("detail")
        elif node.get("type") == "input_image":
            url, detail = node.get("image_url") or "", node.get("detail")
        else:
            continue
        yield Shown(url.partition(",")[2] if url.startswith("data:") else None, detail)


def _asked(body: dict[str, Any]) -> Ask:
    messages = body["messages"]
    choice = body.get("tool_choice") or "auto"
    if isinstance(choice, dict):
        choice = choice["function"]["name"]
    wanted = body.get("response_format") or {}
    functions = [tool["function"] for tool in body.get("tools") or [] if tool.get("type") == "function"]
    return Ask(
        text=joined_text(messages[-1].get("content")),
        tools=[Tool(one["name"], one.get("parameters") or {"type": "object"}) for one in functions],
        choice="any" if choice == "required" else choice,
        answered=messages[-1]["role"] != "user" or any(message["role"] == "tool" for message in messages[-3:]),
        schema=wanted["json_schema"]["schema"] if wanted.get("type") == "json_schema" else None,
        json_mode=wanted.get("type") == "json_object",
    )


def _usage(body: dict[str, Any], model: str) -> dict[str, Any]:
    prompt = text_tokens(body["messages"]) + images_tokens(model, "openai", shown_by_openai(body["messages"]))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": OUTPUT_TOKENS,
        "total_tokens": prompt + OUTPUT_TOKENS,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def _choice(said: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text or None, "refusal": None}
    if said.call:
        function = {"name": said.call[0], "arguments": said.arguments}
        message["tool_calls"] = [{"id": identifier("call_"), "type": "function", "function": function}]
    return {"index": 0, "message": message, "finish_reason": _reason(said), "logprobs": None}


def _events(head: dict[str, Any], said: Answer, spent: dict[str, Any] | None) -> Iterator[Event]:
    head = {**head, "object": "chat.completion.chunk"}
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None if said.call else ""}]
    if said.call:
        opening: dict[str, Any] = {
            "id": identifier("call_"),
            "type": "function",
            "function": {"name": said.call[0], "arguments": ""},
        }
        parts = [opening, *({"function": {"arguments": piece}} for piece in pieces(said.arguments))]
        deltas += [{"tool_calls": [{"index": 0, **part}]} for part in parts]
    deltas += [{"content": word} for word in said.words]
    for delta in deltas:
        yield Event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None, "logprobs": None}]})
    yield Event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": _reason(said), "logprobs": None}]})
    if spent:
        yield Event({**head, "choices": [], "usage": spent})
    yield Event("[DONE]")


def _reason(said: Answer) -> str:
    return "tool_calls" if said.call else "stop"
