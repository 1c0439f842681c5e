"""The header is read without a decoder, and says what a viewer would see."""

import random
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from headroom_core.errors import BrokenImage, ImageError, ImageTooLarge, UnsupportedImage
from headroom_core.image.header import Colour, Format, Header, peek_header, read_header
from headroom_core.image.limits import Limits


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(3 * width * height))


FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def saved(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 2) -> bytes:
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + b"".join(chunks) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (640, 480), (1023, 17)])
def test_the_size_and_the_format_are_read(form: str, size: tuple[int, int]) -> None:
    header = read_header(saved(Image.new("RGB", size, "teal"), format=form))
    assert (header.format, header.size) == (form, size)
    assert header.media_type == f"image/{form.lower()}"
    assert header.left_alone is None


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_each_kind_of_webp_is_read(mode: str, *, lossless: bool) -> None:
    image = Image.linear_gradient("L").resize((70, 50)).convert("RGB")
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize((70, 50)))
    header = read_header(saved(image, format="WEBP", lossless=lossless))
    assert (header.size, header.alpha) == ((70, 50), mode == "RGBA")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_turns_the_size(form: str, orientation: int) -> None:
    data = saved(Image.new("RGB", (60, 20)), format=form, exif=turned(orientation))
    header = read_header(data)
    assert header.orientation == orientation
    assert header.size == ImageOps.exif_transpose(Image.open(BytesIO(data))).size


@pytest.mark.parametrize("stated", [0, 9, 77, 65535])
def test_an_orientation_that_does_not_exist_counts_as_upright(stated: int) -> None:
    header = read_header(saved(Image.new("RGB", (60, 20)), format="JPEG", exif=turned(stated)))
    assert (header.orientation, header.size) == (1, (60, 20))


def test_big_endian_exif_is_read() -> None:
    tiff = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    assert read_header(png(60, 20, chunk(b"eXIf", tiff))).orientation == 6


def test_an_orientation_behind_the_pixels_of_a_png_is_seen_in_the_whole_file_only() -> None:
    tiff = b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x0112, 3, 1, 8, 0)
    data = png(60, 20, chunk(b"IDAT", b"\0" * 9000), chunk(b"eXIf", tiff))
    assert read_header(data).size == (20, 60)
    peeked = peek_header(data[:4000])
    assert peeked is not None
    assert peeked.size == (60, 20)


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_an_animation_is_known_and_left_alone(form: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    header = read_header(saved(frames[0], format=form, save_all=True, append_images=frames[1:]))
    assert header.animated
    assert header.left_alone == "left alone: an animation"


def test_a_jpeg_of_several_pictures_is_left_alone() -> None:
    data = saved(Image.new("RGB", (40, 30)), format="MPO", save_all=True, append_images=[Image.new("RGB", (40, 30))])
    header = read_header(data)
    assert (header.format, header.frames) == (Format.JPEG, 2)
    assert header.left_alone == "left alone: a JPEG of several pictures"


def test_the_kind_of_pixels_is_known() -> None:
    assert read_header(saved(Image.new("CMYK", (9, 9)), format="JPEG")).colour is Colour.CMYK
    assert read_header(saved(Image.new("L", (9, 9)), format="JPEG")).colour is Colour.GREY
    assert read_header(saved(Image.new("I;16", (9, 9)), format="PNG")).bits == 16
    assert read_header(saved(Image.new("1", (9, 9)), format="PNG")).bits == 1
    assert read_header(saved(Image.new("P", (9, 9)), format="PNG")).colour is Colour.PALETTE
    assert read_header(saved(Image.new("P", (9, 9)), format="PNG", transparency=0)).alpha
    assert read_header(saved(Image.new("P", (9, 9)), format="GIF", transparency=0)).alpha
    assert read_header(saved(Image.new("RGB", (9, 9)), format="PNG", icc_profile=b"0" * 200)).profile
    assert read_header(saved(Image.new("RGB", (9, 9)), format="JPEG", icc_profile=b"0" * 200)).profile


def test_cmyk_and_deep_pictures_are_left_alone_with_their_reason() -> None:
    assert read_header(saved(Image.new("CMYK", (9, 9)), format="JPEG")).left_alone == "left alone: CMYK colour"
    assert read_header(saved(Image.new("I;16", (9, 9)), format="PNG")).left_alone == "left alone: 16 bits per sample"


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"BM\x36\0\0\0", "BMP"),
        (b"\0\0\0\x20ftypavif", "AVIF"),
        (b"\0\0\0\x20ftypheic", "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg>", "SVG"),
        (b"8BPS\0\x01", "PSD"),
        (b"\xff\x0a\0\0", "JPEG XL"),
    ],
)
def test_another_format_is_named(start: bytes, name: str) -> None:
    with pytest.raises(UnsupportedImage, match=name):
        read_header(start.ljust(64, b"\0"))


