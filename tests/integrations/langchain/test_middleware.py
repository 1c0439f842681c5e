"""The middleware in agents of LangChain: the model sees less, the state keeps all."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_anthropic.middleware import AnthropicPromptCachingMiddleware
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import BaseModel

from headroom_langchain import HeadroomChatModel, HeadroomMiddleware
from tests.integrations.engines import Broken
from tests.integrations.langchain.material import GIST, NATIVE, PROVIDERS, ask, bare, block, picture, whole

pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")


@tool
def photo() -> list[dict[str, Any]]:
    """Take a photo."""
    return [block("v1", picture(3))]


@tool
def click(x: int, y: int) -> str:
    """Click at a place of the screen."""
    return f"{x},{y}"


class Box(BaseModel):
    """Where something is."""

    box_2d: list[int]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_model_gets_smaller_images_and_the_state_keeps_the_originals(provider, wire):
    middleware = HeadroomMiddleware()
    saver = InMemorySaver()
    agent = create_agent(bare(provider, wire.url), middleware=[middleware], checkpointer=saver)
    thread = {"configurable": {"thread_id": "t"}}
    question = ask(NATIVE[provider])
    kept = copy.deepcopy(question.content)
    state = agent.invoke({"messages": [question]}, thread)
    assert question.content == kept
    assert middleware.total_tokens_saved > 0
    assert not whole(wire.bodies[0], picture())
    assert state["messages"][0].content == kept
    assert agent.get_state(thread).values["messages"][0].content == kept


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_asynchronous_agents_are_served_as_well(provider, wire):
    middleware = HeadroomMiddleware()
    agent = create_agent(bare(provider, wire.url), middleware=[middleware])
    state = await agent.ainvoke({"messages": [ask(NATIVE[provider])]})
    assert not whole(wire.bodies[0], picture())
    assert whole(state, picture())
    assert middleware.total_tokens_saved > 0


def test_pictures_that_tools_return_are_compressed_for_the_next_round_only(wire):
    agent = create_agent(bare("anthropic", wire.url), [photo], middleware=[HeadroomMiddleware()])
    state = agent.invoke({"messages": [HumanMessage(GIST)]})
    (result,) = [message for message in state["messages"] if isinstance(message, ToolMessage)]
    assert len(wire.bodies) == 2
    assert "tool_result" in str(wire.bodies[1])
    assert not whole(wire.bodies[1], picture(3))
    assert whole(result.content, picture(3))


def test_cache_control_of_the_prompt_caching_middleware_still_reaches_the_wire(wire):
    stack = [AnthropicPromptCachingMiddleware(), HeadroomMiddleware()]
    for model in (bare("anthropic", wire.url), HeadroomChatModel(bare("anthropic", wire.url))):
        wire.clear()
        create_agent(model, system_prompt="You look at pictures.", middleware=stack).invoke(
            {"messages": [ask("anthropic")]}
        )
        (body,) = wire.bodies
        assert "cache_control" in str(body)
        assert not whole(body, picture())


def test_a_wrapped_model_is_not_compressed_twice(wire):
    middleware = HeadroomMiddleware()
    model = HeadroomChatModel(bare("openai", wire.url))
    create_agent(model, middleware=[middleware]).invoke({"messages": [ask()]})
    assert len(model.outcomes) == 1
    assert middleware.outcomes == ()


@pytest.mark.parametrize("wrap", [HeadroomChatModel, lambda model: model])
def test_one_run_is_left_alone_on_request(wrap, wire):
    agent = create_agent(wrap(bare("openai", wire.url)), middleware=[HeadroomMiddleware()])
    agent.invoke({"messages": [ask()]}, {"configurable": {"headroom": {"policy": "off"}}})
    (body,) = wire.bodies
    assert whole(body, picture())
    assert "headroom" not in body


@pytest.mark.parametrize("deal", ["tool", "schema"])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_images_stay_whole_where_the_agent_deals_in_coordinates(provider, deal, wire):
    given = {"tools": [click]} if deal == "tool" else {"response_format": Box}
    middleware = HeadroomMiddleware()
    agent = create_agent(bare(provider, wire.url), middleware=[middleware], **given)
    agent.invoke({"messages": [ask(NATIVE[provider])]})
    assert whole(wire.bodies[0], picture())
    assert middleware.total_tokens_saved == 0
    assert len(middleware.outcomes) > 0


def test_a_broken_engine_never_stops_an_agent(wire):
    agent = create_agent(bare("openai", wire.url), middleware=[HeadroomMiddleware(compressor=Broken())])
    agent.invoke({"messages": [ask()]})
    assert whole(wire.bodies[0], picture())
