"""The MCP server around the tools: requests in, results out, one resource for originals."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

import mcp_types as types
from anyio import to_thread
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError

from headroom_core.errors import ImageError
from headroom_mcp.arguments import numbers, required, text
from headroom_mcp.fitting import Sent, as_sent
from headroom_mcp.results import Look, base64_of, refusal, result_of
from headroom_mcp.schemas import IMAGE_URI, INSTRUCTIONS, TEMPLATE, TOOLS
from headroom_mcp.tools import ImageTools

__all__ = ["build_server"]

_log = logging.getLogger("headroom")

_STEPS: Final = 2
_NAMES: Final = frozenset(tool.name for tool in TOOLS)
Context = ServerRequestContext[Any, Any]


def build_server(tools: ImageTools) -> Server[Any]:
    """Return an MCP server that serves `tools`, for stdio, HTTP or a client in the same process.

    Results are the picture, or the text that stands for it, and its facts structured, and as one line of JSON.
    """
    desk = _Desk(tools)
    return Server(
        "headroom",
        version=version("headroom-ai"),
        title="Headroom",
        instructions=INSTRUCTIONS,
        on_list_tools=desk.list_tools,
        on_call_tool=desk.call_tool,
        on_list_resources=desk.list_resources,
        on_list_resource_templates=desk.list_templates,
        on_read_resource=desk.read_resource,
    )


class _Desk:
    """The handlers of one server, with the secret that its image ids are made with."""

    def __init__(self, tools: ImageTools) -> None:
        self._tools = tools
        self._secret = secrets.token_bytes(32)

    async def list_tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=list(TOOLS))

    async def list_resources(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[])

    async def list_templates(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[TEMPLATE])

    async def call_tool(self, context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in _NAMES:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        await context.session.report_progress(0, _STEPS, "reading the image")
        try:
            call = self._call(params.name, params.arguments or {}, self._tenant(context))
            look = await to_thread.run_sync(call)
            await context.session.report_progress(1, _STEPS, "writing the result")
            result = await to_thread.run_sync(result_of, look)
        except ToolError as error:
            return refusal(str(error))
        except Exception:  # noqa: BLE001
            # What went wrong is for the log: its words may hold what the model, or whoever reads along, must not see.
            _log.exception("a tool failed")
            return refusal(f"{params.name} failed on this image; try another image, or go on without it")
        await context.session.report_progress(_STEPS, _STEPS, "done")
        return result

    def _call(self, name: str, arguments: dict[str, Any], tenant: bytes) -> Callable[[], Look]:
        match name:
            case "compress_image":
                source, query, model = required(arguments, "source"), text(arguments, "query"), text(arguments, "model")
                return lambda: self._tools.compress(source, query, model or None, tenant=tenant)
            case "zoom_image":
                image_id, box = required(arguments, "image_id"), numbers(arguments, "box")
                return lambda: self._tools.zoom(image_id, box, tenant=tenant)
            case _:
                source, model = required(arguments, "source"), text(arguments, "model")
                return lambda: self._tools.tokens(source, model or None)

    async def read_resource(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri, tenant = str(params.uri), self._tenant(context)
        try:
            sent = await to_thread.run_sync(self._whole, uri.removeprefix(IMAGE_URI), tenant)
        except (ToolError, ImageError):
            raise MCPError(types.INVALID_PARAMS, "Resource not found", {"uri": uri}) from None
        blob = types.BlobResourceContents(uri=uri, mime_type=sent.media_type, blob=base64_of(sent.data))
        return types.ReadResourceResult(contents=[blob])

    def _whole(self, image_id: str, tenant: bytes) -> Sent:
        return as_sent(self._tools.vault.original(image_id, tenant=tenant))

    def _tenant(self, context: Context) -> bytes:
        """The caller's secret: over HTTP its credential tells callers apart, over stdio there is only one."""
        headers = getattr(context.request, "headers", None) or {}
        return hmac.digest(self._secret, headers.get("authorization", "").encode(), "sha256")
