"""What the model says: one rule for every provider, so that clients can be compared.

A model that is offered tools calls the first one (or the one it is told to call), unless a tool has just answered.
A model that is given a schema returns the smallest value of that schema. Otherwise it says `GREETING`.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GREETING = "Hello there, this is the stand-in model speaking."
THOUGHT = "The picture is small, so a short answer will do."
OUTPUT_TOKENS = 7


@dataclass(frozen=True)
class Tool:
    """A function that the model may call, with the JSON schema of its arguments."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Ask:
    """What a request asks for, in no provider's words."""

    text: str = ""
    tools: Sequence[Tool] = ()
    choice: str = "auto"  # "auto", "none", "any", or the name of a tool
    answered: bool = False  # a tool result is among the last messages
    schema: Mapping[str, Any] | None = None  # structured output
    json_mode: bool = False
    thinking: bool = False


@dataclass(frozen=True)
class Answer:
    """What the model says: a call or a text, perhaps after a thought."""

    text: str = ""
    call: tuple[str, Any] | None = None
    thought: str | None = None

    @property
    def arguments(self) -> str:
        """The arguments of the call as JSON text."""
        return json.dumps(self.call[1], ensure_ascii=False) if self.call else ""

    @property
    def words(self) -> list[str]:
        """The text cut as a stream sends it."""
        return re.findall(r"\s*\S+\s*", self.text)


def answer(ask: Ask) -> Answer:
    """Answer a request by the rule of this module."""
    thought = THOUGHT if ask.thinking else None
    tool = _called(ask)
    if tool is not None:
        return Answer(call=(tool.name, sample(tool.schema, ask.text)), thought=thought)
    if ask.schema is not None:
        return Answer(text=json.dumps(sample(ask.schema, ask.text), ensure_ascii=False), thought=thought)
    if ask.json_mode:
        return Answer(text='{"setup": "some setup", "punchline": "some punchline"}', thought=thought)
    return Answer(text=GREETING, thought=thought)


def sample(schema: Mapping[str, Any], text: str) -> Any:
    """The smallest value of a JSON schema; a property called name takes what the text puts in 'quotes'."""
    return _sample(schema, text, schema, "")


def identifier(prefix: str) -> str:
    """A fresh id such as the providers give: prefix and 24 hexadecimal digits."""
    return prefix + uuid.uuid4().hex[:24]


def pieces(text: str, size: int = 6) -> list[str]:
    """A text cut into chunks, as arguments of a call are streamed."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def _called(ask: Ask) -> Tool | None:
    if not ask.tools or ask.choice == "none" or (ask.choice == "auto" and ask.answered):
        return None
    return next((tool for tool in ask.tools if tool.name == ask.choice), ask.tools[0])


def _sample(schema: Mapping[str, Any], text: str, root: Mapping[str, Any], name: str) -> Any:
    schema = _resolved(schema, root)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "string")
    kind = (kind[0] if isinstance(kind, list) else kind).lower()
    if kind == "object":
        return {key: _sample(value, text, root, key) for key, value in schema.get("properties", {}).items()}
    if kind == "array":
        return [_sample(schema.get("items", {}), text, root, name)]
    if kind == "string":
        quoted = re.search(r"'([^']+)'", text) if "name" in name else None
        return quoted.group(1) if quoted else f"some {name or 'text'}"
    return {"integer": 3, "number": 3, "boolean": True, "null": None}[kind]


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references and take the first of any alternatives."""
    if "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _resolved(target, root)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return _resolved(schema[word][0], root)
    return schema
