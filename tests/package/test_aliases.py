"""The documented import paths of the adapters ask for no more than the adapters themselves."""

from __future__ import annotations

import subprocess
import sys

import pytest

LITELLM = "import os; os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] = 'True'; "


def told(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_chat_models_need_no_agents() -> None:
    """A name that is None in `sys.modules` is how Python itself says that a module cannot be imported."""
    blocked = "import sys; sys.modules['langchain'] = None; "
    program = "from headroom.integrations.langchain import HeadroomChatModel; print(HeadroomChatModel.__module__)"
    assert told(blocked + program) == "headroom_langchain.chat_model"


def test_agents_are_loaded_when_they_are_asked_for() -> None:
    program = """
import sys
import headroom.integrations.langchain as door
print("langgraph" in sys.modules)
door.HeadroomMiddleware
print("langgraph" in sys.modules)
"""
    assert told(program).split() == ["False", "True"]


def test_the_ready_made_callback_is_made_when_it_is_asked_for() -> None:
    program = """
import headroom.integrations.litellm as door
from headroom_litellm.callback import shared_callback
print(shared_callback.cache_info().currsize)
print(door.handler is shared_callback())
"""
    assert told(LITELLM + program).split() == ["0", "True"]


@pytest.mark.parametrize("framework", ["agno", "langchain", "litellm", "mcp"])
def test_an_alias_offers_what_its_adapter_does_and_is_no_package(framework: str) -> None:
    program = f"""
import headroom_{framework} as adapter, headroom.integrations.{framework} as door
assert set(door.__all__) == set(adapter.__all__) <= set(dir(door))
assert all(getattr(door, name) is getattr(adapter, name) for name in adapter.__all__)
assert not hasattr(door, "__path__") and not hasattr(door, "no_such_name")
from headroom.integrations.{framework} import *
print(all(name in globals() for name in adapter.__all__))
"""
    assert told(LITELLM + program) == "True"
