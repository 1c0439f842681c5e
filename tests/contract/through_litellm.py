"""The contract's conversations in LiteLLM: chat completions, OpenAI's Responses and Anthropic's Messages."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import litellm

from headroom_litellm import HeadroomCallback
from tests.contract.carriers import MODELS, SCHEMAS, Options, Ride, Scene, adapter
from tests.contract.everything import Answered, Asked, Can, Conversation, Photo, Returned, Turn
from tests.integrations.streams import read_to_end

ALL = frozenset({Can.SYSTEM, Can.CALLS, Can.URLS, Can.LATER, Can.ORDER, Can.SCHEMA})
ROUTES = {"openai": "openai", "responses": "openai", "anthropic": "anthropic", "messages": "anthropic"}


@adapter(
    apis={
        "openai": ALL | {Can.DETAIL, Can.SHOWN_DETAIL, Can.NAMES},
        "responses": ALL | {Can.DETAIL, Can.SHOWN_DETAIL, Can.THOUGHTS},
        "anthropic": ALL | {Can.DETAIL, Can.MARKS, Can.THOUGHTS},
        "messages": (ALL | {Can.MARKS, Can.THOUGHTS}) - {Can.SCHEMA},
        "google": (ALL | {Can.DETAIL}) - {Can.URLS},
    },
    ways=("sync", "async", "stream", "astream", "batch"),
    only={"responses": ("sync", "async", "stream", "astream"), "messages": ("async",)},
)
async def litellm_call(
    conversation: Conversation, *, api: str, url: str, how: str, wrapped: bool, options: Options
) -> Ride:
    """`litellm.callbacks = [HeadroomCallback()]`, then any call."""
    litellm.logging_callback_manager._reset_all_callbacks()
    callbacks = [HeadroomCallback(**options.wrapper) for _ in range(options.layers)] if wrapped else []
    litellm.callbacks = callbacks
    given = _given(conversation, api, url, options)
    if options.switch is not None and wrapped:
        given["headroom"] = options.switch
    if options.schema:
        given["text_format" if api == "responses" else "response_format"] = Scene
    ride = Ride(_plain(given), account=callbacks[0] if wrapped else None)
    answer = await _asked(api, how, given)
    if options.schema:
        words = answer.output_text if api == "responses" else answer.choices[0].message.content
        ride.answer = Scene.model_validate_json(words)
    ride.after = _plain(given)
    return ride


async def _asked(api: str, how: str, given: dict[str, Any]) -> Any:
    if how == "batch":
        answers = litellm.batch_completion(**{**given, "messages": [given["messages"]] * 2})
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        return answers
    synchronous, asynchronous = {
        "responses": (litellm.responses, litellm.aresponses),
        "messages": (None, litellm.anthropic.messages.acreate),
    }.get(api, (litellm.completion, litellm.acompletion))
    stream = {"stream": True} if "stream" in how else {}
    answer = synchronous(**given, **stream) if how in ("sync", "stream") else await asynchronous(**given, **stream)
    if how == "stream":
        assert read_to_end(answer)
    elif how == "astream":
        assert [chunk async for chunk in answer]
    return answer


def _given(conversation: Conversation, api: str, url: str, options: Options) -> dict[str, Any]:
    """The keywords of the call."""
    name = options.model or MODELS[api]
    given: dict[str, Any] = {"model": f"{ROUTES.get(api, 'gemini')}/{name}", "api_key": "k", "api_base": url}
    given["max_retries"] = 0
    tool = {"name": options.tool, "description": "Does it."}
    schema = SCHEMAS.get(options.tool)
    match api:
        case "responses":
            given |= {"api_base": f"{url}/v1", "input": [item for turn in conversation.turns for item in _items(turn)]}
            if conversation.system:
                given["instructions"] = conversation.system
            tool = {**tool, "type": "function", "parameters": schema}
        case "messages":
            given |= {"messages": [_message(turn) for turn in conversation.turns], "max_tokens": 64}
            if conversation.system:
                given["system"] = conversation.system
            tool = {**tool, "input_schema": schema}
        case _:
            system = [{"role": "system", "content": conversation.system}] if conversation.system else []
            given["messages"] = [*system, *map(_chat, conversation.turns)]
            tool = {"type": "function", "function": {**tool, "parameters": schema}}
            if api == "openai":
                given["api_base"] = f"{url}/v1"
            elif api == "google":  # the whole path, for LiteLLM appends the method alone
                given["api_base"] = f"{url}/v1beta/models/{name}"
    return {**given, "tools": [tool]} if options.tool else given


def _plain(given: dict[str, Any]) -> list[Any]:
    return copy.deepcopy(given.get("messages") or given["input"])


def _chat(turn: Turn) -> dict[str, Any]:
    """The words of Chat Completions."""
    match turn:
        case Asked():
            named = {"name": turn.name} if turn.name else {}
            return {"role": "user", "content": _chat_parts(turn.words, turn.photos), **named}
        case Answered():
            message: dict[str, Any] = {"role": "assistant", "content": turn.words or None}
            if turn.call:
                function = {"name": "look", "arguments": json.dumps(turn.arguments)}
                message["tool_calls"] = [{"id": turn.call, "type": "function", "function": function}]
            if turn.thought:
                message["thinking_blocks"] = [_thinking(turn.thought)]
            return message
        case _:
            content = _chat_parts(turn.words, turn.photos) if turn.photos else turn.words
            return {"role": "tool", "tool_call_id": turn.call, "name": "look", "content": content}


def _chat_parts(words: str, photos: tuple[Photo, ...]) -> list[dict[str, Any]]:
    images = [
        {
            "type": "image_url",
            "image_url": {"url": _url(one), **({"detail": one.detail} if one.detail else {})},
            **_mark(one),
        }
        for one in photos
    ]
    return [{"type": "text", "text": words}, *images]


def _message(turn: Turn) -> dict[str, Any]:
    """The words of Anthropic's Messages."""
    match turn:
        case Asked():
            return {"role": "user", "content": _message_parts(turn.words, turn.photos)}
        case Answered():
            content: list[dict[str, Any]] = [_thinking(turn.thought)] if turn.thought else []
            if turn.words:
                content.append({"type": "text", "text": turn.words})
            if turn.call:
                content.append({"type": "tool_use", "id": turn.call, "name": "look", "input": turn.arguments})
            return {"role": "assistant", "content": content}
        case Returned():
            result = {"type": "tool_result", "tool_use_id": turn.call, "is_error": turn.failed}
            return {"role": "user", "content": [{**result, "content": _message_parts(turn.words, turn.photos)}]}


