"""A file that headroom made is known by its mark, and no other file is."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom_core.errors import ImageError
from headroom_core.image.header import MARK, MARK_TIFF, PEEK_BYTES, Header, peek_header, read_header
from headroom_core.image.pixels import Kind, as_png, decode, encode, preview, render

FORMATS = ("image/jpeg", "image/png", "image/webp")


def picture(mode: str = "RGB", width: int = 70, height: int = 50) -> Image.Image:
    image = Image.linear_gradient("L").resize((width, height)).convert(mode.removesuffix("A"))
    if mode.endswith("A"):
        image.putalpha(Image.linear_gradient("L").rotate(90).resize((width, height)))
    return image


def saved(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


def made(media_type: str, mode: str = "RGB", kind: Kind = Kind.GRAPHIC) -> bytes:
    return encode(picture(mode), kind=kind, takes={media_type})[0]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def tiff(text: bytes, *, order: str = "<", kind: int = 2, count: int | None = None, at: int = 26) -> bytes:
    """A directory that names a software."""
    start = {"<": b"II*\0", ">": b"MM\0*"}[order]
    told = len(text) if count is None else count
    return start + struct.pack(order + "IHHHIII", 8, 1, 0x0131, kind, told, at, 0) + text


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_file_that_is_encoded_bears_the_mark(media_type: str, mode: str, kind: Kind) -> None:
    data = made(media_type, mode, kind)
    header = read_header(data)
    assert header.ours
    assert (header.size, header.media_type, header.left_alone) == ((70, 50), media_type, None)
    assert header.alpha == (mode.endswith("A") and media_type != "image/jpeg")
    with Image.open(BytesIO(data)) as image:
        image.load()


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_rendered_file_bears_the_mark_and_one_made_of_it_again(media_type: str) -> None:
    data = saved(picture(), format="PNG")
    for _ in range(2):
        data, _type = render(decode(data, read_header(data)), (35, 25), takes={media_type})
        assert read_header(data).ours


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg"])
def test_a_peek_at_the_start_of_a_large_file_sees_the_mark(media_type: str) -> None:
    grain = Image.effect_noise((500, 400), 90)
    data, _ = encode(grain, kind=Kind.PHOTO, takes={media_type})
    assert len(data) > PEEK_BYTES
    peeked = peek_header(data[:1024])
    assert peeked is not None
    assert peeked.ours


def test_a_peek_at_a_webp_with_exif_asks_for_the_whole_file() -> None:
    data = made("image/webp")
    assert {peek_header(data[:end]) for end in range(len(data) - 1)} == {None}
    assert read_header(data).ours


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_of_another_maker_bears_no_mark(form: str) -> None:
    assert not read_header(saved(picture(), format=form)).ours


@pytest.mark.parametrize("remark", [b"headroom ", b"Headroom", b"headroo", b" headroom", b"made by headroom", b""])
def test_a_text_that_is_nearly_the_mark_is_none(remark: bytes) -> None:
    data = saved(picture(), format="PNG")
    png = data[:33] + chunk(b"tEXt", b"Software\0" + remark) + data[33:]
    files = [saved(picture(), format="JPEG", comment=remark), png]
    files += [saved(picture(), format="WEBP", exif=tiff(remark + b"\0"))]
    assert not any(read_header(file).ours for file in files)


def test_the_mark_counts_only_where_it_belongs() -> None:
    data = saved(picture(), format="PNG")
    text = chunk(b"tEXt", b"Software\0" + MARK)
    assert read_header(data[:33] + text + data[33:]).ours
    behind, elsewhere = data[:-12] + text + data[-12:], data[:33] + chunk(b"tEXt", b"Comment\0" + MARK) + data[33:]
    assert not read_header(behind).ours
    assert not read_header(elsewhere).ours
    assert not read_header(saved(picture(), format="JPEG", exif=MARK_TIFF)).ours
    flagless = bytearray(made("image/webp"))
    flagless[20] &= ~0x08
    assert not read_header(bytes(flagless)).ours


def test_another_remark_beside_the_mark_does_not_hide_it() -> None:
    data = made("image/jpeg")
    remark = b"\xff\xfe" + struct.pack(">H", 2 + 5) + b"hello"
    assert read_header(data[:2] + remark + data[2:]).ours


@pytest.mark.parametrize(
    "exif",
    [
        tiff(b"other\0"),
        tiff(MARK + b"\0", kind=3),
        tiff(MARK + b"\0", count=2**32 - 1),
        tiff(MARK + b"\0", at=2**32 - 1),
        tiff(MARK + b"\0", at=30),
        tiff(MARK, count=9),
        tiff(MARK[:3] + b"\0", count=4),
        tiff(MARK + b"\0")[:20],
        b"II*\0",
        b"",
    ],
)
def test_exif_that_is_foreign_or_damaged_is_no_mark(exif: bytes) -> None:
    assert not read_header(webp_with(exif)).ours


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_the_mark_is_read_in_both_byte_orders(order: str, prefix: bytes) -> None:
    assert read_header(webp_with(prefix + tiff(MARK + b"\0", order=order))).ours


def webp_with(exif: bytes) -> bytes:
    """A marked file whose EXIF chunk is exchanged."""
    data = made("image/webp")
    body = data[12 : data.rindex(b"EXIF")] + b"EXIF" + struct.pack("<I", len(exif)) + exif + bytes(len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def test_what_a_person_looks_at_or_hands_over_bears_no_mark() -> None:
    """A picture that was never reduced must not be taken for one that was."""
    data = saved(picture(), format="PNG")
    assert not read_header(preview(decode(data, read_header(data)), (35, 25))).ours
    assert not read_header(as_png(picture())).ours


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_mark_is_small_and_leaves_the_pixels_as_they_are(media_type: str) -> None:
    image = picture()
    data = made(media_type)
    plain = {
        "image/jpeg": {"format": "JPEG", "quality": 85, "subsampling": "4:4:4"},
        "image/png": {"format": "PNG", "compress_level": 3},
        "image/webp": {"format": "WEBP", "lossless": True, "method": 0, "quality": 30},
    }[media_type]
    bare = saved(image, **plain)
    assert 0 < len(data) - len(bare) <= 80
    assert Image.open(BytesIO(data)).tobytes() == Image.open(BytesIO(bare)).tobytes()


MADE = [made(media_type, mode) for media_type in FORMATS for mode in ("RGB", "RGBA")]


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_damaged_mark_raises_nothing_but_image_errors(data: st.DataObject) -> None:
    original = bytearray(data.draw(st.sampled_from(MADE)))
    mark = original.index(MARK)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(max(0, mark - 40), min(len(original) - 1, mark + 12)))
        original[at] = data.draw(st.integers(0, 255))
    damaged = bytes(original[: data.draw(st.integers(0, len(original)))])
    for read in (read_header, peek_header):
        with suppress(ImageError):
            header = read(damaged)
            assert header is None or isinstance(header, Header)


@pytest.mark.parametrize("data", MADE)
def test_a_file_cut_off_anywhere_raises_nothing_but_image_errors(data: bytes) -> None:
    whole = read_header(data)
    for end in range(len(data)):
        with suppress(ImageError):
            assert read_header(data[:end]).size == whole.size
        assert peek_header(data[:end]) in (None, whole)
