"""What `import headroom` costs over the bare interpreter: medians of fresh processes, taken in turns.

    python benchmarks/imports.py [--rounds 31]

The target is 60 ms for `import headroom`; the other lines are for comparison.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from statistics import median

BARE = "pass"
STATEMENTS = (
    BARE,
    "import headroom",
    "from headroom import image_tokens",
    "from headroom.image import ImageCompressor",
    "import PIL.Image",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=31)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as elsewhere:
        times = measure(rounds, elsewhere)
    bare = median(times[BARE])
    print(f"{'statement':<46}{'ms':>8}{'over bare':>11}{'ratio':>8}")
    for statement, taken in times.items():
        print(f"{statement:<46}{median(taken):>8.1f}{median(taken) - bare:>11.1f}{median(taken) / bare:>8.2f}")


def measure(rounds: int, elsewhere: str) -> dict[str, list[float]]:
    """Milliseconds per statement and round; the statements take turns, so that a busy moment falls on all of them."""
    times: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for statement in STATEMENTS:
        once(statement, elsewhere)  # writes the byte code
    for _ in range(rounds):
        for statement in STATEMENTS:
            times[statement].append(once(statement, elsewhere))
    return times


def once(statement: str, elsewhere: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", statement], cwd=elsewhere, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
