"""Models, pictures and conversations that the LangChain tests share."""

from __future__ import annotations

import base64
import functools
from typing import Any

from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import AzureChatOpenAI, ChatOpenAI

from tests.core.pictures import as_bytes, scene

GIST = "What is the mood of this picture?"
PROVIDERS = ("openai", "responses", "anthropic", "google")


@functools.cache
def picture(seed: int = 0, width: int = 1600, height: int = 1200) -> str:
    """A photo without text, as base64 of a JPEG."""
    return base64.b64encode(as_bytes(scene(width, height, seed))).decode()


@functools.cache
def bare(provider: str, url: str, **options: Any) -> BaseChatModel:
    """The provider's chat model, talking to the stand-in provider; made once, for its clients are slow to make."""
    match provider:
        case "openai":
            return ChatOpenAI(model="gpt-4o", base_url=f"{url}/v1", api_key="k", max_retries=0, **options)
        case "responses":
            return ChatOpenAI(
                model="gpt-4o", base_url=f"{url}/v1", api_key="k", max_retries=0, use_responses_api=True, **options
            )
        case "azure":
            return AzureChatOpenAI(
                azure_deployment="vision-prod",
                model="gpt-4o",
                azure_endpoint=url,
                api_key="k",
                api_version="2024-10-21",
                max_retries=0,
                **options,
            )
        case "anthropic":
            return ChatAnthropic(model="claude-opus-4-8", base_url=url, api_key="k", max_retries=0, **options)
        case _:
            return ChatGoogleGenerativeAI(model="gemini-2.0-flash", base_url=url, api_key="k", max_retries=1, **options)


def block(dialect: str, data: str) -> dict[str, Any]:
    """An image block in one of the dialects that LangChain lets through."""
    url = f"data:image/jpeg;base64,{data}"
    blocks: dict[str, dict[str, Any]] = {
        "image_url": {"type": "image_url", "image_url": {"url": url}},
        "image_url_text": {"type": "image_url", "image_url": url},
        "v1": {"type": "image", "base64": data, "mime_type": "image/jpeg"},
        "v0": {"type": "image", "source_type": "base64", "data": data, "mime_type": "image/jpeg"},
        "anthropic": {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": data}},
        "input_image": {"type": "input_image", "image_url": url},
        "media": {"type": "media", "data": data, "mime_type": "image/jpeg"},
    }
    return blocks[dialect]


SPOKEN = {
    "openai": ("image_url", "v1", "v0"),
    "azure": ("image_url", "v1", "v0"),
    "responses": ("image_url", "v1", "v0", "input_image"),
    "anthropic": ("image_url", "v1", "v0", "anthropic"),
    "google": ("image_url", "image_url_text", "v1", "v0", "media"),
}
"""The dialects that each chat model writes as its provider's own, with room for the provider's settings."""

NATIVE = {
    "openai": "image_url",
    "azure": "image_url",
    "responses": "input_image",
    "anthropic": "anthropic",
    "google": "image_url",
}


def whole(sent: Any, data: str) -> bool:
    """Whether the image is in what was sent as it was: its bytes, in either alphabet of base64, and no low detail."""
    text = str(sent)
    return data in text.replace("-", "+").replace("_", "/") and "'detail': 'low'" not in text


def ask(dialect: str = "image_url", question: str = GIST, *, seed: int = 0, **fields: Any) -> HumanMessage:
    """A question about one picture."""
    return HumanMessage([{"type": "text", "text": question}, block(dialect, picture(seed))], **fields)


def everything(dialect: str) -> list[BaseMessage]:
    """A conversation with all that can stand in one: names, ids, several images, a failed tool, a broken image."""
    broken = base64.b64encode(b"\x89PNG\r\n\x1a\nnot a picture at all").decode()
    return [
        SystemMessage("You look at pictures."),
        ask(dialect, name="ada", id="m-1"),
        AIMessage("Calm.", id="m-2"),
        HumanMessage(
            [
                {"type": "text", "text": GIST},
                block(dialect, picture(1)),
                block(dialect, picture(2)),
                {"type": "text", "text": "And compare nothing."},
            ],
            id="m-3",
        ),
        AIMessage(
            "Both are calm.", tool_calls=[{"name": "look", "args": {"where": "north"}, "id": "call_1"}], id="m-4"
        ),
        ToolMessage("no such place", tool_call_id="call_1", status="error", id="m-5"),
        AIMessage("", tool_calls=[{"name": "look", "args": {"where": "south"}, "id": "call_2"}], id="m-6"),
        ToolMessage("a street", tool_call_id="call_2", id="m-7"),
        HumanMessage([block(dialect, broken), {"type": "text", "text": "And this one?"}], id="m-8"),
    ]
