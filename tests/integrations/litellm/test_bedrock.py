"""Amazon Bedrock signs the body: a change comes before the signature, or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import litellm
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from headroom_core import formats
from headroom_litellm import HeadroomCallback, install, uninstall
from tests.integrations.litellm.material import chat, done, messages, photo

ID = "anthropic.claude-sonnet-4-5-20250929-v1:0"
CONVERSE, INVOKE = f"bedrock/converse/us.{ID}", f"bedrock/invoke/us.{ID}"
AWS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "not-a-secret", "aws_region_name": "us-east-1"}


def to_bedrock(model: str, url: str) -> dict[str, Any]:
    return {"model": model, "aws_bedrock_runtime_endpoint": url, **AWS}


ASYNCHRONOUS = {
    "converse": lambda url: litellm.acompletion(messages=chat(), **to_bedrock(CONVERSE, url)),
    "invoke": lambda url: litellm.acompletion(messages=chat(), **to_bedrock(INVOKE, url)),
    "messages": lambda url: litellm.anthropic.messages.acreate(
        messages=messages(), max_tokens=64, **to_bedrock(f"bedrock/us.{ID}", url)
    ),
}
SYNCHRONOUS = {
    "converse": lambda url, **k: litellm.completion(messages=chat(), **to_bedrock(CONVERSE, url), **k),
    "converse by position": lambda url, **k: litellm.completion(CONVERSE, chat(), **rest(url), **k),
    "invoke": lambda url, **k: litellm.completion(messages=chat(), **to_bedrock(INVOKE, url), **k),
    "router": lambda url, **k: litellm.Router(
        model_list=[{"model_name": "vision", "litellm_params": to_bedrock(CONVERSE, url)}], num_retries=0
    ).completion(model="vision", messages=chat(), **k),
}


def rest(url: str) -> dict[str, Any]:
    return {key: value for key, value in to_bedrock(CONVERSE, url).items() if key != "model"}


@pytest.fixture
def installed():
    callback = HeadroomCallback()
    install(callback)
    yield callback
    uninstall()


def signed_well(request: Any) -> bool:
    """Whether the signature that arrived is the one of the body that arrived.

    The server shows the path without escapes, so both spellings of the model's colon are tried.
    """
    return any(is_signature_of(request, path) for path in (request.path, quote(request.path)))


def is_signature_of(request: Any, path: str) -> bool:
    given = request.headers["authorization"]
    names = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest(
        method="POST",
        url=f"http://{request.headers['host']}{path}",
        data=request.raw,
        headers={name: request.headers[name] for name in names},
    )
    again.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(AWS["aws_access_key_id"], AWS["aws_secret_access_key"]), "bedrock", "us-east-1")
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return given.endswith(f"Signature={signer.signature(text, again)}")


def image_of(body: Any) -> bytes:
    (block,) = formats.find(body)
    return formats.payload_bytes(block)


def original() -> bytes:
    return image_of(chat())


@pytest.mark.parametrize("name", ASYNCHRONOUS)
async def test_asynchronous_calls_carry_the_smaller_image_under_a_valid_signature(name, provider, callback):
    await ASYNCHRONOUS[name](provider.url)
    (request,) = provider.requests
    assert len(image_of(request.body)) < len(original())
    assert signed_well(request)
    assert callback.total_tokens_saved > 0


@pytest.mark.parametrize("name", SYNCHRONOUS)
async def test_synchronous_calls_go_as_they_are_under_a_valid_signature(name, provider, callback):
    SYNCHRONOUS[name](provider.url)
    (request,) = provider.requests
    assert image_of(request.body) == original()
    assert signed_well(request)
    assert callback.total_tokens_saved == 0


@pytest.mark.parametrize("registered", [True, False])
@pytest.mark.parametrize("name", SYNCHRONOUS)
async def test_the_wrapper_makes_synchronous_calls_smaller_before_the_signature(name, registered, provider, installed):
    litellm.callbacks = [installed] if registered else []
    SYNCHRONOUS[name](provider.url)
    (request,) = provider.requests
    assert len(image_of(request.body)) < len(original())
    assert signed_well(request)
    assert len(installed.outcomes) == 1


@pytest.mark.parametrize("name", SYNCHRONOUS)
async def test_the_wrapper_sets_one_call_apart_and_bedrock_never_hears_of_it(name, provider, installed):
    SYNCHRONOUS[name](provider.url, headroom={"policy": "off"})
    (request,) = provider.requests
    assert image_of(request.body) == original()
    assert b"headroom" not in request.raw


async def test_the_wrapper_and_the_callback_do_the_work_once(provider, installed):
    litellm.callbacks = [installed]
    litellm.completion(model="openai/gpt-4o", messages=chat(), api_base=f"{provider.url}/v1", api_key="not-a-key")
    await done(litellm.acompletion("openai/gpt-4o", chat(), api_base=f"{provider.url}/v1", api_key="not-a-key"))
    assert len(installed.outcomes) == 2
    one, other = provider.bodies
    assert one["messages"] == other["messages"] != chat()


def test_uninstalling_leaves_litellm_as_it_was():
    before = litellm.completion
    install(HeadroomCallback())
    install(HeadroomCallback())
    assert litellm.completion is not before
    uninstall()
    uninstall()
    assert litellm.completion is before


def test_the_picture_of_these_tests_is_worth_making_smaller():
    assert len(photo()) > 10_000
