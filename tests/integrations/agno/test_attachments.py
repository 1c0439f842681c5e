"""Images that come again with a later question: the right ones, in the form that the provider takes."""

from __future__ import annotations

import base64
import dataclasses

from agno.media import Image
from agno.models.message import Message

from headroom_agno import HeadroomAgnoModel
from headroom_agno.passage import compress_for
from headroom_agno.writing import write_back
from headroom_core.blocks import Picture
from headroom_core.image import CompressionResult
from tests.integrations.agno.material import FOREIGN, GIST, bare, photo

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


def test_a_picture_among_blocks_is_never_taken_for_the_one_beside_them():
    model, messages = HeadroomAgnoModel(bare("openai", "http://127.0.0.1:9")), conversation()
    door, runs = model.headroom_door, model.headroom_runs
    sent = compress_for(model, messages, door=door, runs=runs, options={})
    assert [image.content for image in sent[-1].images] == [photo(2)]
    assert "image 2 of this conversation" in sent[-1].content
    assert "image 1 of this conversation" not in sent[-1].content
    assert [message.content for message in messages] == [message.content for message in conversation()]


def test_a_picture_that_the_provider_would_refuse_comes_again_in_its_repaired_form():
    messages = [
        Message(role="user", content=GIST, images=[Image(content=photo(), id="i")]),
        Message(role="assistant", content="Calm."),
        Message(role="user", content=READ),
    ]
    model = HeadroomAgnoModel(bare("openai", "http://127.0.0.1:9"))
    compress_for(model, messages, door=model.headroom_door, runs=model.headroom_runs, options={})
    (decided,) = model.last_result.attachments
    repaired = Picture(data=photo(3), media_type="image/jpeg")
    result = CompressionResult(model.last_result.outcomes, (dataclasses.replace(decided, picture=repaired),))
    (again,) = write_back(messages, result)[-1].images
    assert (again.content, again.mime_type, again.id) == (photo(3), "image/jpeg", "i")
    (whole,) = write_back(messages, model.last_result)[-1].images
    assert whole is messages[0].images[0]
