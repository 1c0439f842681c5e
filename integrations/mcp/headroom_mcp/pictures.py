"""MCP's image content on its way through the engine."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headroom_core.blocks import ImageBlock, Query, Shape, Text
from headroom_core.formats import is_note, payload_bytes

if TYPE_CHECKING:
    from headroom_core.image import Door, Outcome, Policy

__all__ = ["Asked", "Shrink", "compress_content", "is_image_content", "shrunk"]

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about images, and who will see them.

    Attributes:
        query: The words, empty where nothing is known.
        model: The model, or None.
        provider: Who bills, where no model is known.
        policy: The policy of this call, or None for the door's own.
    """

    query: str
    model: str | None
    provider: str
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Shrink:
    """One content block that something else takes the place of.

    Attributes:
        index: Where it stands in the content.
        original: The block as it came.
        parts: What takes its place.
        outcome: What was decided about it.
    """

    index: int
    original: Block
    parts: tuple[Block, ...]
    outcome: Outcome

    @property
    def data(self) -> bytes:
        """The bytes of the original."""
        payload = self.original["data"] if "data" in self.original else self.original["resource"]["blob"]
        return payload_bytes(ImageBlock(place=(), shape=Shape.MCP, turn=0, query=Query(), payload=payload))


def shrunk(data: bytes, media_type: str, asked: Asked, door: Door) -> tuple[tuple[bytes | Text, ...], Outcome | None]:
    """Return what to show in the place of one picture: bytes of pictures and texts, in order, and why."""
    block = {"type": "image", "data": base64.b64encode(data).decode(), "mimeType": media_type}
    run = door.run(_request([block], asked), provider=asked.provider, named=asked.model, policy=asked.policy)
    outcome = run.result.outcomes[0] if run.result.outcomes else None
    parts = run.messages[-1]["content"]
    if parts == [block]:
        return (data,), outcome
    return tuple(_part(part) for part in parts), outcome


def compress_content(content: Sequence[Any], asked: Asked, door: Door) -> tuple[Shrink, ...]:
    """Compress the images among the content blocks of a tool result.

    Returns:
        The changes, in order; none if everything stays.
    """
    indices = [index for index, block in enumerate(content) if is_image_content(block) and not _noted(content, index)]
    if not indices:
        return ()
    request = _request([content[index] for index in indices], asked)
    run = door.run(request, provider=asked.provider, named=asked.model, policy=asked.policy)
    if run.messages is request:
        return ()
    after = run.messages[len(request) - len(indices) :]
    return tuple(
        Shrink(index, content[index], tuple(message["content"]), outcome)
        for index, message, outcome in zip(indices, after, run.result.outcomes, strict=True)
        if outcome.changed
    )


def is_image_content(block: Any) -> bool:
    """Tell whether a content block holds a picture that the model will see."""
    if not isinstance(block, dict) or _for_the_user_alone(block):
        return False
    if block.get("type") == "image":
        return isinstance(block.get("data"), str)
    resource = block.get("resource") if block.get("type") == "resource" else None
    return (
        isinstance(resource, dict)
        and isinstance(resource.get("blob"), str)
        and str(resource.get("mimeType", "")).lower().startswith("image/")
    )


def _request(blocks: Sequence[Block], asked: Asked) -> list[Block]:
    # Each picture stands in a message of its own, so that what takes its place can be told from what stood beside it;
    # messages of one side are one turn, so the words speak of every picture.
    words = [{"role": "user", "content": [{"type": "text", "text": asked.query}]}] if asked.query else []
    return [*words, *({"role": "user", "content": [block]} for block in blocks)]


def _part(block: Block) -> bytes | Text:
    return Text(block["text"]) if block["type"] == "text" else base64.b64decode(block["data"])


def _noted(content: Sequence[Any], index: int) -> bool:
    beside = [content[near] for near in (index - 1, index + 1) if 0 <= near < len(content)]
    texts = (block.get("text") for block in beside if isinstance(block, dict))
    return any(isinstance(text, str) and is_note(text) for text in texts)


def _for_the_user_alone(block: Block) -> bool:
    annotations = block.get("annotations")
    audience = annotations.get("audience") if isinstance(annotations, dict) else None
    return isinstance(audience, list) and bool(audience) and "assistant" not in audience
