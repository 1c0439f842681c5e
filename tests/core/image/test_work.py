"""A picture is decoded once for all that a request does with it, and what lies ready is bounded."""

from collections import Counter
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from headroom.image import ImageCompressor
from headroom_core.image import pixels, work
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode, shrink
from headroom_core.image.work import Desk
from tests.core.pictures import as_bytes, as_data_url, page, scene

SIDES = st.integers(1, 1200)


def jpeg(width: int, height: int, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    Image.radial_gradient("L").resize((width, height)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def request_with(*pictures: bytes, media_type: str, question: str) -> list[dict]:
    images = [{"type": "image_url", "image_url": {"url": as_data_url(data, media_type)}} for data in pictures]
    return [{"role": "user", "content": [*images, {"type": "text", "text": question}]}]


@pytest.fixture
def decodes(monkeypatch):
    """How often each file was decoded."""
    counted: Counter[bytes] = Counter()

    def counting(data, header, **options) -> Decoded:
        counted[data] += 1
        return decode(data, header, **options)

    monkeypatch.setattr(pixels, "decode", counting)
    return counted


@given(width=SIDES, height=SIDES, asked=st.tuples(SIDES, SIDES), orientation=st.integers(1, 8))
@settings(deadline=None, max_examples=60)
def test_a_jpeg_is_decoded_smaller_by_just_the_shrink_that_is_told(width, height, asked, orientation):
    data = jpeg(width, height, orientation)
    header = read_header(data)
    factor = shrink(header, asked)
    picture = decode(data, header, at_least=asked)
    assert picture.stored.size == (-(-width // factor), -(-height // factor))
    assert factor == 1 or all(2 * want <= have for want, have in zip(asked, picture.size, strict=True))


@given(asked=st.tuples(SIDES, SIDES), other=st.tuples(SIDES, SIDES))
@settings(deadline=None, max_examples=40)
def test_two_sizes_of_one_shrink_give_the_same_pixels(asked, other):
    data = jpeg(900, 700)
    header = read_header(data)
    same = (
        decode(data, header, at_least=asked).stored.tobytes() == decode(data, header, at_least=other).stored.tobytes()
    )
    assert same == (shrink(header, asked) == shrink(header, other))


def test_only_a_jpeg_is_shrunk():
    assert shrink(read_header(as_bytes(page(), "PNG")), (8, 8)) == 1
    assert shrink(read_header(jpeg(900, 700)), None) == 1


def test_a_photo_that_is_looked_at_and_resized_is_decoded_once(decodes):
    photo = as_bytes(scene(1200, 900), quality=90)
    with ImageCompressor() as compressor:
        request = request_with(photo, media_type="image/jpeg", question="What is the mood of this scene?")
        compressed = compressor.compress(request, model="claude-sonnet-4-5")
    assert compressed != request
    assert decodes == {photo: 1}


def test_screens_that_are_compared_are_decoded_once_each(decodes):
    before = page()
    after = before.copy()
    ImageDraw.Draw(after).rectangle((100, 100, 140, 130), fill="red")
    files = as_bytes(before, "PNG"), as_bytes(after, "PNG")
    with ImageCompressor() as compressor:
        compressor.compress(request_with(*files, media_type="image/png", question="Read the total."), model="gpt-4o")
        assert compressor.last_result.outcomes[1].decision.same_as == 0
    assert decodes == dict.fromkeys(files, 1)


def test_what_lies_on_the_desk_is_bounded_but_for_one_picture(monkeypatch):
    monkeypatch.setattr(work, "DESK", 100)
    made: list[int] = []

    def lay(desk: Desk, number: int, side: int) -> None:
        def load() -> Decoded:
            made.append(number)
            data = jpeg(side, side)
            return decode(data, read_header(data))

        assert desk.get((b"", number), (side, side), load).size == (side, side)

    desk = Desk()
    for number, side in ((1, 7), (2, 7), (1, 7), (3, 6), (2, 7), (4, 50), (4, 50), (1, 7)):
        lay(desk, number, side)
    assert made == [1, 2, 3, 2, 4, 1]
