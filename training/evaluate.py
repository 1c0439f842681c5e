"""Scores trained members on the held-out themes, the held-out writer and the 60 development questions.

`python training/evaluate.py WEIGHTS [OTHER_WEIGHTS ...]` writes training/RESULTS.md: one row for each set-up of each
folder, then every slice of the first folder's full set-up. Thresholds come from the files: nothing is fitted here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "questions"), str(HERE.parent)]

import numpy as np  # noqa: E402
from calibrate import Setup, calibration_error  # noqa: E402
from ngrams import NgramModel  # noqa: E402
from policy import Score, Thresholds, decide, named_by_rules, score  # noqa: E402
from prepare import NEEDS, OUTPUTS, TEST_SET, Question, load, split  # noqa: E402
from train import OnnxEncoder  # noqa: E402

_LEAST = 20


def main(folders: list[Path]) -> str:
    """The whole of RESULTS.md."""
    parts = split(load()[0])
    sets = {"held-out themes": parts.theme_test, "held-out writer": parts.writer_test, "development 60": development()}
    named = {title: named_by_rules(questions) for title, questions in sets.items()}
    lines = [
        "# Results",
        "",
        f"Trained on {len(parts.train)} questions, calibrated on {len(parts.calibration)}. "
        "Unsafe: the share of decisions that destroy the evidence, with a 95 % Wilson interval.",
        "Safe saving: saved share of nominal tokens, counted only where the decision is acceptable. "
        "ECE: over all outputs, ten bins. Exact: all eleven outputs right at 0.5.",
        "",
        "| model | size MB | questions | kind | unsafe % | risky % | safe saving | ECE % | exact % | "
        "exact % en / other |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    detail: list[str] = []
    for folder in folders:
        for name, setup, size, logits in _setups(folder, sets):
            for title, questions in sets.items():
                p = setup.probabilities(logits[title])
                lines += _rows(f"{folder.name}: {name}", size, title, questions, p, named[title], setup.thresholds)
            if folder == folders[0] and name == "encoder+ngrams":
                detail = _detail(sets, {t: setup.probabilities(logits[t]) for t in sets}, named, setup.thresholds)
    lines += _constants(sets)
    return "\n".join([*lines, "", *detail]) + "\n"


def development() -> list[Question]:
    """The 60 development questions. They have techniques, not needs, so that only decisions are scored on them."""
    rows = [json.loads(line) for line in TEST_SET.read_text("utf-8").splitlines() if line]
    return [
        Question(
            "development", r["lang"], r["image_kind"], ",".join(r["tags"]), frozenset(), None, r["best"],
            frozenset(r["acceptable"]), frozenset(r["unsafe"]), r["query"],
        )
        for r in rows
    ]  # fmt: skip


def _setups(
    folder: Path, sets: dict[str, list[Question]]
) -> Iterator[tuple[str, Setup, float, dict[str, dict[str, np.ndarray]]]]:
    stored = json.loads((folder / "calibration.json").read_text("utf-8"))["setups"]
    ngrams = NgramModel.read(folder / "ngrams.npz")
    logits = {}
    for title, questions in sets.items():
        texts = [q.text for q in questions]
        logits[title] = {"ngrams": ngrams.logits(texts), "encoder": OnnxEncoder(folder).logits(texts)}
    for name, entry in stored.items():
        bounds = [entry["thresholds"][output] for output in OUTPUTS]
        thresholds = Thresholds(
            np.array([b["excluded_below"] for b in bounds]), np.array([b["present_from"] for b in bounds])
        )
        setup = Setup(entry["weights"], np.array(entry["scale"]), np.array(entry["shift"]), thresholds, [])
        files = {"encoder": ("encoder.onnx", "tokenizer.json"), "ngrams": ("ngrams.npz",)}
        size = sum((folder / file).stat().st_size for member in name.split("+") for file in files[member]) / 1e6
        yield name, setup, size, logits


def _rows(
    model: str,
    size: float,
    title: str,
    questions: list[Question],
    p: np.ndarray,
    named: np.ndarray,
    thresholds: Thresholds,
) -> list[str]:
    rows = []
    for kind in ("known", "not known"):
        kinds = [q.kind for q in questions] if kind == "known" else None
        found = score(questions, decide(p, named, kinds, thresholds))
        quality = "- | - | -" if title.startswith("development") else _quality(p, questions)
        rows.append(f"| {model} | {size:.1f} | {title} ({found.n}) | {kind} | {_cells(found)} | {quality} |")
    return rows


def _cells(found: Score) -> str:
    return (
        f"{100 * found.unsafe:.1f} [{100 * found.low:.1f}, {100 * found.high:.1f}] | {100 * found.risky:.1f} | "
        f"{found.safe:.3f}"
    )


def _quality(p: np.ndarray, questions: list[Question]) -> str:
    targets = np.array([q.targets for q in questions])
    exact = ((p >= 0.5) == targets).all(axis=1)
    english = np.array([q.lang == "en" for q in questions])
    return (
        f"{100 * calibration_error(p, targets):.1f} | {100 * exact.mean():.0f} | "
        f"{100 * exact[english].mean():.0f} / {100 * exact[~english].mean():.0f}"
    )


def _constants(sets: dict[str, list[Question]]) -> list[str]:
    rows = []
    for policy in ("full_low", "preserve", "crop", "transcode", "best"):
        for title, questions in sets.items():
            chosen = np.array([q.best if policy == "best" else policy for q in questions], dtype=object)
            name = "expert's choice" if policy == "best" else f"always {policy}"
            rows.append(
                f"| {name} | - | {title} ({len(questions)}) | - | {_cells(score(questions, chosen))} | - | - | - |"
            )
    return rows


def _detail(
    sets: dict[str, list[Question]],
    probabilities: dict[str, np.ndarray],
    named: dict[str, np.ndarray],
    thresholds: Thresholds,
) -> list[str]:
    titles = [title for title in sets if title.startswith("held-out")]
    questions = [q for title in titles for q in sets[title]]
    p = np.concatenate([probabilities[title] for title in titles])
    words = np.concatenate([named[title] for title in titles])
    known = decide(p, words, [q.kind for q in questions], thresholds)
    alone = decide(p, words, None, thresholds)
    lines = ["## Slices", "", "Both held-out sets together, slices of 20 or more.", ""]
    lines += [
        "| slice | n | unsafe % with kind | safe saving | unsafe % without kind | safe saving |",
        "|---|---|---|---|---|---|",
    ]
    slices: dict[str, Callable[[Question], bool]] = {"all": lambda _: True, "not English": lambda q: q.lang != "en"}
    slices |= {
        f"language {lang}": (lambda q, lang=lang: q.lang == lang) for lang in sorted({q.lang for q in questions})
    }
    slices |= {f"kind {kind}": (lambda q, kind=kind: q.kind == kind) for kind in sorted({q.kind for q in questions})}
    slices |= {f"need {need}": (lambda q, need=need: need in q.needs) for need in NEEDS}
    slices |= {"silent": lambda q: not q.needs, "two needs or more": lambda q: len(q.needs) > 1}
    for name, inside in slices.items():
        at = [i for i, q in enumerate(questions) if inside(q)]
        if len(at) >= _LEAST:
            part = [questions[i] for i in at]
            a, b = score(part, known[at]), score(part, alone[at])
            cells = [f"{100 * s.unsafe:.1f} [{100 * s.low:.1f}, {100 * s.high:.1f}] | {s.safe:.3f}" for s in (a, b)]
            lines.append(f"| {name} | {len(at)} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Calibration by need (both held-out sets)",
        "",
        "| need | positive | ECE % | AUC |",
        "|---|---|---|---|",
    ]
    targets = np.array([q.targets for q in questions])
    for column, name in enumerate(OUTPUTS):
        error = calibration_error(p[:, [column]], targets[:, [column]])
        lines.append(
            f"| {name} | {int(targets[:, column].sum())} | {100 * error:.1f} | "
            f"{_auc(p[:, column], targets[:, column]):.3f} |"
        )
    lines += ["", "## Unsafe decisions, kind known (all)", ""]
    for q, technique in zip(questions, known, strict=True):
        if technique in q.unsafe:
            lines.append(
                f"- {q.lang}, {q.kind}, needs {', '.join(sorted(q.needs)) or 'nothing'}: "
                f"decided {technique}: {q.text[:160]!r}"
            )
    return lines


def _auc(p: np.ndarray, truth: np.ndarray) -> float:
    order = np.argsort(np.argsort(p)) + 1.0
    positive, negative = truth.sum(), (1 - truth).sum()
    return float((order[truth == 1].sum() - positive * (positive + 1) / 2) / max(positive * negative, 1))


if __name__ == "__main__":
    report = main([Path(folder) for folder in sys.argv[1:]])
    (HERE / "RESULTS.md").write_text(report, "utf-8")
    sys.stdout.write(report)
