"""The engine's text reader with a memory on disk, so that a run after a change of the rule does not read again."""

from __future__ import annotations

import inspect
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom_core.image.reading import Reader, ReadLine

if TYPE_CHECKING:
    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.reading.lines import Page

__all__ = ["KeptReader", "keep", "kept"]


def kept(path: Path) -> Any:
    """What was kept at a path, or None."""
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def keep(path: Path, found: Any) -> None:
    """Keep JSON-like data at a path; several threads and runs may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    part.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    part.replace(path)


@dataclass(frozen=True)
class KeptReader:
    """A reader that remembers by content: the same picture, the same code of the reader, the same words.

    Attributes:
        reader: The reader.
        folder: Where it remembers.
    """

    reader: Reader
    folder: Path

    @property
    def name(self) -> str:
        """Name and version of the reader."""
        return self.reader.name

    def find(self, picture: Decoded, box: Box | None = None) -> _KeptPage:
        """Find the lines of a picture, or of a box of it."""
        turned = (picture.header.orientation,) if picture.header.orientation > 1 else ()
        seen = repr((self._code, picture.size, box, *turned))
        digest = sha256(picture.stored.tobytes() + seen.encode()).hexdigest()
        return _KeptPage(self, picture, box, self.folder / "engine" / digest[:2] / digest[:32])

    def read(self, picture: Decoded, box: Box | None = None) -> tuple[ReadLine, ...]:
        """Find and read all lines of a picture, or of a box of it, from the top."""
        page = self.find(picture, box)
        return page.read(range(len(page.boxes)))

    @cached_property
    def _code(self) -> str:
        return sha256(Path(inspect.getfile(type(self.reader))).read_bytes()).hexdigest()


@dataclass(frozen=True)
class _KeptPage:
    """The lines of a picture, of which those that were read once are remembered."""

    owner: KeptReader
    picture: Decoded
    box: Box | None
    path: Path

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Where the lines stand."""
        path = self.path.with_suffix(".boxes.json")
        found = kept(path)
        if found is None:
            found = [list(map(int, box)) for box in self._page.boxes]
            keep(path, found)
        return tuple((left, top, right, bottom) for left, top, right, bottom in found)

    def read(self, chosen: Sequence[int]) -> tuple[ReadLine, ...]:
        """Read the lines at these indices."""
        path = self.path.with_name(f"{self.path.name}-{sha256(repr(list(chosen)).encode()).hexdigest()[:12]}.json")
        found = kept(path)
        if found is None:
            lines = self._page.read(chosen)
            found = [
                [one.text, list(map(int, one.box)), float(one.confidence), float(one.em), float(one.tilt)]
                for one in lines
            ]
            keep(path, found)
        return tuple(ReadLine(text, (box[0], box[1], box[2], box[3]), *rest) for text, box, *rest in found)

    @cached_property
    def _page(self) -> Page:
        return self.owner.reader.find(self.picture, self.box)
