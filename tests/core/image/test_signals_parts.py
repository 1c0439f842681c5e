"""What the measurements say of text heights, margins, detail, rules and colours, and what the trained parts compute."""

import random
import subprocess
import sys
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from headroom_core.errors import BrokenModel, ImageError
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode
from headroom_core.image.signals import PictureKind, Signals, measure, trained
from headroom_core.image.signals.detail import BINS
from headroom_core.image.signals.evidence import NAMES, evidence_of, letters_in
from headroom_core.image.signals.fields import WHOLE
from headroom_core.image.signals.looks import _turns
from headroom_core.image.signals.margins import content_of
from headroom_core.image.signals.network import Letters
from headroom_core.image.signals.patches import GROUPS, SIDE, patches_of
from headroom_core.image.signals.seen import seen_in
from headroom_core.image.signals.trees import Trees

LATIN = [
    "item",
    "price",
    "delivery",
    "of",
    "invoice",
    "bottom",
    "the",
    "every",
    "with",
    "its",
    "page",
    "and",
    "Amount",
    "Total",
    "Yard",
    "quick",
    "jumping",
]
CYRILLIC = [
    "цена",
    "доставка",
    "счёт",
    "страница",
    "каждый",
    "товар",
    "Итого",
    "быстро",
    "река",
    "это",
    "из",
    "под",
    "был",
]
GREEK = ["τιμή", "παράδοση", "σελίδα", "κάθε", "Σύνολο", "γρήγορα", "ποτάμι", "αυτό", "από", "ήταν"]
SYSTEM_FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
)


@cache
def faces() -> dict[str, str | None]:
    """Pillow's own font, and those of the system that are at hand."""
    found: dict[str, str | None] = {"Pillow": None}
    for name in SYSTEM_FONTS:
        try:
            ImageFont.truetype(name, 12)
        except OSError:
            continue
        found[name] = name
    return found


def face(name: str | None, em: int) -> ImageFont.FreeTypeFont:
    loaded = ImageFont.load_default(em) if name is None else ImageFont.truetype(name, em)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    return loaded


def written(
    em: int,
    *,
    name: str | None = None,
    words: list[str] = LATIN,
    size: tuple[int, int] = (900, 1000),
    ink: str = "black",
    paper: str = "white",
    leading: float = 1.4,
) -> Image.Image:
    image, choose = Image.new("RGB", size, paper), random.Random(em)
    draw, font, top = ImageDraw.Draw(image), face(name, em), 40.0
    while top < size[1] - 3 * em:
        line = ""
        while font.getlength(line) < size[0] * 0.7:
            line += choose.choice(words) + " "
        draw.text((40, top), line, fill=ink, font=font)
        top += em * leading
    return image


def decoded(image: Image.Image, *, at_least: tuple[int, int] | None = None, **options: object) -> Decoded:
    out = BytesIO()
    image.save(out, **(options or {"format": "PNG"}))
    return decode(out.getvalue(), read_header(out.getvalue()), at_least=at_least)


def measured(image: Image.Image, **options: object) -> Signals:
    return measure(decoded(image, **options))


@pytest.mark.parametrize("name", faces().values(), ids=faces())
@pytest.mark.parametrize("em", [11, 17, 30])
def test_the_height_of_text_is_its_em_in_every_font(name: str | None, em: int) -> None:
    heights = measured(written(em, name=name)).heights
    assert heights is not None
    assert heights.p50 == pytest.approx(em, rel=0.25)
    assert heights.p5 <= heights.p10 <= heights.p50


@pytest.mark.parametrize("words", [CYRILLIC, GREEK], ids=["cyrillic", "greek"])
def test_the_height_is_right_in_other_scripts(words: list[str]) -> None:
    names = [name for name in faces().values() if name is not None] or [None]
    heights = measured(written(20, name=names[0], words=words)).heights
    assert heights is not None
    assert heights.p50 == pytest.approx(20, rel=0.25)


def test_the_height_is_the_same_in_dark_mode() -> None:
    light, dark = measured(written(15)), measured(written(15, ink="#d4d4d4", paper="#1e1e1e"))
    assert light.text_height is not None
    assert dark.text_height == pytest.approx(light.text_height, rel=0.12)


@pytest.mark.parametrize("degrees", [-1.5, 1.0])
def test_the_height_bears_a_page_that_is_a_little_askew(degrees: float) -> None:
    askew = written(22).rotate(degrees, fillcolor="white", resample=Image.Resampling.BICUBIC)
    height = measured(askew).text_height
    assert height == pytest.approx(22, rel=0.25)


