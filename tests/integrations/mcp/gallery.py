"""A small MCP server with everything a gateway must not break. Run it as a module."""

from __future__ import annotations

import argparse
import base64
import functools
import os
from typing import Annotated, Any

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import (
    Annotations,
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    TextContent,
    ToolAnnotations,
)
from pydantic import BaseModel, Field

from tests.core.pictures import as_bytes, scene


@functools.cache
def scene_bytes() -> bytes:
    return as_bytes(scene(), "PNG", compress_level=1)


@functools.cache
def scene_base64() -> str:
    return base64.b64encode(scene_bytes()).decode()


class Count(BaseModel):
    found: int
    labels: list[str]


class Agreement(BaseModel):
    agreed: bool


def gallery(*, points: bool = False) -> MCPServer:
    server = MCPServer("gallery", title="The Gallery", version="7.1", instructions="Hang pictures straight.")

    @server.tool(
        title="Take a picture",
        annotations=ToolAnnotations(read_only_hint=True),
        meta={"shelf": 3},
        structured_output=False,
    )
    def take_screenshot(frame: str = "none") -> list[Any]:
        """Return a screenshot."""
        image = ImageContent(data=scene_base64(), mime_type="image/png", _meta={"frame": frame})
        return [TextContent(text="before"), image, TextContent(text="after")]

    @server.tool()
    def embedded_image() -> CallToolResult:
        """An image inside a resource, and one for the user's eyes alone."""
        blob = BlobResourceContents(uri="gallery://scene", mime_type="image/png", blob=scene_base64())
        hidden = ImageContent(data=scene_base64(), mime_type="image/png", annotations=Annotations(audience=["user"]))
        return CallToolResult(content=[EmbeddedResource(resource=blob), hidden])

    @server.tool()
    def count_things(label: str) -> Count:
        """Structured output."""
        return Count(found=2, labels=[label, label])

    @server.tool()
    def seen_arguments(context: Context, anything: str = "") -> str:
        """Names of the arguments that a tool for images got."""
        params = context.request_context.params or {}
        return ",".join(sorted(params.get("arguments") or {}))

    @server.tool()
    def shelf_of(room: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Room"})]) -> str:
        """A tool with an argument that goes into a header of its own over HTTP."""
        return f"shelf of {room}"

    @server.tool()
    def fail() -> str:
        raise ToolError("the frame is broken")

    @server.tool()
    async def slow_count(context: Context) -> str:
        for step in range(3):
            await context.report_progress(step, 3, f"step {step}")
        return "counted"

    @server.tool()
    async def ask_first(context: Context) -> str:
        answer = await context.elicit("May I?", Agreement)
        return f"{answer.action}"

    @server.tool()
    async def stop() -> str:
        os._exit(3)

    @server.tool()
    async def wait_forever() -> str:
        await anyio.sleep(60)
        return "late"

    @server.resource("gallery://scene", mime_type="image/png")
    def whole_scene() -> bytes:
        """The scene."""
        return scene_bytes()

    @server.resource("gallery://label/{name}")
    def label(name: str) -> str:
        return f"label of {name}"

    @server.prompt()
    def describe(what: str) -> str:
        return f"Describe {what}."

    if points:

        @server.tool()
        def mouse_press(x: int, y: int) -> str:
            """Presses at a place."""
            return f"{x},{y}"

    return server


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", action="store_true")
    options = parser.parse_args()
    gallery(points=options.points).run("stdio")


if __name__ == "__main__":
    main()
