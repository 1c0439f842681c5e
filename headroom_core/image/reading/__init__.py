"""Reading the words of a picture, and writing them down so that they may stand instead of it."""

from __future__ import annotations

from headroom_core import at_first_use

TYPE_CHECKING = False

if TYPE_CHECKING:
    from headroom_core.image.reading.at_hand import reader_at_hand, reader_identity
    from headroom_core.image.reading.detector import detector_at_hand
    from headroom_core.image.reading.lines import Page, Reader, ReadLine, Refusal, Transcript
    from headroom_core.image.reading.transcribe import transcribe
else:
    __getattr__, __dir__ = at_first_use(
        __name__,
        {
            "at_hand": ("reader_at_hand", "reader_identity"),
            "detector": ("detector_at_hand",),
            "lines": ("Page", "ReadLine", "Reader", "Refusal", "Transcript"),
            "transcribe": ("transcribe",),
        },
    )

__all__ = [
    "Page",
    "ReadLine",
    "Reader",
    "Refusal",
    "Transcript",
    "detector_at_hand",
    "reader_at_hand",
    "reader_identity",
    "transcribe",
]
