"""What the answer must hold: the fields of its schema, in words.

A schema asks as a question does: "Describe the scene." with a field `serial_number` is a request to read. Like tools, a
schema and a forced tool count for every picture of the request, earlier ones too. They are constant in a conversation:
a change of either makes Anthropic read all messages anew (docs.anthropic.com prompt caching, structured outputs), and
OpenAI places the schema before the first message (platform.openai.com prompt caching; 2026-11).
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from headroom_core.formats.walk import SCHEMA_KEYS, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["answer_fields"]

_PIECE = 300
"""The most characters of one piece: a short question, so that a router reads every word of it."""
_MOST_CHARACTERS = 10_000
_MOST_NODES = 20_000

_DATA_KEYS = frozenset({"const", "default", "enum", "example", "examples", "required"})
_CHOICE_KEYS = ("tool_choice", "function_call")
_TOOL_CONFIG_KEYS = ("toolConfig", "tool_config")
_INNER_CHOICE_KEYS = ("toolChoice", "functionCallingConfig", "function_calling_config")
_NAMES_KEYS = ("allowedFunctionNames", "allowed_function_names")
_LIST_KEYS = ("tools", "functions")
_WRAPPERS = ("function", "functionDeclarations", "function_declarations", "toolSpec", "tools")
_ANY = frozenset({"any", "required"})
_FREE = frozenset({"auto", "none", "validated"})

_BREAKS = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+")
_SHORT = {
    "amt": "amount",
    "dob": "date of birth",
    "n": "number of",
    "nr": "number of",
    "num": "number of",
    "qty": "quantity",
    "sku": "product code",
    "vin": "serial number",
}


def answer_fields(
    body: Mapping[str, Any], *, tools: object = None, response_format: object = None
) -> tuple[str, ...] | None:
    """Read the names and descriptions of the fields that the answer must fill in.

    They stand in a schema of the answer (OpenAI Chat and Responses, Anthropic, Gemini) or in the tools that the model
    is made to call, by name or because it must call some tool. Names are split into words.

    Args:
        body: The request body, in any format; may be empty.
        tools: Tools beside the body, in any provider's or MCP's form.
        response_format: The schema of the answer beside the body.

    Returns:
        Pieces of at most 300 characters, names before descriptions, a line each; None for more than can be read.
    """
    levels = levels_of(body)
    schemas = [level[key] for level in levels for key in SCHEMA_KEYS if key in level]
    names: dict[str, None] = {}
    descriptions: dict[str, None] = {}
    stack = [response_format, *schemas, *_forced(levels, tools)]
    for _ in range(_MOST_NODES):
        if not stack:
            return _pieces(names, descriptions)
        _take(stack.pop(), stack, names, descriptions)
    return None


def _take(node: Any, stack: list[Any], names: dict[str, None], descriptions: dict[str, None]) -> None:
    """Note the fields of one part of a schema, and push what stands in it."""
    if isinstance(node, list | tuple):
        stack.extend(node)
    if not isinstance(node, dict):
        return
    fields = node.get("properties")
    if isinstance(fields, dict):
        names.update((_split(name), None) for name in fields if isinstance(name, str))
        stack.extend(fields.values())
    if isinstance(text := node.get("description"), str):
        descriptions[text] = None
    kept = _DATA_KEYS | {"properties"} if isinstance(fields, dict) else _DATA_KEYS
    stack.extend(value for key, value in node.items() if key not in kept)


def _split(name: str) -> str:
    words = _BREAKS.sub(" ", name[: _MOST_CHARACTERS + 1]).split()
    return " ".join(_SHORT.get(word.lower(), word) for word in words)


def _pieces(names: Iterable[str], descriptions: Iterable[str]) -> tuple[str, ...] | None:
    lines = [*names], [*descriptions]
    if sum(len(line) + 1 for kind in lines for line in kind) > _MOST_CHARACTERS:
        return None
    return tuple(piece for kind in lines for piece in _grouped(kind))


def _grouped(lines: list[str]) -> Iterator[str]:
    """Put as many whole lines into one piece as it takes."""
    piece = ""
    for line in (part for text in lines for part in textwrap.wrap(_readable(text), _PIECE)):
        if piece and len(piece) + len(line) >= _PIECE:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    if piece:
        yield piece


def _readable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _forced(levels: list[Mapping[str, Any]], beside: object) -> list[Any]:
    """List the definitions of the tools that the model is made to call, one of them at least."""
    inner = [config for level in levels for key in _TOOL_CONFIG_KEYS if isinstance(config := level.get(key), dict)]
    choices = [level[key] for level in levels for key in _CHOICE_KEYS if key in level]
    choices += [config[key] for config in inner for key in _INNER_CHOICE_KEYS if key in config]
    named = {name for choice in choices for name in _names_of(choice)}
    if not named:
        return []
    offered = [beside, *(level[key] for level in (*levels, *inner) for key in _LIST_KEYS if key in level)]
    return [tool for tool in _definitions(offered) if tool["name"] in named or not _ANY.isdisjoint(named)]


def _names_of(choice: Any) -> list[str]:
    """Name the tools that a choice forces; `any` where it leaves open which, nothing where it leaves open whether."""
    if isinstance(choice, str):
        return [] if choice.lower() in _FREE else [choice]
    if not isinstance(choice, dict) or _kind_of(choice) in _FREE:
        return []
    if "allowed_tools" in choice:
        return _names_of(choice["allowed_tools"])
    lists = [items for key in (*_NAMES_KEYS, "tools") if isinstance(items := choice.get(key), list)]
    names = [name for items in lists for name in items if isinstance(name, str)]
    names += [item["name"] for item in _definitions([choice, choice.get("tool"), *lists])]
    is_any = "any" in choice or _kind_of(choice) in _ANY
    return names or (["any"] if is_any else [])


def _kind_of(choice: dict[Any, Any]) -> str:
    kind = choice.get("mode", choice.get("type"))
    return kind.lower() if isinstance(kind, str) else ""


def _definitions(offered: list[Any]) -> Iterator[dict[str, Any]]:
    """Find the definitions of tools in any provider's list of them."""
    stack = offered
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, list | tuple):
            stack.extend(node)
        elif isinstance(node, dict):
            if isinstance(node.get("name"), str):
                yield node
            stack.extend(node[key] for key in _WRAPPERS if key in node)
