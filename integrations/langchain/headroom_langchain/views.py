"""LangChain messages as the request that the engine reads, and its answer as LangChain messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, ToolMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["request_of", "write_back"]

B = TypeVar("B", bound=BaseMessage)
View = dict[str, Any]

_ROLES: Final = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "tool"}

_TELLING: Final = (
    # What the answer must look like: schemas and tools that speak of pixels, or ask to read, keep the images whole.
    "functions",
    "response_format",
    "response_json_schema",
    "response_schema",
    "output_config",
    "output_format",
    "tool_choice",
    "tool_config",
    "betas",
    # History that the server holds or edits, so that the request does not show all that the model sees.
    "cached_content",
    "context_management",
    "conversation",
    "previous_response_id",
    "truncation",
)


def request_of(
    messages: Sequence[BaseMessage],
    *,
    model: BaseChatModel | None = None,
    name: str | None = None,
    options: Mapping[str, Any],
) -> View:
    """Return the request body that the engine reads; the contents in it are the messages' own objects.

    Args:
        messages: The conversation.
        model: The chat model that will send it; its own settings count where `options` are silent.
        name: The model's name for pricing.
        options: The options of this call: `tools`, `response_format`, `previous_response_id` and the like.
    """
    body: View = {"messages": [_view(message) for message in messages]}
    if name:
        body["model"] = name
    if tools := options.get("tools"):
        body["tools"] = [_tool(tool) for tool in tools]
    for key in _TELLING:
        value = _setting(key, model, options)
        if value is not None:
            body[key] = _schema(value)
    if "previous_response_id" not in body and (held := _held_response(messages, model)):
        body["previous_response_id"] = held
    return body


def write_back(messages: list[B], before: View, after: View) -> list[B]:
    """Return `messages` with the contents that differ between two requests; every other message is the same object.

    Raises:
        ValueError: The two requests do not hold the same number of messages.
    """
    if after is before:
        return messages
    triples = zip(messages, before["messages"], after["messages"], strict=True)
    return [
        message if new["content"] is old["content"] else message.model_copy(update={"content": new["content"]})
        for message, old, new in triples
    ]


def _view(message: BaseMessage) -> View:
    role = message.role if isinstance(message, ChatMessage) else _ROLES.get(message.type, message.type)
    view: View = {"role": role, "content": message.content}
    if isinstance(message, ToolMessage):
        view["tool_call_id"] = message.tool_call_id
    if isinstance(message, AIMessage) and message.tool_calls:
        view["tool_calls"] = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": json.dumps(call["args"], default=str)},
            }
            for call in message.tool_calls
        ]
    return view


def _setting(key: str, model: BaseChatModel | None, options: Mapping[str, Any]) -> Any:
    if key in options:
        return options[key]
    extra = getattr(model, "model_kwargs", None)
    if isinstance(extra, Mapping) and key in extra:
        return extra[key]
    return getattr(model, key, None)


def _tool(tool: Any) -> Any:
    return convert_to_openai_tool(tool) if isinstance(tool, BaseTool) else _plain(tool)


def _schema(value: Any) -> Any:
    """Return a schema given as a pydantic class as the JSON schema that it stands for."""
    if isinstance(value, type) and hasattr(value, "model_json_schema"):
        return {"type": "json_schema", "json_schema": {"name": value.__name__, "schema": value.model_json_schema()}}
    return _plain(value)


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", exclude_none=True) if hasattr(value, "model_dump") else value


def _held_response(messages: Sequence[BaseMessage], model: BaseChatModel | None) -> str | None:
    """Return the response that ChatOpenAI continues from by itself: the server holds what is before it."""
    if not getattr(model, "use_previous_response_id", False):
        return None
    ids = (m.response_metadata.get("id") for m in reversed(messages) if isinstance(m, AIMessage))
    return next((i for i in ids if isinstance(i, str) and i.startswith("resp_")), None)
