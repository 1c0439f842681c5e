"""CPU time of the picture signals against a bare draft-decode of the same file, in one run.

    python benchmarks/signals.py [--rounds 9] [--steps]

The reference opens the file, drafts it to twice the target and loads it. Medians of alternating rounds, warm; the ratio
is what counts. The bound is 0.5 at 12 megapixels; at 1080p the aim is 8 ms on one core.
"""

from __future__ import annotations

import argparse
import statistics
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image
from pixels import cpu, encoded, page, photo

from headroom_core.image import pixels
from headroom_core.image.header import read_header
from headroom_core.image.signals import measure

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = {"1080p": (1920, 1080), "12 MP": (4032, 3024)}
TARGET = 1568
BOUND = 0.5


def bare(data: bytes, size: tuple[int, int]) -> None:
    image = Image.open(BytesIO(data))
    image.draft(None, (2 * size[0], 2 * size[1]))
    image.load()


def compare(name: str, data: bytes, rounds: int) -> float:
    width, height = read_header(data).size
    size = (TARGET, round(TARGET * height / width))
    picture = pixels.decode(data, read_header(data), at_least=size)
    measure(picture)
    theirs, ours = [], []
    for _ in range(rounds):
        theirs.append(cpu(lambda: bare(data, size)))
        ours.append(cpu(lambda: measure(picture)))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"{name:<20}{statistics.median(theirs):>12.1f}{statistics.median(ours):>12.1f}{ratio:>8.2f}")
    return ratio


def steps(data: bytes, rounds: int) -> None:
    """Print what each part of the measurement costs."""
    from headroom_core.image.signals.detail import spectrum_of
    from headroom_core.image.signals.evidence import evidence_of
    from headroom_core.image.signals.fields import fields
    from headroom_core.image.signals.lines import lines_of
    from headroom_core.image.signals.margins import content_of
    from headroom_core.image.signals.palette import palette_of
    from headroom_core.image.signals.patches import patches_of
    from headroom_core.image.signals.rules import rules_of
    from headroom_core.image.signals.seen import seen_in
    from headroom_core.image.signals.trained import trained

    picture = pixels.decode(data, read_header(data))
    seen, parts = seen_in(picture), trained()
    patches = patches_of(seen.views, seen.lines)
    letters = parts.letters(patches)
    evidence = evidence_of(seen, letters)
    works: dict[str, Callable[[], object]] = {
        "three sizes, steps": lambda: fields(picture),
        "lines": lambda: lines_of(seen.views),
        "margins": lambda: content_of(picture),
        "colours": lambda: palette_of(picture),
        "rules": lambda: rules_of(seen.views[1].grey),
        "spectrum": lambda: spectrum_of(seen.views[0], 1.0),
        "patches": lambda: patches_of(seen.views, seen.lines),
        "network": lambda: parts.letters(patches),
        "evidence": lambda: evidence_of(seen, letters),
        "trees": lambda: (parts.text(evidence), parts.kinds(evidence)),
    }
    for name, work in works.items():
        print(f"  {name:<22}{statistics.median(cpu(work) for _ in range(rounds)):>8.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", action="store_true", help="also what each part costs")
    options = parser.parse_args()
    print(f"{'picture':<20}{'decode ms':>12}{'signals ms':>12}{'ratio':>8}")
    forms: dict[str, dict[str, Any]] = {
        "jpeg": {"format": "JPEG", "quality": 90},
        "png": {"format": "PNG", "compress_level": 1},
    }
    large = []
    for megapixels, size in SIZES.items():
        for kind, image in (("photo", photo(size)), ("page", page(size))):
            for form, way in forms.items():
                data = encoded(image, **way)
                ratio = compare(f"{megapixels} {kind} {form}", data, options.rounds)
                large += [ratio] if megapixels == "12 MP" else []
                if options.steps:
                    steps(data, options.rounds)
    print(f"worst ratio at 12 MP {max(large):.2f}, bound {BOUND}")


if __name__ == "__main__":
    main()
