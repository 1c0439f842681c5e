"""A guard that lets the tests talk to this machine alone."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any


class OutsideNetworkError(ConnectionError):
    """Something tried to reach another machine."""


class LoopbackGuard:
    """Refuses every connection and name look-up that leaves the machine, and remembers it.

    It listens to the interpreter's own audit events, so no plug-in or library can put the original functions back.
    """

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.active = True
        sys.addaudithook(self._audit)  # cannot be taken away again: `active` switches it off

    def _audit(self, event: str, given: tuple[Any, ...]) -> None:
        if not self.active or not event.startswith("socket."):
            return
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._check(given[1][0] if isinstance(given[1], tuple) else None)
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            self._check(given[0])

    def _check(self, host: str | bytes | None) -> None:
        if not _is_loopback(host):
            self.refused.append(str(host))
            raise OutsideNetworkError(f"the tests may not leave this machine: {host!r}")


def _is_loopback(host: str | bytes | None) -> bool:
    text = host.decode() if isinstance(host, bytes) else host
    if text in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False
