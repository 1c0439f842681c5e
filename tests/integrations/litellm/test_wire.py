"""What a call through LiteLLM puts on the provider: what the engine decided, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import litellm
import pytest

from headroom_core.image import ImageCompressor
from headroom_litellm import HeadroomCallback
from tests.integrations.engines import Watched
from tests.integrations.litellm.material import (
    CALLS,
    CLAUDE,
    GPT,
    chat,
    contents,
    document,
    done,
    everything,
    items,
    messages,
    to_azure,
    to_claude,
    to_gemini,
    to_openai,
)
from tests.integrations.streams import read_to_end

PROVIDERS = {"openai": to_openai, "claude": to_claude, "gemini": to_gemini}


async def sent(provider: Any, value: Any) -> list[Any]:
    """The bodies that a call put on the provider."""
    await done(value)
    bodies = list(provider.bodies)
    provider.clear()
    return bodies


async def plain(provider: Any, ask: Any) -> Any:
    """The body that LiteLLM sends when nobody listens."""
    litellm.logging_callback_manager._reset_all_callbacks()
    (body,) = await sent(provider, ask())
    return body


def engine_alone(body: Any, model: str) -> Any:
    """What the engine makes of a body without any adapter."""
    return ImageCompressor().compress(body, model.partition("/")[0], model=model)


@pytest.mark.parametrize("name", CALLS)
async def test_the_wire_carries_what_the_engine_makes_of_the_request(name, provider):
    model, ask = CALLS[name]
    before = await plain(provider, lambda: ask(provider.url))
    litellm.callbacks = [callback := HeadroomCallback()]
    (after,) = await sent(provider, ask(provider.url))
    assert after != before
    assert after == engine_alone(before, model)
    assert callback.total_tokens_saved > 0


@pytest.mark.parametrize("maker", PROVIDERS)
@pytest.mark.parametrize("function", ["completion", "acompletion"])
async def test_the_words_and_signs_of_a_long_conversation_survive(maker, function, provider):
    keywords = PROVIDERS[maker](provider.url)
    ask = getattr(litellm, function)
    smaller = engine_alone(everything(), keywords["model"])
    before = await plain(provider, lambda: ask(messages=everything(), **keywords))
    expected = await plain(provider, lambda: ask(messages=smaller, **keywords))
    litellm.callbacks = [HeadroomCallback()]
    (after,) = await sent(provider, ask(messages=everything(), **keywords))
    # LiteLLM makes one explicit `detail` a setting of the whole Gemini request; synchronous calls are read after that.
    chosen_for_all = (maker, function) == ("gemini", "completion")
    assert after == (before if chosen_for_all else expected)
    assert before != expected


@pytest.mark.parametrize("maker", PROVIDERS)
@pytest.mark.parametrize("function", ["completion", "acompletion"])
async def test_an_image_whose_detail_the_caller_chose_stays_and_is_not_counted_as_saved(
    maker, function, provider, callback
):
    question, image = chat()[0]["content"]
    chosen = {"type": "image_url", "image_url": {**image["image_url"], "detail": "high"}}
    asked = [{"role": "user", "content": [question, chosen]}]
    ask = getattr(litellm, function)
    before = await plain(provider, lambda: ask(messages=asked, **PROVIDERS[maker](provider.url)))
    litellm.callbacks = [callback]
    (after,) = await sent(provider, ask(messages=asked, **PROVIDERS[maker](provider.url)))
    assert after == before
    assert callback.total_tokens_saved == callback.compressor.total_tokens_saved == 0
    (outcome,) = callback.outcomes
    assert "the caller chose" in outcome.reason


@pytest.mark.parametrize("maker", ["openai", "claude"])
async def test_both_ways_of_calling_save_the_same_beside_a_chosen_detail(maker, provider):
    saved = []
    for function in ("completion", "acompletion"):
        litellm.logging_callback_manager._reset_all_callbacks()
        litellm.callbacks = [callback := HeadroomCallback()]
        await done(getattr(litellm, function)(messages=everything(), **PROVIDERS[maker](provider.url)))
        saved.append((callback.total_tokens_saved, [outcome.changed for outcome in callback.outcomes]))
    assert saved[0] == saved[1]
    assert saved[0][0] > 0
    assert provider.bodies[0]["messages"] == provider.bodies[1]["messages"]


@pytest.mark.parametrize("name", CALLS)
async def test_the_callers_objects_stay_as_they_are(name, provider, callback, monkeypatch):
    _, ask = CALLS[name]
    made: list[Any] = []
    for builder in (chat, messages, items, contents):
        monkeypatch.setattr(f"{builder.__module__}.{builder.__name__}", _remembering(builder, made))
    metadata = {"user_id": "ada"}
    await done(ask(provider.url, metadata=metadata))
    ((handed, kept),) = made
    assert handed == kept
    assert metadata == {"user_id": "ada"}
    assert callback.total_tokens_saved > 0


def _remembering(builder, made):
    def build(*args):
        value = builder(*args)
        made.append((value, copy.deepcopy(value)))
        return value

    return build


@pytest.mark.parametrize("maker", PROVIDERS)
async def test_streams_carry_the_smaller_image_and_deliver_their_text(maker, provider, callback):
    keywords = PROVIDERS[maker](provider.url)
    awaited = [chunk async for chunk in await litellm.acompletion(messages=chat(), stream=True, **keywords)]
    waited = read_to_end(litellm.completion(messages=chat(), stream=True, **keywords))
    assert all(any(chunk.choices[0].delta.content for chunk in chunks) for chunks in (awaited, waited))
    one, other = provider.bodies
    assert one == other
    assert str(chat()[0]["content"][1]["image_url"]) not in str(one)
    assert callback.total_tokens_saved > 0


async def test_tools_and_response_formats_reach_the_provider_unchanged(provider, callback):
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
    schema = {"type": "json_schema", "json_schema": {"name": "mood", "schema": {"type": "object", "properties": {}}}}
    await litellm.acompletion(messages=chat(), tools=[tool], response_format=schema, **to_openai(provider.url))
    (body,) = provider.bodies
    assert body["tools"] == [tool]
    assert body["response_format"] == schema
    assert body["messages"] != chat()


async def test_a_call_without_images_is_sent_as_it_is(provider):
    ask = lambda: litellm.acompletion(messages=[{"role": "user", "content": "Hello!"}], **to_openai(provider.url))  # noqa: E731
    before = await plain(provider, ask)
    litellm.callbacks = [HeadroomCallback()]
    assert await sent(provider, ask()) == [before]


async def test_a_page_whose_text_is_asked_for_is_sent_as_it_is(provider, callback):
    exact = chat(document(), "Copy every number of this page exactly.")
    await litellm.acompletion(messages=exact, **to_openai(provider.url))
    assert provider.bodies[0]["messages"] == exact


@pytest.mark.parametrize("name", CALLS)
async def test_the_engine_runs_once_for_a_call(name, provider):
    compressor = Watched()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    await done(CALLS[name][1](provider.url))
    assert len(compressor.threads) == 1


ASYNCHRONOUS = [name for name in CALLS if name.startswith(("acompletion,", "aresponses", "messages", "generate"))]


@pytest.mark.parametrize("name", ASYNCHRONOUS)
async def test_the_event_loop_never_waits_for_the_engine(name, provider):
    compressor = Watched()
    litellm.callbacks = [HeadroomCallback(compressor=compressor)]
    await done(CALLS[name][1](provider.url))
    assert compressor.stayed_off_this_thread


async def test_two_rounds_through_the_callback_change_nothing_more(provider, callback):
    await litellm.acompletion(messages=chat(), **to_openai(provider.url))
    once = provider.bodies[0]["messages"]
    await litellm.acompletion(messages=once, **to_openai(provider.url))
    assert provider.bodies[1]["messages"] == once


async def test_each_deployment_of_a_router_gets_its_own_form(provider, callback):
    dead = {**to_openai("http://127.0.0.1:9"), "max_retries": 0}
    router = litellm.Router(
        model_list=[
            {"model_name": "vision", "litellm_params": dead},
            {"model_name": "spare", "litellm_params": to_claude(provider.url)},
        ],
        fallbacks=[{"vision": ["spare"]}],
        num_retries=0,
    )
    asked = chat()
    await router.acompletion(model="vision", messages=asked)
    router.completion(model="vision", messages=asked)
    one, other = provider.bodies
    assert one["messages"] == other["messages"]
    litellm.logging_callback_manager._reset_all_callbacks()
    provider.clear()
    litellm.completion(messages=asked, **to_claude(provider.url))
    assert one["messages"] == engine_alone(provider.bodies[0], CLAUDE)["messages"]
    assert asked == chat()


async def test_the_fallbacks_of_a_single_call_start_from_the_callers_images(provider, callback):
    await litellm.acompletion(
        messages=chat(),
        **{**to_openai("http://127.0.0.1:9"), "max_retries": 0},
        fallbacks=[{"model": CLAUDE, "api_base": provider.url}],
    )
    (body,) = provider.bodies
    litellm.logging_callback_manager._reset_all_callbacks()
    provider.clear()
    await litellm.acompletion(messages=chat(), **to_claude(provider.url))
    assert body["messages"] == engine_alone(provider.bodies[0], CLAUDE)["messages"]


async def test_prices_follow_the_deployment_and_never_the_alias(provider, callback):
    alias = {
        "model_name": "gemini-2.5-flash",
        "litellm_params": rest_of_azure(provider.url),
        "model_info": {"base_model": "gpt-4o"},
    }
    router = litellm.Router(model_list=[alias], num_retries=0)
    await router.acompletion(model="gemini-2.5-flash", messages=chat())
    router.completion(model="gemini-2.5-flash", messages=chat())
    await litellm.acompletion(messages=chat(), **to_openai(provider.url))
    rows = {outcome.model for outcome in callback.outcomes}
    assert len(callback.outcomes) == 3
    assert len(rows) == 1


def rest_of_azure(url: str) -> dict[str, Any]:
    return {key: value for key, value in to_azure(url).items() if key != "base_model"}


async def test_a_model_named_for_the_callback_prices_every_call(provider):
    litellm.callbacks = [callback := HeadroomCallback(model="gpt-4o")]
    await litellm.acompletion(messages=chat(), **{**to_openai(provider.url), "model": "openai/in-house-model"})
    assert provider.bodies[0]["messages"] == engine_alone(chat(), GPT)
    assert callback.total_tokens_saved > 0


async def test_what_is_no_question_to_a_model_keeps_its_images(provider, callback):
    picture = chat()[0]["content"][1]
    record = {
        "call_type": "amoderation",
        "model": "omni-moderation-latest",
        "additional_args": {"complete_input_dict": {"input": [picture]}},
    }
    callback.log_pre_api_call("omni-moderation-latest", None, record)
    hooked = await callback.async_pre_call_deployment_hook({"input": [picture]}, "amoderation")
    assert hooked is None
    assert record["additional_args"]["complete_input_dict"] == {"input": [chat()[0]["content"][1]]}
    assert callback.outcomes == ()
