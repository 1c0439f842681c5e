"""Sheets to be read: words set in a look as HTML, and shown by Chromium as pixels."""

from __future__ import annotations

import html
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One page: how it looks, what it says, and whether it may be transcribed."""

    name: str
    group: str
    page: str
    text: str
    size: tuple[int, int] = (1240, 1754)
    kind: str = "document"
    rows: Sequence[Row] = ()
    refuse: bool = False
    numbers: Sequence[str] = ()

    @property
    def structure(self) -> bool:
        """Whether what stands side by side belongs together."""
        return bool(self.rows)


@dataclass(frozen=True)
class Look:
    """How a page is set, in pixels: its width with both margins, the size of its letters, their face and colours."""

    width: int = 1240
    margin: int = 90
    size: int = 20
    face: str = "'Liberation Serif'"
    line: float = 1.4
    back: str = "#fff"
    ink: str = "#111"
    css: str = ""

    def sheet(self, name: str, group: str, body: str, text: str, *, height: int, **more: Any) -> Sheet:
        """A sheet of this look; `text` is what a reader should find in `body`."""
        style = (
            f"body{{margin:{self.margin}px;background:{self.back};color:{self.ink};"
            f"font:{self.size}px/{self.line} {self.face};width:{self.width - 2 * self.margin}px}}"
            f"h1{{font-size:1.6em}}{self.css}"
        )
        page = f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}"
        return Sheet(name, group, page, text, size=(self.width, height), **more)


def paragraphs(texts: Iterable[str]) -> str:
    """A paragraph for each text."""
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


def preformatted(text: str) -> str:
    """Lines as they are."""
    return f"<pre>{html.escape(text)}</pre>"


def table(rows: Sequence[Row], *, headed: bool = False) -> str:
    """A table; `headed`, its first row names the columns."""
    return f"<table>{''.join(_row(row, 'th' if headed and row is rows[0] else 'td') for row in rows)}</table>"


def _row(cells: Row, tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def as_lines(rows: Iterable[Row], *, between: str = " ") -> str:
    """What a reader finds in a table: a line for each row."""
    return "\n".join(between.join(row) for row in rows)


def shown(sheet: Sheet, *, browser: str = "chromium") -> bytes:
    """A page as PNG, as Chromium shows it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(sheet.page)
        width, height = sheet.size
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return target.read_bytes()
