"""CPU time of the pixel path against bare Pillow doing the same work, in one run.

    python benchmarks/pixels.py [--rounds 7] [--quick]

The path: header, decode, signals, resize, kind, encode. The reference: open, draft to twice the target, Lanczos, and
the encoder that the path chose. Medians of alternating rounds; the ratio is what counts. The bound is 1.15.
"""

from __future__ import annotations

import argparse
import statistics
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from photos import photo
from PIL import Image, ImageDraw

from headroom_core.image import pixels
from headroom_core.image.header import read_header
from headroom_core.image.signals import measure

if TYPE_CHECKING:
    from collections.abc import Callable

TAKES = frozenset({"image/png", "image/jpeg", "image/webp"})
SIZES = {1: (1152, 864), 2: (1632, 1224), 12: (4032, 3024), 50: (8160, 6120)}
BOUND = 1.15


def page(size: tuple[int, int]) -> Image.Image:
    """A white page of text lines."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    line = "The quick brown fox jumps over the lazy dog 0123456789 " * (size[0] // 300)
    for top in range(40, size[1] - 40, 24):
        draw.text((40, top), line[top % 11 :], fill="black")
    return image


def encoded(image: Image.Image, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, **options)
    return out.getvalue()


def path(data: bytes, size: tuple[int, int]) -> str:
    header = read_header(data)
    picture = pixels.decode(data, header, at_least=size)
    measure(picture)
    return pixels.render(picture, size, takes=TAKES)[1]


def bare(data: bytes, size: tuple[int, int], media_type: str) -> None:
    image = Image.open(BytesIO(data))
    image.draft(None, (2 * size[0], 2 * size[1]))
    small = image.resize(size, Image.Resampling.LANCZOS)
    if media_type == "image/jpeg":
        encoded(small, format="JPEG", quality=pixels.JPEG_QUALITY, subsampling="4:2:0")
    else:
        encoded(small, format="WEBP", lossless=True, method=0, quality=pixels.WEBP_EFFORT)


def cpu(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return 1000 * (time.process_time() - begin)


def compare(name: str, data: bytes, longest: int, rounds: int) -> float:
    width, height = read_header(data).size
    size = (longest, round(longest * height / width))
    media_type = path(data, size)
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(cpu(lambda: bare(data, size, media_type)))
        ours.append(cpu(lambda: path(data, size)))
    ratio = statistics.median(ours) / statistics.median(theirs)
    picture = pixels.decode(data, read_header(data), at_least=size)
    signals = statistics.median(cpu(lambda: measure(picture)) for _ in range(rounds))
    head = min(cpu(lambda: [read_header(data) for _ in range(200)]) for _ in range(3)) / 200
    print(
        f"{name:<16}{longest:>6}{media_type.removeprefix('image/'):>7}{statistics.median(theirs):>10.1f}"
        f"{statistics.median(ours):>10.1f}{ratio:>8.2f}{signals:>10.1f}{1000 * head:>11.0f}"
    )
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="1 and 2 megapixels only")
    options = parser.parse_args()
    print(
        f"{'picture':<16}{'px':>6}{'to':>7}{'bare ms':>10}{'path ms':>10}{'ratio':>8}{'signals':>10}{'header us':>11}"
    )
    ratios = []
    for megapixels, size in SIZES.items():
        if options.quick and megapixels > 2:
            continue
        for kind, image in (("photo", photo(size)), ("page", page(size))):
            ways: dict[str, dict[str, Any]] = {
                "jpeg": {"format": "JPEG", "quality": 90},
                "png": {"format": "PNG", "compress_level": 1},
            }
            for form, ways_options in ways.items():
                data = encoded(image, **ways_options)
                if len(data) > 20 * 2**20:
                    continue
                rounds = options.rounds if megapixels <= 12 else max(3, options.rounds // 2)
                ratios += [compare(f"{megapixels} MP {kind} {form}", data, longest, rounds) for longest in (512, 768)]
    print(f"median ratio {statistics.median(ratios):.2f}, worst {max(ratios):.2f}, bound {BOUND}")


if __name__ == "__main__":
    main()
