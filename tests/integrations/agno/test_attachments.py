"""Images that come again with a later question: the right ones, in the form that the provider takes."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

import pytest
from agno.media import Image
from agno.models.message import Message

from headroom_agno import HeadroomAgnoModel
from headroom_agno.passage import compress_for
from headroom_agno.writing import write_back
from headroom_core.blocks import Picture
from headroom_core.image import CompressionResult
from tests.integrations.agno.material import FOREIGN, GIST, PROVIDERS, bare, photo

pytestmark = FOREIGN
READ = "What is the licence plate of the car?"


def url(data: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()


def conversation() -> list[Message]:
    """A tool's answer with a picture among its blocks and another beside them, and a question that needs both."""
    among = {"type": "image_url", "image_url": {"url": url(photo(1))}}
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    return [
        Message(role="user", content=GIST),
        Message(role="assistant", tool_calls=[call]),
        Message(role="tool", tool_call_id="c", content=[among], images=[Image(content=photo(2))]),
        Message(role="assistant", content="Calm."),
        Message(role="user", content=READ),
    ]


def test_a_picture_among_blocks_comes_again_as_the_one_beside_them_does():
    model, messages = HeadroomAgnoModel(bare("openai", "http://127.0.0.1:9")), conversation()
    sent = compressed(model, messages)
    assert [image.content for image in sent[-1].images] == [photo(1), photo(2)]
    assert [image.mime_type for image in sent[-1].images] == ["image/jpeg", None]
    assert "image 1 of this conversation" in sent[-1].content
    assert "image 2 of this conversation" in sent[-1].content
    assert [message.content for message in messages] == [message.content for message in conversation()]


@pytest.mark.parametrize("provider", ["openai", "responses", "anthropic"])
async def test_a_question_in_blocks_gets_the_picture_that_it_needs(provider, wire):
    kind = "input_text" if provider == "responses" else "text"
    first = Message(role="user", content=GIST, images=[Image(content=photo())])
    messages = [first, Message(role="assistant", content="Calm.")]
    asked = Message(role="user", content=[{"type": kind, "text": READ}])
    model = HeadroomAgnoModel(bare(provider, wire.url))
    await model.aresponse([*messages, asked])
    (body,) = wire.bodies
    last = [row for row in body.get("messages") or body["input"] if row["role"] == "user"][-1]
    question, note, image = last["content"]
    assert question["text"] == READ
    assert "image 1 of this conversation" in note["text"]
    assert base64.b64encode(photo()).decode() in str(image)
    assert asked.content == [{"type": kind, "text": READ}]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_later_message_in_blocks_changes_nothing_that_was_sent_before(provider):
    """Whether an image more can stand in a message is told by that message alone."""
    messages = [
        Message(role="user", content=GIST, images=[Image(content=photo())]),
        Message(role="assistant", content="Calm."),
        Message(role="user", content=READ),
        Message(role="assistant", content="None."),
        Message(role="user", content=[{"type": "text", "text": "Thanks."}]),
    ]
    model = HeadroomAgnoModel(bare(provider, "http://127.0.0.1:9"))
    before, after = compressed(model, messages[:3]), compressed(model, messages)
    assert [image.content for image in before[-1].images] == [photo()]
    assert [plain(message) for message in after[:3]] == [plain(message) for message in before]


def compressed(model: Any, messages: list[Message]) -> list[Message]:
    """The messages that the model sends."""
    return compress_for(model, messages, door=model.headroom_door, runs=model.headroom_runs, options={})


def plain(message: Message) -> Any:
    return message.content, [(image.content, image.detail) for image in message.images or ()]


def test_a_picture_that_the_provider_would_refuse_comes_again_in_its_repaired_form():
    messages = [
        Message(role="user", content=GIST, images=[Image(content=photo(), id="i")]),
        Message(role="assistant", content="Calm."),
        Message(role="user", content=READ),
    ]
    model = HeadroomAgnoModel(bare("openai", "http://127.0.0.1:9"))
    compressed(model, messages)
    (decided,) = model.last_result.attachments
    repaired = Picture(data=photo(3), media_type="image/jpeg")
    result = CompressionResult(model.last_result.outcomes, (dataclasses.replace(decided, picture=repaired),))
    (again,) = write_back(messages, result, beside_blocks=False)[-1].images
    assert (again.content, again.mime_type, again.id) == (photo(3), "image/jpeg", "i")
    (whole,) = write_back(messages, model.last_result, beside_blocks=False)[-1].images
    assert whole is messages[0].images[0]
