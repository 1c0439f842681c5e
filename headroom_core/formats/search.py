"""Finding the images of a request."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

from headroom_core.blocks import ImageBlock, Query, Shape
from headroom_core.formats.answers import answer_fields
from headroom_core.formats.coordinates import item_points, request_points
from headroom_core.formats.notes import is_note
from headroom_core.formats.shapes import Reading, read, resolution_choice
from headroom_core.formats.turns import Call, Conversation, Turn, instructions_of
from headroom_core.formats.walk import Row, Side, Spot, body_of, levels_of, rows, spots, stands_alone, takes_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["find"]

_HELD_KEYS = (
    *("previous_response_id", "conversation", "context_management"),
    *("cachedContent", "cached_content"),
)
_SYSTEM_KEYS = ("system", "instructions", "systemInstruction", "system_instruction")


class _Found(NamedTuple):
    row: Row
    spot: Spot
    reading: Reading
    turn: Turn
    call: Call | None


def find(request: object, *, tools: object = None, response_format: object = None) -> tuple[ImageBlock, ...]:
    """Find every image of a request, in order; anything malformed is passed over.

    An image is found by the shape of its own block, whatever surrounds it, so that one request may mix shapes. Its turn
    and its query depend on nothing after its turn, and never on cache markers.

    Args:
        request: A list of messages, a whole request body of any provider, a line of a batch file, or one message.
        tools: Tools that are not in the request; they tell whether coordinates matter, and what an answer holds that
            must be a call of them.
        response_format: The answer's schema where it is not in the request; it tells the same.

    Returns:
        The images. Their number is what providers' limits on images per request count.
    """
    conversation = Conversation()
    found: list[_Found] = []
    for row in rows(request):
        conversation.enter(row)
        for spot in spots(row):
            if reading := read(spot.node):
                if item_points(spot.node):
                    conversation.turn.coordinates = True
                found.append(_Found(row, spot, reading, conversation.turn, conversation.call_for(spot.result)))
            else:
                conversation.hear(row, spot)
    if not found:
        return ()
    _, body = body_of(request)
    overall = Query(
        coordinates=request_points(body, tools=tools, response_format=response_format),
        held_by_server=_is_held(body),
        answer=answer_fields(body, tools=tools, response_format=response_format),
    )
    return _blocks(found, body, overall)


def _blocks(found: list[_Found], body: Mapping[str, Any], overall: Query) -> tuple[ImageBlock, ...]:
    resolution = _overall_resolution(body)
    instructions = _instructions(body)
    queries: dict[tuple[int, int, bool, bool], Query] = {}
    blocks = []
    for image in found:
        from_tool, by_model = _is_from_tool(image), image.row.side is Side.ASSISTANT
        key = (image.turn.index, id(image.call), from_tool, by_model)
        if key not in queries:
            text = image.turn.words_before() if by_model else image.turn.query(image.call)
            queries[key] = dataclasses.replace(
                overall,
                text=text,
                coordinates=overall.coordinates or image.turn.coordinates,
                from_tool=from_tool,
                background=image.turn.background(instructions),
            )
        blocks.append(_block(image, queries[key], resolution))
    return tuple(blocks)


def _block(image: _Found, query: Query, resolution: str | None) -> ImageBlock:
    reading, spot = image.reading, image.spot
    return ImageBlock(
        place=spot.place,
        shape=reading.shape,
        turn=image.turn.index,
        query=query,
        payload=reading.payload,
        media_type=reading.media_type,
        url=reading.url,
        setting=reading.setting or (resolution if reading.shape is Shape.GEMINI else None),
        alone=stands_alone(spot, reading.shape),
        ours=_stands_by_a_note(spot),
        settable=takes_setting(spot, reading),
        from_model=image.row.side is Side.ASSISTANT,
        sealed=spot.sealed,
    )


def _is_from_tool(image: _Found) -> bool:
    if image.spot.result is not None:
        return True
    return image.turn.has_results and image.row.place in image.turn.moved


def _stands_by_a_note(spot: Spot) -> bool:
    beside = (spot.position - 1, spot.position + 1)
    return any(0 <= index < len(spot.siblings) and _carries_a_note(spot.siblings[index]) for index in beside)


def _carries_a_note(block: object) -> bool:
    text = block.get("text") if isinstance(block, dict) else block
    return isinstance(text, str) and is_note(text)


def _is_held(body: Mapping[str, Any]) -> bool:
    """Tell whether the server holds, or edits, a part of the history that the request does not show."""
    return body.get("truncation") == "auto" or any(level.get(key) for level in levels_of(body) for key in _HELD_KEYS)


def _instructions(body: Mapping[str, Any]) -> list[str]:
    """Read what the request tells the model to do with whatever it is shown."""
    return [text for level in levels_of(body) for key in _SYSTEM_KEYS for text in instructions_of(level.get(key))]


def _overall_resolution(body: Mapping[str, Any]) -> str | None:
    """Read the media resolution that a Gemini request chooses for all its parts."""
    return next((choice for config in levels_of(body)[1:] if (choice := resolution_choice(config))), None)
