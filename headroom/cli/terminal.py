"""What the commands print with."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table

__all__ = ["NARROW", "complain", "errors", "json_out", "output", "pixels", "printable", "table"]

NARROW: Final = 72
"""Below this many columns a table is unreadable, and each thing gets a paragraph instead."""


def output() -> Console:
    """Return the console on the output stream. Text is printed as it is: file names may look like markup."""
    return Console(highlight=False, markup=False, emoji=False)


def errors() -> Console:
    """Return the console on the error stream."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def table(*columns: str, width: int) -> Table:
    """Return an empty table for a console of that width; a column that begins with `>` holds figures.

    The first column may take a fifth of the width, and folds; figures never wrap.
    """
    made = Table(box=ROUNDED, header_style="bold", border_style="dim")
    for index, column in enumerate(columns):
        name = column.removeprefix(">")
        figures = column != name
        made.add_column(
            name,
            justify="right" if figures else "left",
            overflow="fold",
            no_wrap=figures,
            max_width=max(16, width // 5) if index == 0 else None,
        )
    return made


def pixels(size: tuple[int, int] | None) -> str:
    """Return a size in pixels as people write it."""
    return "?" if size is None else f"{size[0]}×{size[1]}"


def printable(text: str) -> str:
    """Return the text with a mark in place of whatever would move the cursor, ring the bell or cannot be written."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def complain(name: str, reason: object, *, console: Console | None = None) -> None:
    """Say on the error stream, in one line, what is wrong with a thing."""
    (console or errors()).print(f"{printable(name)}: {printable(str(reason))}", soft_wrap=True)


def json_out(value: Any) -> None:
    """Print a JSON document on the output stream."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
