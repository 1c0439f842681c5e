"""OpenAI embeddings (platform.openai.com/docs/api-reference/embeddings)."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from tests.providers.replies import reply
from tests.providers.usage import text_tokens

DIMENSIONS = 8


def embed(body: dict[str, Any], path: str) -> Response:
    """POST /v1/embeddings: the same vector for everything."""
    given = body["input"] if isinstance(body["input"], list) else [body["input"]]
    vectors = [{"object": "embedding", "index": at, "embedding": [0.125] * DIMENSIONS} for at in range(len(given))]
    spent = text_tokens(given)
    usage = {"prompt_tokens": spent, "total_tokens": spent}
    return reply({"object": "list", "model": body["model"], "data": vectors, "usage": usage})
