"""What is said to headroom in a request's own fields never reaches a provider."""

from __future__ import annotations

import litellm
import pytest

from headroom_litellm import HeadroomCallback
from tests.integrations.litellm.material import CALLS, chat, done, to_openai

OFF = {"policy": "off"}


@pytest.mark.parametrize("function", ["completion", "acompletion"])
async def test_an_option_in_the_extra_body_is_taken_out_of_it(function, provider, callback):
    extra = {"headroom": OFF, "seed_of_ours": 7}
    await done(getattr(litellm, function)(messages=chat(), extra_body=extra, **to_openai(provider.url)))
    (body,) = provider.bodies
    assert body["seed_of_ours"] == 7
    assert "headroom" not in body
    assert body["messages"] == chat()
    assert extra == {"headroom": OFF, "seed_of_ours": 7}


FORGETTING = ("responses, Claude", "metadata")
"""LiteLLM's synchronous bridge from Responses to Chat Completions leaves `metadata` behind before any hook."""

BUCKETS = [(name, bucket) for name in CALLS for bucket in ("metadata", "litellm_metadata")]


@pytest.mark.parametrize(("name", "bucket"), [pair for pair in BUCKETS if pair != FORGETTING])
async def test_an_option_in_the_metadata_is_followed_and_not_sent(name, bucket, provider):
    _, ask = CALLS[name]
    litellm.callbacks = [callback := HeadroomCallback()]
    metadata = {"headroom": OFF, "team": "blue"}
    await done(ask(provider.url, **{bucket: metadata}))
    assert provider.bodies
    assert all("headroom" not in str(body) for body in provider.bodies)
    assert callback.total_tokens_saved == 0
    assert {"headroom": OFF, "team": "blue"}.items() <= metadata.items()
