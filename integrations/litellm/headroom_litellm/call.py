"""What a call of LiteLLM holds: its messages, its record, and what the caller set for headroom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from headroom_core import formats
from headroom_core.image.later import attached
from headroom_core.image.result import Compressed, CompressionResult

__all__ = ["PASSED_THROUGH", "PROMPTS", "asks", "hand_on", "keep_choices", "options_of", "record_of", "strip"]

PASSED_THROUGH: Final = "pass_through_endpoint"
_CALLS: Final = ("anthropic_messages", "completion", "generate_content", "generate_content_stream", "responses")
PROMPTS: Final = frozenset({PASSED_THROUGH, *_CALLS, *(f"a{call}" for call in _CALLS)})
"""The calls that ask a model something. Others (moderation, embeddings, image edits) need their images whole."""

_OPTION: Final = "headroom"


def record_of(call: Mapping[str, Any]) -> dict[str, Any]:
    """Return LiteLLM's own record of a call, which all its hooks share; a fresh one if the call has none."""
    details = getattr(call.get("litellm_logging_obj"), "model_call_details", None)
    return details if isinstance(details, dict) else {}


def options_of(call: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the caller set for this call: as a keyword, or in the metadata; empty if nothing."""
    params = call.get("litellm_params") or {}
    metadata = (place.get(key) for place in (call, params) for key in ("litellm_metadata", "metadata"))
    for level in (call, call.get("extra_body"), *metadata):  # unknown keywords travel to OpenAI in an extra body
        if isinstance(level, Mapping) and isinstance(options := level.get(_OPTION), Mapping):
            return options
    return {}


def hand_on(call: Mapping[str, Any], call_type: str, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return keywords that carry the options through a bridge to another dialect, or None when they pass by themselves.

    A bridged `generate_content` becomes a call with a record of its own, and takes nothing but known keywords along.
    """
    if not options or "generate_content" not in call_type:
        return None
    return {**call, "metadata": {**(call.get("metadata") or {}), _OPTION: dict(options)}}


def asks(request: Mapping[str, Any]) -> bool:
    """Whether the request has messages. The input of a pass-through route may also be what is moderated or embedded."""
    items = request.get("input")
    spoken = isinstance(items, list) and any(isinstance(item, Mapping) and "role" in item for item in items)
    return spoken or "messages" in request or "contents" in request


def keep_choices(body: dict[str, Any], compressed: Compressed, messages: object) -> Compressed:
    """Return what was made of `body`, sparing images whose `detail` the caller chose in `messages`.

    A body in another dialect than the caller's no longer shows that choice.
    """
    chosen = {_bare(block.payload) for block in formats.find(messages) if block.setting is not None}
    if not chosen:
        return compressed
    free = {block.place for block in formats.find(body) if _bare(block.payload) not in chosen}
    changes = tuple(one for one in compressed.result.outcomes if one.changed and one.place in free)
    again = tuple(one for one in compressed.result.attachments if one.image in free)
    replacements = {one.place: one.replacement for one in changes if one.replacement is not None}
    return Compressed(formats.replace(attached(body, again), replacements), CompressionResult(changes, again))


def _bare(payload: str | bytes | None) -> str | bytes | None:
    """Return a payload without the head of its data URL, which only some dialects write."""
    return payload.rpartition(",")[2] if isinstance(payload, str) else payload


def strip(body: dict[str, Any]) -> None:
    """Take what was set for headroom out of a body that is about to be sent."""
    body.pop(_OPTION, None)
    if isinstance(extra := body.get("extra_body"), dict) and _OPTION in extra:
        body["extra_body"] = {key: value for key, value in extra.items() if key != _OPTION}
