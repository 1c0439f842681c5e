"""What a wrapped LangChain model puts on the wire: what the engine decided, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel

from headroom_core.image import ImageCompressor
from headroom_langchain import HeadroomChatModel
from tests.integrations.engines import Broken
from tests.integrations.langchain.material import GIST, NATIVE, PROVIDERS, SPOKEN, ask, bare, block, everything, picture
from tests.providers import standard

DIALECTS = [(provider, dialect) for provider, dialects in SPOKEN.items() for dialect in dialects]
NAMES = {"google": "gemini-2.0-flash", "anthropic": "claude-opus-4-8"}


def engine_alone(provider: str, body: Any) -> Any:
    """The body that the engine makes of `body` without any adapter."""
    who = {"responses": "openai", "azure": "openai"}.get(provider, provider)
    return ImageCompressor().compress(body, who, model=NAMES.get(provider, "gpt-4o"))


def bodies(wire: Any) -> list[Any]:
    """The bodies on the wire, with base64 in the one alphabet: Google's client writes the other one."""
    return [standard(body) for body in wire.bodies]


def sent(wire: Any, call: Callable[[], object]) -> list[Any]:
    """The bodies that a call puts on the wire."""
    wire.clear()
    call()
    return bodies(wire)


@pytest.mark.parametrize(("provider", "dialect"), DIALECTS)
def test_the_wire_carries_what_the_engine_makes_of_the_bare_request(provider, dialect, wire):
    messages = [ask(dialect)]
    (before,) = sent(wire, lambda: bare(provider, wire.url).invoke(messages))
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    (after,) = sent(wire, lambda: wrapped.invoke(messages))
    assert after != before
    assert after == engine_alone(provider, before)
    assert wrapped.total_tokens_saved > 0


@pytest.mark.parametrize("provider", ["openai", "azure"])
def test_a_dialect_without_room_for_a_detail_is_sent_with_fewer_pixels(provider, wire):
    (after,) = sent(wire, lambda: HeadroomChatModel(bare(provider, wire.url)).invoke([ask("anthropic")]))
    image = after["messages"][0]["content"][1]
    assert image["type"] == "image_url"
    assert len(image["image_url"]["url"]) < len(picture()) / 2


@pytest.mark.parametrize("provider", PROVIDERS)
def test_names_ids_statuses_and_calls_of_a_long_conversation_survive(provider, wire):
    messages = everything(NATIVE[provider])
    (before,) = sent(wire, lambda: bare(provider, wire.url).invoke(messages))
    (after,) = sent(wire, lambda: HeadroomChatModel(bare(provider, wire.url)).invoke(messages))
    assert after != before
    assert after == engine_alone(provider, before)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_callers_messages_stay_as_they_are(provider, wire):
    messages = everything(NATIVE[provider])
    kept = copy.deepcopy(messages)
    HeadroomChatModel(bare(provider, wire.url)).invoke(messages)
    assert messages == kept


def invoke(model: Any, messages: list[BaseMessage]) -> None:
    model.invoke(messages)


def stream(model: Any, messages: list[BaseMessage]) -> None:
    assert "".join(chunk.text for chunk in model.stream(messages))


def events(model: Any, messages: list[BaseMessage]) -> None:
    assert list(model.stream_events(messages, version="v3"))


def batch(model: Any, messages: list[BaseMessage]) -> None:
    model.batch([messages])


@pytest.mark.filterwarnings("ignore:.*v3.*beta")
@pytest.mark.parametrize("way", [invoke, stream, events, batch])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_synchronous_way_compresses(provider, way, wire):
    messages = [ask(NATIVE[provider])]
    (before,) = sent(wire, lambda: way(bare(provider, wire.url), messages))
    (after,) = sent(wire, lambda: way(HeadroomChatModel(bare(provider, wire.url)), messages))
    assert after == engine_alone(provider, before) != before


async def ainvoke(model: Any, messages: list[BaseMessage]) -> None:
    await model.ainvoke(messages)


async def astream(model: Any, messages: list[BaseMessage]) -> None:
    assert "".join([chunk.text async for chunk in model.astream(messages)])


