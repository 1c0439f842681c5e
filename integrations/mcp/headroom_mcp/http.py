"""The server over streamable HTTP, for programs on this machine alone."""

from __future__ import annotations

from typing import Any, Final

import uvicorn
from mcp.server import Server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

__all__ = ["LOOPBACK", "app", "run"]

LOOPBACK: Final = "127.0.0.1"
_MAX_BODY: Final = 32 * 2**20
"""An image of 20 MB in base64, and the message around it."""


def app(server: Server[Any], port: int) -> Starlette:
    """Return the ASGI application: `/mcp`, answered only to loopback names and to pages of this very server.

    The Host check keeps out web pages that rebind their name to this machine, the Origin check all other web pages.
    """
    names = (f"{LOOPBACK}:{port}", f"localhost:{port}")
    allowed = TransportSecuritySettings(allowed_hosts=list(names), allowed_origins=[f"http://{name}" for name in names])
    return server.streamable_http_app(transport_security=allowed, max_request_body_size=_MAX_BODY)


def run(server: Server[Any], port: int) -> None:
    """Serve on the loopback interface until interrupted."""
    uvicorn.run(app(server, port), host=LOOPBACK, port=port, log_level="warning", access_log=False)
