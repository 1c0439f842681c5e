"""What the gateway remembers of a client's request until its answer comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CHANGED", "Call"]

CHANGED: Final = frozenset({"tools/list", "tools/call", "resources/read"})
"""The methods whose answers may be changed."""


@dataclass(frozen=True, slots=True)
class Call:
    """A client's request whose answer the gateway waits for.

    Attributes:
        method: Its method.
        first: It asks for the first page of a list.
        query: What the client wants to know from the images; empty if it did not say.
    """

    method: str
    first: bool = True
    query: str = ""

    @property
    def changes(self) -> bool:
        """Whether the answer may be changed."""
        return self.method in CHANGED
