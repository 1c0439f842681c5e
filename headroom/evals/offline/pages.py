"""Pages whose words are known: where each word stands, and how large it is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from headroom_core.errors import InvalidOption

__all__ = ["Box", "Page", "Word", "heights", "lot", "picture_of", "read_pages", "write_page"]

Box = tuple[int, int, int, int]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page.

    Attributes:
        text: The word, without white space.
        box: Left, top, right, bottom in pixels of the page's picture.
        em: Size of its font in pixels of the picture.
        shown: Nothing covers it.
    """

    text: str
    box: Box
    em: float
    shown: bool = True


@dataclass(frozen=True)
class Page:
    """A page as a picture, with the words that stand on it.

    Attributes:
        name: Its name, which no other page has.
        document: What it was taken from. All pages of a document belong to the same split.
        kind: `pdf`, `web`, `code` or `synthetic`.
        package: The package that holds the document, with its version; empty for a synthetic page.
        licence: Under which licence the package is.
        split: `dev` or `test`.
        size: Width and height of the picture in pixels.
        words: The words in the order of the document.
        folder: Where the picture lies.
        script: The language whose letters answers are of, e.g. `ja`; empty for Latin ones.
    """

    name: str
    document: str
    kind: str
    package: str
    licence: str
    split: str
    size: Size
    words: tuple[Word, ...]
    folder: Path
    script: str = ""

    @cached_property
    def picture(self) -> bytes:
        """The bytes of the PNG or JPEG file."""
        return picture_of(self.folder, self.name)


def lot(*words: object) -> Random:
    """A source of drawings that is the same for the same words on every machine."""
    return Random(":".join(map(str, words)))  # noqa: S311 - drawings, not secrets


def picture_of(folder: Path, name: str) -> bytes:
    """The bytes of the PNG or JPEG file of the page of that name."""
    files = [folder / f"{name}{end}" for end in (".png", ".jpg")]
    return next((file for file in files if file.exists()), files[0]).read_bytes()


def heights(words: Sequence[Word], share: float) -> float:
    """The em that this share of the characters falls below, in pixels."""
    rows = sorted((word.em, len(word.text)) for word in words)
    wanted, passed = share * sum(count for _, count in rows), 0
    for em, count in rows:
        passed += count
        if passed > wanted:
            return em
    raise ValueError("a page without words has no text height")


def write_page(page: Page, picture: bytes) -> None:
    """Write the picture and its words into the page's folder."""
    fields = asdict(page)
    fields.pop("folder")
    end = ".png" if picture.startswith(b"\x89PNG") else ".jpg"
    (page.folder / f"{page.name}{end}").write_bytes(picture)
    (page.folder / f"{page.name}.json").write_text(json.dumps(fields, ensure_ascii=False), "utf-8")


def read_pages(folder: Path, *, split: str | None = None) -> list[Page]:
    """Read the pages of a folder, in the order of their names.

    Args:
        folder: Where `write_page` put them.
        split: `dev` or `test`; both if None.

    Raises:
        OSError: The folder cannot be read.
        InvalidOption: A file in it is no page.
    """
    return [page for page in _pages(folder) if split in (None, page.split)]


def _pages(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.glob("*.json")):
        try:
            fields: dict[str, Any] = json.loads(path.read_text("utf-8"))
            words = tuple(
                Word(word["text"], _box(word["box"]), word["em"], word["shown"]) for word in fields.pop("words")
            )
            width, height = fields.pop("size")
            yield Page(words=words, size=(width, height), folder=folder, **fields)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidOption(f"{path.name} is no page: {error!r}") from error


def _box(corners: Sequence[int]) -> Box:
    left, top, right, bottom = corners
    return left, top, right, bottom
