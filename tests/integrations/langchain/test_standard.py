"""LangChain's own suites for chat models: the wrapped classes pass exactly what the bare ones pass."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI

from headroom_langchain import HeadroomChatModel
from tests.integrations.langchain.standard import Integration, Unit

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unrecognized structured output method:UserWarning"),
    pytest.mark.filterwarnings("ignore:Received a Pydantic BaseModel V1 schema:UserWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
]


class OpenAI:
    """ChatOpenAI over Chat Completions."""

    base = ChatOpenAI
    path = "/v1"
    params: ClassVar[dict[str, Any]] = {"model": "gpt-4o", "api_key": "k", "stream_usage": True}
    supports_json_mode = True
    supports_anthropic_inputs = True
    supports_image_tool_message = True
    model_override_value = "gpt-4o-mini"

    @property
    def init_from_env_params(self):
        return {"OPENAI_API_KEY": "k"}, {"model": "gpt-4o"}, {"openai_api_key": "k"}


class Responses(OpenAI):
    """ChatOpenAI over the Responses API."""

    params: ClassVar[dict[str, Any]] = {"model": "gpt-4o", "api_key": "k", "use_responses_api": True}
    supports_anthropic_inputs = False


class Anthropic:
    """ChatAnthropic."""

    base = ChatAnthropic
    params: ClassVar[dict[str, Any]] = {"model": "claude-opus-4-8", "api_key": "k"}
    standard_chat_model_params: ClassVar[dict[str, Any]] = {"timeout": 60, "max_retries": 2}
    supports_anthropic_inputs = True
    supports_image_tool_message = True
    model_override_value = "claude-sonnet-5"

    @property
    def init_from_env_params(self):
        return {"ANTHROPIC_API_KEY": "k"}, {"model": "claude-opus-4-8"}, {"anthropic_api_key": "k"}


class Google:
    """ChatGoogleGenerativeAI."""

    base = ChatGoogleGenerativeAI
    params: ClassVar[dict[str, Any]] = {"model": "gemini-2.0-flash", "api_key": "k"}
    supports_json_mode = True
    supports_image_tool_message = True
    supports_model_override = False

    @property
    def init_from_env_params(self):
        return {"GOOGLE_API_KEY": "k"}, {"model": "gemini-2.0-flash"}, {"google_api_key": "k"}


class TestOpenAIUnit(OpenAI, Unit):
    pass


class TestOpenAIUnitWrapped(TestOpenAIUnit):
    wrap = HeadroomChatModel


class TestOpenAI(OpenAI, Integration):
    pass


class TestOpenAIWrapped(TestOpenAI):
    wrap = HeadroomChatModel


class TestResponsesUnit(Responses, Unit):
    pass


class TestResponsesUnitWrapped(TestResponsesUnit):
    wrap = HeadroomChatModel


class TestResponses(Responses, Integration):
    pass


class TestResponsesWrapped(TestResponses):
    wrap = HeadroomChatModel


class TestAnthropicUnit(Anthropic, Unit):
    pass


class TestAnthropicUnitWrapped(TestAnthropicUnit):
    wrap = HeadroomChatModel


class TestAnthropic(Anthropic, Integration):
    pass


class TestAnthropicWrapped(TestAnthropic):
    wrap = HeadroomChatModel


class TestGoogleUnit(Google, Unit):
    pass


class TestGoogleUnitWrapped(TestGoogleUnit):
    wrap = HeadroomChatModel


class TestGoogle(Google, Integration):
    pass


class TestGoogleWrapped(TestGoogle):
    wrap = HeadroomChatModel
