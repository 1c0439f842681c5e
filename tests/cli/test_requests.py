"""`headroom compress --request FILE`: whole bodies in any wire format, and batch files."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.cli.json_text import respelled
from headroom_core.image import ImageCompressor
from tests.cli.conftest import GIST, Headroom
from tests.core.pictures import as_data_url


def chat(data: bytes, model: str = "gpt-4o") -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": as_data_url(data)}}
    return {"model": model, "messages": [{"role": "user", "content": [{"type": "text", "text": GIST}, picture]}]}


def responses(data: bytes) -> dict[str, Any]:
    content = [{"type": "input_text", "text": GIST}, {"type": "input_image", "image_url": as_data_url(data)}]
    return {"model": "gpt-5.4", "input": [{"role": "user", "content": content}]}


def claude(data: bytes) -> dict[str, Any]:
    source = {"type": "base64", "media_type": "image/jpeg", "data": base64.b64encode(data).decode()}
    picture = {"type": "image", "source": source, "cache_control": {"type": "ephemeral"}}
    return {
        "model": "claude-opus-5-5",
        "messages": [{"role": "user", "content": [picture, {"type": "text", "text": GIST}]}],
        "max_tokens": 9,
    }


def gemini(data: bytes) -> dict[str, Any]:
    picture = {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(data).decode()}}
    return {"contents": [{"role": "user", "parts": [{"text": GIST}, picture]}]}


def written(folder: Path, body: Any, name: str = "request.json") -> Path:
    path = folder / name
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    return path


@pytest.mark.parametrize("make", [chat, responses, claude, gemini])
def test_a_body_of_any_provider_becomes_what_the_library_makes_of_it(
    headroom: Headroom, tmp_path: Path, photo_bytes: bytes, make: Any
) -> None:
    body = make(photo_bytes)
    model = body.get("model", "gemini-3.8-flash")
    ran = headroom("compress", "--request", written(tmp_path, body), "-m", model, "-o", tmp_path / "new.json")
    assert ran.code == 0
    sent = json.loads((tmp_path / "new.json").read_text())
    assert sent == ImageCompressor().compress(body, None, model=model)
    assert sent != body
    assert f"{model}: " in ran.out


def test_the_model_that_the_body_names_is_taken(headroom: Headroom, tmp_path: Path, photo_bytes: bytes) -> None:
    ran = headroom("compress", "--request", written(tmp_path, claude(photo_bytes)), "--dry-run")
    assert "claude-opus-5-5: " in ran.out


def test_the_body_goes_to_the_output_stream_and_the_account_beside_it(
    headroom: Headroom, tmp_path: Path, photo_bytes: bytes
) -> None:
    ran = headroom("compress", "--request", written(tmp_path, chat(photo_bytes)))
    assert json.loads(ran.out) == ImageCompressor().compress(chat(photo_bytes))
    assert "image 1" in ran.err


def test_what_is_attached_again_is_counted_as_a_cost(headroom: Headroom, tmp_path: Path, photo_bytes: bytes) -> None:
    body = claude(photo_bytes)
    later = {"role": "user", "content": "How many leaves are there?"}
    body["messages"] += [{"role": "assistant", "content": "Calm."}, later]
    path = written(tmp_path, body)
    said = headroom("compress", "--request", path, "--dry-run").out
    assert "1 comes again with a later question" in " ".join(said.split())
    small, again = json.loads(headroom("compress", "--request", path, "--dry-run", "--json").out)
    assert again["tokens_after"] == small["tokens_before"]


def test_a_body_is_read_from_the_input_stream(headroom: Headroom, photo_bytes: bytes) -> None:
    ran = headroom("compress", "--request", "-", stdin=json.dumps(chat(photo_bytes)).encode())
    assert json.loads(ran.out) == ImageCompressor().compress(chat(photo_bytes))


def test_only_the_image_is_spelled_anew(headroom: Headroom, tmp_path: Path, photo_bytes: bytes) -> None:
    data = base64.b64encode(photo_bytes).decode()
    text = (
        '\ufeff{ "temperature" : 0.70, "seed": 1e2,\n\t"big": 123456789012345678901234567890.10, "note":"\\u00e9\\/é",'
        '"model":"claude-opus-5-5","messages": [ {"role":"user","content":[{"type":"image","source":{"type":"base64",'
        f'"media_type":"image/jpeg","data":"{data}"}},"cache_control":{{"type":"ephemeral", "ttl":1.0}}}},'
        '{"type":"text","text":"Wh\\u0061t is in this picture?"}]} ]\n}\r\n'
    )
    headroom("compress", "--request", written(tmp_path, text), "-o", tmp_path / "new.json")
    new = (tmp_path / "new.json").read_bytes().decode()
    (sent,) = [part for part in json.loads(new.removeprefix("\ufeff"))["messages"][0]["content"] if "source" in part]
    assert len(sent["source"]["data"]) < len(data)
    assert new.replace(sent["source"]["data"], data) == text


def test_a_request_that_stays_is_written_byte_for_byte(headroom: Headroom, tmp_path: Path, page_bytes: bytes) -> None:
    path = written(tmp_path, json.dumps(chat(page_bytes), indent=3))
    ran = headroom("compress", "--request", path)
    assert ran.out.encode() == path.read_bytes()
    assert "1 of 1 left alone." in ran.err


def test_a_request_without_pictures_is_said_so(headroom: Headroom, tmp_path: Path) -> None:
    path = written(tmp_path, {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]})
    ran = headroom("compress", "--request", path)
    assert (ran.code, ran.out) == (0, path.read_text())
    assert ran.err == "No pictures were looked at; the request stays as it is.\n"


class TestBatches:
    """Batch files, line by line."""

    def test_each_line_is_compressed_for_the_model_that_it_names(
        self, headroom: Headroom, tmp_path: Path, photo_bytes: bytes
    ) -> None:
        openai = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": chat(photo_bytes)}
        anthropic = {"custom_id": "b", "params": claude(photo_bytes)}
        untouched = '{"custom_id":"c",  "body": {"model": "gpt-4o", "messages": [], "top_p": 0.50}}\r\n'
        path = tmp_path / "batch.jsonl"
        path.write_bytes(f"{json.dumps(openai)}\n{untouched}\n{json.dumps(anthropic)}".encode())
        ran = headroom("compress", "--request", path, "-o", tmp_path / "new.jsonl", columns=100)
        lines = (tmp_path / "new.jsonl").read_bytes().decode().split("\n")
        compressor = ImageCompressor()
        assert ran.code == 0
        assert json.loads(lines[0]) == openai | {"body": compressor.compress(openai["body"])}
        assert lines[1] + "\n" == untouched
        assert lines[2] == ""
        assert json.loads(lines[3]) == anthropic | {"params": compressor.compress(anthropic["params"], None)}
        assert "a, image 1" in ran.out
        assert "2 models: " in ran.out

    def test_a_line_that_cannot_be_read_goes_on_as_it_came(
        self, headroom: Headroom, tmp_path: Path, photo_bytes: bytes
    ) -> None:
        path = tmp_path / "batch.jsonl"
        nameless = {"custom_id": "x", "body": chat(photo_bytes, "") | {"model": None}}
        path.write_bytes(b'{"custom_id": \n\xff\xfe\n' + json.dumps(nameless).encode() + b"\n7\n")
        ran = headroom("compress", "--request", path, "-o", tmp_path / "new.jsonl")
        assert ran.code == 1
        assert (tmp_path / "new.jsonl").read_bytes() == path.read_bytes()
        assert [line.partition(":")[0] for line in ran.err.splitlines()] == ["line 1", "line 2", "line 3", "line 4"]
        assert "it names no model" in ran.err

    def test_the_body_of_a_batch_call_is_compressed_request_by_request(
        self, headroom: Headroom, tmp_path: Path, photo_bytes: bytes, page_bytes: bytes
    ) -> None:
        batch = {"requests": [{"custom_id": "a", "params": claude(photo_bytes)}, {"custom_id": "b", "params": {}}]}
        ran = headroom("compress", "--request", written(tmp_path, batch), "--provider", "anthropic")
        assert json.loads(ran.out)["requests"] == [
            {"custom_id": "a", "params": ImageCompressor().compress(claude(photo_bytes), None)},
            {"custom_id": "b", "params": {}},
        ]

    def test_a_long_batch_shows_its_first_rows_and_the_sum_of_all(
        self, headroom: Headroom, tmp_path: Path, photo_bytes: bytes
    ) -> None:
        path = tmp_path / "batch.jsonl"
        path.write_text("".join(json.dumps({"custom_id": f"{n}", "body": chat(photo_bytes)}) + "\n" for n in range(50)))
        ran = headroom("compress", "--request", path, "--dry-run")
        assert "… and 10 more pictures" in ran.out
        assert "0 of 50 left alone." in ran.out
        assert len(json.loads(headroom("compress", "--request", path, "--dry-run", "--json").out)) == 50


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("r.json", "--json"), "--json and the request cannot both go to the output stream"),
        (("r.json", "-o", "r.json"), "'r.json' is the request itself"),
        (("r.json", "-o", "folder"), "cannot write 'folder': it is a folder"),
        (("r.json", "-o", "r.json/x"), "cannot write 'r.json/x': "),
        (("r.json", "picture.png"), "--request holds its own pictures"),
        (("none.json",), "cannot read 'none.json': no such file or directory"),
        (("text.json",), "'text.json': it is not JSON: "),
        (("number.json",), "'number.json': it is JSON, but no request"),
        (("nameless.json",), "'nameless.json': it names no model"),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(
    headroom: Headroom,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page_bytes: bytes,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name, body in (("r", chat(page_bytes)), ("text", "a note"), ("number", "7"), ("nameless", {"messages": []})):
        written(tmp_path, body, f"{name}.json")
    before = sorted(path.name for path in tmp_path.iterdir())
    ran = headroom("compress", "--request", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"headroom: {words}")
    assert ran.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_an_earlier_result_stays_until_the_new_one_is_whole(
    headroom: Headroom, tmp_path: Path, photo_bytes: bytes
) -> None:
    out = written(tmp_path, "an earlier result", "new.json")
    assert headroom("compress", "--request", written(tmp_path, "no JSON"), "-o", out).code == 2
    assert out.read_text() == "an earlier result"
    headroom("compress", "--request", written(tmp_path, chat(photo_bytes)), "-o", out)
    assert json.loads(out.read_text())["model"] == "gpt-4o"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.json", "request.json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.randoms(use_true_random=False), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_new_text_says_what_the_new_value_is(value: Any, rng: Any, indent: Any, ascii_only: bool) -> None:
    """Whatever is replaced, added, removed or moved, the text parses to the new value."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    old = json.loads(text)

    def changed(node: Any) -> Any:
        if rng.random() < 0.2:
            return rng.choice(["new", {"a": [1]}, [], None, 2.5])
        if isinstance(node, dict):
            items = [(key, changed(item)) for key, item in node.items() if rng.random() < 0.9]
            return dict([*items, ("added", 1)] if rng.random() < 0.3 else items)
        if isinstance(node, list):
            return [changed(item) for item in node] + (["more"] if rng.random() < 0.2 else [])
        return node

    new = changed(old)
    assert json.loads(respelled(text, old, new)) == new
    assert respelled(text, old, old) == text


def test_of_a_key_written_twice_the_last_one_counts() -> None:
    old = json.loads(text := '{"a": 1, "a": {"b": 2}}')
    assert respelled(text, old, {"a": {"b": 3}}) == '{"a": 1, "a": {"b": 3}}'
