"""The contract's conversations in Agno: an agent with a wrapped model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from agno.agent import Agent, RunOutput
from agno.media import Image
from agno.models.message import Message

from headroom_agno import HeadroomAgnoModel
from tests.contract.carriers import Options, Ride, Scene, adapter
from tests.contract.everything import Answered, Asked, Can, Conversation, Photo, Turn
from tests.integrations.agno.material import bare

ALL = frozenset({Can.SYSTEM, Can.CALLS, Can.URLS, Can.LATER, Can.SCHEMA})


@adapter(
    apis={
        "openai": ALL | {Can.DETAIL, Can.SHOWN_DETAIL, Can.NAMES},
        "responses": ALL | {Can.DETAIL, Can.SHOWN_DETAIL},
        "anthropic": (ALL | {Can.DETAIL, Can.THOUGHTS}) - {Can.URLS},
        "google": (ALL | {Can.DETAIL}) - {Can.URLS},
    },
    ways=("sync", "async", "stream", "astream"),
)
async def agno(conversation: Conversation, *, api: str, url: str, how: str, wrapped: bool, options: Options) -> Ride:
    """`Agent(model=HeadroomAgnoModel(model)).run(messages)`."""
    model = bare(api, url)
    model.id = options.model or model.id
    for _ in range(options.layers if wrapped else 0):
        model = HeadroomAgnoModel(model, **options.wrapper)
    tools = [TOOLS[options.tool]] if options.tool else []
    schema = Scene if options.schema else None
    agent = Agent(model=model, tools=tools, system_message=conversation.system, output_schema=schema, telemetry=False)
    messages = [message for turn in conversation.turns for message in _messages(turn)]
    ride = Ride(_plain(messages), account=model if wrapped else None)
    said = {} if options.switch is None else {"metadata": {"headroom": options.switch}}
    output = await _asked(agent, messages, how, said)
    ride.answer = output.content
    ride.after = _plain(messages)
    ride.history = _plain([message for message in output.messages if message.role != "system"])
    return ride


def click(x: int, y: int) -> str:
    """Click at a place of the screen."""
    return f"{x},{y}"


def look(where: str = "") -> str:
    """Look at a place."""
    return f"calm {where}"


TOOLS = {"click": click, "look": look}


async def _asked(agent: Agent, messages: list[Message], how: str, options: dict[str, Any]) -> RunOutput:
    match how:
        case "sync":
            return agent.run(messages, **options)
        case "async":
            return await agent.arun(messages, **options)
        case "stream":
            return list(agent.run(messages, stream=True, yield_run_output=True, **options))[-1]
        case _:
            return [event async for event in agent.arun(messages, stream=True, yield_run_output=True, **options)][-1]


def _plain(messages: list[Message]) -> list[Any]:
    # What Agno counts and notes about a message of its own accord is no part of what was said.
    own = {"metrics", "created_at", "compressed_content", "add_to_agent_memory", "from_history"}
    return [message.model_dump(exclude=own) for message in messages]


def _messages(turn: Turn) -> Iterator[Message]:
    match turn:
        case Asked():
            yield Message(role="user", content=turn.words, images=_images(turn.photos), name=turn.name, id=turn.id)
        case Answered():
            message = Message(role="assistant", content=turn.words, id=turn.id)
            if turn.call:
                function = {"name": "look", "arguments": json.dumps(turn.arguments)}
                message.tool_calls = [{"id": turn.call, "type": "function", "function": function}]
            if turn.thought:
                message.reasoning_content, message.provider_data = turn.thought, {"signature": "c2lnbmF0dXJl"}
            yield message
        case _:
            yield Message(
                role="tool",
                content=turn.words,
                tool_call_id=turn.call,
                tool_name="look",
                tool_call_error=turn.failed,
                id=turn.id,
            )
            if turn.photos:  # as Agno's own loop moves them
                words = "The tool call above generated the attached media."
                yield Message(role="user", content=words, images=_images(turn.photos), id=f"{turn.id}-media")


def _images(photos: tuple[Photo, ...]) -> list[Image] | None:
    return [_image(photo) for photo in photos] or None


def _image(photo: Photo) -> Image:
    if photo.url:
        return Image(url=photo.url, id="i", detail=photo.detail)
    return Image(content=photo.data, mime_type=photo.media_type, id="i", detail=photo.detail)
