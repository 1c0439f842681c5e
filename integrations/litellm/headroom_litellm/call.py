"""What a call of LiteLLM holds: its messages, its record, and what the caller set for headroom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["PASSED_THROUGH", "PROMPTS", "asks", "hand_on", "record_of", "strip", "switch_of"]

PASSED_THROUGH: Final = "pass_through_endpoint"
_CALLS: Final = ("anthropic_messages", "completion", "generate_content", "generate_content_stream", "responses")
PROMPTS: Final = frozenset({PASSED_THROUGH, *_CALLS, *(f"a{call}" for call in _CALLS)})
"""The calls that ask a model something. Others (moderation, embeddings, image edits) need their images whole."""

_OPTION: Final = "headroom"


def record_of(call: Mapping[str, Any]) -> dict[str, Any]:
    """Return LiteLLM's own record of a call, which all its hooks share; a fresh one if the call has none."""
    details = getattr(call.get("litellm_logging_obj"), "model_call_details", None)
    return details if isinstance(details, dict) else {}


def switch_of(call: Mapping[str, Any]) -> object:
    """Return what the caller set for this call under `headroom`: as a keyword, or in the metadata; None if nothing."""
    params = call.get("litellm_params") or {}
    metadata = (place.get(key) for place in (call, params) for key in ("litellm_metadata", "metadata"))
    levels = (call, call.get("extra_body"), *metadata)  # unknown keywords travel to OpenAI in an extra body
    found = (level.get(_OPTION) for level in levels if isinstance(level, Mapping))
    return next((switch for switch in found if switch is not None), None)


def hand_on(call: Mapping[str, Any], call_type: str, switch: object) -> dict[str, Any] | None:
    """Return keywords that carry the switch through a bridge to another dialect, or None when it passes by itself.

    A bridged `generate_content` becomes a call with a record of its own, and takes nothing but known keywords along.
    """
    if switch is None or "generate_content" not in call_type:
        return None
    return {**call, "metadata": {**(call.get("metadata") or {}), _OPTION: switch}}


def asks(request: Mapping[str, Any]) -> bool:
    """Whether the request has messages. The input of a pass-through route may also be what is moderated or embedded."""
    items = request.get("input")
    spoken = isinstance(items, list) and any(isinstance(item, Mapping) and "role" in item for item in items)
    return spoken or "messages" in request or "contents" in request


def strip(body: dict[str, Any]) -> None:
    """Take what was set for headroom out of a body that is about to be sent."""
    body.pop(_OPTION, None)
    if isinstance(extra := body.get("extra_body"), dict) and _OPTION in extra:
        body["extra_body"] = {key: value for key, value in extra.items() if key != _OPTION}
