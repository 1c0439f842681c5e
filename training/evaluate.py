"""Scores trained routers by the package's own reading and decision: `evaluate.py WEIGHTS [OTHER_WEIGHTS ...]`.

Prints the tables of training/RESULTS.md: a row for each folder and set of questions, then slices, calibration and every
unsafe decision of the first folder on the held-out themes. Nothing is fitted here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "questions"), str(HERE.parent)]

import numpy as np  # noqa: E402
from calibrate import calibration_error  # noqa: E402
from policy import COST, Score, score  # noqa: E402
from prepare import NEEDS, OUTPUTS, TEST_SET, Question, load, split, unseen  # noqa: E402

from headroom_core.blocks import Query  # noqa: E402
from headroom_core.image.router import OnnxRouter, RuleRouter, technique_of  # noqa: E402

NEW_WRITER = "lea"
_LEAST = 20
_HEAD = ("| router | questions | kind | unsafe % | risky % | safe saving |", "|---|---|---|---|---|---|")


def main(folders: list[Path]) -> str:
    """The tables."""
    known = load()[0]
    parts, new = split(known), unseen(known)
    sets = {
        "held-out themes": parts.theme_test,
        "a writer nobody learned from": [q for q in new if q.writer == NEW_WRITER],
        "written later": [q for q in new if q.writer != NEW_WRITER],
        "development": development(),
    }
    lines = ["## Measured through the package", "", *_HEAD]
    decisions: dict[bool, np.ndarray] = {}
    for folder in folders:
        router = OnnxRouter(folder)
        router.load()
        for title, questions in sets.items():
            for told in (True, False):
                chosen = decided(router, questions, told=told)
                lines.append(_row(folder.name, title, questions, chosen, told=told))
                if folder == folders[0] and title == "held-out themes":
                    decisions[told] = chosen
    for title, questions in sets.items():
        lines += [
            _row("rules alone", title, questions, decided(RuleRouter(), questions, told=t), told=t)
            for t in (True, False)
        ]
        for policy in (*COST, "best"):
            always = np.array([q.best if policy == "best" else policy for q in questions], dtype=object)
            name = "expert's choice" if policy == "best" else f"always {policy}"
            lines.append(_row(name, title, questions, always, told=True))
    first = OnnxRouter(folders[0])
    return "\n".join([*lines, "", *_slices(parts.theme_test, decisions), "", *_quality(first, parts.theme_test)]) + "\n"


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


def decided(router: OnnxRouter | RuleRouter, questions: list[Question], *, told: bool) -> np.ndarray:
    """The technique of each question, by name."""
    made = [technique_of(router.route(Query(text=q.text)), kind=q.kind if told else None).value for q in questions]
    return np.array(made, dtype=object)


def _row(name: str, title: str, questions: list[Question], chosen: np.ndarray, *, told: bool) -> str:
    kind = "known" if told else "not known"
    return f"| {name} | {title} ({len(questions)}) | {kind} | {_cells(score(questions, chosen))} |"


def _cells(found: Score) -> str:
    return (
        f"{100 * found.unsafe:.1f} [{100 * found.low:.1f}, {100 * found.high:.1f}] | {100 * found.risky:.1f} | "
        f"{found.safe:.3f}"
    )


def _slices(questions: list[Question], decisions: dict[bool, np.ndarray]) -> list[str]:
    lines = ["## Slices of the held-out themes (20 questions or more)", ""]
    lines += [
        "| slice | n | unsafe % with kind | safe saving | unsafe % without | safe saving |",
        "|---|---|---|---|---|---|",
    ]
    groups: dict[str, Callable[[Question], bool]] = {"not English": lambda q: q.lang != "en"}
    groups |= {f"language {v}": (lambda q, v=v: q.lang == v) for v in sorted({q.lang for q in questions})}
    groups |= {f"kind {v}": (lambda q, v=v: q.kind == v) for v in sorted({q.kind for q in questions})}
    groups |= {f"need {v}": (lambda q, v=v: v in q.needs) for v in NEEDS}
    for name, inside in groups.items():
        at = [i for i, q in enumerate(questions) if inside(q)]
        if len(at) >= _LEAST:
            both = [score([questions[i] for i in at], decisions[told][at]) for told in (True, False)]
            cells = [f"{100 * s.unsafe:.1f} [{100 * s.low:.1f}, {100 * s.high:.1f}] | {s.safe:.3f}" for s in both]
            lines.append(f"| {name} | {len(at)} | {' | '.join(cells)} |")
    lines += ["", "Unsafe decisions there, with the kind known:", ""]
    for q, technique in zip(questions, decisions[True], strict=True):
        if technique in q.unsafe:
            needs = ", ".join(sorted(q.needs)) or "nothing"
            lines.append(f"- {q.lang}, {q.kind}, needs {needs}: decided {technique}: {q.text[:160]!r}")
    return lines


def _quality(router: OnnxRouter, questions: list[Question]) -> list[str]:
    read = [router.probabilities(q.text) for q in questions]
    p = np.array([[one[name] for name in OUTPUTS] for one in read])
    targets = np.array([q.targets for q in questions])
    lines = [
        "## Calibration by need (held-out themes)",
        "",
        f"Over all outputs: {100 * calibration_error(p, targets):.1f} %.",
        "",
    ]
    lines += ["| need | positive | ECE % | AUC |", "|---|---|---|---|"]
    for at, name in enumerate(OUTPUTS):
        error, area = calibration_error(p[:, [at]], targets[:, [at]]), _auc(p[:, at], targets[:, at])
        lines.append(f"| {name} | {int(targets[:, at].sum())} | {100 * error:.1f} | {area:.3f} |")
    return lines


def _auc(p: np.ndarray, truth: np.ndarray) -> float:
    order = np.argsort(np.argsort(p)) + 1.0
    positive, negative = truth.sum(), (1 - truth).sum()
    return float((order[truth == 1].sum() - positive * (positive + 1) / 2) / max(positive * negative, 1))


if __name__ == "__main__":
    sys.stdout.write(main([Path(folder) for folder in sys.argv[1:]]))
