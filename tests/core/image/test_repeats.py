"""A picture that repeats an earlier one is known to the pixel, and what is new in it lies in the box."""

import random
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageDraw

from headroom_core.formats import note
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Kind, decode, encode
from headroom_core.image.repeats import (
    CHANGED_SHARE,
    Fingerprint,
    Likeness,
    changed_note,
    equal_note,
    fingerprint,
    likeness,
    scrolled_note,
    with_surroundings,
)
from tests.core.pictures import page, scene

Pixels = NDArray[np.uint8]


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def of_file(data: bytes) -> Fingerprint:
    return fingerprint(decode(data, read_header(data)))


def of(picture: Image.Image | Pixels) -> Fingerprint:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    return of_file(saved(image, compress_level=1))


def noise(width: int, height: int, seed: int = 0, channels: int = 3) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def assert_true(like: Likeness | None, earlier: Pixels, later: Pixels) -> None:
    """What a likeness says holds for every pixel."""
    if like is None:
        return
    height, width = later.shape[:2]
    told = earlier.copy()
    if like.moved is not None:
        _, top, _, bottom = like.moved
        told[top:bottom] = earlier[top + like.shift : bottom + like.shift]
    if like.box is not None:
        left, top, right, bottom = like.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert (right - left) * (bottom - top) <= CHANGED_SHARE * width * height
        told[top:bottom, left:right] = later[top:bottom, left:right]
    assert np.array_equal(told, later)
    assert (like.relation == "equal") == (like.box is None)
    assert (like.relation == "scrolled") == (like.moved is not None) == (like.shift != 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_the_same_picture_is_equal_in_every_lossless_file(mode: str) -> None:
    plain = page(333, 217, 18).convert(mode)
    colour = plain.convert("RGB")
    files = [saved(plain), saved(colour), saved(colour.convert("RGBA")), saved(colour, "WEBP", lossless=True)]
    files += [saved(plain, interlace=1, compress_level=9)]
    files += [encode(colour, kind=Kind.GRAPHIC, takes={takes})[0] for takes in ("image/png", "image/webp")]
    assert len({of_file(data) for data in files}) == 1
    assert likeness(of_file(files[0]), of_file(files[-1])) == Likeness("equal")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_file_is_equal_to_the_upright_one(orientation: int) -> None:
    upright = Image.fromarray(noise(70, 45))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert of_file(saved(stored, exif=exif)) == of(upright)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from([1, 2, 3, 4]), st.data())
def test_one_value_of_one_pixel_makes_the_difference(
    width: int, height: int, channels: int, data: st.DataObject
) -> None:
    earlier = noise(width, height, channels=channels)
    if channels in (2, 4):
        earlier[..., -1] = np.maximum(earlier[..., -1], 2)
    later = earlier.copy()
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    channel = data.draw(st.integers(0, channels - 1))
    later[y, x, channel] ^= 1
    one, other = (of(pixels.squeeze(2) if channels == 1 else pixels) for pixels in (earlier, later))
    assert one.pixels != other.pixels
    like = likeness(one, other)
    assert like is None or like.relation == "changed"
    if like is not None and like.box is not None:
        assert like.box[0] <= x < like.box[2]
        assert like.box[1] <= y < like.box[3]
    assert_true(like, earlier, later)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 300), st.integers(1, 300), st.booleans(), st.data())
