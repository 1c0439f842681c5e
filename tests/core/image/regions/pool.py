"""The phrases that name a place, the ones that only seem to, and where their answers may stand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from headroom_core.image.regions.plan import Box, Size

FOLDER = Path(__file__).parent
SIZE: Size = (1200, 1200)
H, T, Q, F = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(1, 5)
REGIONS = {
    "L": (0, 0, H, 1),
    "R": (H, 0, 1, 1),
    "T": (0, 0, 1, H),
    "B": (0, H, 1, 1),
    "TL": (0, 0, H, H),
    "TR": (H, 0, 1, H),
    "BL": (0, H, H, 1),
    "BR": (H, H, 1, 1),
    "C": (F, F, 1 - F, 1 - F),
    "H": (0, 0, 1, T),
    "F": (0, 1 - T, 1, 1),
    "CX": (Q, 0, 1 - Q, 1),
    "TX": (Q, 0, 1 - Q, H),
    "LY": (0, Q, H, 1 - Q),
    "L3": (0, 0, T, 1),
    "R3": (1 - T, 0, 1, 1),
    "T3": (0, 0, 1, T),
    "B3": (0, 1 - T, 1, 1),
    "T4": (0, 0, 1, Q),
}
"""What a place means, as shares of the picture: left, top, right, bottom."""


def read(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


def region(meaning: str, size: Size = SIZE) -> Box:
    left, top, right, bottom = REGIONS[meaning]
    return (int(left * size[0]), int(top * size[1]), int(right * size[0]), int(bottom * size[1]))


def answers(meaning: str, size: Size = SIZE) -> Iterator[Box]:
    """Things that people say stand there: their middle does, and they may reach over its edge."""
    left, top, right, bottom = region(meaning, size)
    for wide, high in ((0.05, 0.03), (0.14, 0.04), (0.1, 0.1)):
        width, height = round(wide * size[0]), round(high * size[1])
        for x in range(1, 10):
            for y in range(1, 10):
                across = left + (right - left) * x // 10
                down = top + (bottom - top) * y // 10
                box = (across - width // 2, down - height // 2, across + width // 2, down + height // 2)
                yield max(box[0], 0), max(box[1], 0), min(box[2], size[0]), min(box[3], size[1])


def covered(answer: Box, crop: Box) -> float:
    """Share of the answer's box inside the crop."""
    wide = min(answer[2], crop[2]) - max(answer[0], crop[0])
    high = min(answer[3], crop[3]) - max(answer[1], crop[1])
    return max(wide, 0) * max(high, 0) / ((answer[2] - answer[0]) * (answer[3] - answer[1]))
