"""The plan takes the cheapest encoding, as trying every one would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.image.plan import cheapest_at, cheapest_snap
from headroom_core.image.policy import THRESHOLDS, Policy
from headroom_core.image.target import Encoding, Target
from headroom_core.tokens.search import same_shape

RULE = THRESHOLDS[Policy.BALANCED]
MODELS = st.sampled_from(
    (
        *("gpt-4o", "gpt-4o-mini", "gpt-5.4", "gpt-6-astra", "gpt-4.1-mini", "claude-sonnet-4-5", "claude-opus-5-5"),
        *("gemini-2.0-flash", "gemini-2.5-pro", "gemini-3.8-flash", "o3", "pixtral-12b", "qwen2.5-vl", "nova-2-lite"),
    )
)
SIZES = st.tuples(st.integers(1, 1800), st.integers(1, 1800))


def every_view(target: Target, size: tuple[int, int], settings_: tuple[str | None, ...], least: int):
    # Where a resize saves nothing by rule, its price only flickers with the rounding of the shape.
    first = min(least, max(size)) if target.counting.resize_pays else max(size)
    for setting in settings_:
        for edge in range(first, max(size) + 1):
            yield target.view(Encoding(same_shape(*size, edge), setting))


@settings(max_examples=60, deadline=None)
@given(MODELS, SIZES, st.integers(128, 1800))
def test_no_encoding_that_shows_enough_is_cheaper(model, size, edge):
    target = Target.of(model, None)
    words = target.counting.settings
    serving = [view.count.tokens for view in every_view(target, size, (None, *words), edge) if view.seen_edge >= edge]
    found = cheapest_at(target, size, edge, words)
    assert (None if found is None else found.count.tokens) == min(serving, default=None)
    assert found is None or found.seen_edge >= edge


@settings(max_examples=60, deadline=None)
@given(MODELS, st.one_of(SIZES, st.tuples(st.integers(500, 530), st.integers(500, 530))))
def test_a_snap_is_the_least_shrink_that_pays_and_is_never_followed_by_another(model, size):
    target = Target.of(model, None)
    found = cheapest_snap(target, size, RULE)
    if found is None:
        return
    before = target.counting.count(*size).tokens
    assert max(found.encoding.size) >= 0.98 * max(size)
    assert before - found.count.tokens >= max(100, 0.1 * before)
    assert cheapest_snap(target, found.encoding.size, RULE) is None
    for edge in range(max(found.encoding.size) + 1, max(size)):
        tokens = target.counting.count(*same_shape(*size, edge)).tokens
        assert before - tokens < max(100, 0.1 * before)


def test_a_frame_a_hair_above_a_tile_is_worth_a_snap_and_a_usual_one_is_not():
    snapped = cheapest_snap(Target.of("gpt-4o", None), (513, 513), RULE)
    assert snapped is not None
    assert (snapped.encoding.size, snapped.count.tokens) == ((512, 512), 255)
    assert all(
        cheapest_snap(Target.of(model, None), size, RULE) is None
        for model in ("gpt-4o", "gpt-6-astra", "claude-opus-5-5", "gemini-3.8-flash")
        for size in ((1024, 1024), (1920, 1080), (1240, 1754), (4032, 3024))
    )
