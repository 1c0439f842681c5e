"""The searches for sizes agree with trying every size."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from headroom_core.tokens import largest_within, resolve, smallest_same
from headroom_core.tokens.search import same_shape

MODELS = (
    "gpt-4o", "gpt-6-astra", "gpt-5.4", "gpt-5-mini", "gpt-image-1", "claude-opus-5-5", "claude-sonnet-4-5",
    "gemini-3.8-flash", "gemini-2.5-pro", "gemini-2.0-flash", "gemma-4-31b", "gemma-3-27b", "mistral-medium-3",
    "pixtral-12b", "qwen2.5-vl", "qwen3-vl-plus", "glm-4.6v", "glm-5v", "kimi-k2.5", "deepseek-flash",
    "llama-4-maverick",    "llama-3.2-90b-vision", "command-a-vision", "nova-pro", "nova-2-lite", "grok-4",
)  # fmt: skip
sides = st.one_of(st.integers(1, 40), st.integers(1, 900), st.integers(1, 5000))


@given(st.sampled_from(MODELS), sides, sides, st.integers(0, 10), st.data())
@settings(deadline=None, max_examples=150)
@example("gpt-5.4", 1752, 1802, 0, None)
def test_the_search_finds_what_trying_every_size_finds(model, width, height, choice, data):
    profile, long = resolve(model), max(width, height)
    words = (None, *profile.settings)
    setting = words[choice % len(words)]
    prices = [profile.count(*same_shape(width, height, side), setting).tokens for side in range(1, long + 1)]
    near = prices[len(prices) // 2]
    budget = near - 1 if data is None else data.draw(st.one_of(st.integers(1, 6000), st.sampled_from((near, near - 1))))

    within = next((side for side in range(long, 0, -1) if prices[side - 1] <= budget), None)
    found = largest_within(model, width, height, budget, detail=setting)
    assert found == (None if within is None else same_shape(width, height, within))

    same = same_shape(width, height, prices.index(prices[-1]) + 1)
    assert smallest_same(model, width, height, detail=setting) == same


@given(st.sampled_from(MODELS), sides, sides, st.integers(0, 300), st.integers(0, 10))
@settings(deadline=None, max_examples=300)
def test_the_bounds_of_a_rule_hold_for_every_size_between(model, width, height, span, choice):
    profile, long = resolve(model), max(width, height)
    words = (None, *profile.settings)
    setting = words[choice % len(words)]
    first = max(1, long - span)
    low, high = (tuple(sorted(same_shape(width, height, side), reverse=True)) for side in (first, long))
    least, most = (bound(low, high, setting) for bound in (profile.rule.at_least, profile.rule.at_most))
    for side in range(first, long + 1):
        assert least <= profile.count(*same_shape(width, height, side), setting).tokens <= most


def test_a_smaller_image_can_cost_more_and_the_search_knows():
    assert resolve("gpt-5.4").count(1752, 1802).tokens == 2940
    assert resolve("gpt-5.4").count(1561, 1606).tokens == 2999
    assert resolve("claude-sonnet-4-5").count(3882, 2166).tokens == 1508
    assert resolve("claude-sonnet-4-5").count(3096, 1728).tokens == 1560
    assert largest_within("gpt-5.4", 1752, 1802, 2950) == (1752, 1802)
    assert resolve("gemini-2.0-flash").count(2488, 747).tokens == 2580
    assert resolve("gemini-2.0-flash").count(1892, 568).tokens == 3096


def test_sizes_that_the_provider_refuses_can_be_left_out():
    assert largest_within("claude-opus-5-5", 9000, 3000, 9999) == (9000, 3000)
    assert largest_within("claude-opus-5-5", 9000, 3000, 9999, accepted=True) == (8000, 2667)
    found = largest_within("gpt-6-astra", 12000, 9000, 10**9, accepted=True)
    assert found is not None
    assert resolve("gpt-6-astra").count(*found).rejected is None
    assert resolve("gpt-6-astra").count(found[0] + 40, found[1] + 30).rejected


def test_no_size_is_within_a_budget_below_the_base_price():
    assert largest_within("gpt-4o-mini", 1000, 1000, 8000) is None
    assert largest_within("gpt-4o-mini", 1000, 1000, 2833, detail="low") == (1000, 1000)
