"""The blank margins are those that a look at every single pixel finds, in every mode and orientation."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from headroom_core.image import pixels
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Box, Decoded, decode
from headroom_core.image.signals.margins import LOSSY, content_of

LEVELS = st.sampled_from([0, 1, 3, 120, 250, 252, 255])
COLOURS = st.tuples(LEVELS, LEVELS, LEVELS)


def decoded(image: Image.Image, **options: object) -> Decoded:
    out = BytesIO()
    image.save(out, **options)
    return decode(out.getvalue(), read_header(out.getvalue()))


def blank(lines: NDArray[np.int64], slack: int) -> int:
    """How many lines, from the first on, have the colour of the first throughout."""
    colour = lines[0].min(axis=0)
    off = (np.abs(lines - colour) > slack).any(axis=(1, 2))
    return int(off.argmax()) if off.any() else len(lines)


def looked_at_closely(levels: NDArray[np.int64], slack: int) -> Box:
    height, width = levels.shape[:2]
    top = blank(levels, slack)
    if top == height:
        return (0, 0, width, height)
    bottom = height - blank(levels[top:][::-1], slack)
    if top == bottom:
        return (0, 0, width, height)
    columns = levels[top:bottom].transpose(1, 0, 2)
    left = blank(columns, slack)
    right = width - blank(columns[left:][::-1], slack) if left < width else left
    return (0, 0, width, height) if left == right else (left, top, right, bottom)


@st.composite
def framed(draw: st.DrawFn) -> Image.Image:
    """Noise in a frame of one or several colours, slightly dirty perhaps."""
    width, height = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    image = Image.fromarray(random.integers(0, 256, (height, width, 3), np.uint8))
    for _ in range(draw(st.integers(1, 3))):
        sides = tuple(draw(st.integers(0, 300)) if draw(st.booleans()) else 0 for _ in range(4))
        image = ImageOps.expand(image, sides, draw(COLOURS))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, image.width - 1)), draw(st.integers(0, image.height - 1))
        image.putpixel(place, tuple(min(255, level + draw(st.integers(0, 5))) for level in image.getpixel(place)))
    return image


def test_two_colours_that_meet_leave_no_margin():
    for size in ((60, 30), (30, 60)):
        image = Image.new("RGB", (60, 60), "white")
        image.paste("black", (0, 0, *size))
        assert content_of(decoded(image, format="PNG")) == (0, 0, 60, 60)


@given(image=framed(), mode=st.sampled_from(["RGB", "L", "RGBA", "P"]), orientation=st.integers(1, 8))
@settings(deadline=None, max_examples=60)
def test_the_margins_of_a_lossless_file_are_those_that_every_pixel_shows(image, mode, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decoded(image.convert(mode), format="PNG", exif=exif)
    levels = np.asarray(pixels.in_colour(picture)).astype(np.int64)
    assert content_of(picture) == looked_at_closely(levels, 0)


@given(image=framed())
@settings(deadline=None, max_examples=60)
def test_the_margins_of_another_file_may_be_a_few_levels_uneven(image):
    picture = decoded(image, format="WEBP", lossless=True)
    levels = np.asarray(pixels.in_colour(picture)).astype(np.int64)
    assert content_of(picture) == looked_at_closely(levels, LOSSY)


@given(image=framed(), alpha=st.booleans())
@settings(deadline=None, max_examples=20)
def test_an_alpha_channel_that_hides_nothing_changes_no_grey_and_no_colour(image, alpha):
    plain, full = decoded(image, format="PNG"), decoded(image.convert("RGBA" if alpha else "RGB"), format="PNG")
    assert pixels.in_grey(plain).tobytes() == pixels.in_grey(full).tobytes() == image.convert("L").tobytes()
    assert pixels.in_colour(plain).tobytes() == pixels.in_colour(full).tobytes()
