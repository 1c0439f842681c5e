"""Wrapped models where LangGraph keeps and streams what they say, and what stays LangChain's own."""

from __future__ import annotations

import pytest
from langchain.agents import create_agent
from langgraph.checkpoint.memory import InMemorySaver

from headroom_langchain import HeadroomChatModel
from tests.integrations.langchain.material import PROVIDERS, ask, bare, picture, whole


def test_checkpoints_keep_the_originals(wire):
    model = HeadroomChatModel(bare("openai", wire.url))
    saver, config = InMemorySaver(), {"configurable": {"thread_id": "t"}}
    agent = create_agent(model, tools=[], checkpointer=saver)
    agent.invoke({"messages": [ask()]}, config)
    assert not whole(wire.bodies[0], picture())
    kept = [saved.checkpoint["channel_values"].get("messages", []) for saved in saver.list(config)]
    assert any(kept)
    assert all(whole(messages[0].content, picture()) for messages in kept if messages)


def test_a_graph_that_streams_messages_sends_smaller_images(wire):
    agent = create_agent(HeadroomChatModel(bare("openai", wire.url)), tools=[])
    chunks = [chunk for chunk, _ in agent.stream({"messages": [ask()]}, stream_mode="messages")]
    assert "".join(chunk.text for chunk in chunks)
    (body,) = wire.bodies
    assert body["stream"] is True
    assert not whole(body, picture())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_counting_stays_the_models_own(provider):
    model = bare(provider, "http://127.0.0.1:9")
    wrapped = HeadroomChatModel(model)
    for name in ("get_num_tokens_from_messages", "get_num_tokens", "get_token_ids"):
        assert getattr(type(wrapped), name) is getattr(type(model), name)
