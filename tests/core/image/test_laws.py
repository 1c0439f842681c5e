"""The laws of the engine over random conversations in every wire shape."""

from __future__ import annotations

import copy
import hashlib
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from headroom_core import formats
from headroom_core.blocks import Picture, Query
from headroom_core.image import ImageCompressor, Technique
from headroom_core.image.gates import unserved_by_low
from headroom_core.image.header import read_header
from headroom_core.tokens import resolve
from tests.core.pictures import as_bytes, page, scene
from tests.core.strategies import DIALECTS, Conversation, Image, Saying, png, render

MODELS = {
    "openai": ("gpt-4o", "gpt-4o-mini", "gpt-5.1", "gpt-5.4", "gpt-6-astra", "o3"),
    "anthropic": ("claude-sonnet-4-5", "claude-opus-5-5"),
    "google": ("gemini-2.0-flash", "gemini-2.5-pro", "gemini-3.8-flash"),
}
TARGETS = st.sampled_from(
    [(provider, model) for provider, models in MODELS.items() for model in models]
    + [(provider, None) for provider in MODELS]
    + [("openai", "nobody-knows-this-model"), ("cohere", None)]
)
QUESTIONS = st.sampled_from(
    ["What is the mood of this scene?", "Describe the scene.", "Welche Stimmung hat das Bild?", "¿Es de noche?"] * 2
    + [
        "Read the total.",
        "How many birds?",
        "",
        "never mind the picture, what's 15% of 240?",
        "a \ud800 tale",
        "图里有什么？",
    ]
)


class File(bytes):
    """The bytes of a picture, printed as a digest: hypothesis shows what it drew."""

    def __repr__(self) -> str:
        return f"File({hashlib.sha256(self).hexdigest()[:12]})"


@cache
def pictures() -> tuple[File, ...]:
    made = (
        *(as_bytes(scene(width, height, seed), quality=80) for seed, (width, height) in enumerate(SIZES)),
        as_bytes(scene(700, 900, 9).convert("P"), "PNG"),
        as_bytes(scene(640, 640, 5).convert("LA"), "WEBP", lossless=True),
        as_bytes(scene(600, 800, 3), "GIF"),
        as_bytes(page(620, 877, 16), "PNG"),
        png(513, 513, 2),
        png(40, 9, 1),
        pictures_that_do_not_decode()[0],
        pictures_that_do_not_decode()[1],
    )
    return tuple(map(File, made))


SIZES = ((1024, 1024), (513, 520), (1500, 640), (300, 1700))


