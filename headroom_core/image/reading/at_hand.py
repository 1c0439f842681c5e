"""Which reader is at hand on this machine, and which of them reads a script best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_core.image.reading.rapid import rapid_reader
from headroom_core.image.reading.tesseract import tesseract_reader

if TYPE_CHECKING:
    from headroom_core.image.reading.lines import Reader

__all__ = ["reader_at_hand", "reader_identity"]


def reader_at_hand(script: str | None = None, *, threads: int = 1) -> Reader | None:
    """The reader for pictures of this machine, or None where none is installed; models are loaded at its first use.

    Args:
        script: The script that is known to be read, by its Unicode name, e.g. `Latin`. None where it is not known.
        threads: Threads of each model run of RapidOCR, 1 or 2. The words do not depend on it.
    """
    rapid = rapid_reader(threads)
    if rapid is not None and (script is None or script in rapid.scripts):
        return rapid
    tesseract = tesseract_reader()
    if tesseract is not None and (script is None or script in tesseract.scripts):
        return tesseract
    return None


def reader_identity() -> str:
    """Names and versions of the readers of this machine, for keys of caches; empty without any."""
    return "; ".join(reader.name for reader in (rapid_reader(), tesseract_reader()) if reader is not None)
