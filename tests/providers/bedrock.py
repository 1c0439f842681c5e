"""Amazon Bedrock Converse (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from tests.providers.answers import OUTPUT_TOKENS, Answer, Ask, Tool, answer, identifier
from tests.providers.replies import reply
from tests.providers.usage import Shown, images_tokens, joined_text, nodes, text_tokens


def converse(body: dict[str, Any], path: str) -> Response:
    """POST /model/{model}/converse."""
    said = answer(_asked(body))
    model = unquote(path.rpartition("/model/")[2].removesuffix("/converse"))
    spent = text_tokens([body["messages"], body.get("system")])
    spent += images_tokens(model, "anthropic", _shown(body["messages"]))
    return reply(
        {
            "output": {"message": {"role": "assistant", "content": [_block(said)]}},
            "stopReason": "tool_use" if said.call else "end_turn",
            "usage": {
                "inputTokens": spent,
                "outputTokens": OUTPUT_TOKENS,
                "totalTokens": spent + OUTPUT_TOKENS,
            },
            "metrics": {"latencyMs": 1},
        }
    )


def error(_status: int, message: str) -> dict[str, Any]:
    """The body of an error reply."""
    return {"message": message}


def _asked(body: dict[str, Any]) -> Ask:
    messages, config = body["messages"], body.get("toolConfig") or {}
    choice = config.get("toolChoice") or {}
    specs = [tool["toolSpec"] for tool in config.get("tools") or [] if "toolSpec" in tool]
    return Ask(
        text=joined_text(messages[-1]["content"]),
        tools=[Tool(one["name"], one["inputSchema"]["json"]) for one in specs],
        choice=choice["tool"]["name"] if "tool" in choice else "any" if "any" in choice else "auto",
        answered=any("toolResult" in block for message in messages[-3:] for block in message["content"]),
    )


def _shown(messages: Any) -> Iterator[Shown]:
    for node in nodes(messages):
        image = node.get("image")
        if isinstance(image, dict):
            yield Shown((image.get("source") or {}).get("bytes"))


def _block(said: Answer) -> dict[str, Any]:
    if said.call:
        return {"toolUse": {"toolUseId": identifier("tooluse_"), "name": said.call[0], "input": said.call[1]}}
    return {"text": said.text}
