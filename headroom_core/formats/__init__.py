"""Requests of every wire format: where their images stand, and how one takes another's place."""

from headroom_core.formats.later import Addition, Question, attach, questions
from headroom_core.formats.notes import is_note, note
from headroom_core.formats.payload import payload_bytes, payload_head
from headroom_core.formats.rewrite import replace
from headroom_core.formats.search import find

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
