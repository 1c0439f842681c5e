"""Show every labelled image to the text detector of the extra `ocr`, as the engine would.

    python training/images/detector.py IMAGES OUT [PART PARTS]

OUT is an .npz: for the id of each image, how likely text is in each 4 x 4 pixels of the small copy that the detector
looks at, 255 for surely. Images that it cannot look at are left out.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
from crops import HERE, quarters, small

from headroom_core.errors import ImageError
from headroom_core.image.reading.detector import padded
from headroom_core.image.reading.engines import NEWER


def main(images: Path, out: Path, part: int, parts: int) -> None:
    entries = {entry["id"]: entry for entry in map(json.loads, (images / "manifest.jsonl").read_text().splitlines())}
    with (HERE / "labels.csv").open() as file:
        names = [row["id"] for row in csv.DictReader(file)][part::parts]
    likely, found = NEWER.load_likely(1), {}
    for name in names:
        try:
            levels = padded(np.asarray(small(images / entries[name]["file"])))
        except ImageError:
            continue
        found[name] = quarters(likely(levels[..., ::-1].astype(np.float32) / 127.5 - 1))
    np.savez(out, **found)


def strongest(text: np.ndarray) -> float:
    """How likely the likeliest spot belongs to text, as the engine takes it."""
    return float(text.max()) / 255


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *(map(int, sys.argv[3:]) if len(sys.argv) > 3 else (0, 1)))
