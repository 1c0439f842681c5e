"""JSON text with new values in it: whatever is not new keeps its spelling."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed lacks it; it stands beside JSONDecoder
from typing import Any, Final

__all__ = ["respelled"]

Span = tuple[int, int]
_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\n\r]*")


def respelled(text: str, old: Any, new: Any) -> str:
    """Write `new` as JSON, with the spelling of `text` wherever it holds the same value.

    Order, spaces, escapes and the spelling of numbers (`1.10`, `1e400`) survive outside what is new.

    Args:
        text: JSON text, valid.
        old: What `text` says, as `json.loads` gives it.
        new: A changed copy of `old`, which shares with it what is the same: parts are compared by identity.

    >>> old = {"a": [1.10, {"b": "x"}], "c": None}
    >>> text = '{"a":[1.10, {"b":"x"}],  "c":null}'
    >>> respelled(text, old, {**old, "a": [old["a"][0], {"b": "y"}]})
    '{"a":[1.10, {"b":"y"}],  "c":null}'
    """
    span = _value_at(text, 0)
    return text[: span[0]] + _respelled(text, span, old, new) + text[span[1] :]


def _respelled(text: str, span: Span, old: Any, new: Any) -> str:
    if _same(old, new):
        return text[slice(*span)]
    if isinstance(old, dict) and isinstance(new, dict):
        return _object(text, span, old, new)
    if isinstance(old, list) and isinstance(new, list):
        return _array(text, span, old, new)
    return json.dumps(new)


def _same(old: Any, new: Any) -> bool:
    return new is old or (isinstance(new, str) and isinstance(old, str) and new == old)


def _object(text: str, span: Span, old: dict[str, Any], new: dict[str, Any]) -> str:
    # Of equal keys the last one counts, for the parser and here.
    spans = dict(_members(text, span[0]))
    spelled = {
        key: _respelled(text, spans[key], old[key], value) if key in old else json.dumps(value)
        for key, value in new.items()
    }
    if not old or list(new)[: len(old)] != list(old):
        return "{" + ", ".join(f"{json.dumps(key)}: {value}" for key, value in spelled.items()) + "}"
    last = max(end for _, end in spans.values())
    added = "".join(f", {json.dumps(key)}: {spelled[key]}" for key in new if key not in old)
    return _spliced(text, span, [*((spans[key], spelled[key]) for key in old), ((last, last), added)])


def _array(text: str, span: Span, old: list[Any], new: list[Any]) -> str:
    spans = list(_items(text, span[0]))
    if len(old) == len(new):
        pairs = zip(spans, old, new, strict=True)
        return _spliced(text, span, [(at, _respelled(text, at, before, after)) for at, before, after in pairs])
    known = {id(item): at for item, at in zip(old, spans, strict=True)}
    spelled = (text[slice(*known[id(item)])] if id(item) in known else json.dumps(item) for item in new)
    return "[" + ", ".join(spelled) + "]"


def _spliced(text: str, span: Span, edits: list[tuple[Span, str]]) -> str:
    pieces, at = [], span[0]
    for (start, end), piece in sorted(edits, key=lambda edit: edit[0]):
        pieces += [text[at:start], piece]
        at = end
    return "".join([*pieces, text[at : span[1]]])


def _members(text: str, start: int) -> Iterator[tuple[str, Span]]:
    at = _after_space(text, start + 1)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        span = _value_at(text, _after_space(text, at) + 1)
        yield key, span
        at = _next(text, span[1])


def _items(text: str, start: int) -> Iterator[Span]:
    at = _after_space(text, start + 1)
    while text[at] != "]":
        span = _value_at(text, at)
        yield span
        at = _next(text, span[1])


def _next(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _value_at(text: str, at: int) -> Span:
    start = _after_space(text, at)
    return start, _DECODER.raw_decode(text, start)[1]


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