def _message_parts(words: str, photos: tuple[Photo, ...]) -> list[dict[str, Any]]:
    images = [{"type": "image", "source": _source(one), **_mark(one)} for one in photos]
    return [{"type": "text", "text": words}, *images]


def _source(photo: Photo) -> dict[str, Any]:
    if photo.url:
        return {"type": "url", "url": photo.url}
    return {"type": "base64", "media_type": photo.media_type, "data": base64.b64encode(photo.data).decode()}


def _items(turn: Turn) -> list[dict[str, Any]]:
    """The items of OpenAI's Responses."""
    match turn:
        case Asked():
            return [{"role": "user", "content": _item_parts(turn.words, turn.photos)}]
        case Answered():
            summary = [{"type": "summary_text", "text": turn.thought}]
            items: list[dict[str, Any]] = []
            if turn.thought:
                items.append({"type": "reasoning", "id": "rs_1", "summary": summary})
            if turn.words:
                items.append({"role": "assistant", "content": [{"type": "output_text", "text": turn.words}]})
            if turn.call:
                arguments = json.dumps(turn.arguments)
                items.append({"type": "function_call", "call_id": turn.call, "name": "look", "arguments": arguments})
            return items
        case _:
            output: Any = _item_parts(turn.words, turn.photos) if turn.photos else turn.words
            return [{"type": "function_call_output", "call_id": turn.call, "output": output}]


def _item_parts(words: str, photos: tuple[Photo, ...]) -> list[dict[str, Any]]:
    images = [
        {"type": "input_image", "image_url": _url(one), **({"detail": one.detail} if one.detail else {})}
        for one in photos
    ]
    return [{"type": "input_text", "text": words}, *images]


def _url(photo: Photo) -> str:
    return photo.url or f"data:{photo.media_type};base64,{base64.b64encode(photo.data).decode()}"


def _mark(photo: Photo) -> dict[str, Any]:
    return {"cache_control": {"type": "ephemeral"}} if photo.marked else {}


def _thinking(words: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": words, "signature": "c2lnbmF0dXJl"}
