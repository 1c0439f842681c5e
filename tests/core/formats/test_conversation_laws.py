"""What must hold for every conversation, in every wire shape."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.blocks import Picture, Replacement, Text
from headroom_core.formats import find, note, payload_bytes, replace
from tests.core.strategies import DIALECTS, Conversation, conversations, png, render, sayings, without

NEW = png(2, 2, 4)


def expected_images(conversation: Conversation) -> int:
    """Count the pictures that were said, as far as the dialect can carry them."""
    count = 0
    for saying in conversation.sayings:
        results = saying.result_images if saying.call else ()
        images = (*saying.images, *results)
        if conversation.dialect == "openai_computer" and results:
            images = results[:1]
        elif conversation.dialect.startswith("mcp"):
            images = tuple(image for image in images if image.inline is not None)
        count += len(images)
    return count


def picture_or_text(draw: Any, alone: bool, settable: bool) -> Replacement:
    setting = draw(st.sampled_from([None, "low"])) if settable else None
    pictures = [Picture(NEW, "image/png", setting), Picture(setting=setting)]
    if alone:
        return Replacement((draw(st.sampled_from(pictures)),))
    parts = st.sampled_from([*pictures[:1], Text("read"), note("cropped")])
    return Replacement(tuple(draw(st.lists(parts, min_size=1, max_size=3))))


@given(conversations())
@settings(deadline=None)
def test_every_picture_is_found_with_its_bytes(conversation):
    blocks = find(conversation.messages)
    assert len(blocks) == expected_images(conversation)
    assert len({block.place for block in blocks}) == len(blocks)
    for block in blocks:
        if block.payload is not None:
            assert payload_bytes(block).startswith(b"\x89PNG")
        else:
            assert block.url


@given(conversations())
@settings(deadline=None)
def test_the_past_never_changes(conversation):
    whole = find(conversation.messages)
    for end in conversation.ends:
        earlier = find(conversation.messages[:end])
        assert earlier == whole[: len(earlier)]
        assert all(block.place[0] >= end for block in whole[len(earlier) :])


@given(conversations())
@settings(deadline=None)
def test_a_body_and_its_messages_hold_the_same_images(conversation):
    bare, wrapped = find(conversation.messages), find(conversation.body())
    assert [block.place for block in wrapped] == [(conversation.key, *block.place) for block in bare]
    assert [dataclasses.replace(block, place=()) for block in wrapped] == [
        dataclasses.replace(block, place=()) for block in bare
    ]


@given(conversations())
@settings(deadline=None)
def test_cache_markers_take_no_part(conversation):
    assert find(without(conversation.messages, "cache_control")) == find(conversation.messages)


@given(conversations(), st.data())
@settings(deadline=None, max_examples=200)
def test_a_replacement_touches_nothing_else_and_mutates_nothing(conversation, data):
    request = conversation.messages
    before = copy.deepcopy(request)
    blocks = find(request)
    chosen = [block for block in blocks if data.draw(st.booleans())]
    given_parts = {b.place: picture_or_text(data.draw, b.alone, b.settable) for b in chosen}
    result = replace(request, given_parts)
    assert request == before
    assert len(result) == len(request)
    changed = {place[0] for place, parts in given_parts.items() if parts != Replacement((Picture(),))}
    for index, (old, new) in enumerate(zip(request, result, strict=True)):
        assert (new is not old) == (index in changed)
        if isinstance(old, dict):
            assert list(new) == list(old)
            assert all(new[key] is old[key] for key in old if key not in ("content", "parts", "output"))


@given(conversations(), st.data())
@settings(deadline=None)
def test_a_request_written_back_reads_as_it_was_written(conversation, data):
    blocks = find(conversation.messages)
    written = {block.place: Replacement((Picture(NEW, "image/png"),)) for block in blocks}
    result = replace(conversation.messages, written)
    again = find(result)
    assert [(b.place, b.turn, b.query) for b in again] == [(b.place, b.turn, b.query) for b in blocks]
    assert all(payload_bytes(block) == NEW for block in again)
    assert replace(result, {}) is result


@given(conversations())
@settings(deadline=None)
def test_a_picture_that_changes_nothing_keeps_the_same_request(conversation):
    nothing = {block.place: Replacement((Picture(),)) for block in find(conversation.messages)}
    assert replace(conversation.messages, nothing) is conversation.messages


@given(conversations(), st.sampled_from([note("part of the picture"), Text("[OCR from image]\nTotal 3")]))
@settings(deadline=None)
def test_a_note_marks_the_image_beside_it_and_is_no_part_of_the_query(conversation, own):
    blocks = [block for block in find(conversation.messages) if not block.alone]
    parts = {block.place: Replacement((own, Picture(NEW, "image/png"))) for block in blocks}
    again = find(replace(conversation.messages, parts))
    assert sum(block.ours for block in again) >= len(blocks)
    assert all(own.text not in block.query.text for block in again)
    assert {block.turn: block.query for block in again if not block.query.from_tool} == {
        block.turn: block.query for block in find(conversation.messages) if not block.query.from_tool
    }


@given(sayings())
@settings(deadline=None)
def test_the_same_words_are_heard_in_every_dialect(said):
    """Turns, queries and origins do not depend on the shape that carries them."""
    heard = {
        name: [(b.turn, b.query.from_tool, sorted(b.query.text.split("\n"))) for b in find(render(name, said).messages)]
        for name in ("openai_chat", "inline_in_content", "langchain_v1", "langchain_v0")
    }
    assert len({repr(value) for value in heard.values()}) == 1
    turns = {
        name: sorted(b.turn for b in find(render(name, said).messages)) for name in ("anthropic", "bedrock", "gemini")
    }
    assert len({repr(value) for value in turns.values()}) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_drawn_with_pictures(dialect):
    """The strategies above really reach each shape."""
    drawn: list[int] = []

    @given(conversations((dialect,)))
    @settings(deadline=None, max_examples=30, database=None)
    def draw(conversation):
        drawn.append(len(find(conversation.messages)))

    draw()
    assert sum(drawn) > 10