@pytest.mark.parametrize("corner", ["top left", "bottom right"])
def test_small_print_in_a_corner_shows_in_the_lower_quantiles(corner: str) -> None:
    image = written(30, size=(1200, 1200))
    small = written(11, size=(520, 220))
    place = (0, 0) if corner == "top left" else (680, 980)
    image.paste("white", (place[0], place[1], place[0] + 520, place[1] + 220))
    image.paste(small, place)
    heights = measured(image).heights
    assert heights is not None
    assert heights.p5 < 15
    assert heights.p50 > 24


def test_the_height_in_a_picture_too_large_to_see_wholly_is_that_of_its_text() -> None:
    image = written(40, size=(2400, 2600))
    assert image.width * image.height > WHOLE
    signals = measured(image)
    assert signals.text_height == pytest.approx(40, rel=0.25)
    assert measured(image.resize((600, 650), Image.Resampling.LANCZOS)).text_height == pytest.approx(10, rel=0.3)


def test_lines_stand_where_the_text_is() -> None:
    image = Image.new("RGB", (1000, 800), "white")
    ImageDraw.Draw(image).text((300, 500), "one line of text alone in here", font=face(None, 24), fill="black")
    lines = measured(image).lines
    assert lines
    for line in lines:
        left, top, right, bottom = line.box
        assert 260 <= left < right <= 740
        assert 495 <= top < bottom <= 530
        assert 15 <= line.em <= 34


def test_more_text_means_more_characters_and_cover() -> None:
    few, many = measured(written(16, size=(900, 300))), measured(written(16, size=(900, 1500)))
    assert many.characters > 3 * few.characters > 0
    assert 0 < few.text_cover <= 1


BOXES = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60))


@given(box=BOXES, ink=st.integers(0, 255).filter(lambda level: level != 200))
@settings(deadline=None, max_examples=40)
def test_the_content_of_a_lossless_file_is_exact_to_the_pixel(box: tuple[int, int, int, int], ink: int) -> None:
    left, top, width, height = box
    image = Image.new("L", (130, 130), 200)
    image.putpixel((left, top), ink)
    image.putpixel((left + width, top + height), ink)
    assert content_of(decoded(image)) == (left, top, left + width + 1, top + height + 1)


def test_the_content_of_a_jpeg_holds_all_that_can_be_seen() -> None:
    image = Image.new("RGB", (400, 300), "#fafafa")
    image.paste("#202020", (100, 80, 330, 200))
    left, top, right, bottom = content_of(decoded(image, format="JPEG", quality=80))
    assert 90 <= left <= 100
    assert 70 <= top <= 80
    assert 330 <= right <= 340
    assert 200 <= bottom <= 210


def test_the_content_of_a_draft_is_in_pixels_of_the_file_and_misses_nothing() -> None:
    image = Image.new("RGB", (1600, 1200), "white")
    image.paste("black", (401, 333, 1203, 901))
    draft = decoded(image, at_least=(200, 150), format="JPEG", quality=90)
    assert draft.scale < 1
    left, top, right, bottom = content_of(draft)
    assert 380 <= left <= 401
    assert 312 <= top <= 333
    assert 1203 <= right <= 1224
    assert 901 <= bottom <= 922


