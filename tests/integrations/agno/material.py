"""Models, pictures and ways to call that the Agno tests share."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import anthropic
import openai
import pytest
from agno.agent import Agent
from agno.media import Image
from agno.models.anthropic import Claude
from agno.models.base import Model
from agno.models.google import Gemini
from agno.models.message import Message
from agno.models.openai import OpenAIChat, OpenAIResponses
from agno.tools.function import ToolResult
from google import genai

from headroom_core.image import ImageCompressor
from tests.core.pictures import as_bytes, page, scene

GIST = "What is the mood of this picture?"
# What Agno and the providers' libraries do among themselves, on Python 3.11 and with aiohttp installed.
FOREIGN = [
    pytest.mark.filterwarnings("ignore:The 'output_format' parameter is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
]
PROVIDERS = ("openai", "responses", "anthropic", "google")
NAMES = {"openai": "gpt-4o", "responses": "gpt-4o", "anthropic": "claude-opus-4-8", "google": "gemini-2.0-flash"}


@functools.cache
def photo(seed: int = 0, width: int = 1600, height: int = 1200) -> bytes:
    """A photo without text, as a JPEG."""
    return as_bytes(scene(width, height, seed))


@functools.cache
def letter() -> bytes:
    """A page of text, as a PNG."""
    return as_bytes(page(), "PNG")


def bare(provider: str, url: str, **options: Any) -> Model:
    """The provider's model, talking to the stand-in provider over a client that `close_clients` closes."""
    name = NAMES[provider]
    if provider == "google":  # Agno 2.6 closes it after each answer
        opened.append(genai.Client(api_key="k", http_options={"base_url": url}))
        params = {"http_options": {"base_url": url}}
        return Gemini(id=name, api_key="k", client=opened[-1], client_params=params, **options)
    client, async_client = clients(provider, url)
    match provider:
        case "openai" | "responses":
            kind = OpenAIChat if provider == "openai" else OpenAIResponses
            where = {"base_url": f"{url}/v1", "max_retries": 0}
            return kind(id=name, api_key="k", client=client, async_client=async_client, **where, **options)
        case _:
            params = {"base_url": url, "max_retries": 0}
            return Claude(
                id=name, api_key="k", client=client, async_client=async_client, client_params=params, **options
            )


opened: list[genai.Client] = []
"""The clients of Gemini models."""


@functools.cache
def clients(provider: str, url: str) -> tuple[Any, Any]:
    """The provider's own clients, synchronous and not, for all tests: an Agno model leaves what it opens open."""
    match provider:
        case "openai" | "responses":
            given = {"base_url": f"{url}/v1", "api_key": "k", "max_retries": 0}
            return openai.OpenAI(**given), openai.AsyncOpenAI(**given)
        case _:
            given = {"base_url": url, "api_key": "k", "max_retries": 0}
            return anthropic.Anthropic(**given), anthropic.AsyncAnthropic(**given)


async def close_clients(url: str) -> None:
    """Close what was opened."""
    for client in opened:
        client.close()
        await client.aio.aclose()
    for provider in PROVIDERS[:3]:
        client, async_client = clients(provider, url)
        client.close()
        await async_client.close()


def asked(question: str = GIST, *, seed: int = 0, **fields: Any) -> Message:
    """A question about one photo."""
    return Message(role="user", content=question, images=[Image(content=photo(seed), id="img-1")], **fields)


def by_hand(provider: str, body: Any) -> Any:
    """The body that the engine makes of `body` without any adapter."""
    who = {"responses": "openai"}.get(provider, provider)
    return ImageCompressor().compress(body, who, model=NAMES[provider])


def look() -> ToolResult:
    """Take a photo of what is in front of the camera."""
    return ToolResult(content="a photo was taken", images=[Image(content=photo(3))])


def agent(model: Model, **options: Any) -> Agent:
    """An agent that tells nobody what it does."""
    return Agent(model=model, telemetry=False, **options)


def run(agent: Agent, question: str, **options: Any) -> None:
    agent.run(question, **options)


def stream(agent: Agent, question: str, **options: Any) -> None:
    assert list(agent.run(question, stream=True, **options))


async def arun(agent: Agent, question: str, **options: Any) -> None:
    await agent.arun(question, **options)


async def astream(agent: Agent, question: str, **options: Any) -> None:
    assert [event async for event in agent.arun(question, stream=True, **options)]


WAYS: tuple[Callable[..., Any], ...] = (run, stream, arun, astream)


async def done(result: Awaitable[None] | None) -> None:
    """Wait for what may be asynchronous."""
    if result is not None:
        await result
