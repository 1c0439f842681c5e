"""Headroom for MCP: a server with tools for images, and a gateway before any other server."""

from __future__ import annotations

from headroom_core.errors import MissingExtra

try:
    import mcp.server  # noqa: F401
    import mcp_types  # noqa: F401
except ImportError as error:  # the package came with mcp 2.0; with 1.x in its place nothing here would work
    raise MissingExtra("headroom-mcp", "mcp", package="mcp>=2.3") from error

from headroom_mcp.gateway import Gateway
from headroom_mcp.server import build_server
from headroom_mcp.tools import ImageTools

__all__ = ["Gateway", "ImageTools", "build_server"]
