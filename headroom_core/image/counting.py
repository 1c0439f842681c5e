"""What a whole request costs: its pictures by the model's rule, its words by the tokenizer at hand or an estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any, Final, NamedTuple

from headroom_core import formats
from headroom_core.blocks import ImageBlock, Place
from headroom_core.errors import ImageError
from headroom_core.formats.compact import compact
from headroom_core.formats.walk import body_of, rows, spots
from headroom_core.image.header import PEEK_BYTES, peek_header, read_header
from headroom_core.tokens import Catalogue, Exactness, TokenCount, VisionProfile, resolve, text_tokens

__all__ = ["UNSEEN", "ImageCount", "RequestCount", "count_request", "without_images"]

Size = tuple[int, int]

UNSEEN: Final[Size] = (1024, 1024)
"""Width and height that a picture is taken for whose header cannot be read here: one behind a URL, or a broken one."""


@dataclass(frozen=True, slots=True)
class ImageCount:
    """What one image of a request costs.

    Attributes:
        place: Path from the request to the image's block.
        count: Its tokens, and how sure they are: `assumed` for a picture that cannot be read here.
        size: Width and height in pixels after EXIF rotation; None where they are not known and `UNSEEN` was taken.
        unread: Why its size is not known, else None.
    """

    place: Place
    count: TokenCount
    size: Size | None = None
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class RequestCount:
    """What a request costs.

    Attributes:
        model: Name of the row of data that priced the images.
        text_tokens: Tokens of words, tools and the provider's own framing.
        text_exactness: `exact` where the model's own tokenizer counted plain messages, else `approx`.
        images: The images in order, each with its own exactness.
        unmeasured: Parts that are neither words nor pictures (audio, video, PDF), which are not counted.
    """

    model: str
    text_tokens: int
    text_exactness: Exactness
    images: tuple[ImageCount, ...] = ()
    unmeasured: int = 0

    @property
    def image_tokens(self) -> int:
        """Tokens of all images."""
        return sum(image.count.tokens for image in self.images)

    @property
    def tokens(self) -> int:
        """Tokens of the request."""
        return self.text_tokens + self.image_tokens

    @property
    def exactness(self) -> Exactness:
        """How far the count of the images can be trusted: as far as that of the least certain one."""
        return _least(image.count.exactness for image in self.images)

    @property
    def rejected(self) -> tuple[str, ...]:
        """Why the provider would refuse the request for its images; empty where it would take them."""
        return tuple(image.count.rejected for image in self.images if image.count.rejected is not None)


def count_request(
    request: Any,
    *,
    model: str | None = None,
    provider: str | None = None,
    catalogue: Catalogue | None = None,
    cache_dir: str | PathLike[str] | None = None,
) -> RequestCount:
    """Count a request before it is sent. Nothing is fetched, and content never raises.

    Images: the size by the picture's own header, the provider's setting as the request has it, the price by the model's
    row. A picture behind a URL or a file id, or one that cannot be read, counts as one of `UNSEEN` pixels and is
    `assumed`.

    Words: the text of each block, calls and results of tools, the system text, and the tools as JSON; with them 4
    tokens a message and 3 for the start of the answer, as OpenAI documents for its chat models (OpenAI Cookbook, "How
    to count tokens with tiktoken", read 2026-11-20). Other providers do not publish theirs.

    Args:
        request: A list of messages or a whole request body, in any wire shape.
        model: The model's name as people write it; by default the one that the request body names.
        provider: Who serves the model, where its name does not say.
        catalogue: Rows and aliases of your own, besides the built-in ones.
        cache_dir: Where tiktoken's files lie.

    >>> count_request([{"role": "user", "content": "Is there a dog?"}], model="claude-opus-5-5").image_tokens
    0
    """
    named = model or body_of(request)[1].get("model")
    profile = resolve(named if isinstance(named, str) else None, provider=provider, catalogue=catalogue)
    blocks = formats.find(request)
    words, exactness = _count_words(request, profile, cache_dir)
    images = tuple(_count_image(block, profile) for block in blocks)
    return RequestCount(profile.name, words, exactness, images, _unmeasured(request, {block.place for block in blocks}))


def without_images(request: Any, blocks: Sequence[ImageBlock]) -> Any:
    """Return JSON-like data without these blocks; what holds none of them is the same object."""
    return _without(request, {block.place for block in blocks})


def _without(value: Any, places: set[Place]) -> Any:
    if not places:
        return value
    if isinstance(value, Mapping):
        return {key: _without(item, _below(places, key)) for key, item in value.items() if (key,) not in places}
    return [_without(item, _below(places, index)) for index, item in enumerate(value) if (index,) not in places]


def _below(places: set[Place], key: str | int) -> set[Place]:
    return {place[1:] for place in places if place[0] == key}


# Images.


def _count_image(block: ImageBlock, profile: VisionProfile) -> ImageCount:
    try:
        size, unread = _size_of(block), None
    except ImageError as error:
        size, unread = None, f"{error}"
    count = profile.count(*(size or UNSEEN), block.setting)
    if size is None:
        unread = unread or "the picture is behind a URL or a file id, which is never fetched"
        count = replace(count, exactness=Exactness.ASSUMED, rejected=None)
    return ImageCount(block.place, count, size, unread)


def _size_of(block: ImageBlock) -> Size | None:
    if block.payload is None:
        return None
    header = peek_header(formats.payload_head(block, PEEK_BYTES))
    return (header if header is not None else read_header(formats.payload_bytes(block))).size


# Words.

_PER_MESSAGE: Final = 4
"""Three tokens around each message, and one for the role."""
_ANSWER_START: Final = 3
_DEEPEST: Final = 16
_LONGEST_JSON: Final = 2_000_000

_WORDS: Final = frozenset(
    {
        *("content", "context", "document", "name", "output", "parts", "reasoning", "reasoning_content", "refusal"),
        *("resource", "result", "summary", "text", "thinking", "title"),
        *("function", "functionCall", "functionResponse", "function_call", "function_response"),
        *("toolResult", "toolUse", "tool_calls"),
    }
)
"""Keys of messages and blocks under which words stand. Ids, signatures and payloads are none."""
_STRUCTURED: Final = frozenset({"action", "args", "arguments", "input", "json", "response"})
"""Keys under which a tool's arguments or results stand."""
_SYSTEM: Final = ("instructions", "system", "systemInstruction", "system_instruction")
_CONFIGS: Final = ("config", "generationConfig", "generation_config")
_SCHEMAS: Final = ("functions", "response_format", "responseSchema", "toolConfig", "tool_config", "tools")
_MEDIA_TYPES: Final = ("audio", "document", "file", "input_audio", "input_file", "media", "video")
_MEDIA_KEYS: Final = ("audio", "document", "fileData", "file_data", "inlineData", "inline_data", "video")


class _Words(NamedTuple):
    text: str
    plain: bool = True


def _count_words(request: Any, profile: VisionProfile, cache_dir: str | PathLike[str] | None) -> tuple[int, Exactness]:
    model, provider = profile.model or profile.name, profile.provider
    messages = list(rows(request))
    total = _PER_MESSAGE * len(messages) + _ANSWER_START if messages else 0
    certain = [text_tokens(model, "", provider=provider, cache_dir=cache_dir).exactness]
    for words in _all_words(request, [row.node for row in messages]):
        count = text_tokens(model, words.text, provider=provider, cache_dir=cache_dir)
        total += count.tokens
        certain.append(count.exactness if words.plain else Exactness.APPROX)
    return total, _least(certain)


def _all_words(request: Any, messages: list[Any]) -> Iterator[_Words]:
    for message in messages:
        yield from _words_in(message)
    _, body = body_of(request)
    for level in (body, *(inner for key in _CONFIGS if isinstance(inner := body.get(key), Mapping))):
        for key in _SYSTEM:
            yield from _words_in(level.get(key))
        for key in _SCHEMAS:
            if level.get(key):
                yield _as_json(level[key])


def _words_in(node: object, depth: int = 0) -> Iterator[_Words]:
    if isinstance(node, str):
        yield _Words(node)
    elif depth <= _DEEPEST and isinstance(node, list | tuple):
        for item in node:
            yield from _words_in(item, depth + 1)
    elif depth <= _DEEPEST and isinstance(node, Mapping):
        for key, inner in node.items():
            yield from _words_under(key, inner, depth + 1)


def _words_under(key: object, inner: object, depth: int) -> Iterator[_Words]:
    if key in _WORDS:
        yield from _words_in(inner, depth)
    elif key == "source":
        yield from _words_in(_document_text(inner), depth)
    elif key in _STRUCTURED and inner is not None:
        yield _Words(inner, plain=False) if isinstance(inner, str) else _as_json(inner)


def _document_text(source: object) -> object:
    """What a document of Anthropic says in words: its text, or its blocks; nothing for a PDF."""
    if isinstance(source, Mapping) and source.get("type") in ("text", "content"):
        return source.get("data") or source.get("content")
    return None


def _as_json(value: object) -> _Words:
    return _Words(compact(value, _LONGEST_JSON), plain=False)


def _unmeasured(request: Any, pictures: set[Place]) -> int:
    parts = (spot for row in rows(request) for spot in spots(row) if spot.place not in pictures)
    return sum(_carries_media(spot.node) for spot in parts)


def _carries_media(node: object) -> bool:
    if not isinstance(node, Mapping) or any(words.text for words in _words_in(node)):
        return False
    return node.get("type") in _MEDIA_TYPES or ("type" not in node and any(key in node for key in _MEDIA_KEYS))


_CERTAIN: Final = tuple(Exactness)


def _least(certain: Iterator[Exactness] | list[Exactness]) -> Exactness:
    """The least certain of these, `exact` if there are none."""
    return max(certain, key=_CERTAIN.index, default=Exactness.EXACT)
