"""What the tools answer, in the words of the protocol."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import mcp_types as types

from headroom_core.blocks import Text
from headroom_mcp.fitting import Sent

__all__ = ["Look", "base64_of", "refusal", "result_of"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a tool answers.

    Attributes:
        facts: JSON-like data about it.
        parts: The picture, or the texts and pictures that stand for it, in order.
    """

    facts: dict[str, Any]
    parts: tuple[Sent | Text, ...] = ()


def result_of(look: Look) -> types.CallToolResult:
    """Return the picture, or the text that stands for it, and the facts: structured, and as one line of JSON."""
    facts = types.TextContent(text=json.dumps(look.facts, separators=(",", ":")))
    return types.CallToolResult(
        content=[*(_content(part) for part in look.parts), facts], structured_content=look.facts
    )


def _content(part: Sent | Text) -> types.ImageContent | types.TextContent:
    if isinstance(part, Text):
        return types.TextContent(text=part.text)
    return types.ImageContent(data=base64_of(part.data), mime_type=part.media_type)


def refusal(message: str) -> types.CallToolResult:
    """Return an error whose words reach the model."""
    return types.CallToolResult(content=[types.TextContent(text=message)], is_error=True)


def base64_of(data: bytes) -> str:
    """Write bytes as base64 text."""
    return base64.b64encode(data).decode()
