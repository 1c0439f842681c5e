"""How OpenAI says that something went wrong."""

from __future__ import annotations

from typing import Any

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_exceeded",
}


def error(status: int, message: str) -> dict[str, Any]:
    """The body of an error reply (platform.openai.com/docs/guides/error-codes)."""
    kind = KINDS.get(status, "server_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": kind if status == 429 else None}}
