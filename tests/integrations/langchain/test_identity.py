"""A wrapped chat model is the user's own model in everything but what it sends."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from langchain.chat_models import init_chat_model
from langchain_anthropic import ChatAnthropic
from langchain_core.caches import InMemoryCache
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.load import dumpd, load
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.rate_limiters import InMemoryRateLimiter
from langchain_core.runnables import ConfigurableField, RunnableBinding, RunnableLambda
from langchain_openai import ChatOpenAI
from langchain_openai.chat_models.base import BaseChatOpenAI
from pydantic import Field

from headroom_core.errors import InvalidOption, WrongType
from headroom_core.image import ImageCompressor
from headroom_langchain import HeadroomChatModel
from tests.integrations.langchain.material import PROVIDERS, ask, bare

NOWHERE = "http://127.0.0.1:9"


class Silent(BaseChatModel):
    """A model that only generates: it has no stream of its own and remembers what it was asked."""

    model_name: str = "gpt-4o"
    asked: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "silent"

    def _generate(self, messages: list[BaseMessage], stop=None, run_manager=None, **kwargs: Any) -> ChatResult:
        self.asked.append((messages, kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage("ok"))])


class Nested(Silent):
    """A model whose way of generating goes through another of its own methods, as several providers' do."""

    def _generate(self, messages: list[BaseMessage], stop=None, run_manager=None, **kwargs: Any) -> ChatResult:
        (chunk,) = self._stream(messages, stop=stop, run_manager=run_manager, **kwargs)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(chunk.text))])

    def _stream(self, messages: list[BaseMessage], stop=None, run_manager=None, **kwargs: Any):
        from langchain_core.messages import AIMessageChunk
        from langchain_core.outputs import ChatGenerationChunk

        self.asked.append((messages, kwargs))
        yield ChatGenerationChunk(message=AIMessageChunk("ok"))


@pytest.mark.parametrize("provider", [*PROVIDERS, "azure"])
def test_class_type_profile_and_serialised_form_are_the_models_own(provider):
    own = bare(provider, NOWHERE)
    wrapped = HeadroomChatModel(own)
    assert isinstance(wrapped, type(own))
    assert isinstance(wrapped, HeadroomChatModel)
    assert not isinstance(own, HeadroomChatModel)
    assert type(wrapped).__name__ == type(own).__name__
    assert (wrapped._llm_type, wrapped.profile, wrapped.lc_id()) == (own._llm_type, own.profile, own.lc_id())
    assert wrapped._get_ls_params() == own._get_ls_params()
    assert wrapped.asdict() == own.asdict()
    assert dumpd(wrapped) == dumpd(own)
    assert wrapped.model_fields_set == own.model_fields_set
    assert "headroom" not in repr(wrapped)


def test_only_methods_that_the_provider_implements_are_intercepted():
    wrapped = type(HeadroomChatModel(Silent()))
    assert {name for name in vars(wrapped) if name.startswith(("_gen", "_agen", "_stream", "_astream"))} == {
        "_generate"
    }
    assert not HeadroomChatModel(Silent())._should_stream(async_api=False, stream=True)
    assert HeadroomChatModel(FakeListChatModel(responses=["a"]))._should_stream(async_api=False, stream=True)


def test_the_original_model_is_not_changed_by_wrapping_it():
    own = Silent()
    HeadroomChatModel(own)
    assert type(own) is Silent
    assert "headroom_door" not in vars(own)


def test_settings_that_act_around_a_call_are_kept():
    limiter, cache = InMemoryRateLimiter(requests_per_second=100), InMemoryCache()
    own = Silent(rate_limiter=limiter, cache=cache, tags=["mine"], metadata={"team": "a"}, disable_streaming=True)
    wrapped = HeadroomChatModel(own)
    assert (wrapped.rate_limiter, wrapped.cache) == (limiter, cache)
    assert (wrapped.tags, wrapped.metadata, wrapped.disable_streaming) == (["mine"], own.metadata, True)


def test_a_model_that_calls_its_own_methods_is_compressed_once():
    wrapped = HeadroomChatModel(Nested())
    assert wrapped.invoke([ask()]).text == "ok"
    assert len(wrapped.outcomes) == 1


def test_a_model_that_calls_its_own_methods_is_left_alone_on_request():
    wrapped = HeadroomChatModel(Nested())
    question = ask()
    wrapped.invoke([question], headroom={"policy": "off"})
    messages, options = wrapped.asked[0]
    assert messages[0].content == question.content
    assert "headroom" not in options
    assert wrapped.outcomes == ()


def test_messages_without_images_are_handed_on_as_the_same_objects():
    wrapped = HeadroomChatModel(Silent())
    messages = [ask(), AIMessage("Calm."), AIMessage("Still.")]
    wrapped.invoke(messages)
    sent, _ = wrapped.asked[0]
    assert sent[0] is not messages[0]
    assert sent[1] is messages[1]
    assert sent[2] is messages[2]


