"""Dollars by the price table of genai-prices."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from headroom_core.errors import InvalidOption, MissingExtra
from headroom_core.tokens import dollars

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_tokens_are_priced_by_the_models_input_rate():
    price = dollars("gpt-4o", 1_000_000, at=NOON)
    assert price is not None
    assert (price.dollars, price.model, price.provider, price.cached) == (Decimal("2.5"), "gpt-4o", "openai", False)
    assert price.source.startswith("genai-prices ")


def test_cached_tokens_have_the_cached_rate():
    for model, share in (("gpt-4o", Decimal("0.5")), ("claude-sonnet-4-5-20250929", Decimal("0.1"))):
        full, cached = dollars(model, 1000, at=NOON), dollars(model, 1000, cached=True, at=NOON)
        assert full is not None
        assert cached is not None
        assert cached.dollars == full.dollars * share


@pytest.mark.parametrize(
    "name",
    [
        "azure/gpt-4o", "ft:gpt-4o-2024-08-06:acme::abc", "GPT-4o", "vertex_ai/gemini-2.5-flash", "gemini-3.8-flash",
        "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "openrouter/anthropic/claude-3.5-sonnet",
        "us.amazon.nova-pro-v1:0", "xai/grok-4",
    ],
)  # fmt: skip
def test_names_as_people_write_them_are_priced(name):
    price = dollars(name, 1000, at=NOON)
    assert price is not None
    assert price.dollars > 0


def test_an_unknown_model_has_no_price():
    assert dollars("never-heard-of-it", 1000, at=NOON) is None
    assert dollars("never-heard-of-it", 1000, provider="openai", at=NOON) is None


def test_no_tokens_cost_nothing():
    price = dollars("gpt-4o", 0, at=NOON)
    assert price is not None
    assert price.dollars == 0


@pytest.mark.parametrize("tokens", [-1, 2.5, True])
def test_tokens_are_a_whole_number(tokens):
    with pytest.raises(InvalidOption, match="whole number from 0 on"):
        dollars("gpt-4o", tokens)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    with pytest.raises(MissingExtra, match=r"\[prices\]"):
        dollars("gpt-4o", 1)
