"""Which reader is at hand on this machine, and which of them reads a script best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_core.image.reading.engines import OLDER
from headroom_core.image.reading.rapid import RapidReader, rapid_reader
from headroom_core.image.reading.tesseract import TesseractReader, tesseract_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom_core.image.reading.lines import Reader

__all__ = ["reader_at_hand", "reader_identity"]


def reader_at_hand(script: str | None = None, *, threads: int = 1) -> Reader | None:
    """The reader for pictures of this machine, or None where none is installed; models are loaded at its first use.

    Args:
        script: The script that is known to be read, by its Unicode name, e.g. `Latin`. None where it is not known.
        threads: Threads of each model run of RapidOCR, 1 or 2. The words do not depend on it.
    """
    readers = (reader for reader in _readers(threads) if reader is not None)
    return next((reader for reader in readers if script is None or script in reader.scripts), None)


def reader_identity() -> str:
    """Names and versions of the readers of this machine, for keys of caches; empty without any."""
    return "; ".join(reader.name for reader in _readers(1) if reader is not None)


def _readers(threads: int) -> Iterator[RapidReader | TesseractReader | None]:
    """The best first: RapidOCR 3 was the most exact in every group of pages; its first version loses spaces."""
    yield rapid_reader(threads)
    yield tesseract_reader()
    yield rapid_reader(threads, OLDER)
