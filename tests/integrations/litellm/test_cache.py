"""LiteLLM's cache of answers: an asynchronous call is known by what is sent, a synchronous one by what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import litellm
import pytest

from tests.integrations.litellm.material import chat, done, photo, to_openai

FUNCTIONS = ("completion", "acompletion")
OFF = {"policy": "off"}


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(litellm, "cache", litellm.Cache(type="local"))
    yield
    litellm.disable_cache()


async def _known_as(function: str, url: str, messages: Any = None, **options: Any) -> str:
    """The key under which the cache keeps the answer of a call; it forgets the answer, so that each call is made."""
    ask = getattr(litellm, function)
    await done(ask(messages=messages or chat(), caching=True, **to_openai(url), **options))
    while not litellm.cache.cache.cache_dict:  # noqa: ASYNC110 - LiteLLM keeps it later, with nothing to wait for
        await asyncio.sleep(0.01)
    (key,) = litellm.cache.cache.cache_dict
    litellm.cache.cache.flush_cache()
    return key


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_the_same_question_is_the_same_question_again(function, provider, callback):
    assert await _known_as(function, provider.url) == await _known_as(function, provider.url)
    assert len(provider.bodies) == 2


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_another_picture_is_another_question(function, provider, callback):
    assert await _known_as(function, provider.url) != await _known_as(function, provider.url, chat(photo(5)))


async def test_an_asynchronous_answer_to_the_small_picture_is_none_to_the_whole_one(provider, callback):
    """LiteLLM makes the key after the hook."""
    assert await _known_as("acompletion", provider.url) != await _known_as("acompletion", provider.url, headroom=OFF)


async def test_a_synchronous_answer_to_the_small_picture_is_one_to_the_whole_one(provider, callback):
    """LiteLLM makes the key before any hook can change the call, and an option that it does not know is no part."""
    assert await _known_as("completion", provider.url) == await _known_as("completion", provider.url, headroom=OFF)
    small, whole = provider.bodies
    assert small != whole
