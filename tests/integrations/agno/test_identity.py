"""A wrapped Agno model is the user's model."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest
from agno.agent import Agent
from agno.models.anthropic import Claude
from agno.models.base import Model
from agno.models.openai import OpenAIChat
from agno.reasoning.anthropic import is_anthropic_reasoning_model
from agno.reasoning.openai import is_openai_reasoning_model
from agno.registry import Registry

from headroom_agno import HeadroomAgnoModel
from headroom_agno.pricing import billed_as, writes_detail
from headroom_core.errors import InvalidOption, WrongType
from headroom_core.image import ImageCompressor
from tests.integrations.agno.material import FOREIGN, PROVIDERS, agent, asked, bare

pytestmark = FOREIGN


@pytest.mark.parametrize("provider", PROVIDERS)
def test_it_is_of_its_own_class_under_its_own_name(provider, wire):
    model = bare(provider, wire.url)
    wrapped = HeadroomAgnoModel(model)
    assert isinstance(wrapped, type(model))
    assert isinstance(wrapped, HeadroomAgnoModel)
    assert not isinstance(model, HeadroomAgnoModel)
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        assert getattr(type(wrapped), name) == getattr(type(model), name)
    assert wrapped.to_dict() == model.to_dict()
    assert wrapped.get_provider() == model.get_provider()


def test_agnos_own_comparisons_hold():
    assert is_openai_reasoning_model(HeadroomAgnoModel(OpenAIChat(id="o4-mini")))
    thinking = HeadroomAgnoModel(Claude(id="claude-opus-4-8", thinking={"type": "enabled", "budget_tokens": 1024}))
    assert is_anthropic_reasoning_model(thinking)
    assert not is_anthropic_reasoning_model(HeadroomAgnoModel(OpenAIChat(id="gpt-4o")))


def test_the_wrapped_object_is_not_changed():
    model = OpenAIChat(id="gpt-4o")
    before = dict(vars(model))
    HeadroomAgnoModel(model, policy="safe")
    assert vars(model) == before
    assert type(model) is OpenAIChat


def test_every_documented_way_to_wrap_gives_the_same():
    ways = (
        HeadroomAgnoModel(Claude(id="claude-opus-4-8")),
        HeadroomAgnoModel(wrapped_model=Claude(id="claude-opus-4-8")),
        HeadroomAgnoModel("anthropic:claude-opus-4-8"),
        HeadroomAgnoModel(wrapped_model="anthropic:claude-opus-4-8"),
    )
    assert {(type(model).__name__, model.id, model.total_tokens_saved) for model in ways} == {
        ("Claude", "claude-opus-4-8", 0)
    }


def test_wrapping_twice_is_wrapping_once():
    model = HeadroomAgnoModel(OpenAIChat(id="gpt-4o"))
    assert HeadroomAgnoModel(model) is model


@pytest.mark.parametrize("wrong", [None, 4, Agent, object()])
def test_what_is_no_model_is_refused_by_name(wrong):
    with pytest.raises(WrongType, match="'provider:id'"):
        HeadroomAgnoModel(wrong)


def test_options_that_are_not_known_are_refused():
    with pytest.raises(InvalidOption, match="balanced"):
        HeadroomAgnoModel(OpenAIChat(), policy="blanced")
    with pytest.raises(InvalidOption, match="holdout"):
        HeadroomAgnoModel(OpenAIChat(), holdout=2.0)


def test_one_engine_serves_several_models():
    engine = ImageCompressor()
    first = HeadroomAgnoModel(OpenAIChat(), compressor=engine)
    assert HeadroomAgnoModel(Claude(), compressor=first.compressor).compressor is engine


def test_a_class_of_the_users_own_is_wrapped_as_it_is(wire):
    class Mine(OpenAIChat):
        """A model of our own."""

        def greeting(self) -> str:
            return f"hello from {self.id}"

    wrapped = HeadroomAgnoModel(Mine(id="gpt-4o"))
    assert wrapped.greeting() == "hello from gpt-4o"
    assert billed_as(wrapped) == ("openai", "gpt-4o")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_copies_share_the_account(copied, wire):
    model = HeadroomAgnoModel(bare("openai", wire.url))
    other = copied(model)
    assert isinstance(other, HeadroomAgnoModel)
    assert isinstance(other, OpenAIChat)
    other.response([asked()])
    other.client.close()
    model.response([asked()])
    first, second = wire.bodies
    assert first == second
    assert model.total_tokens_saved == other.total_tokens_saved == 2 * model.last_result.tokens_saved > 0


def test_a_pickled_model_compresses_as_before():
    model = HeadroomAgnoModel(OpenAIChat(id="gpt-4o", temperature=0.5), policy="aggressive")
    loaded = pickle.loads(pickle.dumps(model))
    assert isinstance(loaded, OpenAIChat)
    assert type(loaded) is type(model)
    assert loaded.temperature == 0.5
    assert loaded.headroom_door.signature() == model.headroom_door.signature()


def test_a_copy_made_field_by_field_compresses_too(wire):
    model = dataclasses.replace(HeadroomAgnoModel(bare("openai", wire.url)))
    model.response([asked()])
    assert model.total_tokens_saved > 0


def test_an_agent_takes_it_and_a_deep_copy_of_the_agent_too(wire):
    model = HeadroomAgnoModel(bare("openai", wire.url))
    assert agent(model).deep_copy().model.headroom_door is model.headroom_door


def test_a_model_chosen_by_name_alone_is_priced_by_its_class():
    from agno.models.azure import AzureOpenAI
    from agno.models.openrouter import OpenRouter
    from agno.models.xai import xAI

    told: list[tuple[Model, str, bool]] = [
        (OpenAIChat(id="m", provider="Corporate"), "openai", True),
        (AzureOpenAI(id="m"), "azure", True),
        (OpenRouter(id="m"), "openrouter", True),
        (xAI(id="m"), "xai", True),
        (Claude(id="m"), "anthropic", False),
    ]
    for model, provider, detail in told:
        assert billed_as(HeadroomAgnoModel(model)) == (provider, "m")
        assert writes_detail(HeadroomAgnoModel(model)) is detail


def test_the_name_to_price_by_can_be_given(wire):
    model = HeadroomAgnoModel(bare("openai", wire.url), model="gpt-5.2")
    model.response([asked()])
    assert model.last_result.outcomes[0].model == "gpt-5.2"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stored_agent_gets_its_wrapped_model_back_from_the_registry_and_a_plain_one_without(provider):
    model = HeadroomAgnoModel(bare(provider, "http://127.0.0.1:9"))
    stored = Agent(id="a", model=model, telemetry=False).to_dict()
    assert Agent.from_dict(stored, registry=Registry(models=[model])).model is model
    restored = Agent.from_dict(stored).model
    assert type(restored).__name__ == type(model).__name__
    assert not isinstance(restored, HeadroomAgnoModel)
