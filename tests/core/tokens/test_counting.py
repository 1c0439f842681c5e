"""Counting takes every size, knows every setting, and says clearly what is wrong."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headroom_core.tokens
from headroom_core.errors import InvalidOption
from headroom_core.tokens import image_tokens, largest_within, resolve, smallest_same
from headroom_core.tokens.catalogue import _builtin_rows

ROWS = _builtin_rows()


@given(st.sampled_from(ROWS), st.integers(1, 100_000), st.integers(1, 100_000), st.integers(0, 9))
@settings(deadline=None, max_examples=400)
def test_every_row_counts_every_size(row, width, height, choice):
    words = (None, "auto", "unheard-of", *row.settings)
    count = row.count(width, height, words[choice % len(words)])
    assert isinstance(count.tokens, int)
    assert count.tokens > 0
    assert count.seen is None or min(count.seen) >= 1
    assert (count.source, count.as_of, count.rule) == (row.source, row.as_of, row.family)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1), (27, 29), (30_000, 30_000)])
def test_extreme_sizes_are_counted(row, size):
    assert row.count(*size).tokens > 0


@pytest.mark.parametrize("size", [(0, 5), (-3, 7), (2.5, 4), (0.9, 0.2)])
def test_the_engines_count_never_raises(size):
    assert resolve("gpt-4o").count(*size, "nonsense", nonsense=3).tokens == 255


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_auto_is_the_same_as_no_setting(row):
    for words in ("auto", "AUTO", "", "MEDIA_RESOLUTION_UNSPECIFIED"):
        assert image_tokens(row.name, 4000, 3000, detail=words) == image_tokens(row.name, 4000, 3000)


@given(st.sampled_from(["gpt-4o", "gpt-5.4", "gpt-6-astra", "gpt-4.1-mini", "claude-opus-5-5", "claude-sonnet-4-5"]),
       st.integers(1, 9000), st.integers(1, 9000))  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_sending_the_size_that_the_model_sees_costs_the_same(model, width, height):
    count = image_tokens(model, width, height)
    assert count.seen is not None
    assert image_tokens(model, *count.seen).tokens == count.tokens
    assert image_tokens(model, *count.seen).seen == count.seen


@given(st.sampled_from([row for row in ROWS if row.provider in {"openai", "anthropic"}]),
       st.integers(1, 9000), st.integers(1, 9000))  # fmt: skip
@settings(deadline=None)
def test_an_image_on_end_costs_what_it_costs_on_its_side(row, width, height):
    assert row.count(width, height).tokens == row.count(height, width).tokens


def test_the_classic_figures_hold_where_they_hold():
    models = ("gpt-4o", "gpt-4.1", "gpt-5", "o3", "gpt-4o-mini")
    assert [image_tokens(model, 1024, 1024).tokens for model in models] == [
        765, 765, 630, 675, 25_501,
    ]  # fmt: skip
    assert [image_tokens(model, 1024, 1024, detail="low").tokens for model in models] == [
        85, 85, 70, 75, 2833,
    ]  # fmt: skip
    assert [image_tokens("gemini-2.0-flash", side, side).tokens for side in (384, 385, 768, 1536)] == [
        258,
        1032,
        1032,
        1032,
    ]
    assert [image_tokens("claude-sonnet-4-5", side, side).tokens for side in (512, 1024)] == [361, 1369]


def test_low_is_not_cheaper_on_every_model():
    assert image_tokens("gpt-5.4", 2048, 2048, detail="low").tokens == 4916
    assert image_tokens("gpt-5.4", 2048, 2048, detail="high").tokens == 3000
    assert image_tokens("gpt-5.6-sol", 1024, 1024, detail="low").tokens == 308
    assert image_tokens("gpt-5.2", 800, 600, detail="low") == image_tokens("gpt-5.2", 800, 600, detail="high")
    assert (
        image_tokens("gpt-6-astra", 4032, 3024).tokens
        == image_tokens("gpt-6-astra", 4032, 3024, detail="original").tokens
    )


def test_gpt_image_charges_for_high_input_fidelity():
    plain = image_tokens("gpt-image-1", 1024, 1024)
    square = image_tokens("gpt-image-1", 1024, 1024, input_fidelity="high")
    oblong = image_tokens("gpt-image-1", 1024, 1536, input_fidelity="high")
    assert square.tokens - plain.tokens == 4160
    assert oblong.tokens - image_tokens("gpt-image-1", 1024, 1536).tokens == 6240


def test_gpt_image_at_low_detail_costs_its_base():
    assert image_tokens("gpt-image-1", 1080, 1920, detail="low").tokens == 65
    assert image_tokens("gpt-image-1", 1080, 1920, detail="low", input_fidelity="high").tokens == 65 + 6240
    assert smallest_same("gpt-image-1", 1080, 1920, detail="low") == (1, 1)
    assert image_tokens("gpt-image-1", 1080, 1920, detail="high") == image_tokens("gpt-image-1", 1080, 1920)


@pytest.mark.parametrize(("width", "height"), [(1785, 1190), (1190, 1785), (2004, 1336), (1923, 1282)])
def test_a_budget_that_a_shape_fills_exactly_is_filled(width, height):
    # In floating point 32 rows of 32 px come out a hair below 32: one row and one column would be lost.
    count = image_tokens("gpt-5-mini", width, height)
    assert (count.tokens, sorted(count.seen or ())) == (1844, [1024, 1536])


def test_qwen_takes_its_own_limits():
    assert image_tokens("qwen3-vl-plus", 4000, 3000).tokens <= 2562
    assert image_tokens("qwen3-vl-plus", 4000, 3000, vl_high_resolution_images=True).tokens > 10_000
    assert image_tokens("qwen3-vl-plus", 4000, 3000, max_pixels=1_310_720).tokens <= 1282
    assert image_tokens("qwen2.5-vl", 4100, 20).rejected


@pytest.mark.parametrize("spelling", ["low", "LOW", "MEDIA_RESOLUTION_LOW", "media_resolution_low"])
def test_a_media_resolution_is_taken_in_every_spelling(spelling):
    assert image_tokens("gemini-3.8-flash", 1024, 1024, media_resolution=spelling).tokens == 256
    assert image_tokens("gemini-3.8-flash", 1024, 1024, detail=spelling).tokens == 256


def test_what_the_provider_refuses_is_said():
    assert image_tokens("gpt-6-astra", 8000, 6000).rejected == "47,000 patches; OpenAI refuses more than 30,000"
    assert image_tokens("gpt-6-astra", 8000, 6000, detail="high").rejected is None
    assert "8000" in str(image_tokens("claude-opus-5-5", 8001, 100).rejected)
    assert image_tokens("claude-opus-5-5", 8000, 100).rejected is None


@pytest.mark.parametrize(
    ("width", "height"), [(0, 10), (10, 0), (-1, 10), (10, 2.5), ("10", 10), (True, 10), (None, 10)]
)
def test_a_side_that_is_no_number_of_pixels_is_an_invalid_option(width, height):
    for ask in (image_tokens, smallest_same, lambda *size: largest_within(*size, 100)):
        with pytest.raises(InvalidOption, match="whole number of pixels"):
            ask("gpt-4o", width, height)


@pytest.mark.parametrize(
    ("model", "detail", "message"),
    [
        ("gpt-4o", "original", "gpt-4o does not know the detail 'original'; use low, high, auto"),
        ("gpt-5.4", "tiny", "use low, high, original, auto"),
        ("gemini-3.8-flash", "original", "use low, medium, high, ultra_high, auto"),
        ("claude-opus-5-5", "tiny", "use auto"),
        ("gpt-4o", 5, "does not know the detail 5; use low, high, auto"),
    ],
)
def test_an_unknown_setting_is_an_invalid_option_that_lists_the_known_ones(model, detail, message):
    with pytest.raises(InvalidOption, match=message):
        image_tokens(model, 100, 100, detail=detail)


def test_the_words_of_openai_requests_are_ignored_by_models_without_settings():
    for model in ("claude-opus-5-5", "gpt-9-turbo"):
        for word in ("low", "high", "original"):
            assert image_tokens(model, 800, 600, detail=word) == image_tokens(model, 800, 600)


def test_an_unknown_option_is_an_invalid_option_that_lists_the_known_ones():
    with pytest.raises(InvalidOption, match="'colour'; its options: max_soft_tokens"):
        image_tokens("gemma-4-31b", 100, 100, colour=3)
    with pytest.raises(InvalidOption, match="'media_resolution'; its options: none"):
        image_tokens("gpt-4o", 100, 100, media_resolution="low")


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("gemma-4-31b", {"max_soft_tokens": "many"}, "must be a whole number from 1 on, got 'many'"),
        ("gemma-4-31b", {"max_soft_tokens": -5}, "must be a whole number from 1 on"),
        ("qwen3-vl-plus", {"max_pixels": 0}, "must be a whole number from 1 on"),
        ("qwen3-vl-plus", {"extra": 1.5}, "must be a whole number from 0 on"),
        ("deepseek-flash", {"budget": 1}, "must be a whole number from 4 on"),
        ("gpt-image-1", {"input_fidelity": "medium"}, "must be low or high, got 'medium'"),
    ],
)
def test_an_option_of_no_use_is_an_invalid_option_and_no_hindrance_to_the_engine(model, options, message):
    for ask in (image_tokens, smallest_same):
        with pytest.raises(InvalidOption, match=message):
            ask(model, 100, 100, **options)
    assert resolve(model).count(100, 100, **options) == resolve(model).count(100, 100)


def test_a_side_may_be_any_kind_of_whole_number():
    class Side:
        def __index__(self) -> int:
            return 1024

    assert image_tokens("gpt-4o", Side(), Side()).seen == (768, 768)
    assert largest_within("gpt-4o", Side(), Side(), Side()) == (1024, 1024)


@pytest.mark.parametrize("budget", ["300", None, 2.5])
def test_a_budget_that_is_no_number_of_tokens_is_an_invalid_option(budget):
    with pytest.raises(InvalidOption, match="the budget must be a whole number of tokens"):
        largest_within("gpt-4o", 100, 100, budget)


def test_a_row_is_stale_a_year_after_its_source_was_read():
    profile = resolve("gpt-4o")
    assert profile.as_of == "2026-11-20"
    assert not profile.stale(date(2027, 11, 20))
    assert profile.stale(date(2027, 11, 21))


def test_only_rows_where_a_smaller_image_can_cost_less_say_so():
    for row in ROWS:
        if row.resize_pays:
            assert row.count(200, 100).tokens < row.count(2000, 1000).tokens
    flat = {row.name for row in ROWS if not row.resize_pays}
    assert {"gemini-3.8-flash", "gemini-2.5-pro", "nova-2-lite", "gemma-3", "gemma-4"} <= flat


def test_importing_the_package_loads_nothing_and_counting_only_the_standard_library():
    code = (
        "import sys; before = set(sys.modules); import headroom_core.tokens as t; light = set(sys.modules) - before;"
        "t.image_tokens('gpt-4o', 9, 9); new = set(sys.modules) - before;"
        "own = {m for m in light if m.startswith('headroom')};"
        "print(sorted(own), sorted({m.split('.')[0] for m in new} - set(sys.stdlib_module_names) - {'headroom_core'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "['headroom_core', 'headroom_core.tokens'] []"


def test_every_public_name_is_there_and_an_unknown_one_is_not():
    for name in headroom_core.tokens.__all__:
        assert getattr(headroom_core.tokens, name).__module__.startswith("headroom_core.tokens")
    assert set(headroom_core.tokens.__all__) <= set(dir(headroom_core.tokens))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = headroom_core.tokens.nonsense
