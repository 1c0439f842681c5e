"""What Agno keeps are the originals, and what it sends of them never changes."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from agno.db.in_memory import InMemoryDb
from agno.db.json import JsonDb
from agno.media import Image
from agno.models.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_agno import HeadroomAgnoModel
from headroom_agno.passage import compress_for
from headroom_agno.runs import Runs
from headroom_core.image import Door
from tests.core.pictures import as_bytes, scene
from tests.integrations.agno.material import FOREIGN, GIST, PROVIDERS, WAYS, agent, bare, done, letter, look, photo

pytestmark = FOREIGN


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_history_holds_the_originals_and_sends_the_same_bytes_again(provider, way, wire, tmp_path):
    db = JsonDb(db_path=str(tmp_path))
    model = HeadroomAgnoModel(bare(provider, wire.url))
    who = agent(model, db=db, add_history_to_context=True, session_id="s")
    await done(way(who, GIST, images=[Image(content=photo())]))
    await done(way(who, "What is the licence plate of the car?", images=[Image(content=photo(1))]))
    await done(way(who, "Thank you!"))
    heard = [_messages(body) for body in wire.bodies]
    assert str(heard[1]).startswith(str(heard[0])[:-1])
    assert str(heard[2]).startswith(str(heard[1])[:-1])

    for run in who.get_session(session_id="s").runs[:2]:
        (stored,) = [image for message in run.messages for image in message.images or () if not message.from_history]
        assert stored.content in (photo(), photo(1))
        assert stored.detail is None


def _messages(body: Any) -> Any:
    return next(body[key] for key in ("messages", "input", "contents") if key in body)


def test_run_output_holds_the_originals_of_user_and_tool(wire):
    model = HeadroomAgnoModel(bare("anthropic", wire.url))
    output = agent(model, tools=[look], db=InMemoryDb()).run(GIST, images=[Image(content=photo())])
    assert model.total_tokens_saved > 0
    kept = [image.content for message in output.messages for image in message.images or ()]
    assert kept == [photo(), photo(3)]
    assert [message.role for message in output.messages][-4:] == ["assistant", "tool", "user", "assistant"]
    assert output.input.images[0].content == photo()


def test_a_tools_picture_of_an_earlier_run_is_sent_as_it_was(wire):
    model = HeadroomAgnoModel(bare("anthropic", wire.url))
    who = agent(model, tools=[look], db=InMemoryDb(), add_history_to_context=True, session_id="s")
    who.run(GIST)
    who.run("Read every number in the picture.")
    first, last = wire.bodies[1], wire.bodies[-1]
    assert len(_pictures(first)) == 1
    small, whole = _pictures(last)
    assert [small] == _pictures(first)
    assert base64.b64decode(whole) == photo(3)


def _pictures(body: Any) -> list[str]:
    blocks = [block for message in body["messages"] for block in message["content"]]
    return [block["source"]["data"] for block in blocks if block["type"] == "image"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_picture_sent_small_comes_whole_with_the_question_that_needs_it(provider, way, wire):
    model = HeadroomAgnoModel(bare(provider, wire.url))
    who = agent(model, db=InMemoryDb(), add_history_to_context=True, session_id="s")
    await done(way(who, GIST, images=[Image(content=photo())]))
    await done(way(who, "What is the licence plate of the car?"))
    await done(way(who, "Thank you!"))
    _, second, third = (_messages(body) for body in wire.bodies)
    assert str(third).startswith(str(second)[:-1])
    whole = base64.b64encode(photo()).decode()
    sent = str(second[-1]).replace("-", "+").replace("_", "/")
    assert sent.count(whole) == 1
    assert "plate of the car?\\n\\n[Headroom] image 1 of this conversation again" in str(second[-1])
    assert "'detail'" not in str(second[-1])
    assert len(model.last_result.attachments) == 1
    stored = [message for run in who.get_session(session_id="s").runs for message in run.messages]
    assert "[Headroom]" not in str([message.content for message in stored])
    assert {image.content for message in stored for image in message.images or ()} == {photo()}


QUESTIONS = (GIST, "What is the total of the invoice?", "Describe the scene.", "Where should I click?", "", "And this?")
PICTURES = [as_bytes(scene(900, 700, seed)) for seed in range(2)] + [letter(), b"broken"]
DOOR = Door()


@st.composite
def conversations(draw: Any) -> list[Message]:
    """Turns of a conversation: words, pictures, tool calls with pictures, in Agno's messages."""
    messages = [Message(role="system", content="You look at pictures.")]
    for turn in range(draw(st.integers(1, 4))):
        images = draw(st.lists(st.sampled_from(PICTURES), max_size=2))
        messages.append(_user(draw(st.sampled_from(QUESTIONS)), images))
        if draw(st.booleans()):
            call = {"id": f"c{turn}", "type": "function", "function": {"name": "look", "arguments": "{}"}}
            messages.append(Message(role="assistant", tool_calls=[call]))
            messages.append(Message(role="tool", content="ok", tool_call_id=f"c{turn}", tool_name="look"))
            messages.append(
                _user("The tool call above generated the attached media.", [draw(st.sampled_from(PICTURES))])
            )
        messages.append(Message(role="assistant", content="I see."))
    return messages


def _user(words: str, pictures: list[bytes]) -> Message:
    return Message(role="user", content=words, images=[Image(content=data) for data in pictures] or None)


def seen(messages: list[Message]) -> list[Any]:
    return [
        (message.content, [(image.content, image.detail) for image in message.images or ()]) for message in messages
    ]


@settings(deadline=None, max_examples=30)
@given(conversations(), st.sampled_from(PROVIDERS[1:]))
def test_a_longer_conversation_never_changes_its_beginning(messages, provider):
    model = bare(provider, "http://127.0.0.1:9")
    before = seen(messages)
    whole = compress_for(model, messages, door=DOOR, runs=Runs(), options={})
    assert seen(messages) == before
    assert all(outcome.tokens_saved >= 0 for outcome in DOOR.outcomes)
    for end, message in enumerate(messages):
        if message.role == "assistant":  # what stands before it was sent to get it
            part = compress_for(model, messages[:end], door=DOOR, runs=Runs(), options={})
            assert seen(part) == seen(whole)[:end]
    again = compress_for(model, whole, door=DOOR, runs=Runs(), options={})
    assert seen(again) == seen(whole)
    for new, old in zip(whole, messages, strict=True):
        assert new is old or old.images or new.content.startswith(f"{old.content}\n\n[Headroom] ")


def test_messages_without_pictures_are_the_very_same_list(wire):
    messages = [Message(role="user", content="Hello!")]
    assert compress_for(bare("openai", wire.url), messages, door=DOOR, runs=Runs(), options={}) is messages
