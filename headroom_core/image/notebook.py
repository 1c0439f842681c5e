"""Results as HTML for a notebook: small, escaped, readable on light and dark."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from headroom_core.image.sent import change_words, form_words, sent_parts

if TYPE_CHECKING:
    from headroom_core.image.outcome import Outcome

__all__ = ["as_table", "as_text", "as_thumbnail"]

# `currentColor` and transparency alone: a notebook's own theme decides what is light and what is dark.
_TABLE: Final = "border-collapse:collapse;color:inherit;font-size:inherit"
_CELL: Final = "padding:.3em .8em;border-top:1px solid rgba(128,128,128,.4);vertical-align:top"
_TEXT: Final = (
    "max-height:16em;overflow:auto;white-space:pre-wrap;padding:.6em .8em;border:1px solid rgba(128,128,128,.4);"
    "color:inherit;background:rgba(128,128,128,.1);font-family:monospace;font-size:90%"
)
_COLUMNS: Final = (
    ("image", "left"),
    ("decision", "left"),
    ("sent", "right"),
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


def as_thumbnail(thumbnail: bytes | None, words: str) -> str:
    """Return an HTML picture of a WebP over the words that say what it is; nothing without one."""
    if thumbnail is None:
        return ""
    url = f"data:image/webp;base64,{base64.b64encode(thumbnail).decode()}"
    picture = f'<img src="{url}" alt="{escape(words)}" style="max-width:100%;height:auto">'
    return f'<figure style="margin:.8em 0">{picture}<figcaption>{escape(words)}</figcaption></figure>'


def as_text(text: str) -> str:
    """Return a text that is sent, as it is, in a box that scrolls."""
    return f'<pre style="{_TEXT}">{escape(text)}</pre>'


def _row(number: int, outcome: Outcome) -> str:
    technique, *more = form_words(outcome.decision)
    saved = f"{outcome.savings_percent:.0f} %" if outcome.tokens_saved else "–"
    cells = (
        f"{number}",
        ", ".join((technique, *(piece.removeprefix("+ ") for piece in more))),
        " ".join(change_words(outcome.size_before, sent_parts(outcome))),
        _change(_count(outcome.tokens_before), _count(outcome.tokens_after)),
        saved,
        outcome.reason,
    )
    return "".join(_cell("td", text, side) for text, (_, side) in zip(cells, _COLUMNS, strict=True))


def _cell(kind: str, text: str, side: str) -> str:
    wrap = ";white-space:nowrap" if side == "right" else ""
    return f'<{kind} style="{_CELL};text-align:{side}{wrap}">{escape(text)}</{kind}>'


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _count(tokens: int | None) -> str:
    return "?" if tokens is None else f"{tokens:,}"
