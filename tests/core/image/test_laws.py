"""The laws of the engine over random conversations in every wire shape."""

from __future__ import annotations

import copy
import hashlib
from collections import Counter
from functools import cache
from typing import Any

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from headroom_core import formats
from headroom_core.blocks import Picture, Query
from headroom_core.image import ImageCompressor, Technique
from headroom_core.image.gates import unserved_by_low
from headroom_core.image.header import read_header
from headroom_core.tokens import resolve, text_tokens
from tests.core.pictures import as_bytes, page, scene, within_margins
from tests.core.strategies import DIALECTS, Conversation, Image, Saying, png, render
from tests.core.told import Told, ToldReader, lines_of_page, needing

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
# What the trained router makes of such questions is its own matter: here the needs are told, so that every kind of form
# is really made.
TOLD_NEEDS = {
    "Read this page aloud": needing("text", "digits"),
    "The words, please": needing("text"),
    "Every figure": needing("digits"),
    "Only the top left corner": needing("region", "text", place="the top left corner"),
    "The lower half alone": needing("region", "detail", place="the lower half"),
    "Look at every pixel": needing("detail"),
    "The difference": needing("compare"),
    "Just the mood": needing("gist"),
}
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
TOLD_QUESTIONS = st.sampled_from([*TOLD_NEEDS, "Just the mood", "Read this page aloud", "Describe the scene."])


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
        as_bytes(scene(1100, 1000, 6), quality=80),
        as_bytes(page(*PAGE), "PNG"),
        as_bytes(page(*PAGE), "JPEG", quality=90),
        as_bytes(within_margins(), "PNG"),
        *(as_bytes(screen(step), "PNG") for step in range(5)),
    )
    return tuple(map(File, made))


TELLING = 12
"""Index of the first of the pictures that are large and clear enough for every form."""
PAGE = (1000, 1414, 32)


def screen(step: int) -> PIL.Image.Image:
    """A screen on which one number changes from step to step."""
    shown = page(1200, 900, 22).copy()
    draw = PIL.ImageDraw.Draw(shown)
    draw.rectangle((500, 400, 700, 440), fill="white")
    draw.text((510, 405), str(100 + step), fill="black", font=PIL.ImageFont.load_default(22))
    return shown


SIZES = ((1024, 1024), (513, 520), (1500, 640), (300, 1700))


