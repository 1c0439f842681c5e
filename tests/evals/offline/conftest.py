"""A page made here, and judges that read print of a certain height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFont

from headroom.evals.offline.judges import Sought
from headroom.evals.offline.pages import Page, Word, write_page

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

EM = 28
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"
LINES = tuple(
    f"Entry {letter}{number * 7919 + 10007} was booked by Agent{letter}x for Member{letter}son, day {number + 1}"
    for number, letter in enumerate(LETTERS)
)


@dataclass(frozen=True)
class HeightJudge:
    """Reads whatever is at least so many pixels high, and counts how often it was asked."""

    name: str
    least: float
    asked: list[int]

    def lines(self, image: Picture, sought: Sequence[Sought]) -> list[str]:
        self.asked.append(len(sought))
        return [one.answer if one.em >= self.least else "" for one in sought]


@pytest.fixture
def judges() -> tuple[HeightJudge, HeightJudge]:
    """A judge with sharp eyes and one with weak ones."""
    return HeightJudge("sharp 1", 7.0, []), HeightJudge("weak 1", 11.0, [])


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A drawn page of 1240 x 1754 px, its text 28 px high."""
    font = ImageFont.load_default(EM)
    image = Image.new("RGB", (1240, 1754), "white")
    draw, words = ImageDraw.Draw(image), []
    for number, line in enumerate(LINES):
        left, top = 90, 100 + number * 66
        for text in line.split():
            box = draw.textbbox((left, top), text, font=font)
            draw.text((left, top), text, font=font, fill="black")
            words.append(Word(text, (int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1), float(EM)))
            left = int(box[2]) + 9
    out = BytesIO()
    image.save(out, "PNG")
    folder: Path = tmp_path_factory.mktemp("pages")
    made = Page("drawn-1", "drawn", "pdf", "none 1.0", "CC0-1.0", "dev", image.size, tuple(words), folder)
    write_page(made, out.getvalue())
    return made
