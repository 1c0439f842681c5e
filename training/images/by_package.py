"""The figures of `kinds.py` again, with all sources of a package, and of its kin, left out together.

    python training/images/by_package.py DATA OUT

Some sources share a package, a manual's template or backgrounds, so that leaving out one source at a time flatters.
Writes `RESULTS_BY_PACKAGE.md`. The network's own folds stay by source.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
from kinds import FOLDS, HERE, KINDS, evidence_with, held_out
from letters import folds_of
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

KIN = {
    "python-skimage-doc": "scikit-image",
    "debian-reference-ja": "debian-docs",
    "debian-reference-zh-cn": "debian-docs",
    "debian-history": "debian-docs",
    "installation-guide-amd64": "debian-docs",
    "tuxpaint-data": "tuxpaint",
    "tuxpaint-stamps-default": "tuxpaint",
    "mate-backgrounds": "drawn",
    "ukui-wallpapers": "drawn",
    "pillow": "drawn",
}
"""Packages that share images, a template, or (drawn) the photos that signs and receipts are put into."""
DRAWN = ("editor", "charts", "receipts", "posters", "signs")


def main(data_at: Path, out: Path) -> None:
    data = np.load(data_at)
    evidence = evidence_with(data, np.load(out / "letters_held_out.npy"))
    package = {
        row["name"]: row["package"] for row in tomllib.loads((HERE / "sources.toml").read_text("utf-8"))["source"]
    }
    kin = np.array([KIN.get(package[name], package[name]) for name in data["source"]])
    text, kind, own = data["text"].astype(int), data["kind"], data["variant"] == "own"
    order = np.array([KINDS.index(value) for value in kind])
    fold, real = folds_of(kin, kind, FOLDS), own & ~np.isin(data["source"], DRAWN)
    bare = evidence.copy()
    bare[:, -5:] = 0
    lines = [
        "# Results with whole packages left out\n",
        "Calibrated on the same held-out figures. `not drawn`: without the extras of `made.py`; its signs and posters",
        "share fonts, words and manner with the letters that the network was trained on.\n",
        "| evidence | images | n | AUC | missed / false alarms at 0.2 | at 0.3 | at 0.5 |",
        "|---|---|---|---|---|---|---|",
    ]
    seen = {
        name: probabilities(held_out(part, text, fold), text)
        for name, part in (("all", evidence), ("no network", bare))
    }
    for name, found in seen.items():
        for images, chosen in (("all", own), ("not drawn", real)):
            cells = [f"{roc_auc_score(text[chosen], found[chosen]):.3f}"]
            cells += [rates(text[chosen], found[chosen], bound) for bound in (0.2, 0.3, 0.5)]
            lines.append(f"| {name} | {images} | {chosen.sum()} | {' | '.join(cells)} |")
    guess = np.array(KINDS)[held_out(evidence, order, fold).argmax(axis=1)]
    right = guess == kind
    lines += [f"\nKind right: {right[own].mean():.3f} of all, {right[real].mean():.3f} of those not drawn.\n"]
    lines += ["| pictures with text | n | missed at 0.5 | n not drawn | missed at 0.5 |", "|---|---|---|---|---|"]
    for name in KINDS:
        both = [chosen & (kind == name) & (text == 1) for chosen in (own, real)]
        cells = (f"{part.sum()} | {np.mean(seen['all'][part] < 0.5):.3f}" for part in both)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    (HERE / "RESULTS_BY_PACKAGE.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


def probabilities(shares: np.ndarray, text: np.ndarray) -> np.ndarray:
    return LogisticRegression(C=1e6).fit(shares, text).predict_proba(shares)[:, 1]


def rates(text: np.ndarray, found: np.ndarray, bound: float) -> str:
    return f"{np.mean(found[text == 1] < bound):.3f} / {np.mean(found[text == 0] >= bound):.3f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
