"""`--json`: one entry for each picture, and one for each picture that comes again, all with the same keys."""

from __future__ import annotations

from typing import Any

from headroom.cli.account import Row
from headroom_core.image.outcome import Attachment
from headroom_core.image.sent import Form, SentPart, picture_part

__all__ = ["attachment_entry", "image_entry"]


def image_entry(name: str, row: Row) -> dict[str, Any]:
    """Return what was decided for a picture, with the parts that are sent; `text` is the words that were read."""
    texts = [part.text for part in row.sent if part.form is Form.TEXT]
    return {
        "kind": "image",
        "image": name,
        **row.outcome.as_dict(),
        "text": texts[0] if texts else None,
        "parts": [part.as_dict() for part in row.sent],
        "original": None,
    }


def attachment_entry(name: str, attachment: Attachment, original: Row) -> dict[str, Any]:
    """Return what comes again with a later question: a cost of its own, of the picture called `name`.

    What has no meaning for it is null. `original` is the place of the picture that it is a copy of, and `tokens_saved`
    is negative.
    """
    entry = dict.fromkeys(image_entry(name, original))
    tokens = attachment.tokens
    said = {
        "kind": "attachment",
        "image": name,
        "place": list(attachment.place),
        "shape": original.outcome.shape.value,
        "turn": attachment.turn,
        "reason": attachment.words(name),
        "changed": original.outcome.changed,
        "box": attachment.box,
        "tokens_before": 0,
        "tokens_after": tokens,
        "tokens_saved": None if tokens is None else -tokens,
        "exactness": original.outcome.exactness.value,
        "model": original.outcome.model,
        "parts": [part.as_dict() for part in _parts(attachment, original)],
        "original": list(attachment.image),
    }
    return entry | said


def _parts(attachment: Attachment, original: Row) -> tuple[SentPart, SentPart]:
    note = SentPart(Form.NOTE, text=attachment.note)
    form = Form.WHOLE if attachment.box is None else Form.PART
    own = SentPart(form, original.outcome.size_before, original.outcome.bytes_before)
    return note, own if attachment.picture is None else picture_part(form, attachment.picture, own)
