"""`python -m headroom.evals offline`: collect the pages if there are none, run, and print what came of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from headroom.evals.offline.bench import Bench, Verdict
from headroom.evals.offline.collect import collect, default_folder, manifest
from headroom.evals.offline.curves import as_curves, sweep
from headroom.evals.offline.degraded import CLEAN, CONDITIONS, degraded
from headroom.evals.offline.fetching import MissingTool
from headroom.evals.offline.gallery import as_html
from headroom.evals.offline.judges import Judge, Rapid, Tesseract
from headroom.evals.offline.pages import Page, read_pages
from headroom.evals.offline.policies import MODELS
from headroom.evals.offline.scripts import LANGUAGES, collect_scripts, judges_of
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
    parser.add_argument("--condition", choices=CONDITIONS, default=CLEAN, help="as they are, or as taken of paper")
    parser.add_argument("--script", action="append", choices=(*LANGUAGES, "all"), help="pages in another script")
    parser.add_argument("--curves", action="store_true", help="print what is read by height of print, and no policies")
    parser.add_argument("--model", action="append", help="a model; may be given several times")
    parser.add_argument("--policy", default="balanced", help="the policy of the engine that is judged")
    parser.add_argument("--threads", type=int, default=4, metavar="N", help="pages that are worked on at once")
    parser.add_argument("--without-reader", action="store_true", help="judge the engine as without the extra 'ocr'")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures and the lost answers as JSON")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write the lost answers with pictures")


def run(asked: argparse.Namespace) -> int:
    """Run the command; returns 0, 1 if the rule misses a gate, 2 if there are no pages or no readers."""
    try:
        sets = _sets(asked, asked.pages or default_folder())
        found = {name: _run(bench, pages, curves=asked.curves) for name, bench, pages in sets}
    except (OSError, HeadroomError) as error:
        sys.stderr.write(f"{error}\n")
        return UNREADABLE
    for name, verdicts in found.items():
        sys.stdout.write(f"\n== {name}\n" if len(found) > 1 else "")
        sys.stdout.write(as_curves(verdicts) if asked.curves else as_text(verdicts))
    if asked.curves:
        return PASSED
    if asked.json is not None:
        asked.json.write_text(_data(found), "utf-8")
    if asked.html is not None:
        asked.html.write_text("".join(map(as_html, found.values())), "utf-8")
    return PASSED if all(map(holds, found.values())) else FAILED


def _data(found: Mapping[str, Sequence[Verdict]]) -> str:
    """One set as its own object; several as one object of them by name."""
    told = {name: as_json(verdicts) for name, verdicts in found.items()}
    if len(told) == 1:
        return next(iter(told.values()))
    return json.dumps({name: json.loads(text) for name, text in told.items()}, ensure_ascii=False, indent=2) + "\n"


def _sets(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Bench, list[Page]]]:
    """What is judged apart: the pages, or those of each language that was asked for."""
    if asked.script is None:
        pages = _pages(asked, folder)
        yield "pages", _bench(asked, (Rapid(), Tesseract()), folder), _taken(asked, pages, folder)
        return
    languages = LANGUAGES if "all" in asked.script else tuple(dict.fromkeys(asked.script))
    shown = folder / "scripts"
    collect_scripts(shown, languages, anew=asked.collect, report=_say)
    by_language = {language: [page for page in read_pages(shown) if page.script == language] for language in languages}
    for language, pages in by_language.items():
        if pages:
            taken = _taken(asked, _spread(pages, asked.limit or len(pages)), folder)
            yield language, _bench(asked, judges_of(language, shown), folder), taken


def _bench(asked: argparse.Namespace, judges: tuple[Judge, ...], folder: Path) -> Bench:
    models, transcribes = tuple(asked.model or MODELS), not asked.without_reader
    return Bench(judges, models, folder / "read", asked.policy, threads=asked.threads, transcribes=transcribes)


def _taken(asked: argparse.Namespace, pages: Sequence[Page], folder: Path) -> list[Page]:
    return [degraded(page, asked.condition, folder / asked.condition) for page in pages]


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _pages(asked: argparse.Namespace, folder: Path) -> list[Page]:
    if asked.collect or not folder.is_dir():
        collect(folder, report=_say)
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


def _run(bench: Bench, pages: Sequence[Page], *, curves: bool) -> list[Verdict]:
    verdicts: list[Verdict] = []
    found = (sweep(page, bench) for page in pages) if curves else bench.run(pages)
    for number, of_page in enumerate(found, 1):
        verdicts += of_page
        sys.stderr.write(f"{number}/{len(pages)} {pages[number - 1].name}\n")
    return verdicts
