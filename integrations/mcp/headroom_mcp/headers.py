"""The HTTP headers that a relayed message needs, told from the message itself."""

from __future__ import annotations

from typing import Any, Final

from mcp.shared.inbound import (
    MCP_METHOD_HEADER,
    MCP_NAME_HEADER,
    MCP_PROTOCOL_VERSION_HEADER,
    NAME_BEARING_METHODS,
    encode_header_value,
    find_invalid_x_mcp_header,
    mcp_param_headers,
    x_mcp_header_map,
)
from mcp_types import JSONRPCNotification, JSONRPCRequest
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

__all__ = ["HeaderBook"]

_VERSION_KEY: Final = "io.modelcontextprotocol/protocolVersion"


class HeaderBook:
    """Remembers what a server said that later headers depend on: its version, and which arguments it wants as headers.

    MCP 2026-07-28 puts version, method, name and marked arguments of each request into headers; before it, the version
    agreed at the handshake (modelcontextprotocol.io, transports, 2026-11).
    """

    def __init__(self) -> None:
        self._agreed: str | None = None
        self._marked: dict[str, dict[tuple[str, ...], str]] = {}

    def of(self, message: JSONRPCRequest | JSONRPCNotification) -> dict[str, str]:
        """Return the headers of a client's request or notification."""
        params = message.params or {}
        meta = params.get("_meta")
        version = meta.get(_VERSION_KEY) if isinstance(meta, dict) else None
        if version not in MODERN_PROTOCOL_VERSIONS:
            agreed = version or (None if message.method == "initialize" else self._agreed)
            return {MCP_PROTOCOL_VERSION_HEADER: str(agreed)} if agreed else {}
        return {
            MCP_PROTOCOL_VERSION_HEADER: version,
            MCP_METHOD_HEADER: message.method,
            **self._named(message.method, params),
        }

    def learn(self, method: str, result: dict[str, Any]) -> None:
        """Take note of a server's result, before anything in it is changed."""
        if method == "initialize" and isinstance(result.get("protocolVersion"), str):
            self._agreed = result["protocolVersion"]
        tools = result.get("tools") if method == "tools/list" else None
        for tool in tools if isinstance(tools, list) else ():
            schema, name = (tool.get("inputSchema"), tool.get("name")) if isinstance(tool, dict) else (None, None)
            if isinstance(name, str) and isinstance(schema, dict) and find_invalid_x_mcp_header(schema) is None:
                self._marked[name] = x_mcp_header_map(schema)

    def _named(self, method: str, params: dict[str, Any]) -> dict[str, str]:
        name = params.get(NAME_BEARING_METHODS.get(method, ""))
        if not isinstance(name, str):
            return {}
        marked = self._marked.get(name) if method == "tools/call" else None
        extra = mcp_param_headers(marked, params.get("arguments") or {}) if marked else {}
        return {MCP_NAME_HEADER: encode_header_value(name), **extra}
