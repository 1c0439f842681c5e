"""Random conversations in every wire shape, for tests of laws.

`conversations()` draws what is said (turns, words, pictures, tool calls) and renders it in one dialect. The rendered
`messages` may be cut at any of `ends`, where a turn ends; `body()` gives the whole request.
"""

from __future__ import annotations

import base64
import functools
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]


@functools.lru_cache(maxsize=256)
def png(width: int, height: int, shade: int = 0) -> bytes:
    """Draw a gray PNG: diagonal stripes whose pitch and tone depend on the shade."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    pitch = 3 + shade % 7
    line = bytes((40 + shade * 37 % 180 + x % pitch * 5) % 256 for x in range(width + pitch))
    raw = b"".join(b"\0" + line[y % pitch : y % pitch + width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


@dataclass(frozen=True)
class Image:
    """A picture that somebody sends: inline bytes, or a URL."""

    inline: bytes | None = field(repr=False)
    url: str = "https://example.com/a.png"
    extras: tuple[tuple[str, Any], ...] = ()

    @property
    def b64(self) -> str:
        return base64.b64encode(self.inline or b"").decode()

    @property
    def any_url(self) -> str:
        return self.url if self.inline is None else f"data:image/png;base64,{self.b64}"


@dataclass(frozen=True)
class Saying:
    """One turn: what the assistant did before it, what came of that, and what the user says."""

    words: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    call: tuple[str, str, str] | None = None
    """Name, id and an argument of the tool call that opens the turn."""
    answer: str = "ok"
    result_images: tuple[Image, ...] = ()
    names: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Conversation:
    """A rendered conversation."""

    dialect: str
    key: str
    messages: list[Any] = field(repr=False)
    ends: tuple[int, ...]
    sayings: tuple[Saying, ...] = field(repr=False, default=())

    def body(self, count: int | None = None, **more: Any) -> Json:
        """Wrap the first `count` messages (all by default) in a request body."""
        return {"model": "m", self.key: self.messages[:count], **more}


_words = st.one_of(
    st.sampled_from(
        ["What is this?", "Read the total.", "¿Qué ves?", "图里有什么？", "tall \ud800 tale", "describe it briefly", ""]
    ),
    st.text(max_size=30),
)
_markers = st.sampled_from(
    [(), (), (), (("cache_control", {"type": "ephemeral"}),), (("x_unknown", {"k": [1, None]}),)]
)


def images(sizes: st.SearchStrategy[tuple[int, int]] | None = None) -> st.SearchStrategy[Image]:
    """Pictures of the given sizes (small by default), three in four inline."""
    sized = sizes or st.sampled_from([(1, 1), (3, 2), (16, 16), (40, 9)])
    data = st.one_of(
        *[st.builds(lambda size, shade: png(*size, shade), sized, st.integers(0, 5)) for _ in range(3)], st.none()
    )
    url = st.sampled_from(["https://example.com/a.png", "http://127.0.0.1:9/b?x=1", "file:///etc/hosts"])
    return st.builds(Image, data, url, _markers)


def sayings(sizes: st.SearchStrategy[tuple[int, int]] | None = None) -> st.SearchStrategy[tuple[Saying, ...]]:
    """What is said in one conversation, turn by turn."""
    some = st.lists(images(sizes), max_size=2).map(tuple)
    call = st.one_of(
        st.none(),
        st.tuples(
            st.sampled_from(["shot", "look_up", "fetch"]), st.sampled_from(["t1", "t2", "t3"]), st.text(max_size=8)
        ),
    )
    turn = st.builds(
        Saying,
        words=st.lists(_words, max_size=2).map(tuple),
        images=some,
        call=call,
        answer=st.text(max_size=10),
        result_images=some,
        names=st.sampled_from([(), (("name", "ann"),), (("x_row", 1),)]),
    )
    return st.lists(turn, min_size=1, max_size=4).map(tuple)


@st.composite
def conversations(
    draw: st.DrawFn,
    dialects: tuple[str, ...] | None = None,
    sizes: st.SearchStrategy[tuple[int, int]] | None = None,
) -> Conversation:
    """A conversation in one of the dialects (all by default), with pictures of the given sizes (small by default)."""
    name = draw(st.sampled_from(dialects or tuple(DIALECTS)))
    return render(name, draw(sayings(sizes)))


def render(name: str, said: tuple[Saying, ...]) -> Conversation:
    """Write down in one dialect what is said."""
    key, write = DIALECTS[name]
    messages: list[Any] = []
    ends = []
    for index, saying in enumerate(said):
        messages += write(saying, first=index == 0)
        ends.append(len(messages))
    return Conversation(name, key, messages, tuple(ends), said)


def without(value: Any, key: str) -> Any:
    """Copy JSON without a key, wherever it stands."""
    if isinstance(value, dict):
        return {name: without(inner, key) for name, inner in value.items() if name != key}
    return [without(inner, key) for inner in value] if isinstance(value, list) else value


def _chat_image(image: Image) -> Json:
    return {"type": "image_url", "image_url": {"url": image.any_url}, **dict(image.extras)}


def _chat_string_image(image: Image) -> Json:
    return {"type": "image_url", "image_url": image.any_url, **dict(image.extras)}


def _anthropic_image(image: Image) -> Json:
    source = {"type": "url", "url": image.url}
    if image.inline is not None:
        source = {"type": "base64", "media_type": "image/png", "data": image.b64}
    return {"type": "image", "source": source, **dict(image.extras)}


def _langchain_v1_image(image: Image) -> Json:
    if image.inline is None:
        return {"type": "image", "url": image.url, **dict(image.extras)}
    return {"type": "image", "base64": image.b64, "mime_type": "image/png", **dict(image.extras)}


def _langchain_v0_image(image: Image) -> Json:
    if image.inline is None:
        return {"type": "image", "source_type": "url", "url": image.url, **dict(image.extras)}
    return {"type": "image", "source_type": "base64", "data": image.b64, "mime_type": "image/png", **dict(image.extras)}


def _langchain_media(image: Image) -> Json:
    if image.inline is None:
        return {"type": "media", "file_uri": image.url, "mime_type": "image/png", **dict(image.extras)}
    return {"type": "media", "data": image.inline, "mime_type": "image/png", **dict(image.extras)}


def _inline_in_content(image: Image) -> Json:
    if image.inline is None:
        return {"fileData": {"mimeType": "image/png", "fileUri": image.url}, **dict(image.extras)}
    return {"inlineData": {"mimeType": "image/png", "data": image.b64}, **dict(image.extras)}


def _mcp_image(image: Image) -> Json:
    if image.inline is None:
        return {"type": "resource_link", "uri": image.url, "name": "a", "mimeType": "image/png"}
    return {"type": "image", "data": image.b64, "mimeType": "image/png", **dict(image.extras)}


def _mcp_resource(image: Image) -> Json:
    inner = {"uri": "x://a", "mimeType": "image/png", "blob": image.b64}
    return {"type": "resource", "resource": inner, **dict(image.extras)} if image.inline else _mcp_image(image)


def _chat(block: Callable[[Image], Json]) -> Callable[..., list[Any]]:
    """Messages with `role`, `content`, `tool_calls` and tool rows: OpenAI Chat, LangChain, MCP and the like."""

    def write(saying: Saying, *, first: bool) -> list[Any]:
        rows: list[Any] = [{"role": "system", "content": "Be brief."}] if first else []
        if not first or saying.call:
            rows.append({"role": "assistant", "content": saying.answer})
        if saying.call:
            name, call_id, value = saying.call
            function = {"name": name, "arguments": json.dumps({"q": value})}
            rows[-1]["tool_calls"] = [{"id": call_id, "type": "function", "function": function}]
            content = [{"type": "text", "text": "done"}, *map(block, saying.result_images)]
            rows.append({"role": "tool", "tool_call_id": call_id, "content": content})
        if saying.words or saying.images:
            content = [{"type": "text", "text": text} for text in saying.words]
            rows.append({"role": "user", "content": [*content, *map(block, saying.images)], **dict(saying.names)})
        elif not saying.call:
            rows.append({"role": "user", "content": "plain"})
        return rows

    return write


def _anthropic(saying: Saying, *, first: bool) -> list[Any]:
    rows: list[Any] = []
    content: list[Json] = []
    if not first or saying.call:
        rows.append({"role": "assistant", "content": [{"type": "text", "text": saying.answer}]})
    if saying.call:
        name, call_id, value = saying.call
        rows[-1]["content"].append({"type": "tool_use", "id": call_id, "name": name, "input": {"q": value}})
        inner = [*map(_anthropic_image, saying.result_images), {"type": "text", "text": "done"}]
        content.append({"type": "tool_result", "tool_use_id": call_id, "content": inner})
    content += [*map(_anthropic_image, saying.images), *({"type": "text", "text": text} for text in saying.words)]
    rows.append({"role": "user", "content": content or "plain", **dict(saying.names)})
    return rows


def _responses_image(image: Image) -> Json:
    return {"type": "input_image", "image_url": image.any_url, **dict(image.extras)}


def _responses(saying: Saying, *, first: bool) -> list[Any]:
    rows: list[Any] = []
    if not first or saying.call:
        rows.append(
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": saying.answer}]}
        )
    if saying.call:
        name, call_id, value = saying.call
        arguments = json.dumps({"q": value})
        rows.append({"type": "reasoning", "id": "rs_1", "summary": []})
        rows.append({"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments})
        output = [{"type": "input_text", "text": "done"}, *map(_responses_image, saying.result_images)]
        rows.append({"type": "function_call_output", "call_id": call_id, "output": output})
    content = [{"type": "input_text", "text": text} for text in saying.words]
    rows.append({"role": "user", "content": [*content, *map(_responses_image, saying.images)], **dict(saying.names)})
    return rows


def _computer(saying: Saying, *, first: bool) -> list[Any]:
    """Like `_responses`, with computer calls: each takes one picture of the screen."""
    if not saying.call or not saying.result_images:
        return _responses(saying, first=first)
    screen = {"type": "computer_screenshot", "image_url": saying.result_images[0].any_url}
    call_id = saying.call[1]
    return [
        {"type": "computer_call", "call_id": call_id, "action": {"type": "wait"}},
        {"type": "computer_call_output", "call_id": call_id, "output": screen},
    ]


def _gemini_part(snake: bool) -> Callable[[Image], Json]:
    names = (
        ("inline_data", "file_data", "mime_type", "file_uri")
        if snake
        else ("inlineData", "fileData", "mimeType", "fileUri")
    )

    def write(image: Image) -> Json:
        inline, file, mime, uri = names
        if image.inline is None:
            return {file: {mime: "image/png", uri: image.url}, **dict(image.extras)}
        return {inline: {mime: "image/png", "data": image.inline if snake else image.b64}, **dict(image.extras)}

    return write


def _gemini(*, snake: bool) -> Callable[..., list[Any]]:
    part = _gemini_part(snake)
    call_key, response_key = ("function_call", "function_response") if snake else ("functionCall", "functionResponse")

    def write(saying: Saying, *, first: bool) -> list[Any]:
        rows: list[Any] = []
        parts: list[Json] = []
        if not first or saying.call:
            rows.append({"role": "model", "parts": [{"text": saying.answer}]})
        if saying.call:
            name, _, value = saying.call
            rows[-1]["parts"].append({call_key: {"name": name, "args": {"q": value}}})
            inner = {"name": name, "response": {"output": "done"}, "parts": [*map(part, saying.result_images)]}
            parts.append({response_key: inner})
        parts += [*map(part, saying.images), *({"text": text} for text in saying.words)]
        rows.append({"role": "user", "parts": parts, **dict(saying.names)})
        return rows

    return write


def _bedrock_image(image: Image) -> Json:
    source = {"s3Location": {"uri": "s3://bucket/a.png"}} if image.inline is None else {"bytes": image.inline}
    return {"image": {"format": "png", "source": source}, **dict(image.extras)}


def _bedrock(saying: Saying, *, first: bool) -> list[Any]:
    rows: list[Any] = []
    content: list[Json] = []
    if not first or saying.call:
        rows.append({"role": "assistant", "content": [{"text": saying.answer}]})
    if saying.call:
        name, call_id, value = saying.call
        rows[-1]["content"].append({"toolUse": {"toolUseId": call_id, "name": name, "input": {"q": value}}})
        inner = [{"text": "done"}, *map(_bedrock_image, saying.result_images)]
        content.append({"toolResult": {"toolUseId": call_id, "content": inner}})
    content += [*map(_bedrock_image, saying.images), *({"text": text} for text in saying.words)]
    rows.append({"role": "user", "content": content, **dict(saying.names)})
    return rows


DIALECTS: dict[str, tuple[str, Callable[..., list[Any]]]] = {
    "openai_chat": ("messages", _chat(_chat_image)),
    "openai_chat_string": ("messages", _chat(_chat_string_image)),
    "openai_responses": ("input", _responses),
    "openai_computer": ("input", _computer),
    "anthropic": ("messages", _anthropic),
    "gemini": ("contents", _gemini(snake=False)),
    "gemini_snake": ("contents", _gemini(snake=True)),
    "inline_in_content": ("messages", _chat(_inline_in_content)),
    "bedrock": ("messages", _bedrock),
    "langchain_v1": ("messages", _chat(_langchain_v1_image)),
    "langchain_v0": ("messages", _chat(_langchain_v0_image)),
    "langchain_media": ("messages", _chat(_langchain_media)),
    "mcp": ("messages", _chat(_mcp_image)),
    "mcp_resource": ("messages", _chat(_mcp_resource)),
}
"""Name of each dialect: the key of its messages in a body, and how it writes a turn."""
