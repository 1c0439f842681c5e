"""Reading the words of a picture, and writing them down so that they may stand instead of it."""

from headroom_core.image.reading.at_hand import reader_at_hand, reader_identity
from headroom_core.image.reading.lines import Page, Reader, ReadLine, Refusal, Transcript
from headroom_core.image.reading.transcribe import transcribe

__all__ = [
    "Page",
    "ReadLine",
    "Reader",
    "Refusal",
    "Transcript",
    "reader_at_hand",
    "reader_identity",
    "transcribe",
]
