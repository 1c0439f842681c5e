"""Pages drawn here, and a reader that knows what was drawn on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from types import SimpleNamespace

from PIL import Image, ImageDraw, ImageFont

from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode
from headroom_core.image.reading import ReadLine

PROSE = (
    "The parties agree that the goods are delivered",
    "to the works in Kiel before the end of March, at",
    "the cost of the seller, who also bears the risk",
    "until they are handed over and the receipt has",
    "been signed. A delay of more than seven days",
    "entitles the buyer to withdraw from the order.",
)
PAGE = SimpleNamespace(kind="document", text_height=20.0)


@dataclass
class Paper:
    """A page on which words are drawn and remembered."""

    size: tuple[int, int] = (900, 600)
    colour: str = "white"
    ink: str = "black"
    em: int = 20
    lines: list[ReadLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", self.size, self.colour)
        self.draw = ImageDraw.Draw(self.image)

    def write(self, left: int, top: int, text: str, *, confidence: float = 0.99, em: int | None = None) -> Paper:
        """Draw a line and remember it."""
        font = ImageFont.load_default(em or self.em)
        self.draw.text((left, top), text, fill=self.ink, font=font)
        box = self.draw.textbbox((left, top), text, font=font)
        slack = (int(box[0]) - 2, int(box[1]) - 3, int(box[2]) + 2, int(box[3]) + 3)
        self.lines.append(ReadLine(text, slack, confidence, float(em or self.em)))
        return self

    def prose(self, left: int = 60, top: int = 60, lines: Sequence[str] = PROSE) -> Paper:
        """Draw running text."""
        for index, line in enumerate(lines):
            self.write(left, top + 30 * index, line)
        return self

    def picture(self) -> Decoded:
        """The page as a decoded picture."""
        out = BytesIO()
        self.image.save(out, "PNG")
        return decode(out.getvalue(), read_header(out.getvalue()))

    def reader(self) -> Remembering:
        """A reader that reads exactly what was drawn."""
        return Remembering(tuple(self.lines))

    def unsure(self, confidence: float, *indices: int) -> Paper:
        """Let the reader be less sure of some lines."""
        for index in indices:
            self.lines[index] = replace(self.lines[index], confidence=confidence)
        return self


@dataclass
class Remembering:
    """A reader that knows the words, and counts how many lines it was asked for."""

    lines: tuple[ReadLine, ...]
    asked: int = 0
    name: str = "remembering 1"

    @property
    def boxes(self) -> tuple[tuple[int, int, int, int], ...]:
        return tuple(line.box for line in self.lines)

    def find(self, picture: Decoded, box: object = None) -> Remembering:
        return self

    def read(self, *chosen: object) -> tuple[ReadLine, ...]:
        if isinstance(chosen[0], Decoded):
            return self.lines
        self.asked += len(list(chosen[0]))  # type: ignore[call-overload]
        return tuple(self.lines[index] for index in chosen[0])  # type: ignore[attr-defined]