async def abatch(model: Any, messages: list[BaseMessage]) -> None:
    await model.abatch([messages])


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
@pytest.mark.parametrize("way", [ainvoke, astream, abatch])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_every_asynchronous_way_compresses(provider, way, wire):
    messages = [ask(NATIVE[provider])]
    await way(bare(provider, wire.url), messages)
    (before,) = bodies(wire)
    wire.clear()
    await way(HeadroomChatModel(bare(provider, wire.url)), messages)
    (after,) = bodies(wire)
    assert after == engine_alone(provider, before) != before


@tool
def weather(city: str) -> str:
    """Tell the weather of a city."""
    return f"rain in {city}"


@tool
def click(x: int, y: int) -> str:
    """Click at a place of the screen."""
    return f"{x},{y}"


class Mood(BaseModel):
    """The mood of a picture."""

    mood: str


class Label(BaseModel):
    """What is on the picture."""

    mood: str
    serial_number: str


class Box(BaseModel):
    """Where something is."""

    box_2d: list[int]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_bound_tools_reach_the_wire_and_the_answer_is_a_tool_call(provider, wire):
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    messages = [ask(NATIVE[provider])]
    (before,) = sent(wire, lambda: bare(provider, wire.url).bind_tools([weather]).invoke(messages))
    answer: list[AIMessage] = []
    (after,) = sent(wire, lambda: answer.append(wrapped.bind_tools([weather]).invoke(messages)))
    assert after == engine_alone(provider, before) != before
    assert answer[0].tool_calls[0]["name"] == "weather"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_structured_output_is_parsed_and_its_images_are_compressed(provider, wire):
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    answer: list[Any] = []
    sent(wire, lambda: answer.append(wrapped.with_structured_output(Mood).invoke([ask(NATIVE[provider])])))
    assert isinstance(answer[0], Mood)
    assert wrapped.total_tokens_saved > 0


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_images_stay_whole_where_the_structured_output_asks_to_read(provider, method, wire):
    def given(model: Any) -> Any:
        return model.with_structured_output(Label, method=method)

    messages = [ask(NATIVE[provider])]
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    (before,) = sent(wire, lambda: given(bare(provider, wire.url)).invoke(messages))
    (after,) = sent(wire, lambda: given(wrapped).invoke(messages))
    assert after == before
    assert wrapped.total_tokens_saved == 0


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("deal", ["tool", "schema"])
def test_images_stay_whole_where_tools_or_schemas_deal_in_coordinates(provider, deal, wire):
    def given(model: Any) -> Any:
        return model.bind_tools([click]) if deal == "tool" else model.with_structured_output(Box)

    messages = [ask(NATIVE[provider])]
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    try:
        (before,) = sent(wire, lambda: given(bare(provider, wire.url)).invoke(messages))
    finally:
        (after,) = sent(wire, lambda: given(wrapped).invoke(messages))
    assert after == before
    assert wrapped.total_tokens_saved == 0


@pytest.mark.parametrize(
    ("provider", "dialect"),
    [("anthropic", "anthropic"), ("anthropic", "v1"), ("responses", "input_image"), ("google", "v1")],
)
def test_images_in_tool_messages_are_compressed(provider, dialect, wire):
    messages = [
        HumanMessage(GIST),
        AIMessage("", tool_calls=[{"name": "photo", "args": {}, "id": "call_1"}]),
        ToolMessage([block(dialect, picture())], tool_call_id="call_1"),
    ]
    (before,) = sent(wire, lambda: bare(provider, wire.url).invoke(messages))
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    (after,) = sent(wire, lambda: wrapped.invoke(messages))
    assert after != before
    assert wrapped.total_tokens_saved > 0


def test_an_image_inside_a_tool_result_block_of_claude_is_compressed(wire):
    nested = {"type": "tool_result", "tool_use_id": "call_1", "content": [block("anthropic", picture())]}
    use = {"type": "tool_use", "id": "call_1", "name": "photo", "input": {}}
    messages = [HumanMessage(GIST), AIMessage([use]), HumanMessage([nested])]
    (before,) = sent(wire, lambda: bare("anthropic", wire.url).invoke(messages))
    (after,) = sent(wire, lambda: HeadroomChatModel(bare("anthropic", wire.url)).invoke(messages))
    assert after == engine_alone("anthropic", before) != before


