"""What a run prints: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from headroom.evals.offline.bench import Verdict
from headroom.evals.offline.curves import em_seen
from headroom.evals.offline.figures import GATES, Areas, Figures, areas_of, lost, passes, tabulate
from headroom.evals.scores import Share

__all__ = ["as_json", "as_text", "holds"]

_SPLIT = {"real": "pages of packages", "synthetic": "pages made here"}


def holds(verdicts: Sequence[Verdict]) -> bool:
    """Whether the rule passes its gates on the real pages, over all models that were asked for."""
    real = _of(verdicts, "real")
    rule = _rule(real)
    return rule is not None and passes(rule, areas_of(real))


def as_text(verdicts: Sequence[Verdict]) -> str:
    """The run as tables. Every figure is a machine reader's, none a model's."""
    lines = [f"readers: {', '.join(verdicts[0].read) if verdicts else 'none'}"]
    for source, title in _SPLIT.items():
        of_source = _of(verdicts, source)
        if of_source:
            lines += _block(title, of_source)
    lines.append(
        f"gate on real pages (either >= {GATES.either}, both >= {GATES.both}, of the page oracle's saving >= "
        f"{GATES.of_oracle}, covered >= {GATES.covered}): {'passed' if holds(verdicts) else 'FAILED'}"
    )
    return "\n".join(lines) + "\n"


def as_json(verdicts: Sequence[Verdict]) -> str:
    """The run as one JSON object."""
    sources = {source: _of(verdicts, source) for source in _SPLIT}
    whole = {
        "readers": list(verdicts[0].read) if verdicts else [],
        "passed": holds(verdicts),
        **{source: _figures(found) for source, found in sources.items() if found},
        "lost": [_told(one) for one in lost(verdicts)],
        "verdicts": [_told(one) for one in verdicts],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _of(verdicts: Sequence[Verdict], source: str) -> list[Verdict]:
    return [one for one in verdicts if (one.page.kind == "synthetic") == (source == "synthetic")]


def _rule(verdicts: Sequence[Verdict]) -> Figures | None:
    tables = tabulate(verdicts)
    last = list(tables.values())[-1] if tables else []
    return next((one for one in last if one.policy == "rule"), None)


def _block(title: str, verdicts: Sequence[Verdict]) -> list[str]:
    pages = {one.page.name for one in verdicts}
    lines = ["", f"{title}: {len(pages)} pages, {len({one.page.document for one in verdicts})} documents"]
    for model, rows in tabulate(verdicts).items():
        lines += ["", _head(model, rows), *map(_row, rows)]
        areas = areas_of([one for one in verdicts if model in ("all", one.model)])
        lines.append(_area_line(areas))
    return lines


def _head(model: str, rows: Sequence[Figures]) -> str:
    judges = "".join(f"{name.split()[0]:>12}" for name in rows[0].judges)
    shares = f"{'either':>24}{'both':>24}{'digits':>9}{judges}"
    return f"{model:22}{'n':>6}{shares}{'tokens':>9}{'saving':>9}{'of oracle':>11}"


def _row(one: Figures) -> str:
    judges = "".join(f"{share.value:12.3f}" for share in one.judges.values())
    return (
        f"  {one.policy:20}{one.either.n:6}{_interval(one.either):>24}{_interval(one.both):>24}{one.digits.value:9.3f}"
        f"{judges}{one.tokens:9.0f}{one.saving:9.3f}{one.of_oracle:11.3f}"
    )


def _area_line(areas: Areas) -> str:
    return (
        f"  parts of pages: {areas.cut.n} questions, cut {areas.cut.value:.2f}, covered {_interval(areas.covered)}, "
        f"either {_interval(areas.either)}, both {_interval(areas.both)}, saving {areas.saving:.3f}"
    )


def _interval(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.3f} [{low:.3f}, {high:.3f}]"


def _figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    models = tabulate(verdicts)
    return {
        "pages": len({one.page.name for one in verdicts}),
        "documents": len({one.page.document for one in verdicts}),
        "models": {
            model: {
                "policies": {one.policy: _policy(one) for one in rows},
                "parts": _areas(areas_of([one for one in verdicts if model in ("all", one.model)])),
            }
            for model, rows in models.items()
        },
    }


def _policy(one: Figures) -> dict[str, Any]:
    judges: Mapping[str, Share] = one.judges
    return {
        "either": _share(one.either),
        "both": _share(one.both),
        "digits": _share(one.digits),
        "judges": {name: _share(share) for name, share in judges.items()},
        "tokens": round(one.tokens, 1),
        "saving": round(one.saving, 4),
        "of_oracle": round(one.of_oracle, 4),
    }


def _areas(areas: Areas) -> dict[str, Any]:
    shares = {"covered": areas.covered, "cut": areas.cut, "either": areas.either, "both": areas.both}
    return {**{name: _share(share) for name, share in shares.items()}, "saving": round(areas.saving, 4)}


def _share(share: Share) -> dict[str, Any]:
    return {"share": round(share.value, 4), "hits": share.hits, "n": share.n, "interval": share.interval}


def _told(one: Verdict) -> dict[str, Any]:
    return {
        "page": one.page.name,
        "model": one.model,
        "policy": one.policy,
        "question": one.question.text,
        "answer": one.question.answer,
        "box": one.question.box,
        "area": one.area,
        "read": dict(one.read),
        "tokens": one.form.tokens,
        "em": em_seen(one),
        "seen": [sight.seen for sight in one.form.sights],
        "because": one.form.because,
    }
