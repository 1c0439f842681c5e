"""How well the places that questions name are found: coverage of the answers, size of the crops, false places, time.

    python benchmarks/regions.py [--read]

Phrases and layouts are those of the tests. An answer counts as covered when at least 0.95 of its box is inside the
crop; a question without a crop is sent whole, so it is counted apart and never as covered. `--read` draws the layouts
in Latin script, reads them with the reader that is installed, and asks the same questions of what it read.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parents[1]))

from headroom_core.image.regions import anchored, crop_plan, region_of
from headroom_core.image.regions.plan import Box, Size
from headroom_core.image.regions.rows import Line
from tests.core.image.regions.layouts import LAYOUTS
from tests.core.image.regions.pool import SIZE, answers, covered, read

COVERED = 0.95


def share(box: Box, size: Size) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) / (size[0] * size[1])


def geometry() -> None:
    hits, kept, found = [], [], 0
    places = read("places.tsv")
    for _, question, meaning in places:
        region = region_of(question, SIZE)
        if region is None:
            continue
        found += 1
        plan = crop_plan(SIZE, region, em=20, relations=False)
        crop = plan.box if plan else (0, 0, *SIZE)
        hits += [covered(answer, crop) >= COVERED for answer in answers(meaning)]
        kept.append(share(crop, SIZE))
    languages = len({language for language, _, _ in places})
    print(f"named by geometry   {len(places)} phrases in {languages} languages, found {found / len(places):.3f}")
    print(f"  answers covered   {statistics.fmean(hits):.3f} of {len(hits)} boxes (target 0.95)")
    print(f"  area kept         median {statistics.median(kept):.2f}")
    traps = [trap[1] for trap in read("traps.tsv") if len(trap) > 1]
    false = [trap for trap in traps if region_of(trap, SIZE) is not None]
    print(f"  false places      {len(false)} of {len(traps)} phrases that only seem to name one")


def anchors(pages: dict[str, tuple[Sequence[Line], dict[str, Box], Size]]) -> None:
    hits, kept, missed, false = [], [], 0, 0
    rows = [row for row in read("anchors.tsv") if row[0] in pages]
    for layout, question, answer in rows:
        lines, boxes, size = pages[layout]
        region = anchored(lines, question, size)
        if answer == "-":
            false += region is not None
            if region is not None:
                print(f"  false place       {layout}: {question}")
        elif region is None:
            missed += 1
        else:
            plan = crop_plan(size, region, em=20, relations=False)
            crop = plan.box if plan else (0, 0, *size)
            hits.append(covered(boxes[answer], crop) >= COVERED)
            kept.append(share(crop, size))
    none = sum(answer == "-" for _, _, answer in rows)
    print(f"named by words      {len(rows) - none} phrases on {len(pages)} layouts, missed {missed}")
    print(f"  answers covered   {statistics.fmean(hits):.3f} (target 0.95)")
    print(f"  area kept         median {statistics.median(kept):.2f}")
    print(f"  false places      {false} of {none} questions that no single label answers")


def as_laid_out() -> dict[str, tuple[Sequence[Line], dict[str, Box], Size]]:
    return {name: (lines, {line.text: line.box for line in lines}, size) for name, (lines, size) in LAYOUTS.items()}


def as_read() -> dict[str, tuple[Sequence[Line], dict[str, Box], Size]]:
    """The layouts in Latin script as the installed reader reads them, with the boxes of what was drawn."""
    from headroom_core.image import pixels
    from headroom_core.image.header import read_header
    from headroom_core.image.reading import reader_at_hand

    reader = reader_at_hand()
    if reader is None:
        sys.exit("no reader is installed: pip install 'headroom-ai[ocr]'")
    print(f"read by             {reader.name}")
    pages = {}
    for name, (lines, size) in LAYOUTS.items():
        if all(ord(letter) < 0x2100 and not 0x0590 <= ord(letter) < 0x0900 for line in lines for letter in line.text):
            data, boxes = drawn(lines, size)
            pages[name] = (reader.read(pixels.decode(data, read_header(data))), boxes, size)
    return pages


def drawn(lines: Sequence[Line], size: Size) -> tuple[bytes, dict[str, Box]]:
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    boxes: dict[str, Box] = {}
    for line in lines:
        font = ImageFont.load_default(0.9 * line.em)
        pen.text(line.box[:2], line.text, fill="black", font=font)
        left, top, right, bottom = pen.textbbox(line.box[:2], line.text, font=font)
        boxes[line.text] = (int(left), int(top), int(right), int(bottom))
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue(), boxes


def speed() -> None:
    questions = [question for _, question, _ in read("places.tsv")]
    start = time.process_time()
    for question in questions:
        region_of(question, SIZE)
    print(f"CPU                 {1e3 * (time.process_time() - start) / len(questions):.2f} ms a question, warm")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", action="store_true", help="draw the layouts and read them")
    asked = parser.parse_args()
    geometry()
    anchors(as_laid_out())
    if asked.read:
        anchors(as_read())
    speed()
