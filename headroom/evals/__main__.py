"""`python -m headroom.evals`: run an evaluation from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from headroom.evals.items import Item, predict, read_items
from headroom.evals.offline import command as offline
from headroom.evals.offline import scans_command as scans
from headroom.evals.report import Report, as_json, as_text
from headroom_core.errors import InvalidOption
from headroom_core.image import Router, RuleRouter
from headroom_core.image.router import default_router
from headroom_core.image.router.registry import identity_of

__all__ = ["main"]

_PASSED, _FAILED, _UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 1 when a gate fails, 2 when there is nothing to read."""
    asked = _parser().parse_args(arguments)
    outcome: int = asked.run(asked)
    return outcome


def _routing(asked: argparse.Namespace) -> int:
    try:
        items = read_items(asked.file)
    except (OSError, InvalidOption) as error:
        sys.stderr.write(f"{error}\n")
        return _UNREADABLE
    router = _router(asked.router)
    report = _evaluated(router, items, with_kind=asked.with_kind, predictions=asked.predictions)
    sys.stdout.write(as_json(report) if asked.json else as_text(report))
    return _FAILED if asked.gate and not report.passed else _PASSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m headroom.evals", description="Evaluate what headroom decides.")
    evaluations = parser.add_subparsers(required=True, metavar="EVALUATION")
    routing = evaluations.add_parser(
        "routing", help="what the router decides on questions", description="Score the router on a file of questions."
    )
    routing.add_argument("file", type=Path, metavar="FILE.jsonl", help='lines {"id", "query", "image_kind"?, ...}')
    routing.add_argument("--predictions", type=Path, metavar="OUT.jsonl", help="write the decisions here")
    routing.add_argument("--with-kind", action="store_true", help="let image_kind stand in for looking at the picture")
    routing.add_argument("--router", metavar="NAME", help="'rules', a folder or a hub name; the default router if none")
    routing.add_argument("--json", action="store_true", help="print JSON")
    routing.add_argument("--gate", action="store_true", help="exit with 1 if too many decisions are unsafe")
    routing.set_defaults(run=_routing)
    pages = evaluations.add_parser(
        "offline", help="what machine readers still read", description="Compare policies by what two readers read."
    )
    offline.add_arguments(pages)
    pages.set_defaults(run=offline.run)
    scanned = evaluations.add_parser(
        "scans", help="what is transcribed of real scans", description="Judge transcripts of scans by their true words."
    )
    scans.add_arguments(scanned)
    scanned.set_defaults(run=scans.run)
    return parser


def _router(name: str | None) -> Router:
    return RuleRouter() if name == "rules" else default_router(name)


def _evaluated(router: Router, items: list[Item], *, with_kind: bool, predictions: Path | None) -> Report:
    made = {False: predict(router, items, with_kind=False)}
    if with_kind:
        made[True] = predict(router, items, with_kind=True)
    if predictions is not None:
        lines = [prediction.as_json() for prediction in made[with_kind]]
        predictions.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return Report.of(identity_of(router), items, {kind: [one.technique for one in all_] for kind, all_ in made.items()})


if __name__ == "__main__":
    sys.exit(main())
