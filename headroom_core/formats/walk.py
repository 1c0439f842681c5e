"""The way through a request: its messages in order, and the blocks within each."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from headroom_core.blocks import Place, Shape
from headroom_core.formats.shapes import Reading, first_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = [
    "RESPONSE_KEYS",
    "SCHEMA_KEYS",
    "Row",
    "Side",
    "Spot",
    "as_data",
    "body_of",
    "levels_of",
    "rows",
    "spots",
    "stands_alone",
    "takes_setting",
]

RESPONSE_KEYS = ("functionResponse", "function_response")
SCHEMA_KEYS = (
    *("response_format", "text", "output_format", "output_config"),
    *("responseSchema", "response_schema", "responseJsonSchema", "response_json_schema"),
)
"""Where a request keeps the schema of its answer: OpenAI Chat and Responses, Anthropic, Gemini."""

_CONFIG_KEYS = ("generationConfig", "generation_config", "config")

_MESSAGE_KEYS = ("messages", "input", "contents")
_ENVELOPE_KEYS = ("body", "params", "request", "modelInput")
"""Where a line of a batch file keeps the request: OpenAI, Anthropic, Gemini, Bedrock."""

_DEEPEST = 4
"""Lists of blocks within one another. The formats need three: a message, its tool result, a document in that."""


class Side(Enum):
    """Who speaks in a message."""

    ASSISTANT = auto()
    USER = auto()
    TOOL = auto()
    SYSTEM = auto()


class Row(NamedTuple):
    """One message, or one item of a request that is not a message.

    Attributes:
        place: Path from the request.
        node: The message.
        side: Who speaks.
        siblings: The messages around it, or a list of its own.
        position: Its index there.
        sealed: The caller holds it as an object of an SDK; `node` is what that object stands for.
    """

    place: Place
    node: Any
    side: Side
    siblings: Sequence[Any]
    position: int
    sealed: bool = False


class Spot(NamedTuple):
    """One element of a message's content.

    Attributes:
        place: Path from the request.
        node: The element.
        siblings: The list it stands in, or a list of its own where none surrounds it.
        position: Its index there.
        result: The tool result around it (the message, item or block that names its call), else None.
        quoted: Words here are not the speaker's own: inside a tool result or a document.
        media_only: Neither text nor a second block may stand in this place.
        sealed: It stands in an object of an SDK, which is read and never edited.
    """

    place: Place
    node: Any
    siblings: Sequence[Any]
    position: int
    result: Mapping[str, Any] | None = None
    quoted: bool = False
    media_only: bool = False
    sealed: bool = False


def body_of(request: object) -> tuple[Place, Mapping[str, Any]]:
    """Find the request body, unwrapping a line of a batch file; an empty body for a bare list of messages."""
    if not isinstance(request, dict):
        return (), {}
    if not any(key in request for key in _MESSAGE_KEYS):
        for key in _ENVELOPE_KEYS:
            if isinstance(inner := request.get(key), dict):
                return (key,), inner
    return (), request


def levels_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List the places of a body that hold settings: the body itself, then Gemini's configurations in it."""
    return [body, *(inner for key in _CONFIG_KEYS if isinstance(inner := body.get(key), dict))]


def rows(request: object) -> Iterator[Row]:
    """Iterate over the messages of a request in order."""
    if isinstance(request, list | tuple):
        yield from _rows_of((), request)
        return
    prefix, body = body_of(request)
    listed = False
    for key in _MESSAGE_KEYS:
        if key in body:
            listed = True
            yield from _rows_of((*prefix, key), body[key])
    if not listed and body:  # one message by itself, such as the result of an MCP tool
        yield Row(prefix, body, _side(body), (body,), 0)


def spots(row: Row) -> Iterable[Spot]:
    """Iterate over the elements of a message's content, nested tool results and documents included, in order.

    Only lists that are known to hold content are entered: what a tool was given, or returned as data, is none.
    Content that is one string has no elements.
    """
    found = _within(row)
    return _and_nested(found) if found else found


def _and_nested(found: list[Spot]) -> Iterator[Spot]:
    stack = [(spot, 1) for spot in reversed(found)]
    while stack:
        spot, depth = stack.pop()
        yield spot
        if depth < _DEEPEST and isinstance(spot.node, dict):
            stack.extend((inner, depth + 1) for inner in reversed(_nested(spot)))


