"""Requests of every wire format: where their images stand, and how one takes another's place."""

from __future__ import annotations

from headroom_core import at_first_use

TYPE_CHECKING = False

if TYPE_CHECKING:
    from headroom_core.formats.later import Addition, Question, attach, questions
    from headroom_core.formats.notes import is_note, note
    from headroom_core.formats.payload import payload_bytes, payload_head
    from headroom_core.formats.rewrite import replace
    from headroom_core.formats.search import find
else:
    __getattr__, __dir__ = at_first_use(
        __name__,
        {
            "later": ("Addition", "Question", "attach", "questions"),
            "notes": ("is_note", "note"),
            "payload": ("payload_bytes", "payload_head"),
            "rewrite": ("replace",),
            "search": ("find",),
        },
    )

__all__ = [
    "Addition",
    "Question",
    "attach",
    "find",
    "is_note",
    "note",
    "payload_bytes",
    "payload_head",
    "questions",
    "replace",
]
