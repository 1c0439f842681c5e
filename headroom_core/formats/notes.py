"""The mark by which headroom knows its own words when a request comes back."""

from __future__ import annotations

from headroom_core.blocks import Text

__all__ = ["MARK", "TRANSCRIPTION_MARK", "is_note", "note"]

MARK = "[Headroom] "
"""Opens every note: what was cropped, which pictures are equal, what is attached again."""

TRANSCRIPTION_MARK = "[OCR from image]"
"""Opens the text that stands instead of an image."""


def note(text: str) -> Text:
    """Make a note of one line: every run of white space, line breaks of any script included, becomes one space."""
    return Text(MARK + " ".join(text.split()))


def is_note(text: str) -> bool:
    """Tell whether a text block was written by headroom: it opens with a mark (a mark further in proves nothing)."""
    return text.startswith((MARK, TRANSCRIPTION_MARK))
