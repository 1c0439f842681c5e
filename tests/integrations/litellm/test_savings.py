"""Savings stand where LiteLLM's spend logs look for them."""

from __future__ import annotations

from typing import Any

import litellm
import pytest
from litellm.integrations.custom_logger import CustomLogger
from litellm.litellm_core_utils.core_helpers import get_litellm_metadata_from_kwargs

from tests.integrations.litellm.material import CALLS, chat, done, to_openai


class Records(CustomLogger):
    """Keeps what a spend log would read at the moment the request leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[Any] = []

    def log_pre_api_call(self, model: str, messages: Any, kwargs: dict[str, Any]) -> None:
        self.notes.append(get_litellm_metadata_from_kwargs(kwargs).get("compression_savings"))


@pytest.fixture
def records(callback):
    kept = Records()
    litellm.callbacks.append(kept)
    return kept


@pytest.mark.parametrize("bucket", [{}, {"metadata": {"team": "ours"}}, {"litellm_metadata": {"team": "ours"}}])
@pytest.mark.parametrize("name", CALLS)
async def test_every_call_notes_what_its_images_cost_before_and_after(name, bucket, provider, callback, records):
    await done(CALLS[name][1](provider.url, **{key: dict(value) for key, value in bucket.items()}))
    (outcome,) = callback.last_result.outcomes
    assert records.notes == [
        {
            "tokens_before": outcome.tokens_before,
            "tokens_after": outcome.tokens_after,
            "tokens_saved": callback.total_tokens_saved,
            "source": "headroom",
        }
    ]


@pytest.mark.parametrize("function", ["completion", "acompletion"])
async def test_a_call_that_saves_nothing_removes_an_earlier_note(function, provider, callback, records):
    shared = {"team": "ours"}
    ask = getattr(litellm, function)
    await done(ask(messages=chat(), litellm_metadata=shared, **to_openai(provider.url)))
    await done(ask(messages=[{"role": "user", "content": "Hi"}], litellm_metadata=shared, **to_openai(provider.url)))
    assert records.notes[0] is not None
    assert records.notes[1] is None
    assert callback.total_tokens_saved == records.notes[0]["tokens_saved"]
