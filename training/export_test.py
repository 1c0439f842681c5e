"""Writes the held-out questions in the format of `python -m headroom.evals routing`: `export_test.py FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "questions"))

from prepare import load, split

parts = split(load()[0])
for name, questions in (("themes", parts.theme_test), ("writer", parts.writer_test)):
    with (Path(sys.argv[1]) / f"held_out_{name}.jsonl").open("w", encoding="utf-8") as file:
        for at, q in enumerate(questions):
            row = {"id": f"{name}{at}", "query": q.text, "image_kind": q.kind, "lang": q.lang, "best": q.best}
            row |= {
                "acceptable": sorted(q.acceptable),
                "unsafe": sorted(q.unsafe),
                "tags": sorted(q.needs) or ["silent"],
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
