"""The `detail` that callers chose for images, in bodies that no longer show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headroom_core import formats
from headroom_core.formats.rewrite import edited

if TYPE_CHECKING:
    from headroom_core.blocks import ImageBlock
    from headroom_core.image import Compressed

__all__ = ["in_its_words", "with_choices"]

Body = dict[str, Any]


def with_choices(body: Body, messages: object) -> Body:
    """Return a body as the engine should read it: images whose `detail` the caller chose in `messages` show that.

    LiteLLM writes the body in the provider's own dialect, which may have no word for it. Such images stand in the words
    of OpenAI here; a body without any is the same object.
    """
    chosen = {_key(block): block.setting for block in formats.find(messages) if block.setting is not None}
    if not chosen:
        return body
    silent = [block for block in formats.find(body) if block.setting is None and _key(block) in chosen]
    return edited(body, {block.place: [_image_url(block, chosen[_key(block)])] for block in silent})


def in_its_words(body: Body, compressed: Compressed) -> Body:
    """Return `body` with what the engine put into `with_choices(body)`, in the body's own dialect."""
    from headroom_core.image.later import attached  # loaded with the engine

    outcomes = (one for one in compressed.result.outcomes if one.changed)
    replacements = {one.place: one.replacement for one in outcomes if one.replacement is not None}
    return formats.replace(attached(body, compressed.result.attachments), replacements)


def _key(block: ImageBlock) -> str | bytes | None:
    """Return what two dialects write alike: the URL, or the payload without the head of a data URL."""
    return block.payload.rpartition(",")[2] if isinstance(block.payload, str) else block.payload or block.url


def _image_url(block: ImageBlock, detail: str | None) -> Body:
    url = block.url or f"data:{block.media_type or 'image/png'};base64,{_key(block)!s}"
    return {"type": "image_url", "image_url": {"url": url, "detail": detail}}
