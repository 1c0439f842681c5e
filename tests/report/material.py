"""Cards and pages that the tests make, and pages that they read."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

from headroom.report import Card, Occasion, make_card, make_page
from headroom_core.image import ImageCompressor, compress_image
from headroom_core.tokens import resolve
from tests.core.parts import knowing
from tests.core.pictures import as_bytes, as_data_url, scene

MODEL = "claude-opus-5-5"
GIST = "What is in this picture?"
_VOID = {"meta", "img", "link", "br", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page, with a check that they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def carded(
    name: str,
    data: bytes,
    question: str = GIST,
    *,
    model: str = MODEL,
    compressor: ImageCompressor | None = None,
    **options: Any,
) -> Card:
    """The card of one picture."""
    outcome = compress_image(data, question, model=model, compressor=compressor).outcome
    return make_card(name, question, data, outcome, resolve(model), model=model, **options)


def told(name: str, data: bytes, question: str, model: str = MODEL) -> Card:
    """The card of one picture by a compressor that knows what is asked."""
    return carded(name, data, question, model=model, compressor=knowing())


def made(*cards: Card, **more: Any) -> str:
    """The page of the cards."""
    return make_page(cards, Occasion(MODEL, "balanced", date(2026, 11, 21), **more))


def asked(*urls: str) -> list[dict[str, Any]]:
    """The blocks of a question about the gist of pictures."""
    return [
        {"type": "text", "text": GIST},
        *({"type": "image_url", "image_url": {"url": url}} for url in urls or [as_data_url(as_bytes(scene()))]),
    ]


def conversation() -> dict[str, Any]:
    """A picture that is sent small, and a later question that needs it whole."""
    first = {"role": "user", "content": asked()}
    later = {"role": "user", "content": "How many leaves are there?"}
    return {"model": "gpt-4o", "messages": [first, {"role": "assistant", "content": "Calm."}, later]}
