"""A bounded memory of what was decided, which saves time and never changes an answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

from headroom_core.errors import InvalidOption

__all__ = ["Memo"]

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """Least-recently-used results of a pure function, bounded in bytes. Thread-safe.

    Two threads may compute the same result at once; both get equal values and one of them is kept.
    """

    def __init__(self, max_bytes: int = 64 * 2**20) -> None:
        """Keep at most `max_bytes` of results; 0 keeps none.

        Raises:
            InvalidOption: `max_bytes` is negative.
        """
        if max_bytes < 0:
            raise InvalidOption(f"the memo's size must be 0 bytes or more, not {max_bytes!r}")
        self.max_bytes = max_bytes
        self._kept: OrderedDict[bytes, tuple[Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Value | None:
        """Return what is kept under `key`, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: bytes, value: Value, size: int) -> None:
        """Keep `value`, of about `size` bytes, under `key`, dropping the least recently used."""
        with self._lock:
            if size > self.max_bytes or key in self._kept:
                return
            self._kept[key] = (value, size)
            self._bytes += size
            while self._bytes > self.max_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)
