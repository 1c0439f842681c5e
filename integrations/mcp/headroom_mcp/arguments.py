"""The arguments of a tool call, read with errors that the model can act on."""

from __future__ import annotations

from math import isfinite
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

__all__ = ["numbers", "required", "text"]


def required(arguments: dict[str, Any], name: str) -> str:
    """Return a text that must be there.

    Raises:
        ToolError: It is missing, empty or no text.
    """
    value = text(arguments, name)
    if not value:
        raise ToolError(f"{name!r} is missing")
    return value


def text(arguments: dict[str, Any], name: str) -> str:
    """Return a text, empty where it is missing.

    Raises:
        ToolError: It is no text.
    """
    value = arguments.get(name)
    if value is not None and not isinstance(value, str):
        raise ToolError(f"{name!r} must be a text")
    return value or ""


def numbers(arguments: dict[str, Any], name: str) -> list[int] | None:
    """Return a list of numbers, rounded; None where it is missing.

    Raises:
        ToolError: It is anything else.
    """
    value = arguments.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(map(_is_number, value)):
        raise ToolError(f"{name!r} must be a list of four numbers: left, top, right, bottom")
    return [round(number) for number in value]


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and isfinite(value))
