"""Score the picture signals on images that nobody trained or chose on: `unseen.py IMAGES`.

IMAGES holds the files named in `unseen.csv`: packages, versions and paths inside them, and the labels with both looks.
Prints a table in Markdown; nothing is fitted here.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.reading import detector_at_hand
from headroom_core.image.signals import glancer_at_hand, measure

HERE = Path(__file__).parent
KINDS = ("photo", "document", "screenshot", "chart", "scene_text", "drawing")


def main(images: Path) -> str:
    """The figures of all images, and of scenes with text."""
    with (HERE / "unseen.csv").open() as file:
        labels = list(csv.DictReader(file))
    files = {path.stem: path for path in images.iterdir()}
    glance, detect = glancer_at_hand(), detector_at_hand()
    text = np.array([label["has_text"] == "1" for label in labels])
    kinds = [label["kind"] for label in labels]
    lines = [f"{len(labels)} images of {len({label['package'] for label in labels})} packages.", ""]
    lines += ["| | AUC | missed at 0.5 | false alarms at 0.5 | missed at 0.3 | false alarms at 0.3 | kind right |"]
    lines += ["|---|---|---|---|---|---|---|"]
    asked = {"trees": (None, None), "and glance": (glance, None), "and detector": (glance, detect)}
    for title, (look, ask) in asked.items():
        signals = []
        for label in labels:
            stored = files[label["id"]].read_bytes()
            signals.append(measure(decode(stored, read_header(stored)), glance=look, detect=ask))
        levels = np.array([one.has_text for one in signals])
        said = [one.kind.value for one in signals]
        cells = [f"{_area(levels, text):.3f}"]
        for bound in (0.5, 0.3):
            cells += [f"{np.mean(levels[text] < bound):.3f}", f"{np.mean(levels[~text] >= bound):.3f}"]
        cells.append(f"{np.mean([a == b for a, b in zip(said, kinds, strict=True)]):.3f}")
        lines.append(f"| {title} | {' | '.join(cells)} |")
        scenes = text & np.array([kind in ("photo", "scene_text") for kind in kinds])
        missed = np.mean(levels[scenes] < 0.5)
        lines.append(f"| of these photos with text ({scenes.sum()}) | | {missed:.3f} | | | | |")
    sure = np.array([one.kind_confidence for one in signals])
    right = np.array([a == b for a, b in zip(said, kinds, strict=True)])
    lines += [""]
    for bound in (0.5, 0.7, 0.9):
        at = sure >= bound
        lines.append(f"With a confidence of {bound} or more ({at.mean():.2f} of all): {right[at].mean():.3f}.")
    pairs = Counter(zip(kinds, said, strict=True))
    lines += ["", f"| truth | {' | '.join(KINDS)} |", "|---" * (len(KINDS) + 1) + "|"]
    lines += [f"| {kind} | {' | '.join(str(pairs[kind, other]) for other in KINDS)} |" for kind in KINDS]
    return "\n".join(lines) + "\n"


def _area(levels: np.ndarray, truth: np.ndarray) -> float:
    """The area under the curve: how often a picture with text stands above one without."""
    above = levels[truth][:, None] - levels[~truth][None]
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])))
