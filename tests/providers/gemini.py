"""Gemini generateContent (ai.google.dev/api/generate-content), and Vertex AI's paths of the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from tests.providers.answers import OUTPUT_TOKENS, Answer, Ask, Tool, answer, identifier
from tests.providers.replies import Event, reply, stream
from tests.providers.usage import Shown, images_tokens, joined_text, nodes, text_tokens

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
ANY_OBJECT = {"type": "object", "properties": {"setup": {"type": "string"}, "punchline": {"type": "string"}}}


def generate(body: dict[str, Any], path: str) -> Response:
    """POST .../models/{model}:generateContent."""
    return reply(_result(_parts(answer(_asked(body))), _usage(body, path), path, "STOP"))


def generate_stream(body: dict[str, Any], path: str) -> Response:
    """POST .../models/{model}:streamGenerateContent?alt=sse."""
    return stream(_events(answer(_asked(body)), _usage(body, path), path))


def count(body: dict[str, Any], path: str) -> Response:
    """POST .../models/{model}:countTokens; the contents stand in the body or in its generateContentRequest."""
    request = body.get("generateContentRequest") or body
    return reply({"totalTokens": _usage(request, path)["promptTokenCount"]})


def error(status: int, message: str) -> dict[str, Any]:
    """The body of an error reply (ai.google.dev/gemini-api/docs/troubleshooting)."""
    return {"error": {"code": status, "message": message, "status": STATUSES.get(status, "INTERNAL")}}


def _asked(body: dict[str, Any]) -> Ask:
    contents = _contents(body)
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    allowed = calling.get("allowedFunctionNames") or []
    choice = {"NONE": "none", "ANY": allowed[0] if allowed else "any"}.get(calling.get("mode", "AUTO"), "auto")
    config = body.get("generationConfig") or {}
    schema = _either(config, "responseSchema") or _either(config, "responseJsonSchema")
    structured = _either(config, "responseMimeType") == "application/json"
    return Ask(
        text=joined_text(contents[-1].get("parts")),
        tools=_tools(body),
        choice=choice,
        answered=any(_either(part, "functionResponse") for content in contents[-3:] for part in content["parts"]),
        schema=(schema or ANY_OBJECT) if structured else None,
        thinking=bool((config.get("thinkingConfig") or {}).get("includeThoughts")),
    )


def _contents(body: dict[str, Any]) -> list[dict[str, Any]]:
    given = body["contents"]
    return given if isinstance(given, list) else [given]


def _tools(body: dict[str, Any]) -> list[Tool]:
    declared = [one for tool in body.get("tools") or [] for one in _either(tool, "functionDeclarations") or []]
    empty = {"type": "object"}
    schemas = [one.get("parameters") or _either(one, "parametersJsonSchema") or empty for one in declared]
    return [Tool(one["name"], schema) for one, schema in zip(declared, schemas, strict=True)]


def _either(part: dict[str, Any], name: str) -> Any:
    """A field by its JSON name or its proto name: the API takes both."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return part.get(name, part.get(snake))


def _usage(body: dict[str, Any], path: str) -> dict[str, int]:
    texts = text_tokens([_contents(body), body.get("systemInstruction")])
    prompt = texts + images_tokens(_model(path), "google", _shown(body))
    return {
        "promptTokenCount": prompt,
        "candidatesTokenCount": OUTPUT_TOKENS,
        "totalTokenCount": prompt + OUTPUT_TOKENS,
    }


def _model(path: str) -> str:
    return path.rsplit("/", 1)[-1].partition(":")[0]


def _shown(body: dict[str, Any]) -> Iterator[Shown]:
    overall = _either(body.get("generationConfig") or {}, "mediaResolution")
    for node in nodes(_contents(body)):
        inline, filed = _either(node, "inlineData"), _either(node, "fileData")
        own = _either(node, "mediaResolution")
        setting = (own.get("level") if isinstance(own, dict) else own) or overall
        if isinstance(inline, dict):
            yield Shown(inline.get("data", ""), setting)
        elif isinstance(filed, dict):
            yield Shown(None, setting)


def _parts(said: Answer) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"text": said.thought, "thought": True}] if said.thought else []
    if said.call:
        return [*parts, {"functionCall": {"name": said.call[0], "args": said.call[1]}}]
    return [*parts, {"text": said.text}]


def _events(said: Answer, spent: dict[str, int], path: str) -> Iterator[Event]:
    chunks = [[part] for part in _parts(said)]
    if not said.call:
        chunks[-1:] = [[{"text": word}] for word in said.words]
    for chunk in chunks[:-1]:
        yield Event(_result(chunk, spent, path, None))
    yield Event(_result(chunks[-1], spent, path, "STOP"))


def _result(parts: list[dict[str, Any]], spent: dict[str, int], path: str, reason: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}, "index": 0}
    if reason:
        candidate["finishReason"] = reason
    head = {"modelVersion": _model(path), "responseId": identifier("")}
    return {"candidates": [candidate], "usageMetadata": spent, **head}
