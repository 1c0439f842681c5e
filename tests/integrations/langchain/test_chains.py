"""The step for LCEL chains, the handler that adds up, and the counter for trimming."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from langchain.agents import create_agent
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage, trim_messages
from langchain_core.prompts import ChatPromptTemplate

from headroom_core.tokens import image_tokens
from headroom_langchain import (
    HeadroomCallbackHandler,
    HeadroomChatModel,
    HeadroomMiddleware,
    HeadroomRunnable,
    token_counter,
)
from tests.integrations.langchain.material import GIST, PROVIDERS, SPOKEN, ask, bare, block, picture, whole

NOWHERE = "http://127.0.0.1:9"


def test_a_chain_sends_what_the_step_made_of_the_prompt(wire):
    model = bare("openai", wire.url)
    step = HeadroomRunnable(model)
    prompt = ChatPromptTemplate.from_messages([("system", "Look."), ("placeholder", "{question}")])
    chain = prompt | step | model
    chain.invoke({"question": [ask()]})
    assert not whole(wire.bodies[0], picture())
    assert step.total_tokens_saved > 0
    wire.clear()
    chain.invoke({"question": [ask()]}, {"configurable": {"headroom": {"policy": "off"}}})
    assert whole(wire.bodies[0], picture())


async def test_the_step_works_asynchronously_and_in_batches():
    step = HeadroomRunnable(bare("openai", NOWHERE))
    alone = step.invoke([ask()])
    assert (await step.ainvoke([ask()])) == alone
    assert step.batch([[ask()], [ask()]]) == [alone, alone]


def test_the_step_hands_on_what_needs_no_change_as_the_same_object():
    step = HeadroomRunnable(bare("openai", NOWHERE))
    prompt = ChatPromptTemplate.from_messages([("human", "Hello")]).invoke({})
    for value in ("Hello", [HumanMessage("Hello")], prompt, [("human", "Hello")]):
        assert step.invoke(value) is value


def test_the_handler_counts_what_was_saved_and_what_was_billed(wire):
    handler = HeadroomCallbackHandler()
    model = HeadroomChatModel(bare("openai", wire.url))
    model.invoke([ask()], {"callbacks": [handler]})
    summary = handler.summary()
    assert (summary["requests"], summary["images"], summary["images_changed"]) == (1, 1, 1)
    assert summary["tokens_saved"] == model.total_tokens_saved > 0
    assert summary["input_tokens"] > 0
    assert summary["output_tokens"] > 0
    assert sum(summary["techniques"].values()) == 1


async def test_the_handler_counts_every_way_of_calling_once_and_no_other_run():
    model = HeadroomChatModel(FakeListChatModel(responses=["a"]), model="gpt-4o")
    handler = HeadroomCallbackHandler()
    config = {"callbacks": [handler]}
    model.invoke([ask()], config)
    list(model.stream([ask()], config))
    await model.ainvoke([ask()], config)
    async for _ in model.astream([ask()], config):
        pass
    model.batch([[ask()], [ask(seed=1)]], config)
    await model.abatch([[ask()], [ask(seed=1)]], config)
    await asyncio.gather(model.ainvoke([ask()], config), model.ainvoke([ask()]))
    model.generate([[ask()], [ask(seed=1)]], callbacks=[handler])
    assert handler.requests == 11
    model.invoke([ask()])
    await model.ainvoke([ask()])
    FakeListChatModel(responses=["a"]).invoke([ask()], config)
    model.invoke([ask()])
    assert handler.requests == 11
    assert handler.images == 11


def test_threads_may_share_a_handler():
    model, handler = HeadroomChatModel(FakeListChatModel(responses=["a"]), model="gpt-4o"), HeadroomCallbackHandler()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: model.invoke([ask()], {"callbacks": [handler]}), range(12)))
    assert handler.requests == 12
    assert handler.tokens_saved == model.total_tokens_saved


def test_the_handler_counts_agents_and_chains_too(wire):
    handler = HeadroomCallbackHandler()
    model = bare("openai", wire.url)
    create_agent(model, middleware=[HeadroomMiddleware()]).invoke({"messages": [ask()]}, {"callbacks": [handler]})
    (HeadroomRunnable(model) | model).invoke([ask()], {"callbacks": [handler]})
    assert handler.requests == 2
    assert handler.tokens_saved > 0


def test_callbacks_and_traces_show_the_original_image_once():
    class Watching(BaseCallbackHandler):
        seen: ClassVar[list[str]] = []

        def on_chat_model_start(self, serialized, messages, **kwargs):
            self.seen.append(str(messages))

    HeadroomChatModel(FakeListChatModel(responses=["a"], callbacks=[Watching()]), model="gpt-4o").invoke([ask()])
    (seen,) = Watching.seen
    assert whole(seen, picture())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_counter_counts_images_as_the_provider_does(provider):
    model = bare(provider, NOWHERE)
    count = token_counter(model)
    name = model._get_ls_params()["ls_model_name"]
    who = {"responses": "openai"}.get(provider, provider)
    true = image_tokens(name, 1600, 1200, provider=who).tokens
    words = count([HumanMessage([{"type": "text", "text": GIST}])])
    assert 0 < words < 40
    for dialect in SPOKEN[provider]:
        assert count([ask(dialect)]) == true + words
        assert count([ask(dialect), ask(dialect)]) == 2 * (true + words)


def test_the_counter_takes_an_image_that_it_cannot_see_for_a_common_size():
    count = token_counter(bare("openai", NOWHERE))
    far = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    low = {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "low"}}
    broken = {"type": "image_url", "image_url": {"url": "data:image/png;base64,!!!!"}}
    empty = count([HumanMessage([])])
    assert count([HumanMessage([far])]) - empty == image_tokens("gpt-4o", 1024, 1024).tokens
    assert count([HumanMessage([low])]) - empty == image_tokens("gpt-4o", 1024, 1024, detail="low").tokens
    assert count([HumanMessage([broken])]) == count([HumanMessage([far])])


def test_trimming_with_the_counter_drops_what_does_not_fit():
    count = token_counter(bare("openai", NOWHERE))
    history = [ask(), AIMessage("Calm."), HumanMessage([block("image_url", picture(1))])]
    assert len(trim_messages(history, max_tokens=count(history), token_counter=count, strategy="last")) == 3
    kept = trim_messages(history, max_tokens=count(history) - 1, token_counter=count, strategy="last")
    assert kept == history[1:]
