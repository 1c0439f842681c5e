"""Later questions of a conversation, and attaching to one of them an image that stands earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from headroom_core.blocks import Picture, Place, Text
from headroom_core.errors import InvalidOption
from headroom_core.formats.rewrite import edited
from headroom_core.formats.shapes import read
from headroom_core.formats.turns import Conversation, Turn
from headroom_core.formats.walk import Row, Side, rows, spots
from headroom_core.formats.writing import MARKERS, NAMES, picture_block, text_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Addition", "Question", "attach", "questions"]

R = TypeVar("R")

_CONTENT_KEYS = ("content", "parts")


class Question(NamedTuple):
    """What a person said in one turn.

    Attributes:
        turn: Index of the turn, from 0.
        place: Path to the content of the message that said it last; images can be attached there.
        text: The words, joined by newlines.
    """

    turn: int
    place: Place
    text: str


class Addition(NamedTuple):
    """An image to be attached to a question.

    Attributes:
        image: Path to the image.
        note: What stands before it.
        picture: What the copy holds in place of the image's own bytes, or None.
    """

    image: Place
    note: Text
    picture: Picture | None = None


def questions(request: object) -> tuple[Question, ...]:
    """Find what a person said in each turn, in order; turns without words of a person are left out.

    A question depends on nothing after its turn.
    """
    conversation = Conversation()
    asked: dict[int, tuple[Place, Turn]] = {}
    for row in rows(request):
        conversation.enter(row)
        for spot in spots(row):
            if read(spot.node) is None:
                conversation.hear(row, spot)
        place = _content_place(row)
        if place is not None and conversation.turn.said():
            asked[conversation.turn.index] = place, conversation.turn
    return tuple(Question(index, place, turn.question_of_its_own()) for index, (place, turn) in asked.items())


def attach(request: R, additions: Mapping[Place, Sequence[Addition]]) -> R:
    """Append copies of images to the content of messages, each after a note.

    Args:
        request: What `find` was given. It is never changed.
        additions: What to attach, by `Question.place`. All of one shape.

    Returns:
        The new request; the same object when nothing is added. Only the content of those messages is new. A copy has
        neither the name nor the cache markers of the block it is made from.
    """
    edits = {place: [_appended(place, request, added)] for place, added in additions.items() if added}
    return edited(request, edits)


def _content_place(row: Row) -> Place | None:
    if row.side is not Side.USER or row.sealed or not isinstance(row.node, dict):
        return None
    for key in _CONTENT_KEYS:
        if isinstance(row.node.get(key), list | str):
            return (*row.place, key)
    return None


def _appended(place: Place, request: object, added: Sequence[Addition]) -> list[Any]:
    content, among_typed = _at(request, place), place[-1] == "content"
    grown: list[Any] = []
    for image_place, note, picture in added:
        block = _at(request, image_place)
        reading = read(block)
        if reading is None:
            raise InvalidOption(f"no image stands at {image_place!r}")
        if isinstance(content, str):
            content = [text_block({}, reading.shape, content, among_typed=among_typed)] if content else []
        copied = _copy(block)
        image = copied if picture is None else picture_block(copied, reading, picture)
        grown += (text_block({}, reading.shape, note.text, among_typed=among_typed), image)
    return [*content, *grown]


def _copy(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key not in (*MARKERS, *NAMES)}


def _at(request: Any, place: Place) -> Any:
    for key in place:
        request = request[key]
    return request
