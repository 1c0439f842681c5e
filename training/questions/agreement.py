"""How far a second labeller, who did not see the labels, agrees with the writers."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from prepare import TECHNIQUES  # noqa: E402

_LETTERS = "tdsfcrgxmn"


def main() -> None:
    """Print agreement and Cohen's kappa for each need and technique."""
    pairs = []
    for row in (HERE / "second_labels.tsv").read_text("utf-8").splitlines()[1:]:
        name, needs, best, acceptable, unsafe = row.split("\t")[:5]
        writer, number = name.split(":")
        first = (HERE / f"{writer}.tsv").read_text("utf-8").splitlines()[int(number) - 1].split("\t")
        pairs.append(((first[3], first[4], first[5], first[6]), (needs, best, acceptable, unsafe)))
    print(f"| label | agreement % (n={len(pairs)}) | kappa | first only | second only |\n|---|---|---|---|---|")
    for letter in _LETTERS:
        _row(f"need {letter}", [(letter in a[0].split("@")[0], letter in b[0].split("@")[0]) for a, b in pairs])
    _row("nothing said", [(a[0] == "-", b[0] == "-") for a, b in pairs])
    for letter, technique in TECHNIQUES.items():
        _row(f"best is {technique}", [(a[1] == letter, b[1] == letter) for a, b in pairs])
        _row(f"{technique} unsafe", [(letter in a[3], letter in b[3]) for a, b in pairs])
    same = sum(a[1] == b[1] for a, b in pairs)
    print(f"best the same: {100 * same / len(pairs):.1f} %")
    clash = sum(a[1] in b[3] for a, b in pairs)
    print(f"the writer's best is unsafe for the second labeller: {100 * clash / len(pairs):.1f} %")


def _row(name: str, pairs: list[tuple[bool, bool]]) -> None:
    n = len(pairs)
    same = sum(a == b for a, b in pairs) / n
    a, b = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    chance = a * b + (1 - a) * (1 - b)
    kappa = (same - chance) / (1 - chance) if chance < 1 else 1.0
    first, second = sum(x and not y for x, y in pairs), sum(y and not x for x, y in pairs)
    print(f"| {name} | {100 * same:.1f} | {kappa:.2f} | {first} | {second} |")


if __name__ == "__main__":
    main()