@cache
def pictures_that_do_not_decode() -> tuple[bytes, bytes]:
    good = as_bytes(scene(800, 600, 1), quality=80)
    return good[: len(good) // 2], b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@st.composite
def talks(draw: st.DrawFn, dialects: tuple[str, ...] = tuple(DIALECTS)) -> Conversation:
    """A conversation of a few turns about a few pictures."""
    inline = st.integers(0, len(pictures()) - 1).map(lambda index: Image(pictures()[index]))
    marked = inline.map(lambda image: Image(image.inline, extras=(("cache_control", {"type": "ephemeral"}),)))
    image = st.one_of(inline, inline, inline, marked, st.just(Image(None)))
    turn = st.builds(
        Saying,
        words=st.lists(QUESTIONS, min_size=1, max_size=1).map(tuple),
        images=st.lists(image, max_size=2).map(tuple),
        call=st.one_of(st.none(), st.none(), st.just(("shot", "t1", "x"))),
        result_images=st.lists(image, max_size=1).map(tuple),
        names=st.sampled_from([(), (("name", "ann"),), (("x_row", 1),)]),
    )
    return render(draw(st.sampled_from(dialects)), draw(st.lists(turn, min_size=1, max_size=3).map(tuple)))


many = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# One compressor for all examples: what it remembers may not change an answer either.
SHARED = ImageCompressor()


def tokens(request: Any, model: str, provider: str | None) -> list[int | None]:
    """What the images of a request cost, attached ones aside, counted anew from the bytes and settings it holds."""
    profile = resolve(model, provider=provider)
    counts: list[int | None] = []
    for block in formats.find(request):
        if block.ours:
            continue
        try:
            size = read_header(formats.payload_bytes(block)).size
        except Exception:
            counts.append(None)
        else:
            counts.append(profile.count(*size, setting=block.setting).tokens)
    return counts


@many
@given(talks(), TARGETS)
def test_law_1_a_longer_conversation_extends_the_bytes_of_the_shorter_one(talk, target):
    provider, model = target
    whole = SHARED.compress(talk.messages, provider, model=model)
    for end in talk.ends:
        shorter = SHARED.compress(talk.messages[:end], provider, model=model)
        assert shorter == whole[:end]


@many
@given(talks(), TARGETS)
def test_law_1_holds_without_a_memory_and_for_bodies(talk, target):
    provider, model = target
    forgetful = ImageCompressor(memo_bytes=0)
    body = forgetful.compress(talk.body(model=model), provider, model=model)
    assert body[talk.key] == SHARED.compress(talk.messages, provider, model=model)


@many
@given(talks(), TARGETS)
def test_law_2_what_is_needed_later_is_attached_later_and_once(talk, target):
    provider, model = target
    compressed = SHARED.run(talk.messages, provider, model=model)
    result, blocks = compressed.result, formats.find(talk.messages)
    small = {outcome.place for outcome in result.outcomes if outcome.changed and outcome.technique != "preserve"}
    again = [attachment.image for attachment in result.attachments]
    assert len(set(again)) == len(again)
    assert set(again) <= small
    event(f"attached: {bool(again)}")
    whole = Counter(_content(block) for block in formats.find(compressed.messages) if block.ours)
    assert whole == Counter(_content(block) for block in blocks if block.place in again)
    turns = {block.place: block.turn for block in blocks}
    for question in formats.questions(talk.messages):
        needs = SHARED._engine.router.route(Query(text=question.text))
        alone = all(block.turn != question.turn for block in blocks if not block.query.from_tool)
        if alone and unserved_by_low(needs):
            earlier = [place for place in small if turns[place] < question.turn]
            brought = [one.image for one in result.attachments if one.turn <= question.turn]
            assert set(earlier) <= set(brought) or len(brought) >= 4


def _content(block: Any) -> Any:
    return block.url if block.payload is None else formats.payload_bytes(block)


@many
@given(talks(), TARGETS)
def test_law_3_tokens_fall_or_the_same_object_stays(talk, target):
    provider, model = target
    original = copy.deepcopy(talk.messages)
    compressed = SHARED.run(talk.messages, provider, model=model)
    assert talk.messages == original
    changed = [outcome for outcome in compressed.result.outcomes if outcome.changed]
    event(f"changed: {bool(changed)}")
    if not changed:
        assert compressed.messages is talk.messages
    blocks = formats.find(talk.messages)
    for block, outcome in zip(blocks, compressed.result.outcomes, strict=True):
        assert block.place == outcome.place
        if outcome.changed and not outcome.decision.repair:
            assert outcome.tokens_saved >= 100
            assert outcome.savings_percent >= 10
    if model and "nobody" not in model:
        before, after = tokens(talk.messages, model, provider), tokens(compressed.messages, model, provider)
        for outcome, old, new in zip(compressed.result.outcomes, before, after, strict=True):
            if outcome.tokens_before is not None:
                assert (outcome.tokens_before, outcome.tokens_after) == (old, new)


@many
@given(talks(), TARGETS)
def test_law_3_compressing_twice_changes_nothing_and_every_time_gives_the_same(talk, target):
    provider, model = target
    once = SHARED.compress(talk.messages, provider, model=model)
    assert SHARED.compress(once, provider, model=model) is once
    assert ImageCompressor(memo_bytes=0).compress(copy.deepcopy(talk.messages), provider, model=model) == once


@many
@given(talks(), TARGETS)
def test_law_4_everything_but_the_changed_pictures_is_the_very_same(talk, target):
    provider, model = target
    compressed = SHARED.run(talk.messages, provider, model=model)
    changed = {outcome.place[0] for outcome in compressed.result.outcomes if outcome.changed}
    changed |= {attachment.place[0] for attachment in compressed.result.attachments}
    for index, (old, new) in enumerate(zip(talk.messages, compressed.messages, strict=True)):
        if index not in changed:
            assert new is old
        else:
            assert {key: new[key] for key in new if key not in _CONTENT} == {
                key: old[key] for key in old if key not in _CONTENT
            }
    broken = set(pictures_that_do_not_decode())
    for block, outcome in zip(formats.find(talk.messages), compressed.result.outcomes, strict=True):
        if block.payload is not None and formats.payload_bytes(block) in broken:
            assert not outcome.changed
            assert outcome.reason


_CONTENT = {"content", "parts", "output"}


@many
@given(talks(), st.sampled_from(["policy", "model", "tools", "history"]))
def test_law_5_unsure_means_preserve(talk, why):
    provider, model, policy, more = "openai", "gpt-4o", "balanced", {}
    match why:
        case "policy":
            policy = "safe"
        case "model":
            model = "nobody-knows-this-model"
        case "tools":
            more = {"tools": [{"type": "computer_20250124", "name": "computer"}]}
        case "history":
            more = {"previous_response_id": "resp_1"}
    body = talk.body(**more)
    compressed = SHARED.run(body, provider, model=model, policy=policy)
    assert compressed.messages is body
    assert all(outcome.technique is Technique.PRESERVE and outcome.reason for outcome in compressed.result.outcomes)


@many
@given(talks(("openai_chat", "openai_responses")), st.sampled_from(["low", "high", "original"]))
def test_law_5_a_setting_of_the_callers_stays(talk, setting):
    chosen = formats.replace(
        talk.messages,
        {block.place: _setting(setting) for block in formats.find(talk.messages) if not block.alone},
    )
    assert SHARED.compress(chosen, "openai", model="gpt-6-astra") is chosen


def _setting(setting: str) -> Any:
    from headroom_core.blocks import Replacement

    return Replacement((Picture(setting=setting),))


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_in_every_shape_a_scene_really_gets_smaller(dialect):
    """Doing nothing would keep every law above."""
    asked = Saying(words=("What is the mood of this scene?",), images=(Image(pictures()[0]),))
    talk = render(dialect, (asked, asked))
    for provider, model in (("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-4o")):
        result = SHARED.run(talk.messages, provider, model=model).result
        assert len(result.outcomes) == 2
        assert all(outcome.changed and outcome.savings_percent > 60 for outcome in result.outcomes)


def test_a_fair_share_of_random_requests_really_changes():
    changed = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(talks(), TARGETS)
    def run(talk, target):
        result = SHARED.run(talk.messages, target[0], model=target[1]).result
        changed.append(any(outcome.changed for outcome in result.outcomes))

    run()
    assert sum(changed) >= 0.2 * len(changed)
