"""Pictures, conversations and calls that the LiteLLM tests share."""

from __future__ import annotations

import base64
import functools
import inspect
from collections.abc import Callable
from typing import Any

import litellm

from tests.core.pictures import as_bytes, page, scene

GIST = "What is the mood of this picture?"
KEY = "not-a-key"
GPT, CLAUDE, GEMINI = "openai/gpt-4o", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.0-flash"


@functools.cache
def photo(seed: int = 0, width: int = 1600, height: int = 1200) -> str:
    """A photo without text, as base64 of a JPEG."""
    return base64.b64encode(as_bytes(scene(width, height, seed))).decode()


@functools.cache
def document() -> str:
    """A page of text, as base64 of a PNG."""
    return base64.b64encode(as_bytes(page(), "PNG")).decode()


def data_url(data: str, media_type: str = "image/jpeg") -> str:
    return f"data:{media_type};base64,{data}"


def chat(data: str | None = None, question: str = GIST) -> list[dict[str, Any]]:
    """A question about a picture in the words of Chat Completions."""
    image = {"type": "image_url", "image_url": {"url": data_url(data or photo())}}
    return [{"role": "user", "content": [{"type": "text", "text": question}, image]}]


def messages(data: str | None = None) -> list[dict[str, Any]]:
    """The same in the words of Anthropic's Messages."""
    source = {"type": "base64", "media_type": "image/jpeg", "data": data or photo()}
    return [{"role": "user", "content": [{"type": "text", "text": GIST}, {"type": "image", "source": source}]}]


def items(data: str | None = None) -> list[dict[str, Any]]:
    """The same in the words of OpenAI's Responses."""
    image = {"type": "input_image", "image_url": data_url(data or photo())}
    return [{"role": "user", "content": [{"type": "input_text", "text": GIST}, image]}]


def contents(data: str | None = None) -> list[dict[str, Any]]:
    """The same in the words of Gemini."""
    # LiteLLM's bridge from this dialect to others knows the spelling with underscores only.
    image = {"inline_data": {"mime_type": "image/jpeg", "data": data or photo()}}
    return [{"role": "user", "parts": [{"text": GIST}, image]}]


def everything() -> list[dict[str, Any]]:
    """A conversation with all that LiteLLM lets through in the words of Chat Completions."""
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"where": "garden"}'}}
    return [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "name": "ada",
            "content": [
                {"type": "text", "text": "Which mood do these have?", "cache_control": {"type": "ephemeral"}},
                {"type": "image_url", "image_url": {"url": data_url(photo(1))}},
                {"type": "image_url", "image_url": {"url": data_url(photo(2), "image/jpeg"), "detail": "high"}},
                {"type": "image_url", "image_url": {"url": data_url(base64.b64encode(b"no picture").decode())}},
            ],
        },
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "name": "look", "content": "A garden."},
        {"role": "assistant", "content": "Calm."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "And what is the mood here?"},
                {"type": "image_url", "image_url": {"url": data_url(photo(3))}},
            ],
        },
    ]


def to_openai(url: str) -> dict[str, Any]:
    return {"model": GPT, "api_base": f"{url}/v1", "api_key": KEY}


def to_claude(url: str) -> dict[str, Any]:
    return {"model": CLAUDE, "api_base": url, "api_key": KEY}


def to_gemini(url: str) -> dict[str, Any]:
    # LiteLLM appends `:generateContent` to an api_base of its own choosing, so the whole path is given.
    return {"model": GEMINI, "api_base": f"{url}/v1beta/models/gemini-2.0-flash", "api_key": KEY}


def to_azure(url: str) -> dict[str, Any]:
    return {
        "model": "azure/our-vision-deployment",
        "api_base": url,
        "api_key": KEY,
        "api_version": "2024-10-21",
        "base_model": "gpt-4o",
    }


Call = Callable[..., Any]

CALLS: dict[str, tuple[str, Call]] = {
    "completion, OpenAI": (GPT, lambda url, **k: litellm.completion(messages=chat(), **to_openai(url), **k)),
    "completion, Claude": (CLAUDE, lambda url, **k: litellm.completion(messages=chat(), **to_claude(url), **k)),
    "completion, Gemini": (GEMINI, lambda url, **k: litellm.completion(messages=chat(), **to_gemini(url), **k)),
    "completion, Azure": (GPT, lambda url, **k: litellm.completion(messages=chat(), **to_azure(url), **k)),
    "acompletion, OpenAI": (GPT, lambda url, **k: litellm.acompletion(messages=chat(), **to_openai(url), **k)),
    "acompletion, Claude": (CLAUDE, lambda url, **k: litellm.acompletion(messages=chat(), **to_claude(url), **k)),
    "acompletion, Gemini": (GEMINI, lambda url, **k: litellm.acompletion(messages=chat(), **to_gemini(url), **k)),
    "acompletion, Azure": (GPT, lambda url, **k: litellm.acompletion(messages=chat(), **to_azure(url), **k)),
    "acompletion by position": (GPT, lambda url, **k: litellm.acompletion(GPT, chat(), **rest(to_openai(url)), **k)),
    "acompletion over Responses": (
        GPT,
        lambda url, **k: litellm.acompletion(
            messages=chat(), **{**to_openai(url), "model": "openai/responses/gpt-4o"}, **k
        ),
    ),
    "responses, OpenAI": (GPT, lambda url, **k: litellm.responses(input=items(), **to_openai(url), **k)),
    "responses, Claude": (CLAUDE, lambda url, **k: litellm.responses(input=items(), **to_claude(url), **k)),
    "aresponses, OpenAI": (GPT, lambda url, **k: litellm.aresponses(input=items(), **to_openai(url), **k)),
    "aresponses, Claude": (CLAUDE, lambda url, **k: litellm.aresponses(input=items(), **to_claude(url), **k)),
    "messages, Claude": (
        CLAUDE,
        lambda url, **k: litellm.anthropic.messages.acreate(messages=messages(), max_tokens=64, **to_claude(url), **k),
    ),
    "messages, OpenAI": (
        GPT,
        lambda url, **k: litellm.anthropic.messages.acreate(messages=messages(), max_tokens=64, **to_openai(url), **k),
    ),
    "generate_content, OpenAI": (
        GPT,
        lambda url, **k: litellm.google_genai.agenerate_content(contents=contents(), **to_openai(url), **k),
    ),
}
"""Every way to ask, by what it is called and whom it reaches; the model is the one that prices it."""


def rest(call: dict[str, Any]) -> dict[str, Any]:
    """The keywords of a call without the model."""
    return {key: value for key, value in call.items() if key != "model"}


async def done(value: Any) -> Any:
    """The result of a call, synchronous or not."""
    return await value if inspect.isawaitable(value) else value
