"""The drop-in for `litellm.token_counter`: LiteLLM's own count of the words, the model's own price of the images."""

from __future__ import annotations

import functools
import inspect
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import litellm
import pytest
from PIL import Image

from headroom_core.image.counting import count_request
from headroom_core.tokens import image_tokens
from headroom_litellm.counting import token_counter
from tests.core.pictures import as_data_url
from tests.integrations.litellm.material import CLAUDE, GPT, chat, everything, messages, photo

VECTORS: list[dict[str, Any]] = [
    vector
    for vector in json.loads((Path(__file__).parents[2] / "core/tokens/vectors.json").read_text(encoding="utf-8"))
    if set(vector["opts"]) <= {"media_resolution"}  # the others cannot be said in a message
]


@functools.cache
def blank(width: int, height: int) -> str:
    """A white picture of that size, as a data URL."""
    out = BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG", compress_level=1)
    return as_data_url(out.getvalue(), "image/png")


def _name(vector: dict[str, Any]) -> str:
    return f"{vector['model']}-{vector['w']}x{vector['h']}-{vector['detail']}"


@pytest.mark.parametrize("vector", VECTORS, ids=_name)
def test_an_image_adds_its_known_count_to_the_words(vector: dict[str, Any]) -> None:
    image = {"url": blank(vector["w"], vector["h"])}
    setting = vector["detail"] or vector["opts"].get("media_resolution")
    if setting is not None:
        image["detail"] = setting
    words = {"type": "text", "text": "What is this?"}
    with_image = [{"role": "user", "content": [words, {"type": "image_url", "image_url": image}]}]
    without = [{"role": "user", "content": [words]}]
    counted = token_counter(vector["model"], messages=with_image)
    assert counted - token_counter(vector["model"], messages=without) == vector["tokens"]


@pytest.mark.parametrize("model", [GPT, CLAUDE, "gemini/gemini-2.5-pro", "our-own-model"])
def test_without_images_the_count_is_that_of_litellm(model: str) -> None:
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}]
    spoken = [{"role": "system", "content": "Be brief."}, {"role": "user", "name": "ada", "content": "Is it calm?"}]
    assert token_counter(model, messages=spoken, tools=tools) == litellm.token_counter(
        model, messages=spoken, tools=tools
    )
    assert token_counter(model, text="Is it calm?") == litellm.token_counter(model, text="Is it calm?")


@pytest.mark.parametrize("model", ["meta_llama/Llama-3.2-90B-Vision", "replicate/llava-13b", "command-r-plus"])
def test_no_tokenizer_is_fetched(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = token_counter(model, messages=[{"role": "user", "content": "Is it calm?"}])
    monkeypatch.setattr(litellm, "disable_hf_tokenizer_download", True)
    assert counted == litellm.token_counter(model, messages=[{"role": "user", "content": "Is it calm?"}])


def test_the_signature_is_that_of_litellm() -> None:
    theirs = [(name, one.default) for name, one in inspect.signature(litellm.token_counter).parameters.items()]
    ours = [(name, one.default) for name, one in inspect.signature(token_counter).parameters.items()]
    assert ours == theirs


def test_blocks_of_anthropic_count_as_pictures_not_as_85() -> None:
    bare = litellm.token_counter(CLAUDE, messages=[{**chat()[0], "content": chat()[0]["content"][:1]}])
    assert token_counter(CLAUDE, messages=messages()) - bare == image_tokens(CLAUDE, 1600, 1200).tokens


def test_a_whole_conversation_is_counted_and_stays_as_it_was() -> None:
    conversation = everything()
    before = json.dumps(conversation)
    counted = token_counter(GPT, messages=conversation)
    assert json.dumps(conversation) == before
    images = [image.count.tokens for image in count_request(conversation, model=GPT).images]
    assert len(images) == 4
    assert sum(images) < counted < sum(images) + 100


def test_a_picture_behind_a_url_is_not_fetched() -> None:
    far = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/cat.png"}}]}]
    near = chat(photo(0, 1024, 1024))[0]
    near = [{**near, "content": near["content"][1:]}]
    assert token_counter(GPT, messages=far) == token_counter(GPT, messages=near)


def test_what_switches_litellms_counter_off_switches_this_one_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litellm, "disable_token_counter", True)
    assert token_counter(GPT, messages=chat()) == 0


def test_plain_words_are_counted_alike_by_the_engine() -> None:
    spoken = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Which of the three birds sings at night, and why?"},
        {"role": "assistant", "content": "The nightingale: unpaired males call for mates."},
        {"role": "user", "content": [{"type": "text", "text": "How loud?"}]},
    ]
    counted = count_request(spoken, model="gpt-4o")
    assert counted.text_tokens == litellm.token_counter("gpt-4o", messages=spoken)
    assert counted.text_exactness == "exact"
