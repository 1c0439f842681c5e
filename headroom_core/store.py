"""Originals kept for a while, so that a picture that was made smaller can be looked at again in full."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from headroom_core.errors import InvalidOption

__all__ = ["Originals"]


@dataclass(frozen=True, slots=True)
class _Kept:
    content: bytes = field(repr=False)
    params: bytes
    expires: float


class Originals:
    """Bytes by content, in memory, least recently used out first. Thread-safe.

    The key of an original is HMAC-SHA256(tenant, params and bytes), at full length. Whoever does not hold the tenant's
    secret can neither guess a key nor tell whether another tenant keeps the same picture; two tenants that keep equal
    bytes have two keys. What is read is verified against its key, so that anything altered is a miss.
    """

    def __init__(
        self, max_bytes: int = 256 * 2**20, *, ttl: float = 3600.0, clock: Callable[[], float] = monotonic
    ) -> None:
        """Keep at most `max_bytes`, each for `ttl` seconds after it was last put.

        Raises:
            InvalidOption: A limit is negative.
        """
        if max_bytes < 0 or ttl < 0:
            raise InvalidOption(f"max_bytes={max_bytes!r} and ttl={ttl!r} must be 0 or more")
        self.max_bytes, self.ttl = max_bytes, ttl
        self._clock = clock
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, tenant: bytes, content: bytes, *, params: bytes = b"") -> bytes | None:
        """Keep `content` for a tenant.

        Args:
            tenant: The tenant's secret; 32 random bytes do.
            content: The original bytes.
            params: What else sets this original apart, e.g. its purpose.

        Returns:
            The key of 32 bytes; None if the content is larger than the whole store, so that nothing was kept.

        Raises:
            InvalidOption: The tenant's secret is empty.
        """
        key = _key(tenant, content, params)
        if len(content) > self.max_bytes:
            return None
        with self._lock:
            now = self._clock()
            self._drop(key)
            self._forget_expired(now)
            self._kept[key] = _Kept(content, params, now + self.ttl)
            self._bytes += len(content)
            while self._bytes > self.max_bytes:
                self._drop(next(iter(self._kept)))
        return key

    def get(self, tenant: bytes, key: bytes) -> bytes | None:
        """Return the original that `key` names, or None if it is not there, expired, altered, or another tenant's."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.expires <= self._clock():
                self._drop(key)
                return None
        if not hmac.compare_digest(_key(tenant, kept.content, kept.params), key):
            return None
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        return kept.content

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    @property
    def held_bytes(self) -> int:
        """Bytes of content that are held now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def _drop(self, key: bytes) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= len(kept.content)

    def _forget_expired(self, now: float) -> None:
        for key in [key for key, kept in self._kept.items() if kept.expires <= now]:
            self._drop(key)


def _key(tenant: bytes, content: bytes, params: bytes) -> bytes:
    if not tenant:
        raise InvalidOption("a tenant needs a secret")
    # The length in front keeps apart what would be one run of bytes: params "ab" with "c", and "a" with "bc".
    return hmac.digest(tenant, len(params).to_bytes(8, "big") + params + content, "sha256")
