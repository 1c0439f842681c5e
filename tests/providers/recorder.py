"""What arrived on the wire, kept in order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Recorded:
    """One request as the provider received it; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    raw: bytes

    @cached_property
    def body(self) -> Any:
        """The parsed JSON body, or None when the body is not JSON."""
        try:
            return json.loads(self.raw)
        except ValueError:
            return None

    @cached_property
    def sha256(self) -> str:
        """Digest of the exact bytes of the body: equal digests are equal requests."""
        return hashlib.sha256(self.raw).hexdigest()


class Recorder:
    """The requests so far, and the failures still to be answered."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self._failures: list[int] = []

    def clear(self) -> None:
        """Forget all requests and all failures that were asked for."""
        self.requests.clear()
        self._failures.clear()

    def fail_next(self, status: int, *, times: int = 1) -> None:
        """Answer the next requests with an error of this HTTP status; they are recorded all the same."""
        self._failures.extend([status] * times)

    def due_failure(self) -> int | None:
        """The status that the request at hand must fail with, if any."""
        return self._failures.pop(0) if self._failures else None


def standard(body: Any) -> Any:
    """Return a body with its base64 in the one alphabet: Google's client writes the other one."""
    if isinstance(body, dict):
        return {
            key: item.translate(str.maketrans("-_", "+/"))
            if key == "data" and isinstance(item, str)
            else standard(item)
            for key, item in body.items()
        }
    return [standard(item) for item in body] if isinstance(body, list) else body
