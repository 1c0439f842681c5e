"""What a wrapped Agno model puts on the wire: what the engine decided, and nothing else."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest
from agno.exceptions import ModelProviderError
from agno.media import Audio, File, Image
from agno.models.message import Message
from agno.tools.function import ToolResult
from google.genai import types
from pydantic import BaseModel

from headroom_agno import HeadroomAgnoModel
from tests.integrations.agno.material import (
    FOREIGN,
    GIST,
    PROVIDERS,
    WAYS,
    agent,
    asked,
    bare,
    by_hand,
    done,
    letter,
    look,
    photo,
    run,
)
from tests.integrations.engines import Broken
from tests.providers import standard

pytestmark = FOREIGN


async def sent(wire: Any, way: Any, agent: Any, question: str = GIST, **options: Any) -> list[Any]:
    """The bodies that one run puts on the wire."""
    wire.clear()
    await done(way(agent, question, **options))
    return standard(wire.bodies)


def holds(body: Any, picture: bytes) -> bool:
    """Whether the picture is in the body as it was, with nothing said of its detail."""
    text = str(standard(body))
    return base64.b64encode(picture).decode() in text and "'detail'" not in text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_wire_carries_what_the_engine_makes_of_the_bare_request(provider, way, wire):
    images = [Image(content=photo())]
    (before,) = await sent(wire, way, agent(bare(provider, wire.url)), images=images)
    model = HeadroomAgnoModel(bare(provider, wire.url))
    (after,) = await sent(wire, way, agent(model), images=images)
    assert after == by_hand(provider, before) != before
    assert model.total_tokens_saved == model.last_result.tokens_saved > 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_tools_picture_is_decided_by_the_users_question(provider, way, wire):
    model = HeadroomAgnoModel(bare(provider, wire.url))
    first, second = await sent(wire, way, agent(model, tools=[look]))
    assert model.last_result.technique != "preserve"
    assert "image" not in str(first)
    assert not holds(second, photo(3))
    assert "a photo was taken" in str(second)

    first, second = await sent(wire, way, agent(model, tools=[look]), "What is the number on the sign?")
    assert holds(second, photo(3))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_tool_loop_differs_from_the_bare_one_by_what_the_engine_makes_of_it(provider, wire):
    before = await sent(wire, run, agent(bare(provider, wire.url), tools=[look]), images=[Image(content=photo())])
    model = HeadroomAgnoModel(bare(provider, wire.url))
    after = await sent(wire, run, agent(model, tools=[look]), images=[Image(content=photo())])
    assert [unnamed(body) for body in after] == [unnamed(by_hand(provider, body)) for body in before]
    assert len(model.outcomes) == 3


def unnamed(value: Any) -> Any:
    """The value without the ids that the provider makes up for each call."""
    if isinstance(value, dict):
        return {key: unnamed(item) for key, item in value.items() if not key.endswith("id")}
    return [unnamed(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_file_is_read_and_sent_smaller(provider, wire, tmp_path):
    path = tmp_path / "holiday.png"  # a JPEG by its bytes
    path.write_bytes(photo())
    content = await sent(wire, run, agent(HeadroomAgnoModel(bare(provider, wire.url))), images=[Image(content=photo())])
    for filepath in (path, str(path)):
        images = [Image(filepath=filepath)]
        after = await sent(wire, run, agent(HeadroomAgnoModel(bare(provider, wire.url))), images=images)
        if provider in ("openai", "responses"):  # a low detail keeps the pixels, and Agno labels these by the suffix
            assert str(after).replace("image/png", "image/jpeg") == str(content)
        else:
            assert after == content
        assert images[0].filepath == filepath


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_file_that_cannot_be_read_is_left_to_agno(provider, wire, tmp_path):
    images = [Image(filepath=tmp_path / "gone.png"), Image(filepath=tmp_path), Image(content=b"no picture")]
    before = await sent(wire, run, agent(bare(provider, wire.url)), images=images)
    model = HeadroomAgnoModel(bare(provider, wire.url))
    assert await sent(wire, run, agent(model), images=images) == before
    assert [outcome.technique for outcome in model.outcomes] == ["preserve"] * 3
    assert str(tmp_path) not in str(model.outcomes)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_url_is_never_fetched_by_us(provider, wire):
    images = [Image(url=f"{wire.url}/pictures/photo.jpg")]
    before = await sent(wire, run, agent(bare(provider, wire.url)), images=images)
    downloads = len(wire.fetched)
    model = HeadroomAgnoModel(bare(provider, wire.url))
    assert await sent(wire, run, agent(model), images=images) == before
    assert len(wire.fetched) == downloads
    assert "never fetched" in model.outcomes[0].reason


async def test_the_handle_of_an_uploaded_file_is_left_to_agno(wire):
    handle = Image(content=b"-", id="uploaded")
    handle.content = types.File(name="files/abc", uri=f"{wire.url}/v1beta/files/abc", mime_type="image/jpeg")
    images = [handle, Image(content=photo())]
    before = await sent(wire, run, agent(bare("google", wire.url)), images=images)
    model = HeadroomAgnoModel(bare("google", wire.url))
    after = await sent(wire, run, agent(model), images=images)
    assert after == [by_hand("google", body) for body in before] != before
    assert images[0].content.name == "files/abc"
    assert [outcome.changed for outcome in model.outcomes] == [False, True]


async def test_a_url_gets_openais_low_detail_from_who_asked_for_it(wire):
    for provider, words in (("openai", {"low"}), ("anthropic", set())):
        model = HeadroomAgnoModel(bare(provider, wire.url), policy="aggressive")
        given = Image(url=f"{wire.url}/pictures/photo.jpg")
        (body,) = await sent(wire, run, agent(model), images=[given])
        image = body["messages"][0]["content"][1]
        assert {image.get("image_url", {}).get("detail")} - {None} == words
        assert given.detail is None


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_detail_that_the_caller_chose_stands(provider, wire):
    images = [Image(content=photo(), detail="high")]
    before = await sent(wire, run, agent(bare(provider, wire.url)), images=images)
    model = HeadroomAgnoModel(bare(provider, wire.url))
    assert await sent(wire, run, agent(model), images=images) == before
    assert "'high'" in model.outcomes[0].reason


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_page_of_text_stays_whole_where_every_pixel_may_matter(provider, wire):
    question, images = "Which letters are smudged or retouched?", [Image(content=letter())]
    before = await sent(wire, run, agent(bare(provider, wire.url)), question, images=images)
    model = HeadroomAgnoModel(bare(provider, wire.url))
    assert await sent(wire, run, agent(model), question, images=images) == before


async def test_audio_and_files_pass_beside_a_smaller_picture(wire):
    rest = {
        "audio": [Audio(content=b"RIFF....WAVE", format="wav")],
        "files": [File(content=b"%PDF-1.4", mime_type="application/pdf", filename="a.pdf")],
    }
    before = await sent(wire, run, agent(bare("openai", wire.url)), images=[Image(content=photo())], **rest)
    model = HeadroomAgnoModel(bare("openai", wire.url))
    after = await sent(wire, run, agent(model), images=[Image(content=photo())], **rest)
    assert after == [by_hand("openai", body) for body in before] != before


class Scene(BaseModel):
    """What is in the picture."""

    mood: str


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_structured_output_still_arrives(provider, wire):
    images = [Image(content=photo())]
    (before,) = await sent(wire, run, agent(bare(provider, wire.url), output_schema=Scene), images=images)
    model = HeadroomAgnoModel(bare(provider, wire.url))
    wire.clear()
    answer = agent(model, output_schema=Scene).run(GIST, images=images)
    assert isinstance(answer.content, Scene)
    assert standard(wire.bodies) == [by_hand(provider, before)] != [before]


class Box(BaseModel):
    """Where something is."""

    x: int
    y: int


def click(x: int, y: int) -> str:
    """Click at a place of the screen."""
    return f"{x} {y}"


@pytest.mark.parametrize("options", [{"output_schema": Box}, {"tools": [click]}], ids=["schema", "tool"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_no_pixel_moves_where_coordinates_are_asked_for(provider, options, wire):
    model = HeadroomAgnoModel(bare(provider, wire.url))
    bodies = await sent(wire, run, agent(model, **options), images=[Image(content=photo())])
    assert all(holds(body, photo()) for body in bodies)
    assert "coordinates" in model.outcomes[0].reason


async def test_blocks_in_the_providers_own_words_are_compressed_too(wire):
    url = f"data:image/jpeg;base64,{base64.b64encode(photo()).decode()}"
    message = Message(
        role="user", content=[{"type": "text", "text": GIST}, {"type": "image_url", "image_url": {"url": url}}]
    )
    kept = copy.deepcopy(message)
    wire.clear()
    bare("openai", wire.url).response([message])
    HeadroomAgnoModel(bare("openai", wire.url)).response([message])
    before, after = wire.bodies
    assert after == by_hand("openai", before) != before
    assert message == kept


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_callers_list_takes_the_answer_and_keeps_the_originals(provider, wire):
    model = HeadroomAgnoModel(bare(provider, wire.url))
    question = asked()
    image, messages = question.images[0], [question]
    before = (dict(question), dict(image))
    model.response(messages)
    assert [message.role for message in messages] == ["user", "assistant"]
    assert messages[0] is question
    assert question.images[0] is image
    assert (dict(question), dict(image)) == before
    assert image.content == photo()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_broken_engine_never_breaks_a_call(provider, way, wire):
    images = [Image(content=photo())]
    before = await sent(wire, way, agent(bare(provider, wire.url)), images=images)
    model = HeadroomAgnoModel(bare(provider, wire.url), compressor=Broken())
    assert await sent(wire, way, agent(model), images=images) == before


def test_what_we_cannot_read_goes_out_as_it_came(wire, caplog):
    class Odd(BaseModel):
        role: str = "user"

    messages: Any = [asked(), Odd()]
    model = HeadroomAgnoModel(bare("openai", wire.url))
    with pytest.raises(ModelProviderError, match="get_content"):  # of the provider's class, as without us
        model.invoke(messages, Message(role="assistant"))
    assert "images sent as they were: AttributeError" in caplog.text


def test_a_retry_sends_the_same_bytes(wire):
    model = HeadroomAgnoModel(bare("openai", wire.url, retries=1, delay_between_retries=0))
    wire.fail_next(500)
    model.response([asked()])
    first, second = wire.bodies
    assert first == second


def test_guidance_after_a_failed_answer_is_no_question(wire):
    model = HeadroomAgnoModel(bare("openai", wire.url))
    guided = [asked(), Message(role="user", content="Read all numbers again.", temporary=True)]
    model.response([asked()])
    model.response(guided)
    first, second = wire.bodies
    assert second["messages"][0] == first["messages"][0]


def test_a_failed_tool_with_a_picture_is_told_as_before(wire):
    def snap() -> ToolResult:
        """Take a photo."""
        raise ValueError("no camera")

    for model in (bare("openai", wire.url), HeadroomAgnoModel(bare("openai", wire.url))):
        agent(model, tools=[snap]).run(GIST, images=[Image(content=photo())])
    plain, wrapped = wire.bodies[1], wire.bodies[3]
    assert unnamed(wrapped) == unnamed(by_hand("openai", plain))
    assert "no camera" in str(wrapped)
