"""Agno's count of tokens, with the images at the price of the model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agno.tools.function import Function
from agno.utils.tokens import count_audio_tokens, count_file_tokens, count_video_tokens

from headroom_agno.views import bytes_of
from headroom_core.image.counting import count_request
from headroom_core.tokens import resolve, text_tokens

if TYPE_CHECKING:
    from agno.media import Image
    from agno.models.message import Message

__all__ = ["count_tokens"]


def count_tokens(
    messages: list[Message],
    tools: Sequence[Function | dict[str, Any]] | None = None,
    model_id: str = "gpt-4o",
    output_schema: Any = None,
    *,
    provider: str | None = None,
) -> int:
    """Count what `agno.utils.tokens.count_tokens` does, and each image by the model's own rule, size and detail.

    Agno prices every image by the tiles of GPT-4o, an image in a data URL as one of 1024 x 1024 pixels, and the base64
    of Anthropic's image blocks as words. Here nothing is fetched: neither tokenizers nor media. An image that only the
    provider can fetch counts as one of 1024 x 1024 pixels, a file that only the provider can fetch as nothing. Audio,
    video and files are Agno's own estimates. Each message counts 4 tokens for its frame, which Agno leaves out.

    Args:
        messages: The conversation; never changed.
        tools: The tools that are sent with it.
        model_id: The model's name.
        output_schema: The schema of the answer: a pydantic class, or JSON Schema.
        provider: Who serves the model, where its name does not say.
    """
    body = {
        "messages": [_view(message, detailed=_takes_detail(model_id, provider)) for message in messages],
        "tools": [tool.to_dict() if isinstance(tool, Function) else tool for tool in tools or ()],
    }
    counted = count_request(body, model=model_id, provider=provider).tokens
    return counted + sum(map(_other_media, messages)) + _schema_tokens(output_schema, model_id, provider)


def _takes_detail(model_id: str, provider: str | None) -> bool:
    return resolve(model_id, provider=provider).setting_scope == "detail"


def _view(message: Message, *, detailed: bool) -> dict[str, Any]:
    content = message.get_content(use_compressed_content=True)
    blocks = content if isinstance(content, list) else [{"type": "text", "text": str(content)}] if content else []
    words = (message.reasoning_content, message.redacted_reasoning_content, message.name)
    return {
        "role": message.role,
        "content": [
            *blocks,
            *({"type": "text", "text": text} for text in words if text),
            *(_block(image, detailed=detailed) for image in message.images or ()),
        ],
        "tool_calls": message.tool_calls,
    }


def _block(image: Image, *, detailed: bool) -> dict[str, Any]:
    url = image.url or bytes_of(image) or "file:"
    return {"type": "image_url", "image_url": {"url": url, "detail": image.detail if detailed else None}}


def _other_media(message: Message) -> int:
    # Agno asks the server for the length of a file that is given by its URL alone.
    files = (file for file in message.files or () if file.content or file.filepath)
    return (
        sum(map(count_audio_tokens, message.audio or ()))
        + sum(map(count_video_tokens, message.videos or ()))
        + sum(map(count_file_tokens, files))
    )


def _schema_tokens(schema: Any, model_id: str, provider: str | None) -> int:
    if isinstance(schema, type) and hasattr(schema, "model_json_schema"):
        schema = schema.model_json_schema()
    return text_tokens(model_id, json.dumps(schema), provider=provider).tokens if isinstance(schema, dict) else 0
