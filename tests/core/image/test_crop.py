"""A part of a picture is cut out exactly, at full resolution or smaller, from one decode."""

import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from headroom_core.errors import ImageTooLarge
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, crop, decode, render, render_crop
from tests.core.pictures import page, scene

ALL = frozenset({"image/png", "image/jpeg", "image/webp"})


def saved(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def decoded(data: bytes, at_least: tuple[int, int] | None = None) -> Decoded:
    return decode(data, read_header(data), at_least=at_least)


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean) / 3


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(5).randbytes(3 * width * height)).convert(mode)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_crop_of_a_flat_picture_has_the_very_pixels_of_the_file(orientation: int, mode: str) -> None:
    text = page(420, 300, 20).convert(mode)
    data, box = saved(text, format="PNG", exif=turned(orientation)), (13, 7, 201, 88)
    made, media_type = render_crop(decoded(data), box, takes=ALL)
    upright = ImageOps.exif_transpose(text if orientation == 1 else opened(data))
    assert media_type == "image/webp"
    assert opened(made).convert("RGB").tobytes() == upright.convert("RGB").crop(box).tobytes()


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_box_is_cut_exactly_and_any_smaller_size_comes_out(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    right, bottom = data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height))
    image = noise(width, height, data.draw(st.sampled_from(["L", "RGB"])))
    picture = decoded(saved(image, format="PNG"))
    box = (left, top, right, bottom)
    assert crop(picture, box).tobytes() == image.crop(box).tobytes()
    size = (data.draw(st.integers(1, right - left)), data.draw(st.integers(1, bottom - top)))
    assert read_header(render_crop(picture, box, size, takes=ALL)[0]).size == size


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_draft_serves_every_size_that_it_was_decoded_for(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(64, 700)), data.draw(st.integers(64, 700))
    orientation = data.draw(st.sampled_from([1, 3, 6]))
    image = opened(saved(noise(width, height), format="JPEG", quality=30))
    file = saved(image, format="JPEG", exif=turned(orientation))
    across, down = read_header(file).size
    scale = data.draw(st.sampled_from([0.06, 0.1, 0.2, 0.24]))
    picture = decoded(file, (int(across * scale) + 1, int(down * scale) + 1))
    left, top = data.draw(st.integers(0, across - 16)), data.draw(st.integers(0, down - 16))
    box = (left, top, data.draw(st.integers(left + 16, across)), data.draw(st.integers(top + 16, down)))
    size = (max(1, int((box[2] - left) * scale)), max(1, int((box[3] - top) * scale)))
    assert crop(picture, box, size).size == size


@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_a_smaller_crop_from_a_draft_looks_like_one_from_all_pixels(orientation: int) -> None:
    data = saved(scene(1600, 1200), format="JPEG", quality=92, exif=turned(orientation))
    size = read_header(data).size
    box, small = (101, 203, 901, 803), (160, 120)
    draft = decoded(data, (size[0] // 5, size[1] // 5))
    assert draft.scale < 1
    assert difference(crop(draft, box, small), crop(decoded(data), box, small)) < 1.5
    whole = ImageOps.exif_transpose(opened(data)).crop(box).resize(small, Image.Resampling.LANCZOS)
    assert difference(crop(draft, box, small), whole) < 1.5


def test_nothing_outside_the_box_enters_a_crop() -> None:
    image = Image.new("RGB", (400, 300), "red")
    image.paste("white", (100, 60, 300, 200))
    picture = decoded(saved(image, format="PNG"))
    for size in (None, (50, 35)):
        assert crop(picture, (100, 60, 300, 200), size).getextrema() == ((255, 255),) * 3


def test_a_draft_gives_no_crop_at_full_resolution() -> None:
    draft = decoded(saved(scene(), format="JPEG"), (200, 150))
    for size in (None, (700, 500)):
        with pytest.raises(ValueError, match="draft"):
            render_crop(draft, (0, 0, 800, 600), size, takes=ALL)


@pytest.mark.parametrize("box", [(0, 0, 41, 10), (-1, 0, 10, 10), (5, 5, 5, 9), (9, 0, 5, 9), (0, 0, 40, 31)])
def test_a_box_that_is_not_inside_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not inside"):
        render_crop(decoded(saved(noise(40, 30), format="PNG")), box, takes=ALL)


def test_a_crop_is_never_enlarged() -> None:
    with pytest.raises(ValueError, match="larger than the box"):
        render_crop(decoded(saved(noise(40, 30), format="PNG")), (0, 0, 10, 10), (11, 10), takes=ALL)


def test_a_crop_is_encoded_by_its_own_kind() -> None:
    image = scene(800, 600).copy()
    image.paste(page(400, 300, 20), (0, 0))
    picture = decoded(saved(image, format="PNG"))
    assert render_crop(picture, (0, 0, 400, 300), takes=ALL)[1] == "image/webp"
    assert render_crop(picture, (400, 300, 800, 600), takes=ALL)[1] == "image/jpeg"


def test_a_crop_and_an_overview_come_from_one_decode_and_bear_the_mark() -> None:
    data = saved(page(), format="JPEG")
    picture = decoded(data)
    detail, _ = render_crop(picture, (100, 200, 700, 500), takes=ALL)
    overview, _ = render(picture, (310, 438), takes=ALL)
    assert [read_header(made).size for made in (detail, overview)] == [(600, 300), (310, 438)]
    assert all(read_header(made).ours for made in (detail, overview))
    again = render_crop(decoded(data), (100, 200, 700, 500), takes=ALL)
    assert again[0] == detail


def test_a_crop_that_no_encoding_makes_small_enough_is_refused() -> None:
    with pytest.raises(ImageTooLarge):
        render_crop(decoded(saved(noise(90, 90), format="PNG")), (0, 0, 80, 80), takes=ALL, max_bytes=200)