@cache
def pictures_that_do_not_decode() -> tuple[bytes, bytes]:
    good = as_bytes(scene(800, 600, 1), quality=80)
    return good[: len(good) // 2], b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@st.composite
def talks(
    draw: st.DrawFn,
    dialects: tuple[str, ...] = tuple(DIALECTS),
    questions: st.SearchStrategy[str] = QUESTIONS,
    least: int = 0,
) -> Conversation:
    """A conversation of a few turns about a few pictures, of which the first `least` are left out."""
    inline = st.integers(least, len(pictures()) - 1).map(lambda index: Image(pictures()[index]))
    marked = inline.map(lambda image: Image(image.inline, extras=(("cache_control", {"type": "ephemeral"}),)))
    image = st.one_of(inline, inline, inline, marked, st.just(Image(None)))
    turn = st.builds(
        Saying,
        words=st.lists(questions, min_size=1, max_size=1).map(tuple),
        images=st.lists(image, max_size=2).map(tuple),
        call=st.one_of(st.none(), st.none(), st.just(("shot", "t1", "x"))),
        result_images=st.lists(image, max_size=1).map(tuple),
        names=st.sampled_from([(), (("name", "ann"),), (("x_row", 1),)]),
    )
    return render(draw(st.sampled_from(dialects)), draw(st.lists(turn, min_size=1, max_size=3).map(tuple)))


many = settings(
    max_examples=60,
    deadline=None,
    # The last phase tells which parts of a failing example matter; on conversations it takes minutes.
    phases=[phase for phase in Phase if phase is not Phase.explain],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# One compressor of each kind for all examples: what it remembers may not change an answer either.
SHARED = ImageCompressor()
READER = ToldReader({PAGE[:2]: lines_of_page(*PAGE, "line {number} of the page, 1,204 invoices")})
TOLD = ImageCompressor(router=Told(TOLD_NEEDS), read_text=READER)


class Case(tuple):
    """A conversation, the model it goes to and a compressor; printed in short."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Case({self[0].dialect}, {self[1]}, {'shared' if self[2] is SHARED else 'told'})"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A conversation, the model it goes to and a compressor; two in three are such that every form is made."""
    if draw(st.integers(0, 2)) == 0:
        return Case((draw(talks()), draw(TARGETS), SHARED))
    more = [("openai", "gpt-5.4"), ("openai", "gpt-4o-mini"), ("anthropic", "claude-opus-5-5")]
    known = st.sampled_from([(provider, models[0]) for provider, models in MODELS.items()] + more)
    return Case((draw(talks(questions=TOLD_QUESTIONS, least=TELLING)), draw(known), TOLD))


def forgetful(compressor: ImageCompressor) -> ImageCompressor:
    """The same compressor with no memory."""
    if compressor is SHARED:
        return ImageCompressor(memo_bytes=0)
    return ImageCompressor(router=Told(TOLD_NEEDS), read_text=READER, memo_bytes=0)


@many
@given(cases())
def test_law_1_a_longer_conversation_extends_the_bytes_of_the_shorter_one(case):
    talk, (provider, model), compressor = case
    whole = compressor.compress(talk.messages, provider, model=model)
    for end in talk.ends:
        shorter = compressor.compress(talk.messages[:end], provider, model=model)
        assert shorter == whole[:end]


@many
@given(cases())
def test_law_1_holds_without_a_memory_and_for_bodies(case):
    talk, (provider, model), compressor = case
    body = forgetful(compressor).compress(talk.body(model=model), provider, model=model)
    assert body[talk.key] == compressor.compress(talk.messages, provider, model=model)


@many
@given(cases())
def test_law_2_what_is_needed_later_is_attached_later_and_once(case):
    talk, (provider, model), compressor = case
    compressed = compressor.run(talk.messages, provider, model=model)
    result, blocks = compressed.result, formats.find(talk.messages)
    lost = {outcome.place: outcome.decision for outcome in result.outcomes if outcome.changed and gave_up(outcome)}
    whole = [attachment.image for attachment in result.attachments if attachment.picture is None]
    parts = [attachment.image for attachment in result.attachments if attachment.picture is not None]
    assert len(set(whole)) == len(whole)
    assert len(set(parts)) == len(parts)
    assert {*whole, *parts} <= set(lost)
    event(f"attached: {bool(whole)}, in part: {bool(parts)}")
    by_place = {block.place: block for block in blocks}
    sent = Counter(_content(block) for block in formats.find(compressed.messages) if block.ours)
    assert not Counter(_content(by_place[place]) for place in whole) - sent
    for question in formats.questions(talk.messages):
        needs = compressor._engine.router.route(Query(text=question.text))
        alone = all(block.turn != question.turn for block in blocks if not block.query.from_tool)
        if not alone:
            continue
        brought = [one.image for one in result.attachments if one.turn <= question.turn]
        for place, decision in lost.items():
            beyond = set(unserved_by_low(needs)) - set(decision.serves or ())
            if by_place[place].turn < question.turn and beyond:
                assert place in brought or len(brought) >= 4


def gave_up(outcome: Any) -> bool:
    """Whether what was sent for an image shows less than the image, and is no note that names another."""
    decision = outcome.decision
    refers = decision.same_as is not None and decision.box is None
    return decision.serves is not None and not refers and not decision.repair


def _content(block: Any) -> Any:
    return block.url if block.payload is None else formats.payload_bytes(block)


@many
@given(cases())
def test_law_3_tokens_fall_or_the_same_object_stays(case):
    talk, (provider, model), compressor = case
    original = copy.deepcopy(talk.messages)
    compressed = compressor.run(talk.messages, provider, model=model)
    assert talk.messages == original
    changed = [outcome for outcome in compressed.result.outcomes if outcome.changed]
    event(f"changed: {bool(changed)}")
    if not changed:
        assert compressed.messages is talk.messages
    blocks = formats.find(talk.messages)
    for block, outcome in zip(blocks, compressed.result.outcomes, strict=True):
        assert block.place == outcome.place
        event(f"{outcome.technique}, as another: {outcome.decision.same_as is not None}")
        if outcome.changed and not outcome.decision.repair:
            assert outcome.tokens_saved >= 100
            assert outcome.savings_percent >= 10
        if model and "nobody" not in model and outcome.tokens_before is not None:
            assert (
                outcome.tokens_before
                == resolve(model, provider=provider)
                .count(*read_header(formats.payload_bytes(block)).size, setting=block.setting)
                .tokens
            )
            assert outcome.tokens_after == priced(block, outcome, model, provider)


def priced(block: Any, outcome: Any, model: str, provider: str | None) -> int:
    """What the parts cost that go in the place of an image, counted anew from their bytes and words."""
    profile = resolve(model, provider=provider)
    parts = outcome.replacement.parts if outcome.replacement else (Picture(setting=block.setting),)
    total = 0
    for part in parts:
        if isinstance(part, Picture):
            size = read_header(part.data or formats.payload_bytes(block)).size
            setting = part.setting.removeprefix("MEDIA_RESOLUTION_").lower() if part.setting else block.setting
            total += profile.count(*size, setting=setting).tokens
        else:
            total += text_tokens(model, part.text, provider=provider).tokens
    return total


@many
@given(cases())
def test_law_3_compressing_twice_changes_nothing_and_every_time_gives_the_same(case):
    talk, (provider, model), compressor = case
    once = compressor.compress(talk.messages, provider, model=model)
    assert compressor.compress(once, provider, model=model) is once
    assert forgetful(compressor).compress(copy.deepcopy(talk.messages), provider, model=model) == once


@many
@given(cases())
def test_law_4_everything_but_the_changed_pictures_is_the_very_same(case):
    talk, (provider, model), compressor = case
    compressed = compressor.run(talk.messages, provider, model=model)
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
@given(cases(), st.sampled_from(["model", "tools", "history"]))
def test_law_5_unsure_means_preserve(case, why):
    talk, _, compressor = case
    provider, model, more = "openai", "gpt-4o", {}
    match why:
        case "model":
            model = "nobody-knows-this-model"
        case "tools":
            more = {"tools": [{"type": "computer_20250124", "name": "computer"}]}
        case "history":
            more = {"previous_response_id": "resp_1"}
    body = talk.body(**more)
    compressed = compressor.run(body, provider, model=model)
    assert compressed.messages is body
    assert all(outcome.technique is Technique.PRESERVE and outcome.reason for outcome in compressed.result.outcomes)


@many
@given(cases())
def test_the_safe_policy_drops_nothing_but_blank_margins_and_what_is_there_already(case):
    talk, (provider, model), compressor = case
    result = compressor.run(talk.messages, provider, model=model, policy="safe").result
    assert not result.attachments
    for outcome in result.outcomes:
        decision = outcome.decision
        assert decision.serves is None
        assert decision.repair or not outcome.changed or decision.same_as is not None or decision.box is not None


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
