"""Pages of PDF documents as pictures, with the words of their text layer (pypdfium2)."""

from __future__ import annotations

import ctypes
import gzip
from collections.abc import Iterator, Sequence
from importlib import import_module
from math import hypot
from pathlib import Path
from typing import Any

from headroom.evals.offline.fetching import MissingTool
from headroom.evals.offline.pages import Word
from headroom_core.image.pixels import as_png

__all__ = ["Scan", "pages_with_text", "scan"]

Scan = tuple[bytes, tuple[int, int], tuple[Word, ...]]
"""A PNG file, its width and height in pixels, and the words on it."""

_FEWEST_CHARACTERS = 500


def pages_with_text(path: Path) -> list[int]:
    """The numbers, from 0, of the pages that bear at least 500 characters."""
    with _opened(path) as document:
        return [number for number in range(len(document)) if _characters(document[number]) >= _FEWEST_CHARACTERS]


def scan(path: Path, number: int, dpi: int) -> Scan:
    """Render a page at `dpi` pixels per inch."""
    with _opened(path) as document:
        page = document[number]
        scale = dpi / 72
        image = page.render(scale=scale).to_pil()
        words = tuple(_words(page, scale, image.height))
        return as_png(image), image.size, words


def _opened(path: Path) -> Any:
    return _pdfium("pypdfium2").PdfDocument(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path)


def _pdfium(module: str) -> Any:
    # Loaded by name: it has no types.
    try:
        return import_module(module)
    except ImportError:
        raise MissingTool("reading PDF pages needs pypdfium2: pip install pypdfium2") from None


def _characters(page: Any) -> int:
    count: int = page.get_textpage().count_chars()
    return count


def _words(page: Any, scale: float, height: int) -> Iterator[Word]:
    text = page.get_textpage()
    letters: list[tuple[str, int]] = []
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if letter.isspace() or not letter:
            yield from _word(text, letters, scale, height)
            letters = []
        else:
            letters.append((letter, index))
    yield from _word(text, letters, scale, height)


def _word(text: Any, letters: Sequence[tuple[str, int]], scale: float, height: int) -> Iterator[Word]:
    boxes = [text.get_charbox(index) for _, index in letters]
    boxes = [box for box in boxes if box[2] > box[0] and box[3] > box[1]]
    if not boxes:
        return
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
    corners = (left * scale, height - top * scale, right * scale, height - bottom * scale)
    box = (int(corners[0]), int(corners[1]), int(corners[2]) + 1, int(corners[3]) + 1)
    em = _em(text, letters[0][1]) * scale
    yield Word("".join(letter for letter, _ in letters), box, round(em, 2))


def _em(text: Any, index: int) -> float:
    """The font size in points: what the file states, times the vertical scale of its text matrix."""
    pdfium = _pdfium("pypdfium2.raw")
    matrix = pdfium.FS_MATRIX()
    stated: float = pdfium.FPDFText_GetFontSize(text, index)
    if not pdfium.FPDFText_GetMatrix(text, index, ctypes.byref(matrix)):
        return stated
    return stated * hypot(matrix.c, matrix.d)
