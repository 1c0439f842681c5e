"""What the rest of a request asks of a picture: later questions, words before it, the schema of the answer."""

from __future__ import annotations

import pytest

from headroom.image import ImageCompressor, Policy, Technique
from tests.core.image.asking import GIST, PAGE, PHOTO, READ, image_url, openai, talk
from tests.core.pictures import as_bytes, as_data_url, scene


def test_a_later_question_that_needs_more_gets_the_picture_whole_again_and_once(compressor):
    short = talk(openai(PHOTO), "Read the sign.")
    compressed = compressor.run(short, model="gpt-4o")
    text, words, picture = compressed.messages[2]["content"]
    assert text == {"type": "text", "text": "Read the sign."}
    assert words["text"].startswith("[Headroom] image 1 ")
    assert picture == short[0]["content"][1]
    assert compressed.messages[:2] == compressor.compress(short[:2], model="gpt-4o")
    assert compressed.result.tokens_saved == 765 - 85 - 765
    longer = talk(short, "Read it again.")
    assert compressor.compress(longer, model="gpt-4o") == [*compressed.messages, *longer[3:]]
    assert compressor.run(short, model="gpt-4o", attach=False).messages[2] is short[2]


@pytest.mark.parametrize("later", ["And is the mood calm?", "never mind the picture, what's 15% of 240?"])
def test_a_later_question_that_the_small_picture_serves_gets_nothing(compressor, later):
    assert compressor.run(talk(openai(PHOTO), later), model="gpt-4o").result.attachments == ()


def test_a_question_with_a_picture_of_its_own_is_about_that_one(compressor):
    two = talk(openai(PHOTO), openai(PAGE, READ, "image/png"))
    assert compressor.run(two, model="gpt-4o").result.attachments == ()


@pytest.mark.parametrize(
    "before",
    [
        [{"role": "system", "content": "You are an OCR machine. Transcribe every image exactly."}],
        [
            {"role": "user", "content": "I will send you a picture. Count the birds in it."},
            {"role": "assistant", "content": "Send it."},
        ],
    ],
)
def test_a_picture_without_a_question_is_kept_for_what_was_asked_before(before):
    alone = [{"role": "user", "content": [image_url(as_data_url(as_bytes(scene())))]}]
    compressor = ImageCompressor(model="gpt-4o")
    assert compressor.compress(alone) is not alone
    asked = [*before, *alone]
    assert compressor.compress(asked) is asked
    assert "said before" in compressor.last_result.reason
    plain = [{"role": "system", "content": "You are a helpful assistant."}, *alone]
    assert compressor.compress(plain) is not plain


def fields(*names: str) -> dict:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


HARMLESS = fields("caption", "description", "mood", "tags", "category", "is_outdoor")
MANY = [f"mood_{number}" for number in range(60)]
DEMANDING = [
    *(
        fields("caption", name, "mood")
        for name in ("serialNumber", "count", "total_amount", "num_people", "visible_text")
    ),
    *(fields("caption", name, "mood") for name in ("defects", "left_side", "table_rows")),
    fields(*MANY, "serial_number", *MANY),
    {"properties": {"answer_1": {"type": "integer", "description": "How many birds there are"}}},
    fields(*(f"x{number}" for number in range(5000))),
]


@pytest.mark.parametrize("question", [GIST, "Describe the scene.", "Have a look."])
def test_a_schema_that_asks_for_nothing_small_lets_the_picture_go_low(compressor, question):
    request = {"model": "gpt-4o", "messages": openai(PHOTO, question), "response_format": HARMLESS}
    assert compressor.compress(request) is not request
    assert compressor.last_result.technique is Technique.FULL_LOW


@pytest.mark.parametrize("schema", DEMANDING, ids=lambda schema: ",".join(schema["properties"])[:40])
@pytest.mark.parametrize("question", ["Describe the scene.", "Have a look."])
def test_a_schema_that_asks_to_read_or_count_keeps_the_picture_whole(compressor, question, schema):
    request = {"model": "gpt-4o", "messages": openai(PHOTO, question), "response_format": schema}
    assert compressor.compress(request) is request
    assert "the schema of the answer needs" in compressor.last_result.reason


def test_a_schema_keeps_a_picture_whole_that_cannot_be_seen():
    messages = [{"role": "user", "content": [GIST, image_url("https://a.test/a.png")]}]
    with ImageCompressor(model="gpt-4o", policy=Policy.AGGRESSIVE) as compressor:
        free = {"messages": messages, "response_format": HARMLESS}
        asking = {"messages": messages, "response_format": fields("serial_number")}
        assert compressor.compress(free) is not free
        assert compressor.compress(asking) is asking
