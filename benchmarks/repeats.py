"""CPU time of fingerprints and of telling how one picture repeats another, against one plain hash of all pixels.

    python benchmarks/repeats.py [--rounds 9] [--quick]

The reference: the pixels of the decoded picture as bytes, and one SHA-256 of them. Medians of alternating rounds; the
ratio is what counts. The bound is 4: squares and rows need each pixel twice more.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode
from headroom_core.image.repeats import Likeness, fingerprint, likeness

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = ((1280, 800), (1920, 1080), (4032, 3024))
BOUND = 4.0


def screen(size: tuple[int, int], *, scrolled: int = 0, total: str = "17") -> Image.Image:
    """A window with a head, a long list that can be scrolled, and a sum in the head."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for line in range(2 + (size[1] + scrolled) // 18):
        words = f"{line:05d} item number {line * line} of a long list " * 9
        draw.text((24, 60 + line * 18 - scrolled), words, fill="black")
    draw.rectangle((0, 0, size[0], 48), fill="navy")
    draw.text((24, 18), f"Sum of all: {total}", fill="white")
    return image


def decoded(image: Image.Image) -> Decoded:
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    return decode(out.getvalue(), read_header(out.getvalue()))


def bare(picture: Decoded) -> None:
    hashlib.sha256(picture.stored.tobytes()).digest()


def cpu(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return 1000 * (time.process_time() - begin)


def compare(size: tuple[int, int], rounds: int) -> float:
    earlier = decoded(screen(size))
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(cpu(lambda: bare(earlier)))
        ours.append(cpu(lambda: fingerprint(earlier)))
    hashed, taken = statistics.median(theirs), statistics.median(ours)
    kept = fingerprint(earlier).weight / 1024
    print(f"{size[0]}x{size[1]}: one hash {hashed:.2f} ms, fingerprint {taken:.2f} ms, {kept:.0f} KB kept")
    before = fingerprint(earlier)
    for name, later in (
        ("equal", screen(size)),
        ("one digit", screen(size, total="18")),
        ("scrolled by 120 px", screen(size, scrolled=120)),
    ):
        after = fingerprint(decoded(later))
        took = statistics.median(cpu(partial(likeness, before, after)) for _ in range(rounds))
        print(f"    {name:20}{took:7.3f} ms  {told(likeness(before, after))}")
    return taken / hashed


def told(like: Likeness | None) -> str:
    return "another picture" if like is None else f"{like.relation} {like.box or ''} {like.shift or ''}".strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="the first size only")
    options = parser.parse_args()
    worst = max(compare(size, options.rounds) for size in (SIZES[:1] if options.quick else SIZES))
    print(f"worst ratio of fingerprint to hash {worst:.2f}, bound {BOUND}")
    raise SystemExit(worst > BOUND)


if __name__ == "__main__":
    main()
