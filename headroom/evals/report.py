"""What an evaluation of the router prints: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headroom.evals.items import Item
from headroom.evals.scores import Score, Share, passes, score, slices
from headroom_core.image import Technique

__all__ = ["Report", "Run", "as_json", "as_text"]

_WITHOUT = "by the question alone (image_kind was not looked at)"
_WITH = "with kind: image_kind stands in for the image signals"


@dataclass(frozen=True, slots=True)
class Run:
    """One set of decisions.

    Attributes:
        title: What was looked at.
        chosen: How often each technique was chosen.
        overall: The score, or None without labels.
        by_slice: The score of each slice.
    """

    title: str
    chosen: Mapping[str, int]
    overall: Score | None
    by_slice: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation.

    Attributes:
        router: The identity of the router.
        n: Number of questions.
        constants: The score of always choosing one technique, and of the labelled best choice.
        runs: Without kind, and with it if asked for; the last one counts for the gate.
    """

    router: str
    n: int
    constants: Mapping[str, Score]
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, router: str, items: Sequence[Item], decisions: Mapping[bool, Sequence[Technique]]) -> Report:
        """Score decisions made without (False) and with (True) the kind of the picture; labels may be missing."""
        labelled = bool(items) and all(item.best is not None for item in items)
        runs = tuple(_run(items, decisions[kind], with_kind=kind, labelled=labelled) for kind in sorted(decisions))
        return cls(router, len(items), _constants(items) if labelled else {}, runs)

    @property
    def passed(self) -> bool:
        """Whether the gate holds; not without labels, for then nothing was shown."""
        last = self.runs[-1]
        return last.overall is not None and passes(last.overall, last.by_slice)


def as_json(report: Report) -> str:
    """The report as one JSON object."""
    runs = [
        {
            "title": run.title,
            "chosen": dict(run.chosen),
            "overall": run.overall and _figures(run.overall),
            "slices": {name: _figures(one) for name, one in run.by_slice.items()},
        }
        for run in report.runs
    ]
    whole = {
        "router": report.router,
        "n": report.n,
        "constants": {name: _figures(one) for name, one in report.constants.items()},
        "runs": runs,
        "passed": report.passed,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_text(report: Report) -> str:
    """The report as tables."""
    lines = [f"router {report.router}, {report.n} questions", ""]
    for run in report.runs:
        lines += [run.title, "  " + ", ".join(f"{name} {count}" for name, count in run.chosen.items())]
        lines += _table(run, report.constants) if run.overall else ["  no labels: nothing to score"]
        lines.append("")
    if report.constants:
        lines.append(f"gate (unsafe <= 2 %, no slice surely above 5 %): {'passed' if report.passed else 'FAILED'}")
    return "\n".join(lines) + "\n"


def _run(items: Sequence[Item], decisions: Sequence[Technique], *, with_kind: bool, labelled: bool) -> Run:
    counted = Counter(made.value for made in decisions)
    chosen = {technique.value: counted[technique.value] for technique in Technique}
    overall = score(items, decisions) if labelled else None
    return Run(_WITH if with_kind else _WITHOUT, chosen, overall, slices(items, decisions) if labelled else {})


def _constants(items: Sequence[Item]) -> dict[str, Score]:
    always = {f"always {technique.value}": score(items, [technique] * len(items)) for technique in Technique}
    return always | {"labelled best": score(items, [item.best or Technique.PRESERVE for item in items])}


_HEAD = f"  {'':28}{'n':>6}  {'unsafe':22}{'risky':22}{'ok':24}{'saving':>8}{'safe':>8}{'regret':>8}{'loss':>8}"


def _table(run: Run, constants: Mapping[str, Score]) -> list[str]:
    rows = [("router", run.overall), *constants.items(), *run.by_slice.items()]
    return [_HEAD, *(_row(name, one) for name, one in rows if one is not None)]


def _row(name: str, one: Score) -> str:
    figures = (one.saving, one.safe_saving, one.regret, one.loss)
    shares = f"{_percent(one.unsafe):22}{_percent(one.risky):22}{_percent(one.ok):24}"
    return f"  {name[:28]:28}{one.unsafe.n:6}  {shares}" + "".join(f"{figure:8.3f}" for figure in figures)


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{100 * share.value:5.1f} % [{100 * low:4.1f}, {100 * high:5.1f}]"


def _figures(one: Score) -> dict[str, Any]:
    shares = {"unsafe": one.unsafe, "risky": one.risky, "ok": one.ok}
    counted = {
        name: {"share": share.value, "hits": share.hits, "interval": share.interval} for name, share in shares.items()
    }
    return {
        "n": one.unsafe.n,
        **counted,
        "saving": one.saving,
        "safe_saving": one.safe_saving,
        "regret": one.regret,
        "loss": one.loss,
    }
