"""`headroom tokens --verify`, against the stand-in providers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_core.tokens import image_tokens
from tests.cli.conftest import Headroom
from tests.providers import ProviderServer

KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY")
MODELS = {
    "gpt-4o": "/v1/responses/input_tokens",
    "claude-opus-5-5": "/v1/messages/count_tokens",
    "gemini-3.8-flash": "/v1beta/models/gemini-3.8-flash:countTokens",
}
SECRET = "sk-of-the-user"


@pytest.fixture
def keyed(provider: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> ProviderServer:
    """The stand-in providers, with keys for them in the environment."""
    for name in KEYS:
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", provider.url)
    monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.url}/v1/")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", provider.url)
    return provider


@pytest.mark.parametrize("model", MODELS)
def test_the_answer_less_the_words_stands_beside_our_count(
    headroom: Headroom, photo: Path, keyed: ProviderServer, model: str
) -> None:
    ran = headroom("tokens", "--verify", "-m", model, photo, "--json")
    ours = image_tokens(model, 1600, 1200).tokens
    (fact,) = json.loads(ran.out)
    assert (fact["estimated"], fact["counted"], fact["difference"]) == (ours, ours, 0)
    assert [request.path for request in keyed.requests] == [MODELS[model]] * 2


def test_the_key_travels_in_its_header_alone(headroom: Headroom, photo: Path, keyed: ProviderServer) -> None:
    for model in MODELS:
        headroom("tokens", "--verify", "-m", model, photo)
    names = {name for seen in keyed.requests for name, value in seen.headers.items() if SECRET in value}
    assert names == {"authorization", "x-api-key", "x-goog-api-key"}
    assert not any(SECRET in seen.query or SECRET.encode() in seen.raw for seen in keyed.requests)


def test_the_setting_is_sent_and_counted(headroom: Headroom, photo: Path, keyed: ProviderServer) -> None:
    for model, setting in (("gpt-4o", "low"), ("gemini-3.8-flash", "low"), ("gemini-3.8-flash", "ultra_high")):
        ran = headroom("tokens", "--verify", "-m", model, photo, "--detail", setting, "--json")
        (fact,) = json.loads(ran.out)
        assert fact["counted"] == image_tokens(model, 1600, 1200, detail=setting).tokens
        assert fact["counted"] != image_tokens(model, 1600, 1200).tokens


def test_a_difference_is_said_with_its_ratio(
    headroom: Headroom, photo: Path, keyed: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.providers import usage

    monkeypatch.setattr(usage, "image_tokens", lambda *given, **more: image_tokens("gpt-4o-mini", *given[1:], **more))
    ran = headroom("tokens", "--verify", "-m", "gpt-4o", photo)
    mine, theirs = (image_tokens(model, 1600, 1200).tokens for model in ("gpt-4o", "gpt-4o-mini"))
    assert ran.code == 0
    assert f"+{theirs - mine:,}" in ran.out
    assert f"gpt-4o: billed / estimated = {theirs / mine:.3f} over 1 request." in " ".join(ran.out.split())


def test_agreement_is_said_in_words(headroom: Headroom, photo: Path, letter: Path, keyed: ProviderServer) -> None:
    ran = headroom("tokens", "--verify", "-m", "gpt-4o", photo, letter)
    assert "gpt-4o: our count is the provider's on 2 pictures." in ran.out


@pytest.mark.parametrize("model", MODELS)
def test_a_refusal_is_one_line_with_the_words_of_the_provider(
    headroom: Headroom, photo: Path, keyed: ProviderServer, model: str
) -> None:
    keyed.fail_next(401)
    ran = headroom("tokens", "--verify", "-m", model, photo)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("answers 401: This failure was asked for by the test.\n")
    assert SECRET not in ran.err


def test_a_provider_that_is_not_there_is_one_line(
    headroom: Headroom, photo: Path, keyed: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    ran = headroom("tokens", "--verify", "-m", "gpt-4o", photo)
    assert ran.code == 1
    assert ran.err.startswith("photo.jpg: 127.0.0.1:1 cannot be reached: ")


def test_no_key_is_wrong_use(headroom: Headroom, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    ran = headroom("tokens", "--verify", "-m", "gpt-4o", photo)
    assert (ran.code, ran.err) == (2, "headroom: --verify asks openai with your key: set OPENAI_API_KEY\n")


@pytest.mark.parametrize("url", ["http://example.com/v1", "ftp://127.0.0.1/v1", "http://127.0.0.1.example.com"])
def test_the_key_goes_over_tls_or_stays_on_this_machine(
    headroom: Headroom, photo: Path, keyed: ProviderServer, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    ran = headroom("tokens", "--verify", "-m", "gpt-4o", photo)
    assert ran.code == 2
    assert "the key is not sent there" in ran.err


@pytest.mark.parametrize("model", ["azure/gpt-4o", "bedrock/anthropic.claude-opus-5-5", "pixtral-12b", "my-model"])
def test_who_has_no_such_endpoint_cannot_be_asked(headroom: Headroom, photo: Path, model: str) -> None:
    ran = headroom("tokens", "--verify", "-m", model, photo)
    assert ran.code == 2
    assert "has no free counting endpoint" in ran.err


@pytest.mark.parametrize("arguments", [("photo.jpg",), ("-m", "gpt-4o"), ("-m", "gpt-4o", "--size", "8x8")])
def test_a_model_and_pictures_are_needed(headroom: Headroom, arguments: tuple[str, ...]) -> None:
    ran = headroom("tokens", "--verify", *arguments)
    assert ran.code == 2
    assert ran.err.startswith("headroom: --verify")
