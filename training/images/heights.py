"""Fit the em height of a line of text to the shape of its row profile.

    python training/images/heights.py OUT DATA ...

Each line takes the true height nearest to its first guess as its own. Ridge regression of log(em / run) on the profile,
weighted so that long pages do not outvote short ones. Writes `OUT/heights.npz` and prints the errors of pages whose
source was left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from measure import joined

from headroom_core.image.signals.heights import GUESS, about_line

RIDGE = 3.0
QUANTILES = (0.05, 0.10, 0.50)
Page = dict[str, np.ndarray]


def pages_in(data: dict[str, np.ndarray]) -> list[Page]:
    """The pictures with known heights and at least one line found."""
    columns, found = data["lines"][:, 0].astype(int), []
    for number in np.unique(columns):
        true = np.array(json.loads(str(data["heights"][number])))
        if not len(true):
            continue
        lines = data["lines"][columns == number, 1:]
        em, run, zoom, width, weight, strength = lines[:, :6].T
        page = {
            "source": data["source"][number],
            "variant": data["variant"][number],
            "true": true,
            "run": run,
            "guess": em,
        }
        about = about_line(run, zoom, strength, lines[:, 6:])
        far = np.abs(np.log(run * GUESS)[:, None] - np.log(true[:, 0]))
        far += 0.25 * (true[:, 1] < 0.02 * true[:, 1].sum())
        nearest = far.argmin(axis=1)
        page |= {"about": about, "width": width * weight, "sure": far.min(axis=1) < 0.35}
        page["target"] = np.log(true[nearest, 0] / run)
        found.append(page)
    return found


def fitted(pages: Sequence[Page]) -> np.ndarray:
    about = np.concatenate([page["about"][page["sure"]] for page in pages])
    target = np.concatenate([page["target"][page["sure"]] for page in pages])
    weight = np.concatenate([np.full(page["sure"].sum(), max(1, page["sure"].sum()) ** -0.5) for page in pages])
    ridge = RIDGE * np.eye(about.shape[1])
    ridge[0, 0] = 0
    return np.linalg.solve(about.T @ (about * weight[:, None]) + ridge, about.T @ (weight * target))


def quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weights[order]) / weights.sum(), share)])


def errors(page: Page, coefficients: np.ndarray) -> list[float]:
    """Log errors of the three quantiles of a page."""
    em = page["run"] * np.exp(np.clip(page["about"] @ coefficients, *np.log((0.9, 2.2))))
    true = page["true"]
    return [
        float(np.log(quantile(em, page["width"] / em, share) / quantile(true[:, 0], true[:, 1], share)))
        for share in QUANTILES
    ]


def held_out(pages: Sequence[Page]) -> dict[str, np.ndarray]:
    """The log errors by source, each with a fit to the others; pictures as they are."""
    sources = sorted({str(page["source"]) for page in pages})
    found = {}
    for source in sources:
        coefficients = fitted([page for page in pages if page["source"] != source])
        own = [page for page in pages if page["source"] == source and page["variant"] == "own"]
        found[source] = np.array([errors(page, coefficients) for page in own])
    return found


def main(out: Path, *data: Path) -> None:
    pages = pages_in(joined(list(data)))
    for source, found in held_out(pages).items():
        middle, high = np.median(np.abs(found), axis=0), np.quantile(np.abs(found), 0.9, axis=0)
        print(f"{source:22s} {len(found):3d}  median {middle.round(3)}  90 % {high.round(2)}")
    np.savez(out / "heights.npz", em=fitted(pages).astype(np.float32))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
