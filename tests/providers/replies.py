"""The shapes an HTTP reply can take: JSON or a stream of server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.providers.answers import identifier


@dataclass(frozen=True)
class Event:
    """One server-sent event; `data` that is not text is sent as JSON."""

    data: Any
    name: str | None = None

    def encoded(self) -> bytes:
        """The event as it goes over the wire."""
        head = f"event: {self.name}\n" if self.name else ""
        data = self.data if isinstance(self.data, str) else json.dumps(self.data)
        return f"{head}data: {data}\n\n".encode()


def reply(body: Any, status: int = 200) -> Response:
    """A JSON reply with the request id under both names in use; a client that retries need not wait."""
    return JSONResponse(body, status, headers=_headers() | ({"retry-after-ms": "1"} if status >= 400 else {}))


def stream(events: Iterable[Event]) -> Response:
    """A reply that sends one event after the other."""

    async def encoded() -> AsyncIterator[bytes]:
        for event in events:
            yield event.encoded()

    return StreamingResponse(encoded(), media_type="text/event-stream", headers=_headers())


def _headers() -> dict[str, str]:
    name = identifier("req_")
    return {"x-request-id": name, "request-id": name}
