"""What the model receives in the place of one image, part by part, for reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from headroom_core.blocks import Picture, Text
from headroom_core.errors import ImageError
from headroom_core.formats.notes import TRANSCRIPTION_MARK
from headroom_core.image.header import read_header
from headroom_core.image.technique import Technique

if TYPE_CHECKING:
    from headroom_core.image.outcome import Decision, Outcome

__all__ = [
    "Form",
    "SentPart",
    "change_words",
    "form_words",
    "is_transcription",
    "picture_part",
    "sent_parts",
    "size_words",
]

Size = tuple[int, int]


class Form(StrEnum):
    """What one part of what is sent shows of the picture."""

    WHOLE = "whole"
    """All of it."""
    PART = "part"
    """One rectangle of it."""
    OVERVIEW = "overview"
    """A small copy of all of it, beside a part."""
    TEXT = "text"
    """The words that were read in it."""
    NOTE = "note"
    """A line that says what is shown, or which earlier picture it equals."""

    @property
    def is_text(self) -> bool:
        """Whether it is no picture."""
        return self in (Form.TEXT, Form.NOTE)


@dataclass(frozen=True, slots=True)
class SentPart:
    """One part of what is sent, without the bytes of a picture.

    Attributes:
        form: What it shows.
        size: Width and height of a picture in pixels, or None.
        length: Bytes of a picture, or None.
        media_type: Type of a picture whose bytes are new, e.g. `image/png`.
        text: The words of a text, or None.
    """

    form: Form
    size: Size | None = None
    length: int | None = None
    media_type: str | None = None
    text: str | None = None

    @property
    def lines(self) -> int | None:
        """Lines that were read; None where it is no transcription, or its words are not at hand."""
        if self.form is not Form.TEXT or self.text is None:
            return None
        # The first line is the heading; a mark alone keeps paragraphs apart.
        return sum(len(line.split()) > 1 for line in self.text.split("\n")[1:])

    def as_dict(self) -> dict[str, Any]:
        """Return the part as JSON-like data."""
        return {
            "form": self.form.value,
            "size": self.size,
            "bytes": self.length,
            "media_type": self.media_type,
            "text": self.text,
        }


def sent_parts(outcome: Outcome) -> tuple[SentPart, ...]:
    """Return what is sent in the place of an image, in order.

    Where the outcome holds no replacement, because nothing was to be made, the decision alone tells the parts.
    """
    if outcome.replacement is None:
        return tuple(_decided(outcome))
    return tuple(_made(outcome, outcome.replacement.parts))


def picture_part(form: Form, picture: Picture, own: SentPart) -> SentPart:
    """Return what a picture shows as `form`; `own` where it keeps the caller's bytes."""
    if picture.data is None:
        return own
    return SentPart(form, _size_of(picture.data), len(picture.data), picture.media_type)


def is_transcription(text: str) -> bool:
    """Whether a text that is sent holds the words of the picture; else it is a note."""
    return text.startswith(TRANSCRIPTION_MARK)


def size_words(size: Size | None) -> str:
    """Say a size as people write it, e.g. `960×540`."""
    return "?" if size is None else f"{size[0]}×{size[1]}"


def form_words(decision: Decision) -> tuple[str, ...]:
    """Say in a few short pieces how a picture is sent: the technique, then what belongs to it."""
    said = [decision.technique.value]
    if decision.box is not None and (decision.serves is None or decision.technique is not Technique.CROP):
        said += ["trimmed"] if decision.same_as is None else []
    if decision.overview:
        said.append("+ overview")
    if decision.same_as is not None:
        said.append(f"{'same' if decision.box is None else 'rest'} as image {decision.same_as + 1}")
    if decision.setting:
        said.append(f"set: {decision.setting}")
    if decision.repair:
        said.append("repaired")
    return tuple(said)


def change_words(before: Size | None, parts: Sequence[SentPart]) -> tuple[str, ...]:
    """Say what becomes of a picture of a size, e.g. `3000×1688`, `→ 532×299`; one piece where its size stays."""
    shown = [one for one in parts if one.form is not Form.NOTE]
    if not shown:
        return size_words(before), "→ a note"
    if [(one.form, one.size) for one in shown] == [(Form.WHOLE, before)]:
        return (size_words(before),)
    first, *others = (_amount(one) for one in shown)
    return size_words(before), f"→ {first}", *(f"+ {other}" for other in others)


def _amount(part: SentPart) -> str:
    if part.form is not Form.TEXT:
        return size_words(part.size)
    if part.lines is None:
        return "text"
    return "1 line" if part.lines == 1 else f"{part.lines:,} lines"


def _made(outcome: Outcome, parts: Sequence[Picture | Text]) -> Iterator[SentPart]:
    decision, pictured = outcome.decision, False
    for part in parts:
        if isinstance(part, Text):
            yield SentPart(Form.TEXT if is_transcription(part.text) else Form.NOTE, text=part.text)
            continue
        form = Form.OVERVIEW if pictured else Form.WHOLE if decision.box is None else Form.PART
        pictured = True
        yield picture_part(form, part, SentPart(form, outcome.size_before, outcome.bytes_before))


def _decided(outcome: Outcome) -> Iterator[SentPart]:
    decision = outcome.decision
    if decision.technique is Technique.TRANSCODE:
        yield SentPart(Form.TEXT)
    elif decision.same_as is not None and decision.box is None:
        yield SentPart(Form.NOTE)
    else:
        yield SentPart(Form.WHOLE if decision.box is None else Form.PART, outcome.size_after or outcome.size_before)
    if decision.overview:
        yield SentPart(Form.OVERVIEW)


def _size_of(data: bytes) -> Size | None:
    try:
        return read_header(data).size
    except ImageError:
        return None
