"""Pages for real readers, drawn with the face that Pillow carries."""

from __future__ import annotations

import functools
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode

LETTER = (
    "Dear Ms Okonkwo, thank you for your order of 14 March.",
    "The goods were handed to the carrier on Friday, and",
    "they should arrive within seven working days. Please",
    "check the boxes before you sign the delivery note.",
    "The amount of 1,204.50 euros is due by 9 April 2024.",
)
TABLE = (
    ("Article", "Number", "Price"),
    ("Copper wire", "A-57931", "49.04"),
    ("Sealing ring", "X-19156", "428.64"),
    ("Cable ties", "X-17747", "244.16"),
    ("Junction box", "B-58810", "3,571.24"),
)


def decoded(image: Image.Image) -> Decoded:
    """The image as it comes out of a PNG file."""
    out = BytesIO()
    image.save(out, "PNG")
    return decode(out.getvalue(), read_header(out.getvalue()))


@functools.cache
def letter(em: int = 22, size: tuple[int, int] = (760, 300)) -> Image.Image:
    """A short letter."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(LETTER):
        draw.text((em * 2, em * 2 + index * em * 1.6), line, fill="#111", font=ImageFont.load_default(em))
    return image


@functools.cache
def invoice(em: int = 22) -> Image.Image:
    """Two lines and a table of three columns."""
    image = Image.new("RGB", (760, 400), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(em)
    for index, line in enumerate(LETTER[:2]):
        draw.text((44, 40 + 36 * index), line, fill="#111", font=font)
    for row, cells in enumerate(TABLE):
        for left, cell in zip((44, 300, 520), cells, strict=True):
            draw.text((left, 150 + 40 * row), cell, fill="#111", font=font)
    return image
