"""Results as HTML for a notebook: small, escaped, readable on light and dark."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headroom_core.image.result import Outcome

__all__ = ["as_table", "as_thumbnail"]

Size = tuple[int, int]

# `currentColor` and transparency alone: a notebook's own theme decides what is light and what is dark.
_TABLE: Final = "border-collapse:collapse;color:inherit;font-size:inherit"
_CELL: Final = "padding:.3em .8em;border-top:1px solid rgba(128,128,128,.4);vertical-align:top"
_COLUMNS: Final = (
    ("image", "left"),
    ("decision", "left"),
    ("size", "right"),
    ("tokens", "right"),
    ("saved", "right"),
    ("why", "left"),
)


def as_table(outcomes: Iterable[Outcome], *, total: str, notes: Iterable[str] = ()) -> str:
    """Return an HTML table of outcomes under a line that gives the total, and above a line for each note."""
    head = "".join(_cell("th", name, side) for name, side in _COLUMNS)
    body = "".join(f"<tr>{_row(number, outcome)}</tr>" for number, outcome in enumerate(outcomes, 1))
    table = f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<div><p><strong>{escape(total)}</strong></p>{table if body else ''}{below}</div>"


def as_thumbnail(thumbnail: bytes | None, size: Size | None) -> str:
    """Return an HTML picture of a WebP, with the size of what it stands for; nothing without one."""
    if thumbnail is None:
        return ""
    words = "the picture that is sent" + (f", {size[0]} × {size[1]} px" if size else "")
    url = f"data:image/webp;base64,{base64.b64encode(thumbnail).decode()}"
    return f'<img src="{url}" alt="{escape(words)}" style="max-width:100%;height:auto">'


def _row(number: int, outcome: Outcome) -> str:
    setting = f", set: {outcome.decision.setting}" if outcome.decision.setting else ""
    saved = f"{outcome.savings_percent:.0f} %" if outcome.tokens_saved else "–"
    cells = (
        f"{number}",
        f"{outcome.technique.value}{setting}",
        _change(_pixels(outcome.size_before), _pixels(outcome.size_after)),
        _change(_count(outcome.tokens_before), _count(outcome.tokens_after)),
        saved,
        outcome.reason,
    )
    return "".join(_cell("td", text, side) for text, (_, side) in zip(cells, _COLUMNS, strict=True))


def _cell(kind: str, text: str, side: str) -> str:
    return f'<{kind} style="{_CELL};text-align:{side}">{escape(text)}</{kind}>'


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _pixels(size: Size | None) -> str:
    return "?" if size is None else f"{size[0]}×{size[1]}"


def _count(tokens: int | None) -> str:
    return "?" if tokens is None else f"{tokens:,}"
