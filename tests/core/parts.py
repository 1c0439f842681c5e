"""Pictures and questions that are answered by a part or by words, and a compressor that knows it for sure."""

from __future__ import annotations

import functools
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from headroom_core.image import ImageCompressor
from tests.core.pictures import as_bytes, as_data_url, page
from tests.core.told import Told, ToldReader, lines_of_page, needing

__all__ = ["BESIDE", "CORNER", "PAGE", "READ", "SCREEN", "changed_screen", "knowing", "talk"]

READ = "What does the letter say?"
CORNER = "What stands in the top right corner?"
BESIDE = "How does the top left corner stand to the table?"
PAGE = as_bytes(page(1000, 1414, 32), "PNG")
"""A page of text, of 1000x1414, whose lines the reader knows."""


@functools.cache
def _screen() -> Image.Image:
    shown = Image.new("RGB", (1920, 1200), "white")
    draw, font = ImageDraw.Draw(shown), ImageFont.load_default(13)
    for top in range(12, 1180, 26):
        for left in range(16, 1800, 320):
            draw.text((left, top), f"order {left * top % 9973}, 1 box", fill="black", font=font)
    return shown


SCREEN = as_bytes(_screen(), "PNG")
"""A screen full of small print in six columns, of 1920x1200."""
_LINES = lines_of_page(1000, 1414, 32, "line {number} of the letter, 1,204 invoices")
_TOLD = Told(
    {
        READ: needing("text"),
        CORNER: needing("text", "region", place="top right corner"),
        BESIDE: needing("text", "structure", "region", place="top left corner"),
    }
)


def knowing(**options: Any) -> ImageCompressor:
    """A compressor that knows what these questions need, and reads `PAGE` without a mistake."""
    known: dict[str, Any] = {"router": _TOLD, "read_text": ToldReader({(1000, 1414): _LINES})}
    return ImageCompressor(**known | options)


@functools.cache
def changed_screen() -> bytes:
    """`SCREEN` after one number on it changed."""
    shown = _screen().copy()
    draw = ImageDraw.Draw(shown)
    draw.rectangle((500, 400, 620, 430), fill="white")
    draw.text((510, 404), "sold out", fill="black", font=ImageFont.load_default(20))
    return as_bytes(shown, "PNG")


def talk(*turns: tuple[str, bytes | None], model: str = "gpt-4o") -> dict[str, Any]:
    """A conversation in which each question comes with its picture, or with none."""
    messages: list[dict[str, Any]] = []
    for question, picture in turns:
        content: list[dict[str, Any]] = [{"type": "text", "text": question}]
        if picture is not None:
            content.append({"type": "image_url", "image_url": {"url": as_data_url(picture, "image/png")}})
        messages += [{"role": "user", "content": content}, {"role": "assistant", "content": "Well."}]
    return {"model": model, "messages": messages[:-1]}
