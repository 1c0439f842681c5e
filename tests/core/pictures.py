"""Pictures that the tests make: a scene without text, a page of text, and files of every kind."""

from __future__ import annotations

import base64
import functools
import random
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

__all__ = ["as_bytes", "as_data_url", "page", "scene", "within_margins"]


@functools.cache
def scene(width: int = 1600, height: int = 1200, seed: int = 0) -> Image.Image:
    """A picture like a photo out of focus: smooth colours and a little grain, no edges, no text."""
    rng = random.Random(seed)
    small = Image.frombytes("RGB", (8, 6), bytes(rng.randrange(40, 216) for _ in range(8 * 6 * 3)))
    smooth = small.resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (256, 256), rng.randbytes(256 * 256)).resize((width, height))
    return Image.blend(smooth, grain.convert("RGB"), 0.08)


@functools.cache
def page(width: int = 1240, height: int = 1754, font_px: int = 24) -> Image.Image:
    """A page of running text, black on white."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(font_px)
    words = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "1,204", "invoices", "signatures"]
    rng = random.Random(7)
    for top in range(font_px * 2, height - font_px * 3, int(font_px * 1.5)):
        line = " ".join(rng.choice(words) for _ in range(40))
        draw.text((font_px * 2, top), line[: int((width - 4 * font_px) / (font_px * 0.5))], fill="black", font=font)
    return picture


def within_margins(font_px: int = 24) -> Image.Image:
    """A small page of text, of 700x500, in a large blank sheet."""
    sheet = Image.new("RGB", (1800, 1400), "white")
    sheet.paste(page(700, 500, font_px), (500, 400))
    return sheet


def as_bytes(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as the bytes of a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def as_data_url(data: bytes, media_type: str = "image/jpeg") -> str:
    """The bytes as a data URL."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
