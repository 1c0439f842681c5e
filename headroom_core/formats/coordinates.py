"""Does a request work with pixel coordinates? Then a change of size would move every answer.

Claude and OpenAI answer in pixels of the picture as sent or as scaled: clicks and boxes break when it is resized
(docs.anthropic.com computer use; platform.openai.com images and vision, computer use; 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from headroom_core.formats.walk import SCHEMA_KEYS, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["call_points", "item_points", "request_points"]

_COMPUTER_TYPES = ("computer", "browser_toolset")
_COMPUTER_KEYS = frozenset({"computer_use", "computerUse"})
_COMPUTER_ITEMS = frozenset({"computer_call", "computer_call_output", "computer_screenshot"})
_POINTING_WORDS = frozenset(
    {"click", "computer", "dblclick", "doubleclick", "drag", "longpress", "mouse", "swipe", "tap"}
)
_PLACE_KEYS = frozenset(
    {
        *("bbox", "bboxes", "boundingbox", "boundingboxes", "box2d", "boxes2d"),
        *("coord", "coordinate", "coordinates", "coords", "point", "points"),
    }
)
_PLACE_PAIRS = (("x", "y"), ("x1", "y1"), ("xmin", "ymin"), ("startx", "starty"))
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_JSON_KEY = re.compile(r'"(\w{1,30})"\s*:')

_TOOL_KEYS = ("tools", "functions", "toolConfig")
_BETA_KEYS = ("betas", "anthropic_beta")
_MOST_NODES = 50_000


def request_points(body: Mapping[str, Any], *, tools: object = None, response_format: object = None) -> bool:
    """Tell whether the model, the tools or the answer's schema of a request deal in coordinates.

    Args:
        body: The request body, in any format; may be empty.
        tools: Tools beside the body, in any provider's or MCP's form.
        response_format: The schema of the answer beside the body.
    """
    model = body.get("model")
    if isinstance(model, str) and "computer-use" in model.lower():
        return True
    if any("computer-use" in str(beta)[:60] for key in _BETA_KEYS for beta in _list(body.get(key))):
        return True
    given = [level[key] for level in levels_of(body) for key in (*_TOOL_KEYS, *SCHEMA_KEYS) if key in level]
    return _deal_in_coordinates([tools, response_format, *given])


def item_points(block: object) -> bool:
    """Tell whether a block or item belongs to OpenAI's computer use."""
    kind = block.get("type") if isinstance(block, dict) else None
    return isinstance(kind, str) and kind in _COMPUTER_ITEMS


def call_points(name: object, arguments: object) -> bool:
    """Tell whether a tool call clicks, drags or names a place, by its name or by the keys of its arguments."""
    if isinstance(name, str) and _is_pointing(name):
        return True
    if isinstance(arguments, str):
        return _name_a_place(_JSON_KEY.findall(arguments[:2000]))
    return isinstance(arguments, dict) and _name_a_place(arguments)


def _list(value: object) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else ()


def _deal_in_coordinates(values: list[Any]) -> bool:
    """Search definitions of tools and schemas, however they nest; one too large to search counts as dealing in them."""
    stack = values
    for _ in range(_MOST_NODES):
        if not stack:
            return False
        node = stack.pop()
        if isinstance(node, dict):
            if _definition_points(node):
                return True
            stack.extend(node.values())
        elif isinstance(node, list | tuple):
            stack.extend(node)
    return True


def _definition_points(node: dict[Any, Any]) -> bool:
    kind, name, properties = node.get("type"), node.get("name"), node.get("properties")
    return (
        (isinstance(kind, str) and kind.startswith(_COMPUTER_TYPES))
        or (isinstance(name, str) and _is_pointing(name))
        or not _COMPUTER_KEYS.isdisjoint(node)
        or (isinstance(properties, dict) and _name_a_place(properties))
    )


def _is_pointing(name: str) -> bool:
    return any(word.lower() in _POINTING_WORDS for word in _WORD.findall(name[:200]))


def _name_a_place(keys: Iterable[Any]) -> bool:
    plain = {key.replace("_", "").lower() for key in keys if isinstance(key, str)}
    return not plain.isdisjoint(_PLACE_KEYS) or any(x in plain and y in plain for x, y in _PLACE_PAIRS)
