"""Compact JSON of any value, cut at a length, whatever its depth and size."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["compact"]


class _Ready(str):
    """Text that is written as it stands."""

    __slots__ = ()


def compact(value: Any, limit: int) -> str:
    """Write a value as JSON without spaces, up to about `limit` characters.

    Values that JSON has no word for are written as their type's name. No part beyond the limit is looked at, so that
    deep or large values cost nothing.
    """
    out: list[str] = []
    left = limit
    stack: list[Any] = [value]
    while stack and left > 0:
        node = stack.pop()
        if isinstance(node, dict):
            stack += _reversed_object(node, left)
            continue
        if isinstance(node, list | tuple):
            stack += _reversed_array(node, left)
            continue
        text = str(node) if isinstance(node, _Ready) else _scalar(node, left)
        out.append(text)
        left -= len(text)
    return "".join(out)[:limit]


def _scalar(node: Any, left: int) -> str:
    if isinstance(node, str):
        return json.dumps(node[:left], ensure_ascii=False)
    if node is None or isinstance(node, bool | float) or (isinstance(node, int) and abs(node) < 1 << 64):
        return json.dumps(node)
    return f'"{type(node).__name__}"'


def _reversed_object(node: dict[Any, Any], left: int) -> list[Any]:
    items: list[Any] = [_Ready("{")]
    for index, (key, inner) in enumerate(node.items()):
        if index > left:
            break
        items += [_Ready("," if index else ""), key if isinstance(key, str) else _scalar(key, left), _Ready(":"), inner]
    items.append(_Ready("}"))
    return items[::-1]


def _reversed_array(node: list[Any] | tuple[Any, ...], left: int) -> list[Any]:
    items: list[Any] = [_Ready("[")]
    for index, inner in enumerate(node[: left + 1]):
        items += [_Ready("," if index else ""), inner]
    items.append(_Ready("]"))
    return items[::-1]
