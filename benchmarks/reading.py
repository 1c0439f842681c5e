"""Transcripts against the true text: what is accepted, characters lost, numbers and rows kept, and the work of it.

    python benchmarks/reading.py [--folder pages] [--only table] [--stock] [--engine rapidocr|tesseract]

Pages are written as HTML and shown by Chromium (`reading_pages.py`), so that their words are known. CER is the edit
distance to the true words over their length, white space counting as one space, and the rules of Markdown tables left
out. `--stock` also runs RapidOCR with its own settings on the same pixels in the same run, for the ratio of CPU time.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from reading_pages import sheets
from reading_sheets import Sheet, shown

from headroom_core.image.header import read_header
from headroom_core.image.pixels import Decoded, decode
from headroom_core.image.reading import Reader, Refusal, Transcript, transcribe
from headroom_core.image.reading.canvas import canvas
from headroom_core.image.reading.rapid import rapid_reader
from headroom_core.image.reading.tesseract import tesseract_reader


def cpu() -> float:
    """CPU seconds of this process and of the programs it has run."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def distance(said: str, true: str) -> int:
    """Edit distance."""
    letters = np.array([ord(letter) for letter in true])
    row = steps = np.arange(len(true) + 1)
    for letter in said:
        best = np.minimum(row[:-1] + (letters != ord(letter)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate(([row[0] + 1], best)) - steps) + steps
    return int(row[-1])


def bare(text: str) -> str:
    """Words with single spaces; ideographs without any, and with their own punctuation."""
    words = " ".join(re.sub(r"^[│ ]*[|\- ]+$|[│|]", " ", text, flags=re.MULTILINE).split())
    wide = sum(letter > "\u2e7f" for letter in words) > len(words) / 2
    return words.replace(" ", "").translate(str.maketrans(",;:.!?", "，；：。！？")) if wide else words


def rows_kept(sheet: Sheet, lines: list[str]) -> int:
    """Rows whose cells stand in one line, in order."""
    return sum(any(re.search(r"\W+".join(map(re.escape, row)), line) for line in lines) for row in sheet.rows)


class Seen:
    """The kind that the page was made as."""

    def __init__(self, sheet: Sheet) -> None:
        self.kind = sheet.kind
        self.text_height = 20.0


def judged(sheet: Sheet, picture: Decoded, reader: Reader) -> dict[str, Any]:
    """One page: what came of it."""
    before = cpu()
    answer = transcribe(picture, Seen(sheet), reader, digits=bool(sheet.numbers), structure=sheet.structure)
    found: dict[str, Any] = {"cpu": cpu() - before, "refused": isinstance(answer, Refusal), "wrong": None}
    found["wrong"] = found["refused"] != sheet.refuse
    if isinstance(answer, Transcript) and sheet.text:
        lines = answer.text.split("\n")[1:]
        true = bare(sheet.text)
        found["cer"] = distance(bare("\n".join(lines)), true) / len(true)
        found["rows"] = (rows_kept(sheet, lines), len(sheet.rows))
        found["numbers"] = (sum(number in "\n".join(lines) for number in sheet.numbers), len(sheet.numbers))
    if isinstance(answer, Refusal):
        found["reason"] = answer.reason
    return found


def stock_run(stock: Any, picture: Decoded, sheet: Sheet) -> tuple[float, float]:
    """CPU seconds and CER of RapidOCR as it comes."""
    pixels = np.ascontiguousarray(canvas(picture).pixels[..., ::-1])
    before = cpu()
    said = stock(pixels)
    spent = cpu() - before
    true = bare(sheet.text)
    return spent, distance(bare("\n".join(said.txts or ())), true) / max(1, len(true))


def show(found: list[tuple[Sheet, dict[str, Any]]]) -> None:
    """A table by groups."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for sheet, result in found:
        groups[sheet.group].append(result)
    print("\n| group | pages | accepted | as it should be | median CER | worst CER | numbers | rows | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for group, results in groups.items():
        errors = [result["cer"] for result in results if "cer" in result]
        cells = [
            group,
            len(results),
            sum(not result["refused"] for result in results),
            sum(not result["wrong"] for result in results),
            f"{100 * statistics.median(errors):.2f} %" if errors else "",
            f"{100 * max(errors):.2f} %" if errors else "",
            *(kept(results, name) for name in ("numbers", "rows")),
            f"{statistics.mean(result['cpu'] for result in results):.2f}",
        ]
        print("| " + " | ".join(map(str, cells)) + " |")


def kept(results: list[dict[str, Any]], name: str) -> str:
    """How many of the numbers or rows of all pages are in the transcripts."""
    pairs = [result[name] for result in results if name in result]
    there = sum(pair[1] for pair in pairs)
    return f"{sum(pair[0] for pair in pairs)}/{there}" if there else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the pages here, and take those that are there already")
    parser.add_argument("--only", default="", help="pages whose name or group has this in it")
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--engine", choices=("rapidocr", "tesseract"), default="rapidocr")
    chosen = parser.parse_args()
    reader = rapid_reader() if chosen.engine == "rapidocr" else tesseract_reader()
    assert reader is not None, "the engine is not installed"
    stock = None
    if chosen.stock:
        from rapidocr import RapidOCR

        stock = RapidOCR(params={"Global.log_level": "critical"})
    print(reader.name)
    found, ratios = [], []
    for sheet in [one for one in sheets() if chosen.only in one.name + one.group]:
        stored = chosen.folder / f"{sheet.name}.png" if chosen.folder else None
        data = stored.read_bytes() if stored and stored.exists() else shown(sheet)
        if stored:
            stored.parent.mkdir(parents=True, exist_ok=True)
            stored.write_bytes(data)
        picture = decode(data, read_header(data))
        result = judged(sheet, picture, reader)
        found.append((sheet, result))
        line = f"{sheet.name}: {'refused, ' + result['reason'] if result['refused'] else ''}"
        line += f"CER {100 * result['cer']:.2f} %" if "cer" in result else ""
        if stock is not None and "cer" in result:
            spent, error = stock_run(stock, picture, sheet)
            ratios.append(result["cpu"] / spent)
            line += (
                f", CPU {result['cpu']:.2f} s; stock CER {100 * error:.2f} %, CPU {spent:.2f} s, ratio {ratios[-1]:.2f}"
            )
        print(("WRONG " if result["wrong"] else "") + line, flush=True)
    show(found)
    if ratios:
        print(f"\nCPU over RapidOCR's own settings: median {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
