"""The contract's conversations in LangChain: a wrapped chat model, and an agent with the middleware."""

from __future__ import annotations

import base64
import functools
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool

from headroom_langchain import HeadroomChatModel, HeadroomMiddleware
from tests.contract.carriers import MODELS, Options, Ride, Scene, adapter
from tests.contract.everything import Answered, Asked, Can, Conversation, Photo, Turn
from tests.integrations.langchain.material import bare

ALL = frozenset({Can.SYSTEM, Can.CALLS, Can.URLS, Can.LATER, Can.ORDER, Can.SCHEMA})
SPOKEN = {
    "openai": ALL | {Can.DETAIL, Can.SHOWN_DETAIL, Can.NAMES},
    "responses": ALL | {Can.DETAIL, Can.SHOWN_DETAIL, Can.THOUGHTS},
    "anthropic": ALL | {Can.MARKS, Can.THOUGHTS},
    "google": (ALL | {Can.DETAIL, Can.THOUGHTS}) - {Can.URLS},
}
WAYS = ("sync", "async", "stream", "astream", "batch", "abatch")


@adapter(apis=SPOKEN, ways=WAYS)
async def langchain(
    conversation: Conversation, *, api: str, url: str, how: str, wrapped: bool, options: Options
) -> Ride:
    """`HeadroomChatModel(model).invoke(messages)`."""
    model = _model(api, url, options.model)
    for _ in range(options.layers if wrapped else 0):
        model = HeadroomChatModel(model, **options.wrapper)
    account = model if wrapped else None
    asked: Any = model.bind_tools([TOOLS[options.tool]]) if options.tool else model
    if options.schema:
        asked = model.with_structured_output(Scene)
    messages = [_message(turn, api) for turn in _opened(conversation)]
    ride = Ride(_plain(messages), account=account)
    said = {} if options.switch is None or not wrapped else {"headroom": options.switch}
    ride.answer = (await _asked(asked, messages, how, **said))[-1]
    ride.after = _plain(messages)
    return ride


@adapter(apis={api: SPOKEN[api] for api in ("openai", "anthropic")}, ways=WAYS)
async def langchain_agent(
    conversation: Conversation, *, api: str, url: str, how: str, wrapped: bool, options: Options
) -> Ride:
    """`create_agent(model, middleware=[HeadroomMiddleware()])`, and with the model wrapped as well."""
    middleware = HeadroomMiddleware(**options.wrapper)
    model, account = _model(api, url, options.model), middleware if wrapped else None
    if wrapped and options.layers > 1:
        model = account = HeadroomChatModel(model, **options.wrapper)
    tools = [TOOLS[options.tool]] if options.tool else []
    stack, schema = [middleware] if wrapped else [], Scene if options.schema else None
    agent = create_agent(model, tools, middleware=stack, response_format=schema)
    messages = [_message(turn, api) for turn in _opened(conversation)]
    ride = Ride(_plain(messages), account=account)
    config = None if options.switch is None else {"configurable": {"headroom": options.switch}}
    states = await _asked(agent, {"messages": messages}, how, config, **_VALUES.get(how, {}))
    ride.after, ride.history = _plain(messages), _plain(states[-1]["messages"])
    ride.answer = states[-1].get("structured_response")
    return ride


_VALUES = {"stream": {"stream_mode": "values"}, "astream": {"stream_mode": "values"}}


@tool
def click(x: int, y: int) -> str:
    """Click at a place of the screen."""
    return f"{x},{y}"


@tool
def look(where: str = "") -> str:
    """Look at a place."""
    return f"calm {where}"


TOOLS = {"click": click, "look": look}


@functools.cache
def _model(api: str, url: str, name: str | None) -> BaseChatModel:
    model = bare(api, url)
    if name is None:
        name = MODELS[api]
    return model.model_copy(update={"model_name" if hasattr(model, "model_name") else "model": name})


async def _asked(model: Any, given: Any, how: str, *args: Any, **keywords: Any) -> list[Any]:
    """Everything that comes back."""
    match how:
        case "sync":
            return [model.invoke(given, *args, **keywords)]
        case "async":
            return [await model.ainvoke(given, *args, **keywords)]
        case "stream":
            return list(model.stream(given, *args, **keywords))
        case "astream":
            return [chunk async for chunk in model.astream(given, *args, **keywords)]
        case "batch":
            return model.batch([given, given], *args, **keywords)
        case _:
            return await model.abatch([given, given], *args, **keywords)


def _plain(messages: list[BaseMessage]) -> list[Any]:
    return [message.model_dump() for message in messages]


def _opened(conversation: Conversation) -> list[Turn | str]:
    return [*([conversation.system] if conversation.system else []), *conversation.turns]


def _message(turn: Turn | str, api: str) -> BaseMessage:
    match turn:
        case str():
            return SystemMessage(turn, id="m-s")
        case Asked():
            words = {"type": "text", "text": turn.words}
            return HumanMessage([words, *(_block(one, api) for one in turn.photos)], name=turn.name, id=turn.id)
        case Answered():
            calls = [{"name": "look", "args": turn.arguments, "id": turn.call}] if turn.call else []
            thoughts = [_thought(turn.thought, api)] if turn.thought else []
            return AIMessage([*thoughts, {"type": "text", "text": turn.words}], tool_calls=calls, id=turn.id)
        case _:
            content: Any = turn.words
            if turn.photos:
                content = [{"type": "text", "text": turn.words}, *(_block(one, api) for one in turn.photos)]
            return ToolMessage(
                content, tool_call_id=turn.call, status="error" if turn.failed else "success", name="look", id=turn.id
            )


def _thought(words: str, api: str) -> dict[str, Any]:
    if api == "responses":
        return {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": words}]}
    return {"type": "thinking", "thinking": words, "signature": "c2lnbmF0dXJl"}


def _block(photo: Photo, api: str) -> dict[str, Any]:
    data = base64.b64encode(photo.data).decode()
    url = photo.url or f"data:{photo.media_type};base64,{data}"
    detail = {"detail": photo.detail} if photo.detail else {}
    if api == "responses":
        return {"type": "input_image", "image_url": url, **detail}
    if api == "anthropic":
        source = {"type": "base64", "media_type": photo.media_type, "data": data}
        if photo.url:
            source = {"type": "url", "url": photo.url}
        marks = {"cache_control": {"type": "ephemeral"}} if photo.marked else {}
        return {"type": "image", "source": source, **marks}
    return {"type": "image_url", "image_url": {"url": url, **detail}}