def test_cache_control_beside_an_image_survives(wire):
    marked = {**block("anthropic", picture()), "cache_control": {"type": "ephemeral"}}
    messages = [HumanMessage([{"type": "text", "text": GIST}, marked])]
    (after,) = sent(wire, lambda: HeadroomChatModel(bare("anthropic", wire.url)).invoke(messages))
    image = after["messages"][0]["content"][1]
    assert image["cache_control"] == {"type": "ephemeral"}
    assert image["source"]["data"] != picture()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_start_of_a_conversation_stays_on_the_wire_as_it_was(provider, wire):
    dialect, wrapped = NATIVE[provider], HeadroomChatModel(bare(provider, wire.url))
    start = [ask(dialect), AIMessage("Calm."), ask(dialect, seed=1)]
    longer = [*start, AIMessage("Calm too."), HumanMessage("Read every word in the first picture, exactly.")]
    (first,) = sent(wire, lambda: wrapped.invoke(start))
    (second,) = sent(wire, lambda: wrapped.invoke(longer))
    rows = {"responses": "input", "google": "contents"}.get(provider, "messages")
    assert second[rows][: len(first[rows])] == first[rows]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_call_is_left_alone_on_request(provider, wire):
    messages = [ask(NATIVE[provider])]
    wrapped = HeadroomChatModel(bare(provider, wire.url))
    (before,) = sent(wire, lambda: bare(provider, wire.url).invoke(messages))
    (off,) = sent(wire, lambda: wrapped.invoke(messages, headroom={"policy": "off"}))
    (streamed,) = sent(wire, lambda: list(wrapped.bind(headroom={"policy": "off"}).stream(messages)))
    assert off == before
    assert {**streamed, "stream": None, "stream_options": None} == {**before, "stream": None, "stream_options": None}
    assert wrapped.total_tokens_saved == 0


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_broken_engine_passes_the_request_through(provider, wire):
    messages = [ask(NATIVE[provider])]
    (before,) = sent(wire, lambda: bare(provider, wire.url).invoke(messages))
    (after,) = sent(wire, lambda: HeadroomChatModel(bare(provider, wire.url), compressor=Broken()).invoke(messages))
    assert after == before


def test_an_explicit_detail_is_the_callers_choice(wire):
    chosen = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{picture()}", "detail": "high"}}
    (after,) = sent(
        wire,
        lambda: HeadroomChatModel(bare("openai", wire.url)).invoke(
            [HumanMessage([{"type": "text", "text": GIST}, chosen])]
        ),
    )
    assert after["messages"][0]["content"][1] == chosen


def test_a_held_out_conversation_passes_untouched(wire):
    messages = [ask()]
    wrapped = HeadroomChatModel(bare("openai", wire.url), holdout=1.0)
    (before,) = sent(wire, lambda: bare("openai", wire.url).invoke(messages))
    (after,) = sent(wire, lambda: wrapped.invoke(messages))
    assert after == before
    assert wrapped.total_tokens_saved == 0
    assert wrapped.headroom_door.held_out_requests == 1


def test_nothing_is_lost_where_the_server_holds_the_history(wire):
    wrapped = HeadroomChatModel(bare("responses", wire.url, use_previous_response_id=True))
    messages = [HumanMessage("Hello"), AIMessage("Hi.", response_metadata={"id": "resp_1"}), ask("input_image")]
    (after,) = sent(wire, lambda: wrapped.invoke(messages))
    assert after["previous_response_id"] == "resp_1"
    assert after["input"][0]["content"][1]["image_url"].endswith(picture())


def test_azure_is_priced_by_its_model_not_by_the_deployments_name(wire):
    wrapped = HeadroomChatModel(bare("azure", wire.url))
    wrapped.invoke([ask()])
    assert wrapped.outcomes[0].model == "gpt-4o"
