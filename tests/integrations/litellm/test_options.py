"""How one call, one team and one failure are set apart."""

from __future__ import annotations

import logging
from typing import Any

import litellm
import pytest

from headroom_core.errors import InvalidOption
from headroom_core.image import ImageCompressor
from headroom_litellm import HeadroomCallback
from tests.integrations.engines import Broken
from tests.integrations.litellm.material import CALLS, chat, done, to_openai

OFF = {"policy": "off"}
BY_NAME = [name for name in CALLS if name != "acompletion by position"]


async def _plain(provider: Any, ask: Any) -> Any:
    litellm.logging_callback_manager._reset_all_callbacks()
    await done(ask())
    (body,) = provider.bodies
    provider.clear()
    return body


@pytest.mark.parametrize("name", CALLS)
async def test_one_call_can_be_set_apart_and_the_provider_never_hears_of_it(name, provider):
    _, ask = CALLS[name]
    before = await _plain(provider, lambda: ask(provider.url))
    litellm.callbacks = [callback := HeadroomCallback()]
    await done(ask(provider.url, headroom=OFF))
    assert provider.bodies == [before]
    assert callback.total_tokens_saved == 0


@pytest.mark.parametrize("bucket", ["metadata", "litellm_metadata"])
@pytest.mark.parametrize("function", ["completion", "acompletion"])
async def test_one_call_can_be_set_apart_in_its_metadata(bucket, function, provider, callback):
    ask = getattr(litellm, function)
    await done(ask(messages=chat(), **to_openai(provider.url), **{bucket: {"headroom": OFF}}))
    assert provider.bodies[0]["messages"] == chat()


async def test_the_callers_extra_body_loses_nothing_but_the_option(provider, callback):
    extra = {"headroom": OFF, "seed_of_ours": 7}
    litellm.completion(messages=chat(), extra_body=extra, **to_openai(provider.url))
    assert provider.bodies[0]["seed_of_ours"] == 7
    assert "headroom" not in provider.bodies[0]
    assert extra == {"headroom": OFF, "seed_of_ours": 7}


@pytest.mark.parametrize("name", CALLS)
async def test_a_broken_engine_never_breaks_a_call(name, provider, caplog):
    _, ask = CALLS[name]
    before = await _plain(provider, lambda: ask(provider.url))
    litellm.callbacks = [HeadroomCallback(compressor=Broken())]
    with caplog.at_level(logging.ERROR, logger="headroom"):
        await done(ask(provider.url))
    assert provider.bodies == [before]
    assert any(record.name == "headroom" for record in caplog.records)


@pytest.mark.parametrize("name", CALLS)
async def test_a_broken_callback_never_breaks_a_call(name, provider, monkeypatch):
    _, ask = CALLS[name]
    before = await _plain(provider, lambda: ask(provider.url))

    def broken(call: object) -> None:
        raise RuntimeError("no deployment today")

    monkeypatch.setattr("headroom_litellm.callback.Deployment.of", broken)
    litellm.callbacks = [HeadroomCallback()]
    await done(ask(provider.url))
    assert provider.bodies == [before]


@pytest.mark.parametrize("switch", [{"policy": "reckless"}, "off", False, {"polcy": "off"}, {"policy": "off", "x": 1}])
@pytest.mark.parametrize("function", ["completion", "acompletion"])
async def test_a_switch_that_is_not_understood_switches_off_and_never_fails_the_call(
    function, switch, provider, callback, caplog
):
    await done(getattr(litellm, function)(messages=chat(), headroom=switch, **to_openai(provider.url)))
    assert provider.bodies[0]["messages"] == chat()
    assert "headroom" not in provider.bodies[0]
    assert "images sent as they were" in caplog.text


@pytest.mark.parametrize("function", ["embedding", "aembedding"])
async def test_a_call_that_asks_no_model_never_carries_the_option_either(function, provider, callback):
    call = {"model": "openai/text-embedding-3-small", "input": ["A cat."], "api_base": f"{provider.url}/v1"}
    await done(getattr(litellm, function)(**call, api_key="k", headroom=OFF))
    assert "headroom" not in provider.bodies[0]
    assert provider.bodies[0]["input"] == ["A cat."]


def test_a_wrong_option_of_the_callback_is_said_at_once():
    with pytest.raises(InvalidOption, match="holdout=7"):
        HeadroomCallback(holdout=7)
    with pytest.raises(InvalidOption, match="reckless"):
        HeadroomCallback(policy="reckless")


async def test_a_conversation_that_is_held_out_goes_as_it_is_and_is_reported(provider):
    litellm.callbacks = [callback := HeadroomCallback(holdout=1.0)]
    await litellm.acompletion(messages=chat(), **to_openai(provider.url))
    assert provider.bodies[0]["messages"] == chat()
    assert callback.total_tokens_saved == 0
    assert [outcome.changed for outcome in callback.outcomes] == [False]


async def test_observing_reports_what_would_be_saved(provider):
    litellm.callbacks = [callback := HeadroomCallback(policy="observe")]
    await litellm.acompletion(messages=chat(), **to_openai(provider.url))
    assert provider.bodies[0]["messages"] == chat()
    assert callback.last_result.outcomes[0].tokens_saved > 0


async def test_callbacks_can_share_one_engine(provider):
    engine = ImageCompressor()
    one, other = HeadroomCallback(compressor=engine), HeadroomCallback(compressor=engine)
    assert one.compressor is other.compressor is engine