def test_what_was_edited_lies_inside_the_box(width: int, height: int, see_through: bool, data: st.DataObject) -> None:
    earlier = noise(width, height, channels=4 if see_through else 3)
    later = earlier.copy()
    for _ in range(data.draw(st.integers(0, 3))):
        left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        part = later[top : top + data.draw(st.integers(1, 40)), left : left + data.draw(st.integers(1, 40))]
        part[...] = noise(part.shape[1], part.shape[0], 1 + data.draw(st.integers(0, 9)), part.shape[2])
    one, other = of(earlier), of(later)
    hidden = earlier.shape[2] == 4
    for pixels in (earlier, later) if hidden else ():
        pixels[pixels[..., 3] == 0] = 0
    assert (one == other) == (one.pixels == other.pixels) == np.array_equal(earlier, later)
    like = likeness(one, other)
    assert_true(like, earlier, later)
    changed = np.argwhere((earlier != later).any(axis=2))
    if len(changed) and like is None:
        (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
        assert (right - left + 63) * (bottom - top + 63) > CHANGED_SHARE * width * height


def test_one_changed_digit_on_an_invoice_is_seen() -> None:
    image = page(1240, 1754)
    earlier, later = image.copy(), image.copy()
    for picture, total in ((earlier, "17"), (later, "18")):
        ImageDraw.Draw(picture).text((901, 1203), total, fill="black")
    like = likeness(of(earlier), of(later))
    assert like == Likeness("changed", (896, 1184, 928, 1216))


def test_the_rectangle_is_clipped_to_the_picture() -> None:
    earlier = noise(101, 67)
    later = earlier.copy()
    later[66, 100] ^= 1
    assert likeness(of(earlier), of(later)) == Likeness("changed", (96, 64, 101, 67))


def test_more_than_two_fifths_of_new_pixels_are_a_new_picture() -> None:
    earlier = noise(320, 320)
    most, more = earlier.copy(), earlier.copy()
    most[:128] ^= 255
    more[:129] ^= 255
    assert likeness(of(earlier), of(most)) == Likeness("changed", (0, 0, 320, 128))
    assert likeness(of(earlier), of(more)) is None
    assert likeness(of(earlier), of(noise(320, 320, seed=1))) is None


def test_pictures_of_other_sizes_or_colour_profiles_are_other_pictures() -> None:
    image = scene(160, 120)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profiled = of_file(saved(image, icc_profile=profile))
    assert likeness(of(image), of(image.resize((161, 120)))) is None
    assert likeness(of(image), of(image.rotate(90, expand=True))) is None
    assert profiled.pixels != of(image).pixels
    assert likeness(of(image), profiled) is None
    assert likeness(profiled, of_file(saved(image, icc_profile=profile, compress_level=9))) == Likeness("equal")


def test_a_blank_picture_of_another_shape_is_not_equal() -> None:
    blanks = {of(Image.new("RGB", size)).pixels for size in ((1, 1), (1, 2), (2, 1), (31, 33), (33, 31), (32, 32))}
    assert len(blanks) == 6


def test_colours_that_nobody_sees_make_no_difference_and_opacity_does() -> None:
    earlier = noise(90, 70, channels=4)
    earlier[10:20, 10:20, 3] = 0
    later = earlier.copy()
    later[10:20, 10:20, :3] = 99
    assert likeness(of(earlier), of(later)) == Likeness("equal")
    webp = saved(Image.fromarray(earlier), "WEBP", lossless=True)
    assert likeness(of(earlier), of_file(webp)) == Likeness("equal")
    later[15, 15, 3] = 1
    assert likeness(of(earlier), of(later)) == Likeness("changed", (0, 0, 32, 32))


def test_a_see_through_part_is_a_change_of_an_opaque_picture() -> None:
    earlier = noise(200, 130)
    later = np.dstack([earlier, np.full((130, 200), 255, np.uint8)])
    assert likeness(of(earlier), of(later)) == Likeness("equal")
    later[100, 70, 3] = 254
    assert likeness(of(earlier), of(later)) == Likeness("changed", (64, 96, 96, 128))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_scroll_is_found_exactly(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(5, 60)), data.draw(st.integers(120, 300))
    head, foot = data.draw(st.integers(0, 20)), data.draw(st.integers(0, 20))
    room = height - head - foot
    shift = data.draw(st.integers(1, int(CHANGED_SHARE * room) - 1)) * data.draw(st.sampled_from([1, -1]))
    world = noise(width, height * 2, data.draw(st.integers(0, 99)))
    at = height // 2
    earlier = noise(width, height, 100)
    later = earlier.copy()
    earlier[head : height - foot] = world[at : at + room]
    later[head : height - foot] = world[at + shift : at + shift + room]
    like = likeness(of(earlier), of(later))
    if like is not None and like.relation == "changed":
        return  # a scroll by few rows of a small part
    end = height - foot
    if shift > 0:
        moved, box = (0, head, width, end - shift), (0, end - shift, width, end)
    else:
        moved, box = (0, head - shift, width, end), (0, head, width, head - shift)
    assert like == Likeness("scrolled", box, shift, moved)
    assert_true(like, earlier, later)


def test_a_scrolled_page_of_text_is_found_through_its_blank_rows() -> None:
    world = page(900, 1400, 20)
    earlier, later = world.crop((0, 100, 900, 900)), world.crop((0, 220, 900, 1020))
    like = likeness(of(earlier), of(later))
    assert like is not None
    assert (like.relation, like.shift) == ("scrolled", 120)
    assert like.box is not None
    assert like.box[3] - like.box[1] <= 120
    assert_true(like, np.asarray(earlier), np.asarray(later))


def test_a_page_of_equal_lines_is_not_said_to_scroll() -> None:
    """Where no row stands once, every shift would do."""
    stripes = np.repeat(np.arange(200, dtype=np.uint8) % 7 * 30, 64).reshape(200, 64)
    assert likeness(of(stripes[:190]), of(stripes[3:193])) is None


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_is_said_of_two_screens_holds(data: st.DataObject) -> None:
    """Lines of few sorts, shuffled, shifted and edited: ambiguous rows everywhere."""
    sorts = noise(40, data.draw(st.integers(2, 60)), 3)
    lines = data.draw(st.lists(st.integers(0, len(sorts) - 1), min_size=100, max_size=100))
    start, height = data.draw(st.integers(0, 60)), 40
    earlier, later = sorts[lines[:height]].copy(), sorts[lines[start : start + height]].copy()
    for _ in range(data.draw(st.integers(0, 2))):
        later[data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, 39))] ^= 1
    assert_true(likeness(of(earlier), of(later)), earlier, later)