def as_data(node: Any) -> Any:
    """Read an SDK's own object as the JSON that it stands for; anything else, and what cannot be read, is itself.

    Callers put the answers of openai, anthropic, google-genai and litellm, which are pydantic models, into the next
    request. Passed over, such an answer would end no turn, and the words after it would reach the pictures before it.
    """
    if isinstance(node, dict | str | list | tuple) or not callable(dump := getattr(node, "model_dump", None)):
        return node
    try:
        data = dump(exclude_none=True, warnings=False)
    except Exception:  # noqa: BLE001
        return node  # whatever a foreign object raises, it is then one that says nothing
    return data if isinstance(data, dict) else node


def stands_alone(spot: Spot, shape: Shape) -> bool:
    """Tell whether the place of an image takes one image and nothing else."""
    return spot.media_only or shape is Shape.OPENAI_SCREENSHOT


def takes_setting(spot: Spot, reading: Reading) -> bool:
    """Tell whether the provider's own setting can be written on an image.

    The parts of a function response have no media resolution (google-genai, FunctionResponsePart, 2026-11).
    """
    return reading.settable and not (spot.media_only and reading.shape is Shape.GEMINI)


def _rows_of(place: Place, messages: object) -> Iterator[Row]:
    if isinstance(messages, list | tuple):
        for index, given in enumerate(messages):
            node = as_data(given)
            yield Row((*place, index), node, _side(node), messages, index, sealed=node is not given)
    elif isinstance(messages, dict | str):
        yield Row(place, messages, _side(messages), (messages,), 0)


_SIDES = {
    "assistant": Side.ASSISTANT,
    "model": Side.ASSISTANT,
    "ai": Side.ASSISTANT,
    "system": Side.SYSTEM,
    "developer": Side.SYSTEM,
    "tool": Side.TOOL,
    "function": Side.TOOL,
}
_ASSISTANT_ITEMS = frozenset(
    {"compaction", "mcp_approval_request", "mcp_list_tools", "reasoning", "tool_search_output"}
)


def _side(node: object) -> Side:
    """Tell who speaks: by the role, else by the type of an item (OpenAI Responses) or of a LangChain message."""
    if not isinstance(node, dict):
        return Side.USER
    role = node.get("role")
    if isinstance(role, str):
        return _SIDES.get(role, Side.USER)
    kind = node.get("type")
    if not isinstance(kind, str):
        return Side.USER
    if kind.endswith("_call") or kind in _ASSISTANT_ITEMS:
        return Side.ASSISTANT
    return Side.TOOL if kind.endswith("_output") else _SIDES.get(kind, Side.USER)


def _within(row: Row) -> list[Spot]:
    """List what stands directly in a message or item."""
    node = row.node
    if isinstance(node, dict):
        result = node if row.side is Side.TOOL else None
        found: list[Spot] = []
        for key in ("content", "parts", "output"):
            inner = node.get(key)
            if inner is not None and not isinstance(inner, str):
                found += _elements((*row.place, key), inner, result, quoted=result is not None, sealed=row.sealed)
        if found or "role" in node or not row.place:
            return found
    # A block where a message is usual: parts given directly, the content list of an MCP result.
    return [Spot(row.place, node, row.siblings, row.position, sealed=row.sealed)]


def _elements(
    place: Place,
    inner: object,
    result: Mapping[str, Any] | None,
    *,
    quoted: bool = True,
    media_only: bool = False,
    sealed: bool = False,
) -> list[Spot]:
    if isinstance(inner, list | tuple):
        return [
            Spot((*place, index), node, inner, index, result, quoted, media_only, sealed or node is not given)
            for index, given in enumerate(inner)
            for node in (as_data(given),)
        ]
    if isinstance(inner, dict):  # content by itself: a screenshot, the content of an MCP prompt
        return [Spot(place, inner, (inner,), 0, result, quoted, media_only=True, sealed=sealed)]
    return []


def _nested(spot: Spot) -> list[Spot]:
    """List the content inside a block that may hold some."""
    node, place = spot.node, spot.place
    kind = node.get("type")
    if kind == "tool_result":
        return _elements((*place, "content"), node.get("content"), node, sealed=spot.sealed)
    if kind == "document":
        source = node.get("source")
        if isinstance(source, dict) and source.get("type") == "content":
            return _elements((*place, "source", "content"), source.get("content"), spot.result, sealed=spot.sealed)
        return []
    if "type" in node:
        return []
    if isinstance(result := node.get("toolResult"), dict):
        return _elements((*place, "toolResult", "content"), result.get("content"), result, sealed=spot.sealed)
    if (key := first_key(node, RESPONSE_KEYS)) and isinstance(result := node[key], dict):
        # A function response takes media parts and no text (google-genai, FunctionResponsePart, 2026-11).
        return _elements((*place, key, "parts"), result.get("parts"), result, media_only=True, sealed=spot.sealed)
    return []