def test_the_content_of_a_turned_picture_is_upright() -> None:
    image = Image.new("RGB", (300, 200), "white")
    image.paste("black", (20, 10, 60, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    assert content_of(decoded(image, format="PNG", exif=exif)) == (160, 20, 190, 60)


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_a_picture_of_one_colour_has_no_margins(mode: str) -> None:
    assert content_of(decoded(Image.new(mode, (70, 50)))) == (0, 0, 70, 50)


def test_no_detail_is_lost_at_full_size_and_less_at_larger_sizes() -> None:
    signals = measured(written(14))
    lost = [signals.detail_lost(scale) for scale in (0.1, 0.25, 0.5, 0.75, 0.95, 1.0)]
    assert lost == sorted(lost, reverse=True)
    assert lost[-1] == 0
    assert lost[2] > 0.4
    assert all(0 <= share <= 1 for share in lost)


def test_the_detail_is_the_power_of_the_fourier_transform_in_each_ring() -> None:
    noise = Image.fromarray(np.random.default_rng(5).integers(0, 256, (260, 300), np.uint8))
    grey = np.asarray(noise.filter(ImageFilter.GaussianBlur(0.7)))
    edges = [np.linspace(0, side - 64, 5).astype(int) for side in grey.shape]
    window, rings = np.outer(np.hanning(64), np.hanning(64)), []
    down, across = np.abs(np.fft.fftfreq(64)), np.fft.rfftfreq(64)
    ring = np.minimum(BINS - 1, (np.maximum(down[:, None], across) * 2 * BINS).astype(int))
    for top in edges[0]:
        for left in edges[1]:
            patch = grey[top : top + 64, left : left + 64].astype(float)
            # Half of the plane stands for both halves.
            power = 2 * np.abs(np.fft.rfft2((patch - patch.mean()) * window)) ** 2
            rings.append(np.bincount(ring.ravel(), power.ravel(), BINS) / (64**4 * (3 / 8) ** 2))
    expected = np.maximum(0, rings - np.quantile(rings, 0.1, axis=0)).mean(axis=0)
    assert measured(Image.fromarray(grey)).detail == pytest.approx(expected, rel=1e-3)


@given(seed=st.integers(0, 99), span=st.sampled_from([3, 40, 255]))
@settings(deadline=None, max_examples=30)
def test_the_direction_of_an_edge_is_its_angle(seed: int, span: int) -> None:
    across, down = np.random.default_rng(seed).integers(-span, span + 1, (2, 500)).astype(np.int16)
    some = (across != 0) | (down != 0)
    across, down = across[some], down[some]
    found = _turns(across, down, np.abs(across).astype(np.float32), np.abs(down).astype(np.float32))
    # Angles above and below the horizon are told in eighths from it.
    expected = np.trunc(np.round(np.arctan2(down.astype(float), across) * 8 / np.pi, 9)) % 8
    assert (found == expected).all()


def test_a_picture_that_was_enlarged_loses_nothing_when_it_is_brought_back() -> None:
    enlarged = written(16, size=(500, 500)).resize((2000, 2000), Image.Resampling.BICUBIC)
    signals = measured(enlarged)
    assert signals.detail_lost(0.5) < 0.05
    assert len(signals.detail) == BINS


def test_a_flat_picture_loses_nothing() -> None:
    assert measured(Image.new("RGB", (400, 400), "#8090a0")).detail_lost(0.1) == 0


def test_a_table_is_ruled_and_a_page_is_not() -> None:
    image = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(image)
    for row in range(12):
        draw.line((60, 60 + row * 50, 840, 60 + row * 50), fill="#555555")
        draw.text((70, 75 + row * 50), "item   12   34.50   sum", font=face(None, 16), fill="black")
    for column in range(5):
        draw.line((60 + column * 195, 60, 60 + column * 195, 610), fill="#555555")
    assert measured(image).ruled >= 0.8
    assert measured(written(16)).ruled <= 0.1


def test_colours_are_counted() -> None:
    assert measured(Image.new("RGB", (300, 300), "red")).colours == 1
    assert measured(Image.linear_gradient("L").convert("RGB")).colours == 32


def test_the_kind_has_a_probability() -> None:
    signals = measured(written(16))
    assert signals.kind is PictureKind.DOCUMENT
    assert 1 / len(PictureKind) <= signals.kind_confidence <= 1


def test_a_damaged_file_of_trained_parts_is_an_error_that_the_engine_turns_into_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trained, "DIGEST", "0" * 64)
    with pytest.raises(BrokenModel, match="reinstall") as raised:
        trained.trained.__wrapped__()
    assert isinstance(raised.value, ImageError)


def test_the_evidence_is_finite_and_named_for_every_picture() -> None:
    for image in (written(12), Image.new("L", (1, 1)), Image.new("RGB", (3, 900)), Image.effect_noise((300, 200), 90)):
        seen = seen_in(decoded(image))
        evidence = evidence_of(seen, np.zeros(0), np.zeros(0, np.int64))
        assert evidence.shape == (len(NAMES),)
        assert np.isfinite(evidence).all()


def test_patches_are_taken_where_there_is_something() -> None:
    nothing = seen_in(decoded(Image.new("RGB", (500, 500), "white")))
    assert patches_of(nothing.views, nothing.lines).grey.shape == (0, SIDE, SIDE)
    for image in (written(14), written(14, size=(200, 120)), Image.effect_noise((40, 30), 90)):
        seen = seen_in(decoded(image))
        patches = patches_of(seen.views, seen.lines)
        assert len(patches.grey) == len(patches.groups) > 0
        assert patches.grey.shape[1:] == (SIDE, SIDE)
        assert all(int(patch.max()) - int(patch.min()) >= 20 for patch in patches.grey[:2])


def test_letters_of_every_size_stand_in_some_patch() -> None:
    for em in (14, 40, 120, 260):
        image = Image.new("RGB", (1600, 1100), "#557")
        ImageDraw.Draw(image).text((100, 300), "Exit 4", font=face(None, em), fill="white")
        seen = seen_in(decoded(image))
        patches = patches_of(seen.views, seen.lines)
        assert any(np.median(patch) < 140 and (patch > 180).mean() > 0.01 for patch in patches.grey)
    assert set(patches.groups) >= {GROUPS.index("at quarter"), GROUPS.index("at eighth")}


def test_what_the_network_says_is_told_by_the_size_of_the_patches() -> None:
    letters, groups = np.array([0.9, 0.2, 0.4]), np.array([0, 3, 3])
    told = dict(zip(NAMES[-6 - 3 * len(GROUPS) :], letters_in(letters, groups), strict=True))
    assert told["letters most"] == told["letters most native"] == 0.9
    assert told["letters most at eighth"] == 0.4
    assert told["letters second at eighth"] == 0.2
    assert told["letters mean at half"] == 0
    assert told["letters likely"] == pytest.approx(1 / 3)


def test_the_network_computes_what_its_layers_say() -> None:
    choose = np.random.default_rng(3)
    channels = (4, 3, 4)
    weights = tuple(choose.normal(size=(9 * before, after)).astype(np.float32) for before, after in pairwise(channels))
    biases = tuple(choose.normal(size=after).astype(np.float32) for after in channels[1:])
    network = Letters(weights, biases, choose.normal(size=8).astype(np.float32), 0.3)
    patch = choose.integers(0, 256, (1, 16, 16)).astype(np.uint8)
    levels = patch[0].astype(float) - patch.mean()
    levels /= levels.std() + 8
    found = np.stack([levels[0::2, 0::2], levels[0::2, 1::2], levels[1::2, 0::2], levels[1::2, 1::2]], axis=2)
    for weight, bias in zip(weights, biases, strict=True):
        side = found.shape[0] // 2
        padded = np.pad(found, ((1, 1), (1, 1), (0, 0)))
        after = np.zeros((side, side, len(bias)))
        for row in range(side):
            for column in range(side):
                window = padded[2 * row : 2 * row + 3, 2 * column : 2 * column + 3].reshape(-1)
                after[row, column] = np.maximum(window @ weight + bias, 0)
        found = after
    pooled = np.concatenate([found.mean(axis=(0, 1)), found.max(axis=(0, 1))])
    assert network(patch)[0] == pytest.approx(1 / (1 + np.exp(-(pooled @ network.out + 0.3))), abs=1e-5)


def test_the_trees_add_up_the_leaves_that_the_evidence_leads_to() -> None:
    # A stump, and a tree with a leaf at half its depth.
    stored = {
        "number": np.array([1, -1, -1, 0, -1, 1, -1, -1], np.int16),
        "bound": np.array([0.5, 0, 0, 2.0, 0, 5.0, 0, 0], np.float32),
        "left": np.array([1, 0, 0, 4, 0, 6, 0, 0], np.int32),
        "value": np.array([[0], [1], [2], [0], [10], [0], [100], [1000]], np.float32),
        "roots": np.array([0, 3], np.int32),
        "start": np.array([0.25], np.float32),
        "depth": np.array(2),
    }
    trees = Trees.read({f"some_{name}": values for name, values in stored.items()}, "some")
    assert trees(np.array([1.0, 0.0])) == pytest.approx([0.25 + 1 + 10])
    assert trees(np.array([3.0, 5.0])) == pytest.approx([0.25 + 2 + 100])
    assert trees(np.array([3.0, 9.0])) == pytest.approx([0.25 + 2 + 1000])


def test_importing_the_engine_does_not_import_numpy() -> None:
    code = "import sys, headroom_core.image; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd()).returncode == 0


def test_the_shipped_file_is_small() -> None:
    assert Path(str(trained.__file__)).with_name(trained.FILE).stat().st_size < 450_000
