"""The real clients of the providers accept the stand-ins as the real thing."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import anthropic
import boto3
import openai
import pytest
from google import genai
from google.genai import types
from pydantic import BaseModel

from headroom_core.tokens import image_tokens
from tests.providers import ProviderServer
from tests.providers.answers import GREETING, THOUGHT
from tests.providers.loopback import OutsideNetworkError

CAT = Path(__file__).parents[2] / "examples" / "images" / "cat.jpg"
CAT_SIZE = (451, 300)
CAT_TEXT = base64.b64encode(CAT.read_bytes()).decode()
CAT_URL = f"data:image/jpeg;base64,{CAT_TEXT}"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


class Where(BaseModel):
    city: str


def openai_client(provider: ProviderServer) -> openai.OpenAI:
    return openai.OpenAI(base_url=provider.url + "/v1", api_key="key")


def anthropic_client(provider: ProviderServer) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=provider.url, api_key="key")


def gemini_client(provider: ProviderServer, version: str = "v1beta") -> genai.Client:
    options = types.HttpOptions(base_url=provider.url, api_version=version)
    return genai.Client(api_key="key", vertexai=False, http_options=options)


CHAT_TOOL = {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}
FLAT_TOOL = {"type": "function", "name": "weather", "parameters": SCHEMA, "strict": False}
CLAUDE_TOOL = {"name": "weather", "input_schema": SCHEMA}
GEMINI_TOOL = types.Tool(
    function_declarations=[types.FunctionDeclaration(name="weather", parameters_json_schema=SCHEMA)]
)
CHAT_CAT = {"type": "image_url", "image_url": {"url": CAT_URL, "detail": "high"}}
CLAUDE_CAT = {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": CAT_TEXT}}


def user(*parts: dict) -> list:
    return [{"role": "user", "content": [*parts, {"type": "text", "text": "what?"}]}]


class TestOpenAIChat:
    def test_answers_and_bills_the_image(self, provider):
        with openai_client(provider) as client:
            with_cat = client.chat.completions.create(model="gpt-4o", messages=user(CHAT_CAT))
            without = client.chat.completions.create(model="gpt-4o", messages=user())
        assert with_cat.choices[0].message.content == GREETING
        bill = with_cat.usage.prompt_tokens - without.usage.prompt_tokens
        assert bill == image_tokens("gpt-4o", *CAT_SIZE, detail="high").tokens == 255

    def test_streams_words_then_usage(self, provider):
        with openai_client(provider) as client:
            chunks = list(
                client.chat.completions.create(
                    model="gpt-4o", messages=user(CHAT_CAT), stream=True, stream_options={"include_usage": True}
                )
            )
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == GREETING
        assert chunks[-1].usage.prompt_tokens > 255

    def test_calls_a_tool_and_streams_the_same_call(self, provider):
        with openai_client(provider) as client:
            given = {"model": "gpt-4o", "messages": user(), "tools": [CHAT_TOOL]}
            call = client.chat.completions.create(**given).choices[0].message.tool_calls[0].function
            with client.chat.completions.stream(**given) as stream:
                streamed = stream.get_final_completion().choices[0].message.tool_calls[0].function
        assert (call.name, json.loads(call.arguments)) == ("weather", {"city": "some city"})
        assert (streamed.name, streamed.arguments) == (call.name, call.arguments)

    def test_says_a_sentence_once_the_tool_has_answered(self, provider):
        call = {"id": "c", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
        messages = [
            *user(),
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c", "content": "rain"},
        ]
        with openai_client(provider) as client:
            reply = client.chat.completions.create(model="gpt-4o", messages=messages, tools=[CHAT_TOOL])
        assert reply.choices[0].message.content == GREETING

    def test_fills_a_schema(self, provider):
        with openai_client(provider) as client:
            reply = client.chat.completions.parse(model="gpt-4o", messages=user(), response_format=Where)
        assert reply.choices[0].message.parsed == Where(city="some city")

    def test_returns_json_in_json_mode(self, provider):
        with openai_client(provider) as client:
            reply = client.chat.completions.create(
                model="gpt-4o", messages=user(), response_format={"type": "json_object"}
            )
        assert set(json.loads(reply.choices[0].message.content)) == {"setup", "punchline"}

    async def test_answers_the_async_client(self, provider):
        async with openai.AsyncOpenAI(base_url=provider.url + "/v1", api_key="key") as client:
            reply = await client.chat.completions.create(model="gpt-4o", messages=user(CHAT_CAT))
            stream = await client.chat.completions.create(model="gpt-4o", messages=user(), stream=True)
            words = [chunk.choices[0].delta.content or "" async for chunk in stream]
        assert reply.choices[0].message.content == "".join(words) == GREETING

    def test_answers_azure_paths(self, provider):
        with openai.AzureOpenAI(azure_endpoint=provider.url, api_key="key", api_version="2025-01-01") as client:
            reply = client.chat.completions.create(model="gpt-4o", messages=user())
        assert reply.choices[0].message.content == GREETING


class TestOpenAIResponses:
    CAT = ({"type": "input_image", "image_url": CAT_URL, "detail": "low"}, {"type": "input_text", "text": "what?"})

    def test_answers_and_counts_as_it_bills(self, provider):
        items = [{"role": "user", "content": list(self.CAT)}]
        with openai_client(provider) as client:
            reply = client.responses.create(model="gpt-4o", input=items)
            counted = client.responses.input_tokens.count(model="gpt-4o", input=items)
        assert reply.output_text == GREETING
        assert reply.usage.input_tokens == counted.input_tokens > 85
        assert [request.path for request in provider.requests] == ["/v1/responses", "/v1/responses/input_tokens"]

    def test_streams_the_same_response(self, provider):
        with openai_client(provider) as client, client.responses.stream(model="gpt-4o", input="hi") as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_response()
        assert final.output_text == GREETING
        assert kinds[0] == "response.created"
        assert kinds[-1] == "response.completed"

    def test_calls_a_tool_plain_and_streamed(self, provider):
        given = {"model": "gpt-4o", "input": "weather?", "tools": [FLAT_TOOL]}
        with openai_client(provider) as client:
            call = client.responses.create(**given).output[0]
            with client.responses.stream(**given) as stream:
                streamed = stream.get_final_response().output[0]
        assert (call.name, json.loads(call.arguments)) == ("weather", {"city": "some city"})
        assert streamed.arguments == call.arguments

    def test_fills_a_schema(self, provider):
        with openai_client(provider) as client:
            reply = client.responses.parse(model="gpt-4o", input="where?", text_format=Where)
        assert reply.output_parsed == Where(city="some city")


CLAUDE = {"model": "claude-sonnet-5", "max_tokens": 2000}


class TestAnthropic:
    def test_answers_and_counts_as_it_bills(self, provider):
        with anthropic_client(provider) as client:
            reply = client.messages.create(**CLAUDE, messages=user(CLAUDE_CAT))
            counted = client.messages.count_tokens(model=CLAUDE["model"], messages=user(CLAUDE_CAT))
            plain = client.messages.count_tokens(model=CLAUDE["model"], messages=user())
        assert reply.content[0].text == GREETING
        assert reply.usage.input_tokens == counted.input_tokens
        bill = image_tokens(CLAUDE["model"], *CAT_SIZE).tokens
        assert counted.input_tokens - plain.input_tokens == bill > 0

    def test_bills_an_image_inside_a_tool_result(self, provider):
        use = {"type": "tool_use", "id": "t", "name": "weather", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "t", "content": [CLAUDE_CAT]}
        messages = [*user(), {"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
        with anthropic_client(provider) as client:
            reply = client.messages.create(**CLAUDE, messages=messages, tools=[CLAUDE_TOOL])
        assert reply.content[0].text == GREETING
        assert reply.usage.input_tokens > image_tokens(CLAUDE["model"], *CAT_SIZE).tokens

    def test_streams_thought_and_words(self, provider):
        thinking = {"type": "enabled", "budget_tokens": 1024}
        with (
            anthropic_client(provider) as client,
            client.messages.stream(**CLAUDE, messages=user(CLAUDE_CAT), thinking=thinking) as stream,
        ):
            thought, said = stream.get_final_message().content
        assert (thought.thinking, said.text) == (THOUGHT, GREETING)
        assert thought.signature

    def test_calls_a_tool_plain_and_streamed(self, provider):
        given = {**CLAUDE, "messages": user(), "tools": [CLAUDE_TOOL]}
        with anthropic_client(provider) as client:
            plain = client.messages.create(**given)
            with client.messages.stream(**given) as stream:
                streamed = stream.get_final_message()
        assert plain.stop_reason == streamed.stop_reason == "tool_use"
        assert plain.content[0].input == streamed.content[0].input == {"city": "some city"}

    def test_fills_a_schema(self, provider):
        wanted = {"format": {"type": "json_schema", "schema": {**SCHEMA, "additionalProperties": False}}}
        with anthropic_client(provider) as client:
            reply = client.messages.create(**CLAUDE, messages=user(), output_config=wanted)
        assert json.loads(reply.content[0].text) == {"city": "some city"}

    async def test_answers_the_async_client(self, provider):
        async with anthropic.AsyncAnthropic(base_url=provider.url, api_key="key") as client:
            reply = await client.messages.create(**CLAUDE, messages=user(CLAUDE_CAT))
            async with client.messages.stream(**CLAUDE, messages=user()) as stream:
                words = [word async for word in stream.text_stream]
        assert reply.content[0].text == "".join(words) == GREETING


class TestGemini:
    MODEL = "gemini-2.5-flash"
    CAT = types.Part.from_bytes(data=CAT.read_bytes(), mime_type="image/jpeg")

    @pytest.mark.parametrize("version", ["v1beta", "v1alpha", "v1"])
    def test_answers_every_version_of_the_path(self, provider, version):
        with gemini_client(provider, version) as client:
            reply = client.models.generate_content(model=self.MODEL, contents=[self.CAT, "what?"])
        assert reply.text == GREETING
        assert provider.requests[0].path == f"/{version}/models/{self.MODEL}:generateContent"

    def test_counts_as_it_bills(self, provider):
        with gemini_client(provider) as client:
            reply = client.models.generate_content(model=self.MODEL, contents=[self.CAT, "what?"])
            counted = client.models.count_tokens(model=self.MODEL, contents=[self.CAT, "what?"])
        assert reply.usage_metadata.prompt_token_count == counted.total_tokens > 258

    def test_bills_less_at_a_lower_media_resolution(self, provider):
        config = types.GenerateContentConfig(media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW)
        with gemini_client(provider) as client:
            low = client.models.generate_content(model=self.MODEL, contents=[self.CAT], config=config)
            usual = client.models.generate_content(model=self.MODEL, contents=[self.CAT])
        assert low.usage_metadata.prompt_token_count < usual.usage_metadata.prompt_token_count

    def test_streams_words(self, provider):
        with gemini_client(provider) as client:
            chunks = list(client.models.generate_content_stream(model=self.MODEL, contents=[self.CAT, "what?"]))
        assert "".join(chunk.text for chunk in chunks) == GREETING
        assert len(chunks) > 2
        assert provider.requests[0].query == "alt=sse"

    @pytest.mark.parametrize("streamed", [False, True])
    def test_calls_a_tool(self, provider, streamed):
        automatic = types.AutomaticFunctionCallingConfig(disable=True)
        config = types.GenerateContentConfig(tools=[GEMINI_TOOL], automatic_function_calling=automatic)
        given = {"model": self.MODEL, "contents": "weather?", "config": config}
        with gemini_client(provider) as client:
            models = client.models
            replies = models.generate_content_stream(**given) if streamed else [models.generate_content(**given)]
            calls = [call for reply in replies for call in reply.function_calls or []]
        assert [(call.name, call.args) for call in calls] == [("weather", {"city": "some city"})]

    def test_fills_a_schema(self, provider):
        config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=Where)
        with gemini_client(provider) as client:
            reply = client.models.generate_content(model=self.MODEL, contents="where?", config=config)
        assert reply.parsed == Where(city="some city")

    @pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
    async def test_answers_the_async_client(self, provider):
        async with gemini_client(provider).aio as client:
            reply = await client.models.generate_content(model=self.MODEL, contents="hi")
            stream = await client.models.generate_content_stream(model=self.MODEL, contents="hi")
            words = [chunk.text async for chunk in stream]
        assert reply.text == "".join(words) == GREETING


class TestBedrock:
    MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"

    @pytest.fixture
    def client(self, provider):
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        client = boto3.client("bedrock-runtime", endpoint_url=provider.url, **keys)
        yield client
        client.close()

    def test_converse_answers_and_bills_the_image(self, client):
        image = {"image": {"format": "jpeg", "source": {"bytes": CAT.read_bytes()}}}
        reply = client.converse(modelId=self.MODEL, messages=[{"role": "user", "content": [image, {"text": "what?"}]}])
        assert reply["output"]["message"]["content"][0]["text"] == GREETING
        assert reply["usage"]["inputTokens"] > image_tokens(self.MODEL, *CAT_SIZE).tokens

    def test_converse_calls_a_tool(self, client):
        spec = {"toolSpec": {"name": "weather", "inputSchema": {"json": SCHEMA}}}
        messages = [{"role": "user", "content": [{"text": "weather?"}]}]
        reply = client.converse(modelId=self.MODEL, messages=messages, toolConfig={"tools": [spec]})
        assert reply["output"]["message"]["content"][0]["toolUse"]["input"] == {"city": "some city"}

    def test_invoke_model_answers_as_anthropic(self, client):
        body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": user(CLAUDE_CAT)}
        reply = client.invoke_model(modelId=self.MODEL, body=json.dumps(body))
        assert json.loads(reply["body"].read())["content"][0]["text"] == GREETING


class TestRecord:
    def test_keeps_what_arrived_in_order(self, provider):
        with openai_client(provider) as client:
            client.chat.completions.create(model="gpt-4o", messages=user(CHAT_CAT), extra_headers={"X-Mine": "1"})
            client.chat.completions.create(model="gpt-4o", messages=user(CHAT_CAT))
        first, second = provider.requests
        assert (first.method, first.path) == ("POST", "/v1/chat/completions")
        assert first.headers["x-mine"] == "1"
        assert first.body["messages"] == user(CHAT_CAT)
        assert first.sha256 == second.sha256 == hashlib.sha256(first.raw).hexdigest()
        provider.clear()
        assert provider.requests == []

    @pytest.mark.parametrize(
        ("status", "expected"),
        [(400, openai.BadRequestError), (429, openai.RateLimitError), (500, openai.InternalServerError)],
    )
    def test_fails_openai_when_asked(self, provider, status, expected):
        provider.fail_next(status)
        with openai_client(provider).with_options(max_retries=0) as client:
            with pytest.raises(expected):
                client.chat.completions.create(model="gpt-4o", messages=user())
            assert client.chat.completions.create(model="gpt-4o", messages=user()).choices
        assert len(provider.requests) == 2

    def test_fails_anthropic_and_gemini_in_their_own_words(self, provider):
        provider.fail_next(529)
        claude = anthropic_client(provider).with_options(max_retries=0)
        with claude as client, pytest.raises(anthropic.APIStatusError, match="overloaded_error"):
            client.messages.create(**CLAUDE, messages=user())
        provider.fail_next(429)
        with gemini_client(provider) as client, pytest.raises(genai.errors.ClientError, match="RESOURCE_EXHAUSTED"):
            client.models.generate_content(model=TestGemini.MODEL, contents="hi")

    def test_a_client_that_retries_gets_through(self, provider):
        provider.fail_next(429, times=2)
        with openai_client(provider) as client:
            client.chat.completions.create(model="gpt-4o", messages=user())
        assert len({request.sha256 for request in provider.requests}) == 1
        assert len(provider.requests) == 3

    def test_an_incomplete_request_is_refused_as_the_provider_would(self, provider):
        with openai_client(provider) as client, pytest.raises(openai.BadRequestError, match="messages"):
            client.post("/chat/completions", body={"model": "gpt-4o"}, cast_to=object)

    def test_serves_the_example_pictures(self, provider):
        with urllib.request.urlopen(provider.url + "/pictures/cat.jpg") as reply:
            assert reply.read() == CAT.read_bytes()


class TestGuard:
    @pytest.mark.parametrize("reach", [
        lambda: socket.create_connection(("192.0.2.1", 80)),
        lambda: socket.create_connection(("example.com", 80)),
        lambda: asyncio.run(asyncio.open_connection("192.0.2.1", 80)),
    ])  # fmt: skip
    def test_no_test_leaves_this_machine(self, outside_attempts, reach):
        with pytest.raises(OutsideNetworkError):
            reach()
        assert len(outside_attempts) == 1
        outside_attempts.clear()


def test_runs_from_the_command_line():
    command = [sys.executable, "-m", "tests.providers"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            with openai.OpenAI(base_url=url + "/v1", api_key="key") as client:
                assert client.responses.create(model="gpt-4o", input="hi").output_text == GREETING
        finally:
            process.terminate()
