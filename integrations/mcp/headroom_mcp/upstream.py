"""The server behind the gateway: a command to start, or an address."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import httpx2
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from headroom_core.errors import InvalidOption
from headroom_mcp.relay import Streams

__all__ = ["Upstream", "command_server", "url_server"]

Upstream = AbstractAsyncContextManager[Streams]

_MAX_EVENT: Final = 64 * 2**20
"""One event holds a whole result with all its images; the SDK's own limit of 1 MiB is less than one screenshot."""
_TIMEOUT: Final = httpx2.Timeout(30.0, read=300.0)


def command_server(command: Sequence[str]) -> Upstream:
    """Return the transport to a server that is started, in this environment, when the transport is entered."""
    # The environment is meant for the server: hosts hand keys to it that way.
    started = StdioServerParameters(command=command[0], args=list(command[1:]), env=dict(os.environ))
    return stdio_client(started)


def url_server(url: str, headers: Sequence[str] = ()) -> Upstream:
    """Return the transport to a server at an address.

    Args:
        url: Its streamable HTTP endpoint.
        headers: Headers to send, each as `NAME=VARIABLE` of the environment, so that no secret is in a command line.

    Raises:
        InvalidOption: A header is written otherwise, or its variable is not set.
    """
    return _connected(url, dict(_header(written) for written in headers))


@asynccontextmanager
async def _connected(url: str, headers: dict[str, str]) -> AsyncIterator[Streams]:
    async with (
        httpx2.AsyncClient(headers=headers, timeout=_TIMEOUT) as client,
        streamable_http_client(url, http_client=client, max_sse_event_size=_MAX_EVENT) as streams,
    ):
        yield streams


def _header(written: str) -> tuple[str, str]:
    name, _, variable = written.partition("=")
    value = os.environ.get(variable)
    if not name or not value:
        raise InvalidOption(f"--header-env {written!r}: expected NAME=VARIABLE with a variable that is set")
    return name, value
