"""Pictures that bear text are told from photos, cheaply and in the units of the file."""

import random
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.signals import ImageSignals, Signals, measure

WORDS = ("item", "price", "delivery", "of", "invoice", "bottom", "the", "every", "with", "its", "page", "and")


def saved(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


def measured(image: Image.Image, *, at_least: tuple[int, int] | None = None, **options: object) -> Signals:
    data = saved(image, **(options or {"format": "PNG"}))
    return measure(decode(data, read_header(data), at_least=at_least))


def font(em: int) -> ImageFont.FreeTypeFont:
    loaded = ImageFont.load_default(em)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    return loaded


@cache
def page(em: int = 16, size: tuple[int, int] = (816, 1056), ink: str = "black", paper: str = "white") -> Image.Image:
    image, choose = Image.new("RGB", size, paper), random.Random(em)
    draw, face, top = ImageDraw.Draw(image), font(em), size[1] // 12
    while top < size[1] * 11 // 12:
        line = " ".join(choose.choice(WORDS) for _ in range(int(size[0] * 0.25 / em)))
        draw.text((size[0] * 0.08, top), line, fill=ink, font=face)
        top += int(em * 1.4)
    return image


@cache
def photo(size: tuple[int, int] = (1000, 750)) -> Image.Image:
    """Soft shapes at every scale, with fine grain, as in a photo of nature."""
    noise = random.Random(11)
    image = Image.new("RGB", size, "grey")
    for cells in (5, 11, 23, 47):
        shape = (cells, cells * 3 // 4)
        layer = Image.frombytes("RGB", shape, noise.randbytes(3 * shape[0] * shape[1]))
        image = Image.blend(image, layer.resize(size, Image.Resampling.BICUBIC), 0.35)
    grain = Image.frombytes("RGB", size, noise.randbytes(3 * size[0] * size[1]))
    return Image.blend(image, grain, 0.06)


@cache
def scan(em: int) -> Image.Image:
    """A page, a little askew, blurred and grainy."""
    image = (
        page(em).rotate(1.5, fillcolor="white", resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.6))
    )
    grain = Image.frombytes("L", image.size, random.Random(2).randbytes(image.width * image.height))
    return ImageChops.subtract(image, Image.merge("RGB", (grain.point(lambda value: value // 12),) * 3))


def receipt_in_a_photo() -> Image.Image:
    image = photo((900, 1200)).copy()
    image.paste(page(18, (420, 1000), ink="#333333", paper="#f4f1e8"), (230, 90))
    return image.filter(ImageFilter.GaussianBlur(0.5))


def window() -> Image.Image:
    """A dark program window with few words."""
    image = Image.new("RGB", (1280, 800), "#202124")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 40), fill="#303134")
    for place, words in (((20, 12), "File  Edit  View"), ((40, 700), "3 items selected"), ((900, 300), "Cancel")):
        draw.text(place, words, fill="#dddddd", font=font(14))
    return image


def chart() -> Image.Image:
    image = Image.new("RGB", (800, 600), "white")
    draw = ImageDraw.Draw(image)
    for bar, height in enumerate((120, 340, 210, 400)):
        draw.rectangle((140 + bar * 150, 520 - height, 220 + bar * 150, 520), fill="#4472c4")
        draw.text((150 + bar * 150, 530), f"Q{bar + 1} 2026", fill="black", font=font(13))
    draw.line((100, 60, 100, 520, 760, 520), fill="black")
    return image


@pytest.mark.parametrize("em", [10, 12, 16, 24, 36])
@pytest.mark.parametrize("options", [{"format": "PNG"}, {"format": "JPEG", "quality": 70}])
def test_a_page_bears_text(em: int, options: dict[str, object]) -> None:
    assert measured(page(em), **options).has_text >= 0.9


@pytest.mark.parametrize(
    "image",
    [scan(14), scan(22), receipt_in_a_photo(), window(), chart(), page(14, ink="#d4d4d4", paper="#1e1e1e")],
    ids=["scan 14", "scan 22", "receipt", "window", "chart", "terminal"],
)
@pytest.mark.parametrize("options", [{"format": "PNG"}, {"format": "JPEG", "quality": 80}])
def test_what_bears_text_is_found(image: Image.Image, options: dict[str, object]) -> None:
    assert measured(image, **options).has_text >= 0.5


@pytest.mark.parametrize("size", [(400, 300), (1000, 750), (1400, 1050)])
@pytest.mark.parametrize("options", [{"format": "PNG"}, {"format": "JPEG", "quality": 85}])
def test_a_photo_does_not(size: tuple[int, int], options: dict[str, object]) -> None:
    assert measured(photo(size), **options).has_text < 0.2


@pytest.mark.parametrize("em", [12, 16, 20, 28, 40])
def test_the_height_of_the_text_is_in_pixels_of_the_file(em: int) -> None:
    height = measured(page(em, (1000, 1200))).text_height
    assert height is not None
    assert em / 1.4 <= height <= em * 1.4


def test_the_height_does_not_change_with_the_draft() -> None:
    image = page(40, (1600, 2000))
    whole = measured(image, format="JPEG", quality=90).text_height
    draft = measured(image, at_least=(400, 500), format="JPEG", quality=90).text_height
    assert whole is not None
    assert draft is not None
    assert abs(whole - draft) <= 0.25 * whole


def test_text_is_found_in_a_picture_stored_on_its_side() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = scan(16).transpose(Image.Transpose.ROTATE_90)
    assert measured(sideways, format="JPEG", exif=exif).text_lines > 50


def test_the_facts_of_the_file_are_kept() -> None:
    image = Image.new("RGBA", (90, 40), (0, 0, 0, 0))
    signals = measured(image)
    assert (signals.width, signals.height, signals.format, signals.alpha) == (90, 40, "PNG", True)
    assert (signals.text_height, signals.text_lines) == (None, 0)


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 900), (2, 2), (7, 4000), (5000, 2)])
def test_any_size_can_be_measured(size: tuple[int, int]) -> None:
    signals = measured(Image.new("L", size, 7))
    assert 0 <= signals.has_text <= 1
    assert (signals.width, signals.height) == size


@pytest.mark.parametrize("image", [page(), photo(), chart(), Image.new("RGB", (50, 50))])
def test_the_documented_estimates_are_shares(image: Image.Image) -> None:
    face = measured(image).face
    assert isinstance(face, ImageSignals)
    for value in (face.has_text, face.is_document, face.is_complex, face.has_small_details):
        assert 0 <= value <= 1


def test_the_documented_estimates_tell_a_page_from_a_photo_and_a_chart() -> None:
    of_page, of_photo, of_chart = (measured(image).face for image in (page(14), photo(), chart()))
    assert of_page.is_document >= 0.5 > max(of_photo.is_document, of_chart.is_document)
    assert of_page.has_small_details >= 0.5 > of_photo.has_small_details


def test_measuring_twice_gives_the_same() -> None:
    assert measured(receipt_in_a_photo()) == measured(receipt_in_a_photo())
