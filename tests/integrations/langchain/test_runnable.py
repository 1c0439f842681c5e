"""What the step of a chain learns from the model that it is given."""

from __future__ import annotations

import pytest
from langchain_core.tools import tool

from headroom_core.errors import WrongType
from headroom_langchain import HeadroomRunnable
from tests.integrations.langchain.material import ask, bare

NOWHERE = "http://127.0.0.1:9"


@tool
def click(x: int, y: int) -> str:
    """Click on the screen."""
    return f"{x} {y}"


@tool
def look(where: str) -> str:
    """Look somewhere."""
    return where


def test_images_stay_whole_where_the_bound_tools_deal_in_coordinates():
    step = HeadroomRunnable(bare("openai", NOWHERE).bind_tools([click]).with_config(tags=["screen"]))
    messages = [ask()]
    assert step.invoke(messages) is messages
    assert step.total_tokens_saved == 0


@pytest.mark.parametrize("bind", [lambda model: model.bind_tools([look]), lambda model: model.with_retry()])
def test_images_come_smaller_for_a_model_with_something_else_bound_to_it(bind):
    step = HeadroomRunnable(bind(bare("openai", NOWHERE)))
    step.invoke([ask()])
    assert step.total_tokens_saved > 0


@pytest.mark.parametrize("other", ["gpt-4o", None, HeadroomRunnable])
def test_what_is_no_chat_model_is_refused_when_the_step_is_made(other):
    with pytest.raises(WrongType, match="HeadroomRunnable needs the chat model"):
        HeadroomRunnable(other)
