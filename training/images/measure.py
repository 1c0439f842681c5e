"""Measure the labelled images for the training scripts.

    python training/images/measure.py IMAGES OUT [PART PARTS]

IMAGES is what `fetch.py` made. Each image is measured as it is, and two of three once more resized (and half of the
times as a JPEG of lower quality), since pictures reach the engine in such states. OUT is an .npz: evidence, patches,
the picture and the group of each, and the labels of `labels.csv`; lines of text with their shapes, and the true em
heights of the pictures that have them.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.signals.evidence import evidence_of
from headroom_core.image.signals.patches import patches_of
from headroom_core.image.signals.seen import seen_in

HERE = Path(__file__).parent
NONE = np.zeros(0), np.zeros(0, np.int64)
"""The network's part of the evidence is filled in when it is trained."""


def main(images: Path, out: Path, part: int, parts: int) -> None:
    entries = {entry["id"]: entry for entry in map(json.loads, (images / "manifest.jsonl").read_text().splitlines())}
    with (HERE / "labels.csv").open() as file:
        labels = list(csv.DictReader(file))[part::parts]
    rows: dict[str, list] = {name: [] for name in ("id", "source", "kind", "text", "variant", "evidence", "heights")}
    patches, groups, picture, lines = [], [], [], []
    for label in labels:
        entry = entries[label["id"]]
        stored = (images / entry["file"]).read_bytes()
        for variant, scale, encoded in [("own", 1.0, stored), *resized(stored, label["id"])]:
            seen = seen_in(decode(encoded, read_header(encoded)))
            found, number = patches_of(seen.views, seen.lines), len(rows["id"])
            patches.append(found.grey)
            groups.append(found.groups)
            picture += [number] * len(found.grey)
            lines.append(np.column_stack([np.full(len(seen.lines), number), columns(seen.lines)]))
            values = (
                label["id"],
                label["source"],
                label["kind"],
                label["has_text"] == "1",
                variant,
            )
            true = [[em * scale, count] for em, count in entry.get("heights") or []]
            for name, value in zip(rows, (*values, evidence_of(seen, *NONE), json.dumps(true)), strict=True):
                rows[name].append(value)
    arrays = {name: np.array(values) for name, values in rows.items()}
    arrays |= {"patches": np.concatenate(patches), "groups": np.concatenate(groups), "picture": np.array(picture)}
    np.savez(out, lines=np.concatenate(lines), **arrays)


def joined(paths: list[Path]) -> dict[str, np.ndarray]:
    """The parts of the labelled images put together."""
    parts, count = [dict(np.load(path)) for path in paths], 0
    for part in parts:
        part["picture"] += count
        part["lines"][:, 0] += count
        count += len(part["id"])
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def columns(lines: object) -> np.ndarray:
    """Em, run, zoom, width, weight, strength and the shape of each line."""
    return np.column_stack([lines.em, lines.run, lines.zoom, lines.width, lines.weight, lines.strength, lines.shapes])


def resized(stored: bytes, name: str) -> list[tuple[str, float, bytes]]:
    choose, image = random.Random(name), Image.open(BytesIO(stored))
    scale = choose.choice((0.5, 0.6, 0.7, 0.8, 1.25))
    if choose.random() < 1 / 3 or min(image.size) * scale < 90 or max(image.size) * scale > 3000:
        return []
    image = image.convert("RGBA" if image.mode == "RGBA" else "RGB")
    size = (int(image.width * scale), int(image.height * scale))
    smaller, out = image.resize(size, Image.Resampling.LANCZOS), BytesIO()
    if choose.random() < 0.5:
        smaller.convert("RGB").save(out, "JPEG", quality=choose.choice((60, 75, 85)))
    else:
        smaller.save(out, "PNG")
    return [("resized", scale, out.getvalue())]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *(map(int, sys.argv[3:]) if len(sys.argv) > 3 else (0, 1)))
