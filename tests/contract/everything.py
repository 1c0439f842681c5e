"""The one conversation that goes through every adapter, in no framework's words, and the short ones about one law."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.core.pictures import as_bytes, page, scene

MOOD = "What is the mood here?"
COPY = "Copy every word of this page exactly."
BROKEN = b"\x89PNG\r\n\x1a\nnot a picture at all"
ADDRESS = "https://pictures.example/harbour.jpg"


class Can(StrEnum):
    """What not every way to a provider has room for."""

    MARKS = "cache_control on a block"
    DETAIL = "a detail beside each image"
    SHOWN_DETAIL = "that detail is seen on the wire"
    THOUGHTS = "thinking or reasoning of earlier turns"
    URLS = "an image by its address, which reaches the provider as an address"
    NAMES = "the name of who speaks, seen on the wire"
    SYSTEM = "words to the system"
    LATER = "an image more, in the message that asks for it"
    ORDER = "words between the images of a message"
    CALLS = "tool calls in the conversation"
    SCHEMA = "an answer that follows a schema"


@dataclass(frozen=True)
class Photo:
    """An image; `goes` says that a smaller form of it serves what is asked."""

    data: bytes = b""
    media_type: str = "image/jpeg"
    detail: str | None = None
    url: str | None = None
    marked: bool = False
    goes: bool = True


@dataclass(frozen=True)
class Asked:
    """What the user says."""

    words: str
    photos: tuple[Photo, ...] = ()
    id: str = "m-0"
    name: str | None = None


@dataclass(frozen=True)
class Answered:
    """What the model said: words or a call of the tool `look`, perhaps after a thought."""

    words: str = ""
    call: str | None = None
    where: str | None = None
    thought: str | None = None
    id: str = "a-0"

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of the call."""
        return {"where": self.where} if self.where else {}


@dataclass(frozen=True)
class Returned:
    """What the tool returned for a call."""

    call: str
    words: str
    photos: tuple[Photo, ...] = ()
    failed: bool = False
    id: str = "t-0"


Turn = Asked | Answered | Returned


@dataclass(frozen=True)
class Conversation:
    """What was said, in order, after words to the system."""

    turns: tuple[Turn, ...]
    system: str | None = None

    @property
    def photos(self) -> tuple[Photo, ...]:
        """Every image, in order."""
        return tuple(photo for turn in self.turns if not isinstance(turn, Answered) for photo in turn.photos)

    def with_photos(self, photos: tuple[Photo, ...]) -> Conversation:
        """The conversation with other images in the places of its own."""
        left = iter(photos)
        return dataclasses.replace(self, turns=tuple(_with(turn, left) for turn in self.turns))

    def moments(self) -> tuple[Conversation, ...]:
        """The conversation as it was each time that the model was asked, the whole of it last."""
        after = [self.turns[at + 1 : at + 2] for at in range(len(self.turns))]
        ends = [at + 1 for at, then in enumerate(after) if not then or isinstance(then[0], Answered)]
        asked = [end for end in ends if not isinstance(self.turns[end - 1], Answered)]
        return tuple(dataclasses.replace(self, turns=self.turns[:end]) for end in asked)


def everything(can: frozenset[Can]) -> Conversation:
    """All that can stand in a conversation, as far as there is room for it."""
    named = "ada" if Can.NAMES in can else None
    thought = "The north comes first." if Can.THOUGHTS in can else None
    marked = Can.MARKS in can
    last = [photo(4), Photo(BROKEN, "image/png", goes=False)]
    if Can.SHOWN_DETAIL in can:
        last.append(Photo(photo(5).data, detail="high", goes=False))
    if Can.URLS in can:
        last.append(Photo(url=ADDRESS, goes=False))
    looks: tuple[Turn, ...] = (
        Answered(call="call_1", where="north", thought=thought, id="a-1"),
        Returned("call_1", "no such place", failed=True, id="t-1"),
        Answered(call="call_2", id="a-2"),
        Returned("call_2", "a street", (photo(2), photo(3)), id="t-2"),
    )
    turns = (
        Asked(MOOD, (photo(0), dataclasses.replace(photo(1), marked=marked)), id="m-1", name=named),
        *(looks if Can.CALLS in can else ()),
        Answered("Calm.", id="a-3"),
        Asked(COPY, (Photo(_page(), "image/png", goes=False),), id="m-2", name=named),
        Answered("The quick brown fox.", id="a-4"),
        Asked(MOOD, tuple(last), id="m-3", name=named),
    )
    return Conversation(turns, "You look at pictures." if Can.SYSTEM in can else None)


def gist(question: str = MOOD, picture: Photo | None = None) -> Conversation:
    """One question about one picture; without words of one's own a small form of it serves."""
    return Conversation((Asked(question, (picture or photo(),), id="m-1"),))


def later() -> Conversation:
    """A picture that goes small, and a later question that needs all of it."""
    start = gist()
    return Conversation((*start.turns, Answered("Calm."), Asked("Read every number in that picture.", id="m-2")))


@functools.cache
def photo(seed: int = 0) -> Photo:
    """A picture without text, small, and of a shape that costs several tiles wherever tiles are counted."""
    return Photo(as_bytes(scene(1200, 400, seed), quality=50))


@functools.cache
def _page() -> bytes:
    return as_bytes(page(800, 1000, 20).convert("1"), "PNG")


def _with(turn: Turn, left: Iterator[Photo]) -> Turn:
    if isinstance(turn, Answered) or not turn.photos:
        return turn
    return dataclasses.replace(turn, photos=tuple(next(left) for _ in turn.photos))
