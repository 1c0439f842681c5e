"""CPU time of the picture signals against a bare draft-decode of the same file, in one run.

    python benchmarks/signals.py [--rounds 15] [--only scan] [--steps]

The reference opens the file, drafts it as the engine does and loads it. The least of alternating rounds, warm, of one
thread: what else runs on the machine only adds to a round. The ratios are what counts. The bound is 0.5 at 12
megapixels; at 1080p the aim is 8 ms on one core. The detector is that of [ocr], asked about every picture here, though
the engine asks it about unsure ones only.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

# Before numpy and the detector are loaded: what is measured is one core.
os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})

from photos import photo
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from headroom_core.image import pixels
from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, Size
from headroom_core.image.reading import detector_at_hand
from headroom_core.image.signals import glancer_at_hand, measure

SEEN = 784
"""Long edge in pixels that a drafted JPEG is decoded for: half of what a model sees that caps at 1568."""
BOUND = 0.5
SCREEN_AIM = 8.0
LARGE = 12_000_000
PHONE, SCREEN, WIDE, A4 = (4032, 3024), (1920, 1080), (1632, 1224), (1654, 2339)
WORDS = "The quick brown fox jumps over the lazy dog, 0123456789 and 42,17 kg of it. "


def page(size: Size, em: int) -> Image.Image:
    """A white page of paragraphs with a heading, a table and margins."""
    image = Image.new("RGB", size, "white")
    draw, font, margin = ImageDraw.Draw(image), ImageFont.load_default(em), size[0] // 10
    draw.text((margin, margin), "A heading of the page", fill="black", font=ImageFont.load_default(2 * em))
    most = int((size[0] - 2 * margin) / font.getlength(WORDS) * len(WORDS))
    for line, top in enumerate(range(margin + 4 * em, size[1] * 3 // 4, em * 3 // 2)):
        if line % 9 < 8:
            draw.text((margin, top), (3 * WORDS)[line % 11 :][: most if line % 9 < 7 else most // 2], "black", font)
    for row, top in enumerate(range(size[1] * 3 // 4 + em, size[1] - margin, 2 * em)):
        draw.line((margin, top, size[0] - margin, top), fill="#808080", width=max(1, em // 16))
        for column in range(4):
            left = margin + column * (size[0] - 2 * margin) // 4
            draw.text((left, top + em // 3), f"{row * 4 + column} x {column}", fill="black", font=font)
    return image


def scan(size: Size) -> Image.Image:
    """The photo of a page: a little askew and blurred, on grainy, unevenly lit paper."""
    turned = page(size, 48).rotate(0.6, Image.Resampling.BICUBIC, fillcolor="white")
    light = Image.effect_noise((5, 4), 20).resize(size, Image.Resampling.BICUBIC).point(lambda level: 255 - level // 3)
    grain = Image.effect_noise(size, 6).point(lambda level: min(255, level + 120))
    paper = Image.merge("RGB", (ImageChops.multiply(light, grain),) * 3)
    return ImageChops.multiply(turned.filter(ImageFilter.GaussianBlur(1.2)), paper)


def screenshot(size: Size) -> Image.Image:
    """A dark editor with a side bar, line numbers and a status line."""
    image = Image.new("RGB", size, "#1e1e1e")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    draw.rectangle((0, 0, 300, size[1]), fill="#252526")
    draw.rectangle((0, size[1] - 26, *size), fill="#007acc")
    for line, top in enumerate(range(8, size[1] - 40, 21)):
        draw.text((20 + 16 * (line % 3), top), f"module_{line % 17}.py", fill="#cccccc", font=font)
        draw.text((320, top), f"{line + 1}", fill="#858585", font=font)
        colour = ("#9cdcfe", "#ce9178", "#dcdcaa")[line % 3]
        draw.text((370 + 30 * (line % 4), top), WORDS[line % 30 :], fill=colour, font=font)
    return image


def chart(size: Size) -> Image.Image:
    """Bars and a curve over a grid, with labels at the axes and a legend."""
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    left, top, right, bottom = 120, 90, size[0] - 80, size[1] - 120
    draw.text((size[0] // 3, 30), "Sales by month and region", fill="black", font=ImageFont.load_default(32))
    for tick in range(9):
        level = bottom - tick * (bottom - top) // 8
        draw.line((left, level, right, level), fill="#d0d0d0")
        draw.text((40, level - 12), f"{tick * 25}", fill="black", font=font)
    heights = [(37 * month * month + 53 * month) % 83 / 100 + 0.1 for month in range(12)]
    step = (right - left) // 12
    for month, height in enumerate(heights):
        place = left + month * step
        draw.rectangle((place + 15, bottom - height * (bottom - top), place + step - 15, bottom), fill="#1f77b4")
        draw.text((place + 20, bottom + 15), f"2026-{month + 1:02}", fill="black", font=font)
    curve = [(left + (month + 0.5) * step, bottom - height * 500) for month, height in enumerate(reversed(heights))]
    draw.line(curve, fill="#d62728", width=4)
    return image


def encoded(image: Image.Image, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


@dataclass(frozen=True)
class Sample:
    """A file to look at; `edge` is the long edge that it is decoded for, None decodes every pixel."""

    name: str
    make: Callable[[], bytes]
    edge: int | None = None


def samples() -> list[Sample]:
    jpeg: dict[str, Any] = {"format": "JPEG", "quality": 90}
    png: dict[str, Any] = {"format": "PNG"}
    return [
        Sample("12 MP photo, draft", lambda: encoded(photo(PHONE), **jpeg), SEEN),
        Sample("12 MP photo, all pixels", lambda: encoded(photo(PHONE), **jpeg)),
        Sample("12 MP page scan, draft", lambda: encoded(scan(PHONE), **jpeg), SEEN),
        Sample("12 MP page scan, all", lambda: encoded(scan(PHONE), **jpeg)),
        Sample("1080p screenshot", lambda: encoded(screenshot(SCREEN), **png)),
        Sample("1080p screenshot, alpha", lambda: encoded(screenshot(SCREEN).convert("RGBA"), **png)),
        Sample("2 MP chart", lambda: encoded(chart(WIDE), **png)),
        Sample("A4 page PNG, 200 dpi", lambda: encoded(page(A4, 30), **png)),
        Sample("12 MP page PNG", lambda: encoded(page(PHONE, 48), **png)),
    ]


def cpu(work: Callable[[], object]) -> float:
    """Milliseconds of this thread."""
    begin = time.thread_time()
    work()
    return 1000 * (time.thread_time() - begin)


def decoded(data: bytes, edge: int | None) -> Decoded:
    header = read_header(data)
    return pixels.decode(data, header, at_least=None if edge is None else _at_edge(header.size, edge))


def _at_edge(size: Size, edge: int) -> Size:
    return round(edge * size[0] / max(size)), round(edge * size[1] / max(size))


def bare(data: bytes, size: Size) -> None:
    """Decode with Pillow alone, at the size that the engine decodes at."""
    image = Image.open(BytesIO(data))
    image.draft(None, size)
    image.load()


Look = Callable[[Decoded], object]


def compare(sample: Sample, rounds: int, looks: dict[str, Look]) -> tuple[float, float, bool]:
    """Print a line; return the milliseconds of the signals, their ratio, and whether it is a picture of 12 MP."""
    data = sample.make()
    picture = decoded(data, sample.edge)
    works: dict[str, Look] = {"decode": lambda picture: bare(data, picture.size), "signals": measure, **looks}
    for work in works.values():
        work(picture)
    least = {name: min(rows) for name, rows in _alternating(works, picture, rounds).items()}
    ratio = least["signals"] / least["decode"]
    more = "".join(f"{least[name]:>10.1f}" for name in looks)
    every = (sum(least.values()) - least["decode"]) / least["decode"]
    print(
        f"{sample.name:<25}{least['decode']:>10.1f}{least['signals']:>10.1f}{ratio:>8.2f}{more}{every:>8.2f}",
        flush=True,
    )
    return least["signals"], ratio, picture.header.width * picture.header.height > LARGE


def _alternating(works: dict[str, Look], picture: Decoded, rounds: int) -> dict[str, list[float]]:
    rows: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            rows[name].append(cpu(lambda work=work: work(picture)))
    return rows


def steps(sample: Sample, rounds: int) -> None:
    """Print what each part of the measurement costs."""
    from headroom_core.image.signals.detail import spectrum_of
    from headroom_core.image.signals.fields import fields
    from headroom_core.image.signals.judged import judged
    from headroom_core.image.signals.lines import lines_of
    from headroom_core.image.signals.margins import content_of
    from headroom_core.image.signals.palette import palette_of
    from headroom_core.image.signals.rules import rules_of
    from headroom_core.image.signals.seen import seen_in

    picture = decoded(sample.make(), sample.edge)
    seen = seen_in(picture)
    works: dict[str, Callable[[], object]] = {
        "three sizes, steps": lambda: fields(picture),
        "lines": lambda: lines_of(seen.views),
        "margins": lambda: content_of(picture),
        "colours": lambda: palette_of(picture),
        "rules": lambda: rules_of(seen.views[1].grey),
        "spectrum": lambda: spectrum_of(seen.views[0], 1.0),
        "all of these": lambda: seen_in(picture),
        "network and trees": lambda: judged(seen),
    }
    for name, work in works.items():
        print(f"  {name:<23}{'':>10}{min(cpu(work) for _ in range(rounds)):>11.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="pictures whose name holds this")
    parser.add_argument("--steps", action="store_true", help="also what each part costs")
    options = parser.parse_args()
    at_hand = {"glance": glancer_at_hand(), "detector": detector_at_hand()}
    looks = {name: look for name, look in at_hand.items() if look is not None}
    print("least of the rounds, ms of one thread; ratios to the bare decode of the same file")
    print(
        f"{'picture':<25}{'decode':>10}{'signals':>10}{'ratio':>8}{''.join(f'{name:>10}' for name in looks)}{'all':>8}"
    )
    found = {}
    for sample in samples():
        if options.only in sample.name:
            found[sample.name] = compare(sample, options.rounds, looks)
            if options.steps:
                steps(sample, options.rounds)
    large = [ratio for _, ratio, is_large in found.values() if is_large]
    if large:
        print(f"worst ratio at 12 MP {max(large):.2f}, bound {BOUND}")
    if "1080p screenshot" in found:
        print(f"1080p screenshot {found['1080p screenshot'][0]:.1f} ms, aim {SCREEN_AIM:.0f} ms")


if __name__ == "__main__":
    main()
