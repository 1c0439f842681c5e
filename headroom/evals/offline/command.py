"""`python -m headroom.evals offline`: collect the pages if there are none, run, and print what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from headroom.evals.offline.bench import Bench, Verdict
from headroom.evals.offline.collect import collect, default_folder, manifest
from headroom.evals.offline.fetching import MissingTool
from headroom.evals.offline.gallery import as_html
from headroom.evals.offline.judges import Judge, Rapid, Tesseract
from headroom.evals.offline.pages import Page, read_pages
from headroom.evals.offline.policies import MODELS
from headroom.evals.offline.tables import as_json, as_text, holds
from headroom_core.errors import HeadroomError

__all__ = ["add_arguments", "run"]

PASSED, FAILED, UNREADABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--pages", type=Path, metavar="DIR", help="where the pages lie; the user's cache if none")
    parser.add_argument("--collect", action="store_true", help="fetch and render the pages anew")
    parser.add_argument("--manifest", type=Path, metavar="TSV", help="write what the pages are, with their licences")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev", help="which documents to look at")
    parser.add_argument("--kind", action="append", help="only pages of this kind: pdf, web, code, synthetic")
    parser.add_argument("--limit", type=int, metavar="N", help="look at N pages spread over the sources")
    parser.add_argument("--model", action="append", help="a model; may be given several times")
    parser.add_argument("--policy", default="balanced", help="the policy of the engine that is judged")
    parser.add_argument("--without-reader", action="store_true", help="judge the engine as without the extra 'ocr'")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures and the lost answers as JSON")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write the lost answers with pictures")


def run(asked: argparse.Namespace) -> int:
    """Run the command; returns 0, 1 if the rule misses a gate, 2 if there are no pages or no readers."""
    try:
        folder = asked.pages or default_folder()
        pages = _pages(asked, folder)
        judges: tuple[Judge, ...] = (Rapid(), Tesseract())
    except (OSError, HeadroomError) as error:
        sys.stderr.write(f"{error}\n")
        return UNREADABLE
    bench = Bench(
        judges, tuple(asked.model or MODELS), folder / "read", asked.policy, transcribes=not asked.without_reader
    )
    verdicts = _run(bench, pages)
    sys.stdout.write(as_text(verdicts))
    if asked.json is not None:
        asked.json.write_text(as_json(verdicts), "utf-8")
    if asked.html is not None:
        asked.html.write_text(as_html(verdicts), "utf-8")
    return PASSED if holds(verdicts) else FAILED


def _pages(asked: argparse.Namespace, folder: Path) -> list[Page]:
    if asked.collect or not folder.is_dir():
        collect(folder, report=lambda line: sys.stderr.write(f"{line}\n"))
    pages = read_pages(folder)
    if asked.manifest is not None:
        asked.manifest.write_text(manifest(pages), "utf-8")
    fit = [page for page in pages if asked.split in (page.split, "all") and page.kind in (asked.kind or (page.kind,))]
    if not fit:
        raise MissingTool(f"there are no such pages in {folder.name!r}: collect them with --collect")
    return _spread(fit, asked.limit or len(fit))


def _spread(pages: Sequence[Page], count: int) -> list[Page]:
    """Every n-th page, so that all sources are among them."""
    return [pages[number * len(pages) // count] for number in range(min(count, len(pages)))]


def _run(bench: Bench, pages: Sequence[Page]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for number, found in enumerate(bench.run(pages), 1):
        verdicts += found
        sys.stderr.write(f"{number}/{len(pages)} {pages[number - 1].name}\n")
    return verdicts