def test_no_bytes_and_any_bytes_are_refused() -> None:
    with pytest.raises(BrokenImage):
        read_header(b"")
    with pytest.raises(UnsupportedImage):
        read_header(b"hello, world, this is text")


@pytest.mark.parametrize(
    ("width", "height", "limit"), [(17_000, 17_000, "side"), (1, 40_000_000, "side"), (12_000, 12_000, "megapixels")]
)
def test_a_picture_beyond_the_limits_is_refused_by_its_header(width: int, height: int, limit: str) -> None:
    with pytest.raises(ImageTooLarge, match=limit):
        read_header(png(width, height, chunk(b"IDAT", b"")))


def test_a_file_beyond_the_limit_on_bytes_is_refused() -> None:
    data = saved(Image.new("RGB", (60, 20)), format="PNG")
    with pytest.raises(ImageTooLarge):
        read_header(data, limits=Limits(max_bytes=len(data) - 1))
    assert read_header(data, limits=Limits(max_bytes=len(data))).size == (60, 20)


def test_a_picture_without_pixels_is_broken() -> None:
    with pytest.raises(BrokenImage):
        read_header(png(0, 20, chunk(b"IDAT", b"")))


def pictures() -> list[bytes]:
    image = noise(90, 60)
    made = [saved(image, format=form) for form in FORMATS]
    made += [saved(image, format=form, exif=turned(6)) for form in ("PNG", "JPEG", "WEBP")]
    made += [
        saved(image, format=form, save_all=True, append_images=[image.rotate(9)]) for form in ("PNG", "GIF", "WEBP")
    ]
    return made


PICTURES = pictures()


@pytest.mark.parametrize("data", PICTURES)
def test_a_peek_gives_the_header_of_the_whole_file_or_asks_for_more(data: bytes) -> None:
    whole = read_header(data)
    answers = [peek_header(data[:end]) for end in range(len(data) + 1)]
    assert set(answers) <= {None, whole}
    assert answers[-1] == whole
    assert answers[0] is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_short_start_suffices_for_a_large_file(form: str) -> None:
    data = saved(noise(300, 250), format=form)
    assert len(data) > 40_000
    assert peek_header(data[:2048]) == read_header(data)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_files_raise_nothing_but_image_errors(data: st.DataObject) -> None:
    original = bytearray(data.draw(st.sampled_from(PICTURES)))
    for _ in range(data.draw(st.integers(1, 6))):
        original[data.draw(st.integers(0, min(len(original) - 1, 400)))] = data.draw(st.integers(0, 255))
    damaged = bytes(original[: data.draw(st.integers(0, len(original)))])
    for read in (read_header, peek_header):
        with suppress(ImageError):
            header = read(damaged)
            assert header is None or isinstance(header, Header)


@settings(deadline=None)
@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"]), st.binary(max_size=200)
)
def test_any_bytes_behind_a_magic_raise_nothing_but_image_errors(magic: bytes, rest: bytes) -> None:
    with suppress(ImageError):
        assert min(read_header(magic + rest).size) > 0
