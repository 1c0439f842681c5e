"""Which provider and model a LangChain chat model is billed as."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from headroom_langchain.pricing import billed_as
from tests.integrations.langchain.material import bare

NOWHERE = "http://127.0.0.1:9"


class Reporting(FakeListChatModel):
    """A model that reports to tracing as another one does."""

    reports: dict[str, Any]

    def _get_ls_params(self, stop=None, **kwargs: Any) -> Any:
        return {**self.reports, "ls_model_type": "chat"}


@pytest.mark.parametrize(
    ("provider", "billed"),
    [
        ("openai", ("openai", "gpt-4o")),
        ("azure", ("openai", "azure/gpt-4o")),
        ("anthropic", ("anthropic", "claude-opus-4-8")),
        ("google", ("google", "gemini-2.0-flash")),
    ],
)
def test_the_models_own_name_and_provider_are_taken(provider, billed):
    assert billed_as(bare(provider, NOWHERE), {}) == billed


def test_a_model_named_in_the_call_wins():
    assert billed_as(bare("openai", NOWHERE), {"model": "gpt-4o-mini"}) == ("openai", "gpt-4o-mini")


@pytest.mark.parametrize(
    ("reported", "name", "provider", "host"),
    [
        ("amazon_bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic", "bedrock/"),
        ("amazon_bedrock", "amazon.nova-pro-v1:0", "amazon", "bedrock/"),
        ("google_vertexai", "gemini-2.5-pro", "google", "vertex_ai/"),
        ("google_vertexai", "claude-sonnet-4-5@20250929", "anthropic", "vertex_ai/"),
        ("anthropicvertex", "claude-sonnet-4-5@20250929", "anthropic", "vertex_ai/"),
        ("mistral", "pixtral-12b", "mistral", ""),
    ],
)
def test_clouds_are_billed_as_the_maker_of_the_model_and_limited_as_their_host(reported, name, provider, host):
    model = Reporting(responses=["a"], reports={"ls_provider": reported, "ls_model_name": name})
    assert billed_as(model, {}) == (provider, host + name)


def test_a_model_that_reports_no_name_has_none():
    model = Reporting(responses=["a"], reports={"ls_provider": "somebody"})
    assert billed_as(model, {}) == ("somebody", None)
