"""Text tokens: exact with a tokenizer at hand, else never too few."""

from __future__ import annotations

import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.tokens import text as module
from headroom_core.tokens import text_tokens
from tests.core.tokens.samples import ENGLISH, EVERY


def _files() -> Path:
    spec = find_spec("litellm")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "litellm_core_utils", "tokenizers")


@pytest.fixture(scope="module")
def reference():
    """tiktoken's own encodings, from files at hand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(_files()))
        return {name: tiktoken.get_encoding(name) for name in ("o200k_base", "cl100k_base")}


@pytest.fixture
def nothing_at_hand(monkeypatch):
    monkeypatch.setattr(module, "_tokenizer", lambda name, cache_dir: None)


@pytest.mark.parametrize("text", EVERY)
def test_the_exact_count_is_that_of_tiktoken(text, reference):
    assert text_tokens("gpt-4o", text).tokens == len(reference["o200k_base"].encode_ordinary(text))
    assert text_tokens("gpt-4-turbo", text).tokens == len(reference["cl100k_base"].encode_ordinary(text))
    assert text_tokens("openai/gpt-5.4-2026-03-05", text).exactness == "exact"


@pytest.mark.parametrize("text", EVERY)
def test_the_estimate_is_never_too_low(text, reference, nothing_at_hand):
    o200k, cl100k = (len(reference[name].encode_ordinary(text)) for name in ("o200k_base", "cl100k_base"))
    modern, old, other = (text_tokens(model, text) for model in ("gpt-4o", "gpt-4-turbo", "claude-opus-5-5"))
    assert o200k <= modern.tokens
    assert max(o200k, cl100k) <= old.tokens
    assert old.tokens <= other.tokens
    assert {count.exactness for count in (modern, old, other)} == {"approx"}


@pytest.mark.parametrize("text", ENGLISH)
def test_the_estimate_is_at_most_twice_the_truth_on_english(text, reference, nothing_at_hand):
    for model, name in (("gpt-4o", "o200k_base"), ("gpt-4-turbo", "cl100k_base")):
        assert text_tokens(model, text).tokens <= 2 * len(reference[name].encode_ordinary(text))


def test_a_model_with_an_unpublished_tokenizer_is_estimated():
    for model in ("claude-opus-5-5", "gemini-3.8-flash", "gpt-6-astra", "never-heard-of-it", None):
        assert text_tokens(model, "Hello there.").exactness == "approx"


def test_a_directory_of_files_can_be_given(tmp_path, monkeypatch, reference):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert text_tokens("gpt-4.1", "one two", cache_dir=tmp_path).exactness == "approx"
    (tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790").write_bytes(b"not the file")
    module._tokenizer.cache_clear()
    assert text_tokens("gpt-4.1", "one two", cache_dir=tmp_path).exactness == "approx"
    for file in _files().glob("fb37*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    module._tokenizer.cache_clear()
    count = text_tokens("gpt-4.1", "one two", cache_dir=tmp_path)
    assert (count.tokens, count.exactness, count.how) == (2, "exact", "tiktoken, o200k_base")
    module._tokenizer.cache_clear()


def test_nothing_is_fetched_when_no_file_is_at_hand(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    module._tokenizer.cache_clear()
    assert text_tokens("gpt-4o", "one two", cache_dir=tmp_path).exactness == "approx"
    module._tokenizer.cache_clear()


def test_without_tiktoken_the_count_is_an_estimate(monkeypatch):
    module._tokenizer.cache_clear()
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    assert text_tokens("gpt-4o", "one two").exactness == "approx"
    module._tokenizer.cache_clear()


def test_finding_the_files_of_litellm_does_not_import_it():
    code = (
        "import sys; from headroom_core.tokens import text_tokens;"
        "print(text_tokens('gpt-4o', 'a b').how, 'litellm' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "tiktoken, o200k_base False"


@given(st.text(max_size=200))
@settings(deadline=None)
def test_every_text_is_counted(text):
    assert text_tokens("gpt-4o", text).tokens >= 0
    assert (text_tokens("claude-opus-5-5", text).tokens > 0) or not text.strip(" ")
