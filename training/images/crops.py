"""Cut crops out of the labelled images, on which to learn and to draw letters.

    python training/images/crops.py IMAGES OUT --seen DETECTED ... [--part 0 --parts 1]

IMAGES is what `fetch.py` made, DETECTED what `detector.py` wrote. Two crops are cut out of the small copy that the
detector looked at, of each image that bears text and is neither a page nor a screen. OUT is an .npz: crops of
256 x 256, how likely text is in each 4 x 4 of their pixels, their package, and the id of the image.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.reading.canvas import canvas
from headroom_core.image.reading.detector import DETECT_PIXELS

HERE = Path(__file__).parent
SIDE = 256
DENSE = ("document", "screenshot")
"""Kinds whose words stand nearly everywhere."""
Item = tuple[Path, str, str]
Row = tuple[np.ndarray, np.ndarray, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seen", type=Path, nargs="+", required=True)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    chosen = parser.parse_args()
    with (HERE / "labels.csv").open() as file:
        wanted = {row["id"] for row in csv.DictReader(file) if row["has_text"] == "1" and row["kind"] not in DENSE}
    items = [item for item in labelled(chosen.images) if item[2] in wanted][chosen.part :: chosen.parts]
    maps = {name: found for path in chosen.seen for name, found in np.load(path).items()}
    rows = [row for item in items if item[2] in maps for row in copied(item, maps[item[2]])]
    columns = dict(zip(("grey", "text", "package", "id"), zip(*rows, strict=True), strict=True))
    np.savez(chosen.out, **{name: np.array(values) for name, values in columns.items()})


def copied(item: Item, text: np.ndarray) -> Iterator[Row]:
    """Two crops of the copy that the detector looked at."""
    path, package, name = item
    copy, choose = small(path), random.Random(f"copy {name}")
    rows, columns = text.shape[0] * 4, text.shape[1] * 4
    part = np.asarray(copy.convert("L"))
    whole = np.pad(part, ((0, max(0, rows - part.shape[0])), (0, max(0, columns - part.shape[1]))), mode="edge")
    for _ in range(2):
        top, left = (choose.randint(0, max(0, side - SIDE) // 4) for side in (rows, columns))
        crop = whole[4 * top : 4 * top + SIDE, 4 * left : 4 * left + SIDE]
        likely = text[top : top + SIDE // 4, left : left + SIDE // 4]
        short = (SIDE - crop.shape[0], SIDE - crop.shape[1])
        likely_short = (SIDE // 4 - likely.shape[0], SIDE // 4 - likely.shape[1])
        yield (
            np.pad(crop, ((0, short[0]), (0, short[1])), mode="edge"),
            np.pad(likely, ((0, likely_short[0]), (0, likely_short[1]))),
            package,
            name,
        )


def small(path: Path) -> Image.Image:
    """The copy that the detector looks at, before it is padded."""
    stored = path.read_bytes()
    return Image.fromarray(canvas(decode(stored, read_header(stored)), most_pixels=DETECT_PIXELS).pixels)


def packages_of() -> dict[str, str]:
    """The package of each source; each package of `packages.csv` is a source of its own."""
    sources = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))["source"]
    with (HERE / "packages.csv").open() as file:
        others = {row["package"] for row in csv.DictReader(file)}
    return {name: name for name in sorted(others)} | {source["name"]: source["package"] for source in sources}


def labelled(images: Path) -> list[Item]:
    package = packages_of()
    entries = map(json.loads, (images / "manifest.jsonl").read_text("utf-8").splitlines())
    return [(images / entry["file"], package[entry["source"]], entry["id"]) for entry in entries]


def cut(path: Path, choose: random.Random, zooms: tuple[int, ...]) -> list[Image.Image]:
    """The busier of two crops at each size, on white; none of what is flat."""
    image = Image.open(path)
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white
    image = image.convert("RGB")
    if image.width * image.height > 5_000_000:
        image.thumbnail((2560, 2560))
    found = []
    for zoom in zooms:
        view = image.reduce(zoom)
        if min(view.size) >= 40:
            crop = max((window(view, choose) for _ in range(2)), key=busyness)
            found += [crop] if busyness(crop) > 0 else []
    return found


def window(view: Image.Image, choose: random.Random) -> Image.Image:
    left, top = (choose.randint(0, max(0, side - SIDE)) for side in view.size)
    part = np.asarray(view.crop((left, top, min(view.width, left + SIDE), min(view.height, top + SIDE))))
    return Image.fromarray(np.pad(part, ((0, SIDE - part.shape[0]), (0, SIDE - part.shape[1]), (0, 0)), mode="edge"))


def busyness(crop: Image.Image) -> float:
    levels = np.asarray(crop.convert("L"), np.int16)
    return float((np.abs(np.diff(levels, axis=1)) >= 20).mean())


def quarters(likely: np.ndarray) -> np.ndarray:
    """The mean of each 4 x 4 pixels, 255 for surely."""
    rows, columns = likely.shape[0] // 4, likely.shape[1] // 4
    return (likely.reshape(rows, 4, columns, 4).mean(axis=(1, 3)) * 255).astype(np.uint8)


if __name__ == "__main__":
    main()
