"""Pictures and a question about them, as a request to each provider."""

from __future__ import annotations

import base64
from typing import Any

from tests.core.pictures import as_bytes, as_data_url, page, scene

GIST = "What is the mood of this scene?"
READ = "Transcribe the invoice number exactly."
PHOTO = as_bytes(scene(), quality=90)
PAGE = as_bytes(page(), "PNG")


def image_url(url: str, **choice: str) -> dict[str, Any]:
    """An image as a block of OpenAI's chat."""
    return {"type": "image_url", "image_url": {"url": url, **choice}}


def about(*images: dict[str, Any], question: str = GIST) -> list[dict[str, Any]]:
    """A turn that asks about images."""
    return [{"role": "user", "content": [{"type": "text", "text": question}, *images]}]


def openai(picture: bytes, question: str = GIST, media_type: str = "image/jpeg", **choice: str) -> list[dict[str, Any]]:
    return about(image_url(as_data_url(picture, media_type), **choice), question=question)


def anthropic(picture: bytes, question: str = GIST, media_type: str = "image/jpeg") -> list[dict[str, Any]]:
    source = {"type": "base64", "media_type": media_type, "data": base64.b64encode(picture).decode()}
    return [{"role": "user", "content": [{"type": "image", "source": source}, {"type": "text", "text": question}]}]


def gemini(picture: bytes, question: str = GIST, media_type: str = "image/jpeg") -> dict[str, Any]:
    inline = {"mimeType": media_type, "data": base64.b64encode(picture).decode()}
    return {"contents": [{"role": "user", "parts": [{"text": question}, {"inlineData": inline}]}]}


def talk(*turns: list[dict[str, Any]] | str) -> list[dict[str, Any]]:
    """Turns of the user, in words or as messages, with an answer between each two."""
    said = [[{"role": "user", "content": turn}] if isinstance(turn, str) else turn for turn in turns]
    answer = {"role": "assistant", "content": "Calm."}
    return [*said[0], *(message for turn in said[1:] for message in (answer, *turn))]