@settings(deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.data())
def test_what_is_shown_has_surroundings_and_stays_inside(width: int, height: int, data: st.DataObject) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = (left, top, data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height)))
    shown = with_surroundings(box, (width, height))
    for start, end, first, last, limit in zip(box[:2], box[2:], shown[:2], shown[2:], (width, height), strict=True):
        assert 0 <= first <= max(0, start - 32)
        assert min(limit, end + 32) <= last <= limit
        assert last - first >= min(200, limit)
        assert last - first <= max(201, end - start + 64)


def test_a_draft_has_no_fingerprint() -> None:
    data = saved(scene(), "JPEG")
    with pytest.raises(ValueError, match="draft"):
        fingerprint(decode(data, read_header(data), at_least=(100, 75)))


def test_a_fingerprint_is_small_and_says_how_small() -> None:
    made = of(page(1280, 800, 20))
    assert made.weight < 0.012 * 1280 * 800 * 3
    assert len(repr(made)) < 200


def test_what_is_written_for_the_model_is_one_plain_line_with_the_rectangle() -> None:
    assert equal_note(2) == "this picture is the same as image 2, pixel by pixel; it is not repeated here"
    assert changed_note(1, (64, 32, 128, 96), (1280, 800)) == (
        "this picture is the same as image 1 except for this part, which is shown: "
        "left 64, top 32, width 64, height 64 of 1280 x 800 px"
    )
    down = Likeness("scrolled", (0, 680, 1280, 800), 120, (0, 60, 1280, 680))
    assert scrolled_note(3, down, (1280, 800)) == (
        "this picture is image 3 scrolled: its rows 180 to 800 moved up by 120 px, to 60 to 680; the rest is unchanged "
        "except for this part, which is shown: left 0, top 680, width 1280, height 120 of 1280 x 800 px"
    )
    up = Likeness("scrolled", (0, 0, 1280, 120), -120, (0, 120, 1280, 800))
    assert "its rows 0 to 680 moved down by 120 px, to 120 to 800;" in scrolled_note(3, up, (1280, 800))
    for words in (equal_note(2), changed_note(1, (0, 0, 9, 9), (9, 9)), scrolled_note(3, down, (1280, 800))):
        assert note(words).text.endswith(words)
    with pytest.raises(ValueError, match="scrolled"):
        scrolled_note(1, Likeness("equal"), (9, 9))


def test_the_same_picture_has_the_same_fingerprint_in_every_process() -> None:
    image = Image.frombytes("RGB", (40, 33), random.Random(1).randbytes(40 * 33 * 3))
    assert of(image).pixels.hex() == "7f2ec0285be64281e2eddf37ec934d5e"
