"""What holds for every adapter and every way of calling, read off the wire."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from headroom_core import formats
from headroom_core.image import ImageCompressor, pixels
from tests.contract.adapters import CARRIERS
from tests.contract.carriers import OFF, Scene
from tests.contract.everything import Can, Conversation, Photo, everything, gist, later, photo
from tests.integrations.engines import Broken

EVERY = [pytest.param(carrier, how, id=f"{carrier}-{how}") for carrier in CARRIERS for how in carrier.ways]
every_way = pytest.mark.parametrize(("carrier", "how"), EVERY)
every_carrier = pytest.mark.parametrize("carrier", CARRIERS, ids=str)


def ways_that(test: Any) -> Any:
    """All ways of the carriers that pass a test."""
    return pytest.mark.parametrize(("carrier", "how"), [one for one in EVERY if test(*one.values)])


@every_way
async def test_the_wire_carries_what_the_engine_alone_decides_and_nothing_else_changes(carrier, how, wire):
    journey = await wire.journey(carrier, how)
    expected = carrier.engine_alone(journey.before)
    assert expected != journey.before
    assert len(journey.sent.bodies) == (2 if "batch" in how else 1)
    assert all(body == expected for body in journey.sent.bodies)


@every_way
async def test_what_serves_small_goes_small_and_what_is_needed_stays_with_a_reason(carrier, how, wire):
    journey, photos = await wire.journey(carrier, how), everything(carrier.can).photos
    before, after = formats.find(journey.before), formats.find(journey.sent.body)
    pairs = zip(before, after, strict=True)
    changed = [(old.payload, old.setting) != (new.payload, new.setting) for old, new in pairs]
    assert changed == [one.goes for one in photos]
    outcomes = journey.sent.ride.account.outcomes[: len(photos)]
    assert [outcome.changed for outcome in outcomes] == [one.goes for one in photos]
    assert all(outcome.reason for outcome in outcomes)


@every_way
async def test_the_callers_objects_and_the_frameworks_history_keep_the_originals(carrier, how, wire):
    ride = (await wire.journey(carrier, how)).sent.ride
    assert ride.after == ride.before
    if ride.history is not None:
        assert ride.history[: len(ride.before)] == ride.before


@every_way
async def test_savings_are_those_of_the_outcomes_and_of_the_wire(carrier, how, wire):
    journey = await wire.journey(carrier, how)
    account, bodies = journey.sent.ride.account, journey.sent.bodies
    on_the_wire = sum(carrier.image_tokens(journey.before) - carrier.image_tokens(body) for body in bodies)
    assert account.total_tokens_saved == sum(outcome.tokens_saved for outcome in account.outcomes) == on_the_wire > 0
    latest = account.last_result.outcomes
    assert account.outcomes[-len(latest) :] == latest


@ways_that(lambda carrier, how: how in ("async", "astream", "abatch"))
async def test_the_event_loop_never_waits_for_the_engine(carrier, how, wire):
    assert (await wire.journey(carrier, how)).engine.stayed_off_this_thread


@ways_that(lambda carrier, how: Can.LATER in carrier.can)
async def test_a_later_turn_extends_what_was_sent_and_brings_back_what_it_needs(carrier, how, wire):
    first, second = [(await wire.sent(carrier, moment, how)).body for moment in later().moments()]
    start, whole = carrier.rows(first), carrier.rows(second)
    assert whole[: len(start)] == start
    again = formats.find(second)[1:]
    assert [(formats.payload_bytes(block), block.setting) for block in again] == [(photo().data, None)]
    expected = carrier.engine_alone(await wire.bare(carrier, later(), how))
    assert second == expected or Can.ORDER not in carrier.can
    assert [(block.payload, block.setting) for block in formats.find(expected)[1:]] == [
        (block.payload, block.setting) for block in again
    ]
    assert str(second).count("[Headroom]") == 1


@every_carrier
async def test_every_turn_of_a_long_conversation_extends_the_one_before(carrier, wire):
    how = carrier.ways[0]
    sent = [carrier.rows((await wire.sent(carrier, one, how)).body) for one in everything(carrier.can).moments()]
    assert len(sent) > 3
    for earlier, then in itertools.pairwise(sent):
        assert then[: len(earlier)] == earlier


@every_carrier
async def test_what_was_sent_is_sent_as_it_is_when_it_comes_back(carrier, wire):
    how, conversation = carrier.ways[0], everything(carrier.can)
    body = (await wire.journey(carrier, how)).sent.body
    again = await wire.sent(carrier, conversation.with_photos(_photos_in(body, conversation)), how)
    assert again.body == body
    assert again.ride.account.total_tokens_saved == 0


@every_way
async def test_wrapping_twice_is_wrapping_once(carrier, how, wire):
    once = await wire.sent(carrier, gist(), how)
    twice = await wire.sent(carrier, gist(), how, layers=2)
    assert twice.bodies == once.bodies
    assert twice.ride.account.total_tokens_saved == once.ride.account.total_tokens_saved


class BrokenRouter:
    """A router that always fails."""

    def route(self, query: Any) -> Any:
        raise RuntimeError("broken")


def broken_decoder(*args: Any, **options: Any) -> Any:
    """A decoder that always fails."""
    raise MemoryError


@every_way
async def test_a_broken_engine_never_breaks_a_call(carrier, how, wire):
    await _goes_out_as_it_came(wire, carrier, how, engine=Broken())


@every_carrier
async def test_a_broken_router_never_breaks_a_call(carrier, wire):
    await _goes_out_as_it_came(wire, carrier, carrier.ways[0], engine=ImageCompressor(router=BrokenRouter()))


@every_carrier
async def test_a_broken_decoder_never_breaks_a_call(carrier, wire, monkeypatch):
    monkeypatch.setattr(pixels, "decode", broken_decoder)
    await _goes_out_as_it_came(wire, carrier, carrier.ways[0])


@every_way
async def test_an_offered_tool_reaches_the_provider_beside_the_smaller_image(carrier, how, wire):
    before = await wire.bare(carrier, gist(), how, tool="look")
    assert (await wire.sent(carrier, gist(), how, tool="look")).body == carrier.engine_alone(before) != before


@ways_that(lambda carrier, how: Can.SCHEMA in carrier.can and how in ("sync", "async"))
async def test_an_answer_by_a_schema_arrives_beside_the_smaller_image(carrier, how, wire):
    before = await wire.bare(carrier, gist(), how, schema=True)
    sent = await wire.sent(carrier, gist(), how, schema=True)
    assert sent.bodies[0] == carrier.engine_alone(before) != before
    assert sent.ride.answer == Scene(mood="some mood")


LEFT_ALONE = {
    "a tool takes coordinates": {"tool": "click"},
    "the model is not known": {"model": "in-house-vision"},
    "the call is switched off": {"switch": OFF},
    "the call's switch is not understood": {"switch": "of"},
    "the conversation is held out": {"holdout": 1.0},
}


@pytest.mark.parametrize("why", LEFT_ALONE)
@every_way
async def test_images_stay_where(why, carrier, how, wire):
    options = LEFT_ALONE[why]
    seen_by_the_bare = {key: value for key, value in options.items() if key in ("tool", "model")}
    await _goes_out_as_it_came(wire, carrier, how, seen_by_the_bare, **options)


@ways_that(lambda carrier, how: Can.DETAIL in carrier.can)
async def test_a_detail_that_the_caller_chose_stays(carrier, how, wire):
    chosen = gist(picture=dataclasses.replace(photo(), detail="high"))
    assert (await wire.sent(carrier, chosen, how)).body == await wire.bare(carrier, chosen, how)


async def _goes_out_as_it_came(
    wire: Any, carrier: Any, how: str, seen_by_the_bare: dict[str, Any] | None = None, **options: Any
) -> None:
    sent = await wire.sent(carrier, gist(), how, **options)
    assert sent.body == await wire.bare(carrier, gist(), how, **(seen_by_the_bare or {}))
    assert sent.ride.account.total_tokens_saved == 0


def _photos_in(body: Any, conversation: Conversation) -> tuple[Photo, ...]:
    """The images on the wire, for the conversation that they came from."""
    pairs = zip(formats.find(body), conversation.photos, strict=True)
    return tuple(
        dataclasses.replace(old, detail=block.setting)
        if block.payload is None
        else dataclasses.replace(
            old,
            data=formats.payload_bytes(block),
            media_type=str(block.media_type),
            detail=block.setting,
        )
        for block, old in pairs
    )
