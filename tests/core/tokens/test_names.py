"""Names as people write them lead to the right row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.tokens import current_profiles, default_profile, image_tokens, resolve

EXACT = {
    "gpt-4o-2024-08-06": "gpt-4o",
    "gpt-4o-2026-01-01": "gpt-4o",
    "GPT-4O": "gpt-4o",
    "  gpt-4o\n": "gpt-4o",
    "chatgpt-4o-latest": "gpt-4o",
    "openai/gpt-4o": "gpt-4o",
    "openrouter/openai/gpt-4o:free": "gpt-4o",
    "ft:gpt-4o-2024-08-06:acme::abc123": "gpt-4o",
    "ft:gpt-4o-mini-2024-07-18:acme:tag:id": "gpt-4o-mini",
    "gpt-4.1-mini-2025-04-14": "gpt-4.1-mini",
    "gpt-4.5-preview-2025-02-27": "gpt-4-turbo",
    "gpt-4-1106-vision-preview": "gpt-4-turbo",
    "gpt-5.1-2025-11-13": "gpt-5",
    "gpt-5-chat-latest": "gpt-5",
    "gpt-5.4-nano-2026-03-17": "gpt-5.4",
    "gpt-5.6-luna": "gpt-5.6-sol",
    "o1-pro-2025-03-19": "o3",
    "computer-use-preview-2025-03-11": "computer-use-preview",
    "claude-sonnet-4-5-20250929": "claude-sonnet-4-5",
    "claude-4-sonnet-20250514": "claude-sonnet-4-5",
    "anthropic/claude-3.5-sonnet": "claude-sonnet-4-5",
    "claude-3-5-sonnet-latest": "claude-sonnet-4-5",
    "claude-opus-4-7-20260416": "claude-opus-5-5",
    "claude-fable-5-1": "claude-opus-5-5",
    "gemini/gemini-3-flash-preview": "gemini-3.8-flash",
    "models/gemini-2.5-flash-preview-09-2025": "gemini-2.5-pro",
    "gemini-2.0-flash-001": "gemini-2.0-flash",
    "mistralai/Mistral-Small-3.1-24B-Instruct-2503": "mistral-medium-3",
    "pixtral-large-2411": "pixtral-12b",
    "us.amazon.nova-pro-v1:0": "nova-pro",
    "apac.amazon.nova-2-lite-v1:0": "nova-2-lite",
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8": "llama-4-maverick",
    "meta.llama3-2-90b-instruct-v1:0": "llama-3.2-vision",
    "Qwen/Qwen2.5-VL-72B-Instruct": "qwen2.5-vl",
    "accounts/fireworks/models/qwen2p5-vl-32b-instruct": "qwen2.5-vl",
    "qwen.qwen3-vl-235b-a22b": "qwen3-vl-plus",
    "zai/glm-4.5v": "glm-4.6v",
    "moonshotai.kimi-k2.5": "kimi-k2.5",
    "command-a-vision-07-2025": "command-a-vision",
    "google/gemma-4-31b-it": "gemma-4",
    "gemma-3-27b-it": "gemma-3",
    "xai/grok-4-0709": "grok-4",
    "openai:gpt-4o": "gpt-4o",
    "openai:ft:gpt-4o-mini:acme::id": "gpt-4o-mini",
    "anthropic:claude-sonnet-4-5": "claude-sonnet-4-5",
    "google_genai:gemini-2.5-flash": "gemini-2.5-pro",
    "mistral:pixtral-12b": "pixtral-12b",
    "bedrock:us.amazon.nova-pro-v1:0": "nova-pro",
    "bedrock/converse/us-east-1.anthropic.claude-3-5-sonnet-20241022-v2:0": "claude-sonnet-4-5",
    "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0": "claude-sonnet-4-5",
    "claude-sonnet-4-5-20250929[1m]": "claude-sonnet-4-5",
    "databricks/databricks-claude-sonnet-4-5": "claude-sonnet-4-5",
    "azure/gpt4o": "gpt-4o",
    "llama3.2-vision:11b": "llama-3.2-vision",
    "mistral-small3.2:24b": "mistral-medium-3",
    "ollama/gemma3:27b": "gemma-3",
    "ollama_chat/gemma4:31b": "gemma-4",
    "us.meta.llama4-scout-17b-instruct-v1:0": "llama-4-maverick",
    "vertex_ai/meta/llama-4-maverick-17b-128e-instruct-maas": "llama-4-maverick",
    "qwen2.5vl:7b": "qwen2.5-vl",
    "qwen/qwen-2.5-vl-7b-instruct": "qwen2.5-vl",
    "unsloth/Qwen2.5-VL-7B-Instruct-bnb-4bit": "qwen2.5-vl",
}

INFERRED = {
    "gpt-6-sol": "gpt-6-astra",
    "gpt-6.1-sol": "gpt-6-astra",
    "gpt-5.3-codex": "gpt-5.2",
    "gpt-5.6-cyber": "gpt-5.6-sol",
    "gpt-5-codex": "gpt-5",
    "gpt-4o-search-preview": "gpt-4o",
    "gpt-4o-mini-search-preview": "gpt-4o-mini",
    "o3-pro": "o3",
    "claude-haiku-5-5": "claude-opus-5-5",
    "claude-mythos-preview": "claude-opus-5-5",
    "claude-opus-6": "claude-opus-5-5",
    "claude-sonnet-4-9": "claude-opus-5-5",
    "claude-haiku-4-6": "claude-sonnet-4-5",
    "gemini-5-ultra": "gemini-3.8-flash",
    "gemini-2.5-computer-use-preview-10-2025": "gemini-2.5-pro",
    "moonshot/kimi-k3": "kimi-k2.5",
    "us.xai.grok-4.7": "grok-4",
    "mistral-large-4": "mistral-medium-3",
    "deepseek-v4-flash-vision-exp": "deepseek-flash",
    "mistral:7b": "mistral-medium-3",
    "mistral:latest": "mistral-medium-3",
    "qwen3.7-plus": "qwen3-vl-plus",
    "qwen4-vl": "qwen3-vl-plus",
    "grok5": "grok-4",
    "gemini-live-2.5-flash": "gemini-2.5-pro",
}

HOSTED = {
    "azure/gpt-4o": ("azure", 20_000_000),
    "azure_ai/claude-sonnet-4-5": ("azure", 10_000_000),
    "vertex_ai/claude-3-5-sonnet-v2@20241022": ("vertex", 5_000_000),
    "vertex_ai/gemini-2.0-flash": ("vertex", 7_000_000),
    "projects/p/locations/us/publishers/google/models/gemini-2.0-flash": ("vertex", 7_000_000),
    "bedrock/us-east-1/anthropic.claude-3-5-sonnet-20241022-v2:0": ("bedrock", 5_000_000),
    "bedrock/converse/eu.anthropic.claude-sonnet-4-5-20250929-v1:0": ("bedrock", 5_000_000),
    "anthropic.claude-opus-4-8": ("bedrock", 5_000_000),
    "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-8": ("bedrock", 5_000_000),
    "claude-opus-4-8": (None, 10_000_000),
    "bedrock:anthropic.claude-opus-4-8": ("bedrock", 5_000_000),
    "us-east-1.anthropic.claude-opus-4-8": ("bedrock", 5_000_000),
    "google_vertexai:gemini-2.0-flash": ("vertex", 7_000_000),
    "google_anthropic_vertex:claude-sonnet-4-5@20250929": ("vertex", 5_000_000),
    "azure_openai:gpt-4o": ("azure", 20_000_000),
}


@pytest.mark.parametrize(("name", "row"), EXACT.items())
def test_a_variant_of_a_listed_model_is_that_model(name, row):
    found = resolve(name)
    assert (found.name, found.assumed) == (row, False)


@pytest.mark.parametrize(("name", "row"), INFERRED.items())
def test_a_relative_of_a_listed_model_is_assumed_to_follow_it(name, row):
    found = resolve(name)
    assert (found.name, found.assumed) == (row, True)
    assert found.count(800, 600).exactness == "assumed"


@pytest.mark.parametrize(("name", "expected"), HOSTED.items())
def test_the_host_decides_the_limits(name, expected):
    found = resolve(name)
    assert (found.host, found.limits.image_bytes) == expected
    assert not found.assumed


def test_a_cloud_takes_smaller_claude_requests_than_anthropic():
    assert resolve("claude-opus-4-8").limits.request_bytes == 32_000_000
    for host in ("bedrock", "vertex_ai"):
        assert resolve("claude-opus-4-8", provider=host).limits.request_bytes == 20_000_000


def test_the_host_may_come_with_the_provider():
    assert resolve("claude-opus-4-8", provider="bedrock").limits.image_bytes == 5_000_000
    assert resolve("gpt-4o", provider="azure").limits.images == 50
    assert resolve("my-deployment", provider="azure").name == "openai, unlisted"


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google"])
def test_an_unknown_model_takes_its_providers_most_careful_row(provider):
    found = resolve("never-heard-of-it", provider=provider)
    assert (found.provider, found.assumed, found.settings, found.resize_pays) == (provider, True, (), False)
    count = found.count(4032, 3024)
    assert count.exactness == "assumed"
    dearest = max(row.count(4032, 3024).tokens for row in current_profiles(provider) if row.name != "gpt-4o-mini")
    assert count.tokens >= dearest
    for row in current_profiles(provider):
        assert row.limits.image_bytes is None or found.limits.image_bytes <= row.limits.image_bytes
        assert set(found.limits.formats) <= set(row.limits.formats)


def test_neither_model_nor_provider_gives_the_generic_row():
    for found in (resolve(), resolve(""), resolve("never-heard-of-it"), resolve("x", provider="nobody")):
        assert (found.name, found.assumed) == ("unlisted", True)


def test_an_unknown_name_that_looks_like_openai_takes_the_row_of_openai():
    assert resolve("gpt-9-turbo").name == "openai, unlisted"


@pytest.mark.parametrize(
    "provider", ["mistral", "xai", "amazon", "meta", "qwen", "zai", "moonshot", "deepseek", "cohere"]
)
def test_an_unknown_model_of_another_provider_is_assumed(provider):
    found = resolve("never-heard-of-it", provider=provider)
    assert (found.provider, found.assumed, found.resize_pays) == (provider, True, False)


def test_a_provider_alone_counts_by_its_documented_default():
    assert image_tokens(None, 1024, 1024, provider="openai").tokens == 765
    assert image_tokens(None, 1024, 1024, provider="anthropic").tokens == 1369
    assert image_tokens(None, 1024, 1024, provider="google").tokens == 1089
    assert image_tokens(None, 1024, 1024, provider="openai").exactness == "assumed"


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "azure", "vertex_ai"])
def test_the_current_rows_start_with_the_default_and_are_distinct(provider):
    rows = current_profiles(provider)
    assert rows[0].name == default_profile(provider).name
    assert len({(row.rule, row.settings) for row in rows}) == len(rows)
    assert all(row.current and not row.assumed for row in rows)


def test_no_name_stands_in_two_rows():
    from headroom_core.tokens.catalogue import _builtin_rows
    from headroom_core.tokens.names import canonical

    names = [canonical(name) for row in _builtin_rows() for name in (row.name, *row.models)]
    assert len(names) == len(set(names))
    assert all(not resolve(row.name).assumed and resolve(row.name).name == row.name for row in _builtin_rows())
    assert all(row.source and row.as_of >= "2026" for row in _builtin_rows())


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=12)))
@settings(deadline=None)
def test_no_name_makes_the_look_up_fail(name, provider):
    found = resolve(name, provider=provider)
    assert found.count(640, 480).tokens > 0
