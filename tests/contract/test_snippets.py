"""The documented snippets, run as they are printed, with only the addresses and the keys of the providers given."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.contract.everything import MOOD, photo
from tests.core.pictures import as_data_url
from tests.providers import ProviderServer

LANGCHAIN = """
from langchain_openai import ChatOpenAI
from headroom.integrations import HeadroomChatModel

# Wrap your model - that's it!
llm = HeadroomChatModel(ChatOpenAI(model="gpt-4o"))

# Use exactly like before
response = llm.invoke("Hello!")
"""

AGNO = """
from agno.agent import Agent
from agno.models.openai import OpenAIChat
from headroom.integrations.agno import HeadroomAgnoModel

# Wrap your model - that's it!
model = HeadroomAgnoModel(OpenAIChat(id="gpt-4o"))
agent = Agent(model=model)

# Use exactly like before
response = agent.run("Hello!")

# Check savings
print(f"Tokens saved: {model.total_tokens_saved}")
"""

AGNO_TOOLS = """
from agno.agent import Agent
from agno.models.anthropic import Claude
from headroom.integrations.agno import HeadroomAgnoModel

# Wrap your model - that's it!
base_model = Claude(id="claude-sonnet-4-20250514")
model = HeadroomAgnoModel(wrapped_model=base_model)

agent = Agent(model=model, tools=[search_github, search_arxiv, search_code, query_db])
response = agent.run("Investigate the memory leak and recommend a fix")
"""

DIRECT = """
from headroom.image import ImageCompressor

compressor = ImageCompressor()

# Compress images in messages
compressed_messages = compressor.compress(messages, provider="openai")

# Check savings
print(f"Saved {compressor.last_savings:.0f}% tokens")
print(f"Technique: {compressor.last_result.technique.value}")
"""

LIFECYCLE = """
from headroom.image import ImageCompressor

compressor = ImageCompressor()
compressor.compress(messages, provider="openai")
print("Technique chosen:", compressor.last_result.technique)
print("Router confidence:", compressor.last_result.confidence)
compressor.close()
"""

PROBE = """
from headroom.image import ImageCompressor

compressor = ImageCompressor()
router = compressor._get_router()  # lazy-loads the Mini-LM + SigLIP stack

decision = router.classify(
    image_data=compressor._extract_image_data(msgs),
    query="Describe the diagram"
)

print("Chosen technique:", decision.technique.value)
print("Confidence:", f"{decision.confidence:.2%}")
print("Reason:", decision.reason)
"""

CONVENIENCE = """
from headroom.image import compress_images

compressed = compress_images(messages, provider="anthropic")
"""

LITELLM = """
import litellm
from headroom.integrations import HeadroomCallback

litellm.callbacks = [HeadroomCallback()]
"""


@pytest.fixture
def provider(provider: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> ProviderServer:
    """The stand-in providers, where the environment says that the real ones are."""
    for name, url in (("OPENAI", f"{provider.url}/v1"), ("ANTHROPIC", provider.url)):
        monkeypatch.setenv(f"{name}_BASE_URL", url)
        monkeypatch.setenv(f"{name}_API_KEY", "not-a-key")
    return provider


@pytest.fixture
def messages() -> list[dict[str, Any]]:
    """A question about the whole of a picture."""
    image = {"type": "image_url", "image_url": {"url": as_data_url(photo().data)}}
    return [{"role": "user", "content": [{"type": "text", "text": MOOD}, image]}]


def run(snippet: str, **names: Any) -> dict[str, Any]:
    """The names that a snippet leaves behind."""
    space = dict(names)
    exec(compile(snippet, "snippet", "exec"), space)
    return space


def test_langchain(provider):
    left = run(LANGCHAIN)
    (body,) = provider.bodies
    assert body["model"] == "gpt-4o"
    assert body["messages"] == [{"role": "user", "content": "Hello!"}]
    assert left["response"].content.startswith("Hello")


def test_agno(provider, capsys):
    left = run(AGNO)
    (body,) = provider.bodies
    assert body["messages"][-1] == {"role": "user", "content": "Hello!"}
    assert left["response"].content.startswith("Hello")
    assert "Tokens saved: 0" in capsys.readouterr().out
    left["model"].client.close()


@pytest.mark.filterwarnings("ignore:The model 'claude-sonnet-4-20250514' is deprecated:DeprecationWarning")
def test_agno_with_tools(provider):
    names = ("search_github", "search_arxiv", "search_code", "query_db")
    left = run(AGNO_TOOLS, **{name: _tool(name) for name in names})
    first, second = provider.bodies
    assert {tool["name"] for tool in first["tools"]} == set(names)
    assert "found by " in str(second["messages"])
    assert left["response"].content.startswith("Hello")
    left["model"].client.close()


def test_the_direct_api(messages, capsys):
    left = run(DIRECT, messages=messages)
    assert left["compressed_messages"][0]["content"][1]["image_url"]["detail"] == "low"
    assert capsys.readouterr().out == "Saved 86% tokens\nTechnique: full_low\n"


def test_the_lifecycle(messages, capsys):
    run(LIFECYCLE, messages=messages)
    assert capsys.readouterr().out.startswith("Technique chosen: full_low\nRouter confidence: ")


def test_the_probe(messages, capsys):
    decision = run(PROBE, msgs=messages)["decision"]
    assert capsys.readouterr().out.startswith(f"Chosen technique: {decision.technique.value}\nConfidence: ")
    assert decision.reason
    assert 0 <= decision.confidence <= 1


def test_the_convenience_helper(messages):
    source = {"type": "base64", "media_type": "image/jpeg", "data": base64.b64encode(photo().data).decode()}
    messages[0]["content"][1] = {"type": "image", "source": source}
    (message,) = run(CONVENIENCE, messages=messages)["compressed"]
    assert len(message["content"][1]["source"]["data"]) < len(source["data"])


async def test_litellm(provider, messages):
    left = run(LITELLM)
    call = {"model": "openai/gpt-4o", "api_base": f"{provider.url}/v1", "api_key": "not-a-key", "messages": messages}
    await left["litellm"].acompletion(**call)
    (body,) = provider.bodies
    assert body["messages"][0]["content"][1]["image_url"]["detail"] == "low"


def _tool(name: str) -> Any:
    def tool(query: str) -> str:
        """Search."""
        return f"found by {name}: {query}"

    tool.__name__ = name
    return tool
