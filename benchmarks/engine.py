"""The engine against reference loops in the same run: decisions by header, the resize path, turns of a conversation.

    python benchmarks/engine.py [--repeat 7]

Times are CPU time of this process; each figure is the median of interleaved runs, so that a noisy machine shifts both
sides alike. Targets stand beside the figures.
"""

from __future__ import annotations

import argparse
import base64
import random
import statistics
import time
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from headroom_core.blocks import Query
from headroom_core.image import ImageCompressor

MODEL = "claude-opus-5-5"
GIST = "What is the mood of this scene?"
READ = "Transcribe the whole page exactly."


def scene(megapixels: float, seed: int = 0) -> Image.Image:
    """A picture like a photo: smooth colours with grain."""
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    height = round(width * 3 / 4)
    rng = random.Random(seed)
    small = Image.frombytes("RGB", (8, 6), bytes(rng.randrange(40, 216) for _ in range(144)))
    grain = Image.frombytes("L", (512, 512), rng.randbytes(512 * 512)).resize((width, height))
    return Image.blend(small.resize((width, height), Image.Resampling.BICUBIC), grain.convert("RGB"), 0.04)


def encoded(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **({"quality": 90} if kind == "JPEG" else {"compress_level": 1}))
    return out.getvalue()


def interleaved(repeat: int, *works: Callable[[], object]) -> list[float]:
    """Median CPU milliseconds of each piece of work."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(repeat + 1):
        for times, work in zip(taken, works, strict=True):
            start = time.process_time()
            work()
            times.append(1000 * (time.process_time() - start))
    return [statistics.median(times[1:]) for times in taken]


def bare(data: bytes, size: tuple[int, int]) -> Callable[[], bytes]:
    """Pillow alone: draft decode, LANCZOS, and the encoder that the engine takes for a photo."""

    def work() -> bytes:
        picture = Image.open(BytesIO(data))
        if picture.format == "JPEG":
            picture.draft(None, (2 * size[0], 2 * size[1]))
        small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return encoded_photo(small)

    return work


def encoded_photo(small: Image.Image) -> bytes:
    out = BytesIO()
    small.save(out, "JPEG", quality=85, subsampling="4:2:0")
    return out.getvalue()


def by_header(repeat: int) -> None:
    data = encoded(scene(12), "JPEG")
    payload = "data:image/jpeg;base64," + base64.b64encode(data).decode()
    compressor = ImageCompressor(model=MODEL, memo_bytes=0)
    image = {"type": "image_url", "image_url": {"url": payload}}
    messages = [{"role": "user", "content": [{"type": "text", "text": READ}, image]}]
    times = interleaved(20 * repeat, lambda: compressor.run(messages, None))
    print(f"decision by header, 12 MP JPEG of {len(data) / 1e6:.1f} MB in a request: {times[0]:6.3f} ms (target <= 1)")


def resize_path(repeat: int) -> None:
    print("\nresize path over bare Pillow (target <= 1.15)")
    compressor = ImageCompressor(model=MODEL, memo_bytes=0)
    for kind, sizes in (("JPEG", (1, 2, 12, 48)), ("PNG", (1, 2, 12))):
        for megapixels in sizes:
            data = encoded(scene(megapixels), kind)
            outcome = compressor.outcome_of(data, Query(text=GIST))
            size = outcome.size_after
            assert size is not None, outcome.reason
            assert outcome.replacement is not None, outcome.reason
            ours, theirs = interleaved(
                repeat, lambda data=data: compressor.outcome_of(data, Query(text=GIST)), bare(data, size)
            )
            print(
                f"  {kind:4} {megapixels:3} MP -> {size[0]}x{size[1]}: "
                f"{ours:7.1f} / {theirs:7.1f} ms = {ours / theirs:.2f}"
            )


def turns(repeat: int) -> None:
    print(
        "\nturn n of a conversation with one new 2 MP picture a turn, over turn 1"
        "\n(target: turn 1 plus one picture, <= 2)"
    )
    pictures = [base64.b64encode(encoded(scene(2, seed), "JPEG")).decode() for seed in range(20)]
    messages: list[dict[str, object]] = []
    costs: list[list[float]] = [[] for _ in pictures]
    for _ in range(repeat):
        compressor = ImageCompressor(model=MODEL)
        messages = []
        for turn, picture in enumerate(pictures):
            source = {"type": "base64", "media_type": "image/jpeg", "data": picture}
            messages += [
                {"role": "user", "content": [{"type": "text", "text": GIST}, {"type": "image", "source": source}]}
            ]
            start = time.process_time()
            compressor.run(messages, "anthropic")
            costs[turn].append(1000 * (time.process_time() - start))
            messages += [{"role": "assistant", "content": "Calm."}]
    medians = [statistics.median(cost) for cost in costs]
    for turn in (1, 2, 5, 10, 20):
        print(f"  turn {turn:2}: {medians[turn - 1]:6.1f} ms = {medians[turn - 1] / medians[0]:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    by_header(repeat)
    resize_path(repeat)
    turns(repeat)


if __name__ == "__main__":
    main()
