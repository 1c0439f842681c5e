"""A page for the browser that shows every lost answer: on the original, and in what was sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Final

from headroom.evals.offline.bench import ORIGINAL, Verdict
from headroom.evals.offline.figures import lost
from headroom.evals.offline.forms import Sight, opened
from headroom.evals.offline.pages import Box
from headroom.evals.offline.tables import as_text
from headroom_core.image.pixels import as_png, preview

__all__ = ["as_html"]

_AROUND: Final = 110
_STYLE: Final = (
    "body{font:14px system-ui,sans-serif;margin:24px;max-width:1200px}pre{background:#f4f4f4;padding:12px;"
    "overflow:auto}"
    "article{border-top:1px solid #ccc;padding:12px 0}figure{display:inline-block;margin:6px 12px 6px 0;"
    "vertical-align:top}"
    "figcaption{color:#666;font-size:12px}img{border:1px solid #bbb}code{background:#f4f4f4;padding:1px 4px}"
)


def as_html(verdicts: Sequence[Verdict], policy: str = "rule") -> str:
    """The tables, and each answer that a policy lost with pictures of its place."""
    found = lost(verdicts, policy)
    originals = {one.key: one for one in verdicts if one.policy == ORIGINAL}
    articles = "".join(_article(one, originals[one.key]) for one in found)
    return (
        f"<!doctype html><meta charset=utf-8><title>Lost answers</title><style>{_STYLE}</style>"
        f"<h1>Answers that {escape(policy)} lost: {len(found)}</h1><pre>{escape(as_text(verdicts))}</pre>{articles}"
    )


def _article(one: Verdict, original: Verdict) -> str:
    readers = ", ".join(
        f"{name}: {'read' if read else 'lost' if original.read[name] else 'never read'}"
        for name, read in one.read.items()
    )
    shown = [("as the model would have seen it", sight) for sight in original.form.sights]
    shown += [("as the model sees it", sight) for sight in one.form.sights]
    figures = "".join(_figure(words, sight, one) for words, sight in shown)
    text = f"<pre>{escape(one.form.text[:3000])}</pre>" if one.form.text is not None else ""
    return (
        f"<article><b>{escape(one.question.answer)}</b> on {escape(one.page.name)}, {escape(one.model)}, "
        f"{original.form.tokens} &rarr; {one.form.tokens} tokens. {escape(readers)}<br>"
        f"{escape(one.question.text)}<br><code>{escape(one.form.because)}</code><br>{figures}{text}</article>"
    )


def _figure(words: str, sight: Sight, one: Verdict) -> str:
    sought = sight.sought(one.question)
    box = _around(sought.box, sight.seen) if sought else (0, 0, *sight.seen)
    view = preview(opened(as_png(sight.image)), sight.seen, box, quality=90)
    source = b64encode(view).decode()
    caption = f"{words}: {sight.seen[0]} x {sight.seen[1]} px" + ("" if sought else ", the answer is not in it")
    width = min(480, box[2] - box[0]) * (2 if sought else 1)
    return (
        f"<figure><img width={width} src='data:image/webp;base64,{source}' alt='{escape(one.question.answer)}'>"
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _around(box: Box, size: tuple[int, int]) -> Box:
    return (
        max(0, box[0] - _AROUND),
        max(0, box[1] - _AROUND // 3),
        min(size[0], box[2] + _AROUND),
        min(size[1], box[3] + _AROUND // 3),
    )
