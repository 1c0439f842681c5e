"""What a reader finds in a picture, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_core.image.pixels import Box, Decoded

__all__ = ["Page", "ReadLine", "Reader", "Refusal", "Seen", "Transcript"]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of text, or one segment of a line, as a reader reads it.

    Attributes:
        text: The words, without a line break.
        box: Where they stand, in pixels of the upright file.
        confidence: What the reader thinks of them, in [0, 1].
        em: Estimated em height in pixels of the file.
        tilt: Pixels that the line sinks for each pixel to the right; a page that was laid down askew has it all over.
    """

    text: str
    box: Box
    confidence: float
    em: float
    tilt: float = 0.0


class Page(Protocol):
    """The lines of a picture, found but not yet read: reading is what costs, and may stop early."""

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where the lines stand, from the top, in pixels of the upright file; exact ones come with the words."""
        ...

    def read(self, chosen: Sequence[int]) -> tuple[ReadLine, ...]:
        """Read the lines at these indices of `boxes`; lines without words are left out."""
        ...


class Reader(Protocol):
    """An engine that reads words in pictures. It may be used by several threads at once."""

    @property
    def name(self) -> str:
        """Name and version, for reports and keys of caches."""
        ...

    def find(self, picture: Decoded, box: Box | None = None) -> Page:
        """Find the lines of a picture, or of a box of it in pixels of the upright file."""
        ...

    def read(self, picture: Decoded, box: Box | None = None) -> tuple[ReadLine, ...]:
        """Find and read all lines of a picture, or of a box of it, from the top."""
        ...


class Seen(Protocol):
    """What a transcription needs to know of a picture's measurements (see `headroom_core.image.signals.Signals`)."""

    @property
    def kind(self) -> str:
        """What the picture is: photo, document, screenshot, chart, scene_text or drawing."""
        ...

    @property
    def text_height(self) -> float | None:
        """Median em height in pixels of the file; None without text."""
        ...


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text that may stand instead of a picture.

    Attributes:
        text: The whole block: a heading, then one marked line for each line of text.
        lines: Lines of text below the heading.
        confidence: The reader's confidence that nine lines of ten reach.
        script: The script of most of its letters, e.g. `Latin` or `Han`.
        serves_structure: Its tables and forms were resolved, so that it also serves questions about structure.
    """

    text: str
    lines: int
    confidence: float
    script: str
    serves_structure: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a picture is not transcribed, in plain words."""

    reason: str
