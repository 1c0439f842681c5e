"""Answers that callers put into the next request as the SDKs hand them out: pydantic models, not dicts."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from headroom_core import formats
from headroom_core.image import ImageCompressor
from tests.core.pictures import as_bytes, scene


class Answer:
    """Stands for any pydantic model: it has attributes, and a `model_dump` that leaves empty fields out."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def model_dump(self, *, exclude_none: bool, warnings: bool) -> dict[str, Any]:
        assert exclude_none
        assert not warnings
        return self._data


class Broken:
    def model_dump(self, **_: object) -> dict[str, Any]:
        raise RuntimeError("no")


PHOTO = base64.b64encode(as_bytes(scene(1600, 1200))).decode()
IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{PHOTO}"}}
GIST = {"type": "text", "text": "What is the mood of this picture?"}
ASKED = {"role": "user", "content": [GIST, IMAGE]}
LATER = {"role": "user", "content": "What does the tiny sign on the left say exactly?"}

ANSWERS = {
    "openai": {"role": "assistant", "content": "Calm."},
    "openai responses": {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Calm."}]},
    "a call": {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"},
    "google": {"role": "model", "parts": [{"text": "Calm."}]},
}


@pytest.mark.parametrize("data", ANSWERS.values(), ids=ANSWERS)
def test_the_answer_of_an_sdk_ends_a_turn_as_its_dict_does(data: dict[str, Any]) -> None:
    compressor = ImageCompressor(model="gpt-4o")
    first = compressor.compress([ASKED])
    as_object = compressor.compress([ASKED, Answer(data), LATER])
    as_dict = compressor.compress([ASKED, data, LATER])
    assert first[0] is not ASKED
    assert as_object[0] == as_dict[0] == first[0]
    assert as_object[2] == as_dict[2]


def test_the_call_that_an_sdk_object_holds_is_part_of_the_query() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "screenshot", "arguments": '{"window": "mail"}'}}
    answer = {"role": "assistant", "tool_calls": [Answer(call)]}
    anthropic = {"role": "assistant", "content": [Answer({"type": "tool_use", "id": "c1", "name": "click"})]}
    result = {"role": "tool", "tool_call_id": "c1", "content": [IMAGE]}
    (seen,) = formats.find([LATER, answer, result])
    (clicked,) = formats.find([LATER, anthropic, result])
    assert "screenshot" in seen.query.text
    assert "mail" in seen.query.text
    assert clicked.query.coordinates


def test_an_image_in_an_sdk_object_is_found_and_left_alone_with_a_reason() -> None:
    for request in ([Answer(ASKED)], [{"role": "user", "content": [GIST, Answer(IMAGE)]}]):
        done = ImageCompressor(model="gpt-4o").run(request)
        assert done.messages is request
        (outcome,) = done.result.outcomes
        assert "SDK" in outcome.reason


def test_nothing_is_attached_to_a_question_in_an_sdk_object() -> None:
    request = [ASKED, ANSWERS["openai"], Answer(LATER)]
    done = ImageCompressor(model="gpt-4o").run(request)
    assert done.messages[0] is not ASKED
    assert done.messages[2] is request[2]
    assert done.result.attachments == ()


def test_words_in_sdk_objects_are_heard() -> None:
    part = Answer({"text": "Which number stands on the label?"})
    (block,) = formats.find(
        [{"role": "user", "parts": [{"inline_data": {"mime_type": "image/jpeg", "data": PHOTO}}, part]}]
    )
    assert block.query.text == "Which number stands on the label?"


def test_an_object_that_cannot_be_read_says_nothing() -> None:
    request = [ASKED, Broken(), Broken]
    assert len(formats.find(request)) == 1
