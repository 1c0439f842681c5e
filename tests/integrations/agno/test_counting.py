"""The drop-in for `agno.utils.tokens.count_tokens`: every image at the model's own price, and nothing fetched."""

from __future__ import annotations

import functools
import inspect
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from agno.media import Audio, File, Image
from agno.models.message import Message
from agno.tools.function import Function
from agno.utils import tokens as agnos
from PIL import Image as Pillow
from pydantic import BaseModel

from headroom_agno.counting import count_tokens
from headroom_core.tokens import image_tokens, text_tokens
from tests.core.pictures import as_data_url

VECTORS: list[dict[str, Any]] = [
    vector
    for vector in json.loads((Path(__file__).parents[2] / "core/tokens/vectors.json").read_text(encoding="utf-8"))
    if not vector["opts"]  # Agno has no word for the others
]
WORDS = "What is this?"


@functools.cache
def blank(width: int, height: int) -> bytes:
    """A white picture of that size, as a PNG."""
    out = BytesIO()
    Pillow.new("1", (width, height), 1).save(out, "PNG", compress_level=1)
    return out.getvalue()


def asked(*images: Image, **more: Any) -> list[Message]:
    return [Message(role="user", content=WORDS, images=images or None, **more)]


def _name(vector: dict[str, Any]) -> str:
    return f"{vector['model']}-{vector['w']}x{vector['h']}-{vector['detail']}"


@pytest.mark.parametrize("vector", VECTORS, ids=_name)
def test_an_image_adds_its_known_count_to_the_words(vector: dict[str, Any]) -> None:
    image = Image(content=blank(vector["w"], vector["h"]), detail=vector["detail"])
    added = count_tokens(asked(image), model_id=vector["model"]) - count_tokens(asked(), model_id=vector["model"])
    assert added == vector["tokens"]


def test_the_signature_begins_with_that_of_agno() -> None:
    theirs = [(name, one.default) for name, one in inspect.signature(agnos.count_tokens).parameters.items()]
    ours = [(name, one.default) for name, one in inspect.signature(count_tokens).parameters.items()]
    assert ours[: len(theirs)] == theirs


def test_a_detail_that_the_model_does_not_take_changes_nothing() -> None:
    low, plain = Image(content=blank(1600, 1200), detail="low"), Image(content=blank(1600, 1200))
    for model in ("claude-opus-5-5", "gemini-3.8-flash"):
        assert count_tokens(asked(low), model_id=model) == count_tokens(asked(plain), model_id=model)
    assert count_tokens(asked(low), model_id="gpt-4o") < count_tokens(asked(plain), model_id="gpt-4o")


def test_content_blocks_count_as_pictures_not_as_words() -> None:
    data = as_data_url(blank(640, 480), "image/png")
    source = {"type": "base64", "media_type": "image/png", "data": data.partition(",")[2]}
    for block, model in (
        ({"type": "image_url", "image_url": {"url": data}}, "gpt-4o"),
        ({"type": "image", "source": source}, "claude-opus-5-5"),
    ):
        spoken = [Message(role="user", content=[{"type": "text", "text": WORDS}, block])]
        added = count_tokens(spoken, model_id=model) - count_tokens(asked(), model_id=model)
        assert added == image_tokens(model, 640, 480).tokens


def test_a_file_on_disk_is_read_and_a_url_is_not(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    path.write_bytes(blank(1024, 1024))
    here = count_tokens(asked(Image(filepath=path)), model_id="gpt-4o")
    assert here == count_tokens(asked(Image(url="http://127.0.0.1:9/cat.png")), model_id="gpt-4o")
    assert here - count_tokens(asked(), model_id="gpt-4o") == 765


def test_tools_schema_calls_and_other_media_are_counted() -> None:
    class Bird(BaseModel):
        name: str

    tool = Function(name="look", description="Look at a place.", parameters={"type": "object", "properties": {}})
    bare = count_tokens(asked())
    schema = json.dumps(Bird.model_json_schema())
    assert count_tokens(asked(), output_schema=Bird) - bare == text_tokens("gpt-4o", schema).tokens
    assert count_tokens(asked(), tools=[tool]) == count_tokens(asked(), tools=[tool.to_dict()]) > bare
    audio = Audio(content=b"RIFF", duration=4.0)
    assert count_tokens(asked(audio=[audio])) - bare == agnos.count_audio_tokens(audio)
    file = File(content=b"word " * 100, format="txt")
    assert count_tokens(asked(files=[file])) - bare == agnos.count_file_tokens(file)
    assert count_tokens(asked(files=[File(url="http://127.0.0.1:9/a.txt")])) == bare
    call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"at": "the garden"}'}}
    assert count_tokens([*asked(), Message(role="assistant", tool_calls=[call])]) > bare + 4


def test_counting_changes_no_message() -> None:
    spoken = asked(Image(content=blank(640, 480), detail="high"))
    before = spoken[0].model_dump()
    count_tokens(spoken, model_id="claude-opus-5-5")
    assert spoken[0].model_dump() == before