def test_cached_answers_of_the_bare_model_are_not_given_for_compressed_images():
    cache = InMemoryCache()
    own = Silent(cache=cache)
    wrapped = HeadroomChatModel(own)
    keys = {own._get_llm_string(), wrapped._get_llm_string(), HeadroomChatModel(own, policy="safe")._get_llm_string()}
    assert len(keys) == 3
    assert wrapped._get_llm_string() == HeadroomChatModel(own)._get_llm_string()
    own.invoke([ask()])
    wrapped.invoke([ask()])
    wrapped.invoke([ask()])
    assert len(own.asked) == 2


def test_a_copy_shares_the_engine_and_its_totals():
    wrapped = HeadroomChatModel(Silent())
    for other in (copy.copy(wrapped), copy.deepcopy(wrapped), wrapped.model_copy(update={"tags": ["x"]})):
        assert isinstance(other, HeadroomChatModel)
        assert other.headroom_door is wrapped.headroom_door


def test_a_pickled_model_comes_back_wrapped_and_compressing():
    wrapped = HeadroomChatModel(FakeListChatModel(responses=["a"]), model="gpt-4o", policy="aggressive")
    again = pickle.loads(pickle.dumps(wrapped))
    assert type(again) is type(wrapped)
    assert again._get_llm_string() == wrapped._get_llm_string()
    again.invoke([ask()])
    assert again.total_tokens_saved > 0


def test_a_pickled_claude_comes_back_wrapped():
    wrapped = HeadroomChatModel(bare("anthropic", NOWHERE))
    assert isinstance(pickle.loads(pickle.dumps(wrapped)), HeadroomChatModel)


@pytest.mark.filterwarnings("ignore:The function `load` is in beta")
def test_loading_a_serialised_model_gives_the_bare_one(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    wrapped = HeadroomChatModel(ChatOpenAI(model="gpt-4o"))
    again = load(dumpd(wrapped), allowed_objects=[ChatOpenAI], secrets_from_env=True)
    assert isinstance(again, ChatOpenAI)
    assert not isinstance(again, HeadroomChatModel)


def test_configured_models_compress_with_the_same_engine():
    wrapped = HeadroomChatModel(bare("openai", NOWHERE))
    configurable = wrapped.configurable_fields(temperature=ConfigurableField(id="heat"))
    chosen, _ = configurable._prepare({"configurable": {"heat": 0.5}})
    assert chosen.temperature == 0.5
    assert isinstance(chosen, HeadroomChatModel)
    assert chosen.headroom_door is wrapped.headroom_door


def test_bound_models_are_bound_again_around_the_wrapped_one():
    def look(where: str) -> str:
        """Look somewhere."""
        return where

    bound = bare("openai", NOWHERE).bind_tools([look])
    wrapped = HeadroomChatModel(bound)
    assert isinstance(wrapped, RunnableBinding)
    assert isinstance(wrapped, HeadroomChatModel)
    assert wrapped.kwargs == bound.kwargs
    assert isinstance(wrapped.bound, ChatOpenAI)
    assert not isinstance(bound.bound, HeadroomChatModel)
    assert isinstance(HeadroomChatModel(bare("openai", NOWHERE)).bind_tools([look]).bound, HeadroomChatModel)
    assert wrapped.total_tokens_saved == 0
    assert isinstance(HeadroomChatModel(Silent().with_retry()).bound, HeadroomChatModel)


def test_what_is_wrapped_already_is_returned_as_it_is():
    wrapped = HeadroomChatModel(Silent())
    bound = wrapped.bind(stop=["x"])
    assert HeadroomChatModel(wrapped) is wrapped
    assert HeadroomChatModel(bound) is bound


def test_two_models_of_one_class_share_the_class_made_for_them():
    assert type(HeadroomChatModel(Silent())) is type(HeadroomChatModel(Silent()))
    assert issubclass(type(HeadroomChatModel(bare("openai", NOWHERE))), BaseChatOpenAI)
    assert issubclass(type(HeadroomChatModel(bare("anthropic", NOWHERE))), ChatAnthropic)


def test_a_compressor_can_be_shared():
    engine = ImageCompressor()
    first, second = HeadroomChatModel(Silent(), compressor=engine), HeadroomChatModel(Silent(), compressor=engine)
    first.invoke([ask()])
    assert first.compressor is second.compressor is engine
    assert first.total_tokens_saved == engine.total_tokens_saved > 0
    assert second.total_tokens_saved == 0


@pytest.mark.parametrize(
    "wrong", [init_chat_model(configurable_fields="any"), RunnableLambda(lambda value: value), "openai:gpt-4o", None]
)
def test_what_is_no_chat_model_is_refused_with_the_way_out(wrong):
    with pytest.raises(WrongType, match="HeadroomMiddleware") as caught:
        HeadroomChatModel(wrong)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, InvalidOption)


def test_options_of_the_wrapper_are_checked_when_it_is_made():
    with pytest.raises(InvalidOption):
        HeadroomChatModel(Silent(), policy="reckless")
    with pytest.raises(InvalidOption):
        HeadroomChatModel(Silent(), holdout=2)


def test_the_name_that_prices_can_be_overridden():
    wrapped = HeadroomChatModel(Silent(), model="gpt-4o")
    wrapped.invoke([ask()])
    assert wrapped.outcomes[0].model == "gpt-4o"
