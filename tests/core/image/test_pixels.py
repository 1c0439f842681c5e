"""Pictures are decoded once, resized without surprises and encoded by their kind."""

import gc
import logging
import random
import struct
import threading
import warnings
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps, ImageStat

from headroom_core.errors import BrokenImage, ImageError, ImageTooLarge, UnsupportedImage
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, Kind, as_png, crop, decode, encode, kind_of, render, resized

ALL = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


def saved(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def decoded(data: bytes, at_least: tuple[int, int] | None = None) -> Decoded:
    return decode(data, read_header(data), at_least=at_least)


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """Soft noise in colour, marked at the top left so that its orientation shows."""
    coarse = random.Random(3).randbytes(3 * 24 * 18)
    grain = Image.frombytes("RGB", (width, height), random.Random(4).randbytes(3 * width * height))
    soft = Image.frombytes("RGB", (24, 18), coarse).resize((width, height), Image.Resampling.BICUBIC)
    image = Image.blend(soft, grain, 0.1)
    image.paste((250, 20, 20), (0, 0, width // 3, height // 4))
    return image


def page(width: int = 640, height: int = 480) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for top in range(10, height - 20, 18):
        draw.text((12, top), "total 12.50 EUR and some more words of text on this line", fill="black")
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean) / 3


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_is_applied_and_dropped(form: str, orientation: int) -> None:
    data = saved(photo(), format=form, exif=turned(orientation))
    picture = decoded(data)
    size = tuple(side // 4 for side in picture.size)
    made = opened(render(picture, size, takes={"image/png"})[0])
    expected = ImageOps.exif_transpose(opened(data)).resize(size, Image.Resampling.LANCZOS)
    assert made.size == size == expected.size
    assert not made.getexif()
    assert difference(made, expected) < 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_window_and_a_crop_are_cut_from_the_upright_picture(orientation: int) -> None:
    data = saved(photo(90, 60), format="PNG", exif=turned(orientation))
    picture, box = decoded(data), (5, 11, 42, 30)
    expected = ImageOps.exif_transpose(opened(data)).crop(box)
    assert picture.window(box).tobytes() == expected.tobytes()
    assert crop(picture, box).tobytes() == expected.tobytes()


def test_a_crop_needs_full_resolution_and_a_box_inside() -> None:
    data = saved(photo(), format="JPEG")
    with pytest.raises(ValueError, match="draft"):
        crop(decoded(data, (40, 30)), (0, 0, 10, 10))
    with pytest.raises(ValueError, match="not inside"):
        crop(decoded(data), (0, 0, 641, 10))


def test_a_large_jpeg_is_decoded_as_a_draft_of_at_least_twice_the_size() -> None:
    data = saved(photo(1600, 1200), format="JPEG")
    picture = decoded(data, (200, 150))
    assert picture.size == (400, 300)
    assert picture.scale == 0.25
    assert decoded(data, (201, 150)).size == (800, 600)
    assert decoded(data).size == (1600, 1200)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_resize_from_a_draft_looks_like_one_from_all_pixels(orientation: int) -> None:
    data = saved(photo(1600, 1200), format="JPEG", quality=92, exif=turned(orientation))
    size = (200, 150) if orientation == 1 else (150, 200)
    assert difference(resized(decoded(data, size), size), resized(decoded(data), size)) < 1.5


@pytest.mark.parametrize("mode", ["P", "1", "L", "LA", "RGBA"])
def test_every_plain_mode_is_resized_smoothly(mode: str) -> None:
    shades = Image.linear_gradient("L").resize((300, 300))
    picture = decoded(saved(shades.convert(mode), format="PNG"))
    levels = len(set(resized(picture, (100, 100)).convert("L").tobytes()))
    assert levels > 40


def test_no_hidden_colour_and_no_dark_fringe_comes_out_of_transparency() -> None:
    image = Image.new("RGBA", (400, 400), (0, 255, 0, 0))
    ImageDraw.Draw(image).ellipse((60, 60, 340, 340), fill=(255, 0, 0, 255))
    small = resized(decoded(saved(image, format="PNG")), (100, 100))
    assert small.mode == "RGBA"
    red, green, _, alpha = small.split()
    seen = alpha.point(lambda value: 255 * (value > 8))
    assert ImageChops.multiply(green, seen).getextrema() == (0, 0)
    assert ImageChops.multiply(ImageChops.invert(red), seen).getextrema()[1] <= 24
    hidden = alpha.point(lambda value: 255 * (value == 0))
    assert ImageChops.multiply(green, hidden).getextrema() == (0, 0)


def test_an_alpha_channel_that_hides_nothing_is_dropped() -> None:
    image = photo(80, 60)
    image.putalpha(255)
    assert resized(decoded(saved(image, format="PNG")), (40, 30)).mode == "RGB"


def test_the_transparent_colour_of_a_palette_survives() -> None:
    image = Image.new("P", (80, 80), 1)
    image.putpalette([255, 255, 255, 10, 20, 200])
    image.paste(0, (0, 0, 40, 80))
    for form in ("PNG", "GIF"):
        small = resized(decoded(saved(image, format=form, transparency=0)), (20, 20))
        assert small.getpixel((2, 10))[3] == 0
        assert small.getpixel((17, 10)) == (10, 20, 200, 255)


def test_a_large_transparent_picture_is_resized_in_strips_as_in_one_piece() -> None:
    image = photo(650, 525).resize((2600, 2100), Image.Resampling.BICUBIC)
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    small = resized(decoded(saved(image, format="PNG", compress_level=1)), (333, 269))
    expected = image.resize((333, 269), Image.Resampling.LANCZOS, reducing_gap=3.0)
    assert difference(small, expected) < 0.5
    assert difference(small.getchannel("A"), expected.getchannel("A")) < 0.5


def test_colours_of_another_profile_are_brought_to_srgb() -> None:
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(srgb)
    # A profile with the red and blue primaries exchanged: its pixels come out with red and blue exchanged.
    tags = {srgb[at : at + 4]: at + 4 for at in range(132, 132 + 12 * struct.unpack(">I", srgb[128:132])[0], 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    swapped[red : red + 8], swapped[blue : blue + 8] = srgb[blue : blue + 8], srgb[red : red + 8]
    at = srgb.find("sRGB".encode("utf-16-be"))
    swapped[at : at + 8] = "odd ".encode("utf-16-be")
    image = Image.new("RGB", (40, 40), (220, 30, 30))
    plain = resized(decoded(saved(image, format="PNG", icc_profile=srgb)), (20, 20))
    moved = resized(decoded(saved(image, format="PNG", icc_profile=bytes(swapped))), (20, 20))
    foreign = resized(
        decoded(saved(image, format="PNG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())), (20, 20)
    )
    broken = resized(decoded(saved(image, format="PNG", icc_profile=b"no profile" * 30)), (20, 20))
    assert moved.getpixel((9, 9))[2] > 150
    assert moved.getpixel((9, 9))[0] < 100
    assert {pixels.getpixel((9, 9)) for pixels in (plain, foreign, broken)} == {(220, 30, 30)}


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
def test_no_metadata_comes_out(media_type: str) -> None:
    exif = turned(1)
    exif[0x010E] = "a description"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(photo(), format="JPEG", exif=exif, icc_profile=profile, comment=b"a remark", dpi=(300, 300))
    made, _ = render(decoded(data), (160, 120), takes={media_type})
    for trace in (b"Exif", b"description", b"remark", b"ICC", b"iCCP", b"acsp"):
        assert trace not in made


def test_photos_and_graphics_are_told_apart() -> None:
    assert kind_of(photo()) is Kind.PHOTO
    assert kind_of(photo().convert("L")) is Kind.PHOTO
    assert kind_of(page()) is Kind.GRAPHIC
    assert kind_of(page().resize((400, 300), Image.Resampling.LANCZOS)) is Kind.GRAPHIC
    assert kind_of(Image.new("L", (1, 1))) is Kind.GRAPHIC


@pytest.mark.parametrize(
    ("image", "takes", "expected"),
    [
        (photo(), ALL, "image/jpeg"),
        (photo(), {"image/png"}, "image/png"),
        (page(), ALL, "image/webp"),
        (page(), {"image/png", "image/jpeg"}, "image/png"),
        (page(), {"image/jpeg"}, "image/jpeg"),
    ],
)
def test_the_kind_and_the_receiver_choose_the_format(image: Image.Image, takes: set[str], expected: str) -> None:
    data, media_type = render(decoded(saved(image, format="PNG")), (320, 240), takes=takes)
    assert media_type == expected
    assert read_header(data).media_type == expected


def test_graphics_lose_nothing_in_the_encoding() -> None:
    image = resized(decoded(saved(page(), format="PNG")), (320, 240))
    for takes in (ALL, {"image/png"}):
        data, _ = encode(image, kind=Kind.GRAPHIC, takes=takes)
        assert opened(data).convert("RGB").tobytes() == image.tobytes()


@pytest.mark.parametrize("kind", list(Kind))
def test_alpha_is_kept_where_it_can_be_and_else_flattened_on_white(kind: Kind) -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 30, 60))
    for takes in ({"image/webp"}, {"image/png"}, ALL):
        kept = opened(encode(image, kind=kind, takes=takes)[0])
        assert kept.getchannel("A").getextrema() == (0, 255)
    flat = opened(encode(image, kind=kind, takes={"image/jpeg"})[0])
    assert min(flat.getpixel((50, 30))) > 245


def test_the_limit_on_bytes_moves_to_a_smaller_encoding_or_is_refused() -> None:
    image = photo(320, 240)
    lossless, _ = encode(image, kind=Kind.GRAPHIC, takes=ALL)
    data, media_type = encode(image, kind=Kind.GRAPHIC, takes=ALL, max_bytes=len(lossless) // 2)
    assert media_type == "image/jpeg"
    assert len(data) <= len(lossless) // 2
    with pytest.raises(ImageTooLarge):
        encode(image, kind=Kind.GRAPHIC, takes=ALL, max_bytes=100)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_pillow_image_becomes_png_bytes_with_all_its_pixels(mode: str) -> None:
    image = photo(60, 40).convert(mode)
    image.getexif()[0x0112] = 6
    data = as_png(image)
    assert opened(data).convert("RGBA").tobytes() == image.convert("RGBA").tobytes()
    assert read_header(data).size == (40, 60)


def test_a_pillow_image_that_png_cannot_hold_is_left_alone() -> None:
    with pytest.raises(UnsupportedImage, match="CMYK"):
        as_png(photo(60, 40).convert("CMYK"))


def test_a_receiver_that_takes_nothing_we_write_is_named() -> None:
    with pytest.raises(UnsupportedImage, match="neither"):
        encode(photo(), kind=Kind.PHOTO, takes={"image/heic"})


@pytest.mark.parametrize("image", [photo(), page()])
def test_the_same_picture_gives_the_same_bytes(image: Image.Image) -> None:
    data = saved(image, format="JPEG")
    made = {render(decoded(data, (200, 150)), (200, 150), takes=ALL) for _ in range(3)}
    assert len(made) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (saved(Image.new("CMYK", (30, 20)), format="JPEG"), "CMYK"),
        (saved(Image.new("I;16", (30, 20)), format="PNG"), "16 bits"),
        (
            saved(Image.new("L", (9, 9)), format="GIF", save_all=True, append_images=[Image.new("L", (9, 9), 99)]),
            "anim",
        ),
    ],
)
def test_what_is_left_alone_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnsupportedImage, match=f"left alone: .*{reason}"):
        decoded(data)


def test_a_picture_whose_metadata_disagree_on_the_orientation_is_left_alone() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    with pytest.raises(UnsupportedImage, match="disagree"):
        decoded(saved(photo(), format="JPEG", xmp=xmp))


def test_an_orientation_behind_the_pixels_that_the_caller_did_not_see_is_refused() -> None:
    data = saved(photo(60, 20), format="PNG")
    tiff = b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    behind = struct.pack(">I", len(tiff)) + b"eXIf" + tiff + struct.pack(">I", zlib.crc32(b"eXIf" + tiff))
    late = data[:-12] + behind + data[-12:]
    assert decode(late, read_header(late)).size == (20, 60)
    with pytest.raises(UnsupportedImage, match="behind its pixels"):
        decode(late, read_header(data))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_truncated_picture_is_refused(form: str) -> None:
    data = saved(photo(), format=form)
    with pytest.raises(BrokenImage):
        decoded(data[: len(data) * 2 // 3])


GOOD = [saved(photo(64, 48), format=form) for form in ("PNG", "JPEG", "GIF", "WEBP")]
GOOD += [saved(photo(64, 48), format="JPEG", progressive=True, exif=turned(5))]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_damaged_pictures_raise_nothing_but_image_errors(data: st.DataObject) -> None:
    original = bytearray(data.draw(st.sampled_from(GOOD)))
    for _ in range(data.draw(st.integers(1, 8))):
        original[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(original)
    with suppress(ImageError):
        made, media_type = render(decoded(damaged, (16, 12)), (16, 12), takes=ALL)
        assert (read_header(made).media_type, read_header(made).size) == (media_type, (16, 12))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 60), st.integers(1, 60), st.sampled_from(["PNG", "JPEG"]))
def test_any_size_comes_out_as_asked(width: int, height: int, to_width: int, to_height: int, form: str) -> None:
    data = saved(Image.new("RGB", (width, height), "olive"), format=form)
    made, _ = render(decoded(data, (to_width, to_height)), (to_width, to_height), takes=ALL)
    assert read_header(made).size == (to_width, to_height)


def test_warnings_of_the_decoder_stay_inside_and_the_filters_are_restored() -> None:
    short_exif = b"Exif\0\0II*\0" + struct.pack("<IHHHIHH", 8, 3, 0x0112, 3, 1, 1, 0)
    corrupt = saved(photo(64, 48), format="JPEG", exif=short_exif)
    with pytest.warns(UserWarning, match="Corrupt EXIF"):
        opened(corrupt).getexif()
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        threads = [threading.Thread(target=lambda: render(decoded(corrupt), (16, 12), takes=ALL)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        filters = list(warnings.filters)
        gc.collect()
    assert not [entry for entry in seen if "PIL" in entry.filename]
    assert not [
        entry for entry in filters if entry[0] == "ignore" and entry[3] is not None and "PIL" in entry[3].pattern
    ]
    assert list(warnings.filters) == before


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_exif_says_reaches_no_log(kind, caplog):
    image, out = Image.new("RGB", (400, 300)), BytesIO()
    exif = image.getexif()
    exif[0x010E] = "canary"
    image.save(out, kind, exif=exif)
    data = out.getvalue()
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    render(decode(data, read_header(data)), (200, 150), takes={"image/jpeg", "image/webp"})
    assert "canary" not in caplog.text
    with Image.open(BytesIO(data)) as own:
        own.getexif()
    assert "canary" in caplog.text
