"""The routers against a fixed matrix product in the same run: one warm question, loading, memory.

    python benchmarks/router.py [--folder WEIGHTS] [--repeat 400]

One thread, wall time; questions and reference alternate, so that a noisy machine shifts both alike. Targets stand
beside the figures. Loading and memory are measured in fresh processes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from headroom_core.blocks import Query
from headroom_core.image.router import OnnxRouter, RuleRouter
from headroom_core.image.router.onnx import WEIGHTS

QUESTIONS = (
    "What is the mood of this scene?",
    "how much did I pay for the parking, incl. tax?",
    "Which of the two charts shows the higher value for March 2024, and by how many percentage points does it differ?",
    "¿Qué pone en el cartel de la izquierda?",
    "Wie viele Leute stehen in der Schlange?",
    "What does the error message at the bottom of the terminal say, and which file and line does it point to?",
    "图里的人在做什么？",
    "thanks! now write the mail",
)
LOAD = """
import json, os, sys, time
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
import numpy, onnxruntime, tokenizers
from pathlib import Path
from headroom_core.blocks import Query
from headroom_core.image.router import OnnxRouter
before, start = rss(), time.perf_counter()
router = OnnxRouter(Path(sys.argv[1]))
router.load()
loaded = time.perf_counter() - start
router.route(Query(text="how much did I pay for the parking, incl. tax?"))
print(json.dumps({"load": 1000 * loaded, "memory": rss() - before}))
"""


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def measured(repeat: int, works: dict[str, Callable[[Query], object]]) -> dict[str, list[float]]:
    """Milliseconds of each piece of work on each question, in turns."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    queries = [Query(text=text) for text in QUESTIONS]
    for turn in range(-1, repeat):
        for query in queries:
            for name, work in works.items():
                spent = timed(lambda work=work, query=query: work(query))
                if turn >= 0:
                    taken[name].append(spent)
    return taken


def loaded(folder: Path, repeat: int = 5) -> dict[str, float]:
    command = [sys.executable, "-c", LOAD, str(folder)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(repeat)]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=WEIGHTS)
    parser.add_argument("--repeat", type=int, default=400)
    asked = parser.parse_args()
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    import numpy as np  # it reads the environment when it is imported

    router, rules = OnnxRouter(asked.folder), RuleRouter()
    router.load()
    matrix = np.random.default_rng(0).random((384, 384), dtype=np.float32)
    works = {"reference": lambda _: matrix @ matrix, "trained": router.route, "rules": rules.route}
    taken = measured(asked.repeat, works)
    print(f"{router.identity}; {len(QUESTIONS)} questions x {asked.repeat}, one thread, warm; milliseconds")
    print(f"{'':34}{'median':>9}{'p95':>9}   target")
    targets = {"reference": "-", "trained": "median <= 1.5, p95 <= 3", "rules": "median <= 0.05"}
    titles = {"reference": "reference: 384x384 float32 product", "trained": "trained router", "rules": "rule router"}
    for name, times in taken.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{titles[name]:34}{statistics.median(times):9.3f}{p95:9.3f}   {targets[name]}")
    found = loaded(asked.folder)
    print(f"load, packages imported: {found['load']:.0f} ms (target <= 100)")
    print(f"memory over numpy, onnxruntime, tokenizers: {found['memory']:.0f} MB (target <= 100)")


if __name__ == "__main__":
    main()
