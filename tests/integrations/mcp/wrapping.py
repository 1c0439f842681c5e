"""Clients with the gateway between them and a server, and servers made for them."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.server import Server
from mcp_types import CallToolResult, ContentBlock, ImageContent, ListToolsResult, Tool
from PIL import Image

from headroom_mcp import Gateway
from headroom_mcp.upstream import url_server
from tests.core.pictures import as_bytes
from tests.integrations.mcp.conftest import GALLERY, headroom_mcp, in_process, of_gallery, over_http, process
from tests.integrations.mcp.gallery import gallery

MODEL = "claude-sonnet-4-5"
MOOD = {"headroom_query": "What is the mood of this photo?"}
"""The arguments of a call that asks about a picture."""

ways = pytest.mark.parametrize("way", ["in process", "stdio", "http"])
eras = pytest.mark.parametrize("era", ["auto", "legacy"])


def through(gateway: Gateway) -> Any:
    return in_process(gateway.serve)


@asynccontextmanager
async def wrapped(way: str, era: str, *, direct: bool = False, **options: Any) -> AsyncIterator[Client]:
    """A client of the gallery, with the gateway between or without."""
    with _way_to_gallery(way, direct=direct) as streams:
        async with Client(streams, mode=era, **options) as client:
            yield client


@contextmanager
def _way_to_gallery(way: str, *, direct: bool) -> Iterator[Any]:
    if way == "stdio":
        yield process(*GALLERY) if direct else headroom_mcp("wrap", "--model", MODEL, "--", *GALLERY)
    elif way == "http":
        with over_http(lambda port: gallery().streamable_http_app()) as url:
            yield url_server(url) if direct else through(Gateway(url_server(url), model=MODEL))
    else:
        yield of_gallery() if direct else through(to_gallery())


async def called(
    gateway: Gateway, tool: str = "take_screenshot", arguments: Mapping[str, Any] = MOOD, **options: Any
) -> Any:
    """What a client of the gateway gets for a call, after it listed the tools."""
    async with Client(through(gateway), **options) as client:
        await client.list_tools()
        return await client.call_tool(tool, dict(arguments))


def to_gallery(**options: Any) -> Gateway:
    """A gateway to the gallery."""
    return Gateway(of_gallery(), **{"model": MODEL, **options})


def stable(result: Any) -> Any:
    """A result as on the wire, without what is of the moment."""
    return result.model_dump(by_alias=True, mode="json", exclude_none=True)


async def listed(client: Client) -> dict[str, Any]:
    return {tool.name: stable(tool) for tool in (await client.list_tools()).tools}


def giving(tool: str, *content: ContentBlock) -> Server[Any]:
    """A server with one tool, which answers with this content."""

    async def tools(*_: Any) -> ListToolsResult:
        return ListToolsResult(tools=[Tool(name=tool, input_schema={"type": "object"})])

    async def call(*_: Any) -> CallToolResult:
        return CallToolResult(content=list(content))

    return Server(tool, on_list_tools=tools, on_call_tool=call)


def pictured(picture: Image.Image, kind: str = "PNG") -> ImageContent:
    """A picture as the content of a result."""
    data = base64.b64encode(as_bytes(picture, kind)).decode()
    return ImageContent(data=data, mime_type=f"image/{kind.lower()}")
