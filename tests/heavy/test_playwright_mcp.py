"""The gateway before Playwright MCP, which drives a real browser and returns real screenshots."""

from __future__ import annotations

import base64
import http.server
import shutil
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from PIL import Image

from headroom_mcp import Gateway
from headroom_mcp.upstream import command_server
from tests.core.pictures import as_bytes, scene
from tests.heavy.conftest import named
from tests.integrations.mcp.conftest import in_process, process

MODEL = "claude-sonnet-4-5"


class Site(http.server.BaseHTTPRequestHandler):
    """Two pages: one photo that fills the window, and one of words."""

    def do_GET(self) -> None:
        kind, body = "text/html", b"<title>Words</title><h1>Invoice 4711</h1><p>Total: 1,204.50 EUR</p>" * 8
        if self.path == "/photo":
            body = b"<title>Photo</title><style>body{margin:0}</style><img src=/scene.jpg width=1600 height=1200>"
        elif self.path == "/scene.jpg":
            kind, body = "image/jpeg", as_bytes(scene(), "JPEG")
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def playwright(tmp_path: Path, *options: str) -> list[str]:
    node, chromium = shutil.which("node"), shutil.which("chromium")
    assert node, "node is not installed"
    assert chromium, "chromium is not installed"
    cli = named("PLAYWRIGHT_MCP") / "node_modules/@playwright/mcp/cli.js"
    shown = ["--headless", "--no-sandbox", "--isolated", "--viewport-size", "1600x1200"]
    return [node, str(cli), *shown, "--executable-path", chromium, "--output-dir", str(tmp_path), *options]


def images(result: Any) -> list[Any]:
    return [block for block in result.content if block.type == "image"]


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_screenshots_come_smaller_where_the_client_asked(site: str, tmp_path: Path, era: str) -> None:
    gateway = Gateway(command_server(playwright(tmp_path)), model=MODEL)
    async with Client(in_process(gateway.serve), mode=era) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert "headroom_query" in tools["browser_take_screenshot"].input_schema["properties"]
        assert "headroom_query" not in tools["browser_click"].input_schema["properties"]
        await client.call_tool("browser_navigate", {"url": f"{site}/photo"})
        whole = await client.call_tool("browser_take_screenshot", {})
        asked = {"headroom_query": "What is the mood of this photo?"}
        small = await client.call_tool("browser_take_screenshot", asked)
        assert not small.is_error
        note = next(block.text for block in small.content if block.type == "text" and "[Headroom]" in block.text)
        zoom = {"image_id": note.rpartition(" ")[2], "box": [0, 0, 200, 100]}
        part = await client.call_tool("headroom_zoom", zoom)
        await client.call_tool("browser_navigate", {"url": f"{site}/words"})
        words = await client.call_tool("browser_take_screenshot", {"headroom_query": "What is the total?"})
        await client.call_tool("browser_close", {})
    assert len(images(small)[0].data) < len(images(whole)[0].data) / 2
    assert gateway.total_tokens_saved > 500
    with Image.open(BytesIO(base64.b64decode(images(part)[0].data))) as picture:
        assert picture.size == (200, 100)
    assert [outcome.changed for outcome in gateway.outcomes] == [False, True, False]
    assert "[Headroom]" not in str(words.content)


async def test_with_clicks_by_pixel_nothing_is_touched(site: str, tmp_path: Path) -> None:
    command = playwright(tmp_path, "--caps", "vision")
    async with Client(process(*command)) as client:
        direct = await client.list_tools()
    gateway = Gateway(command_server(command), model=MODEL)
    async with Client(in_process(gateway.serve)) as client:
        assert (await client.list_tools()).tools == direct.tools
        await client.call_tool("browser_navigate", {"url": f"{site}/photo"})
        assert images(await client.call_tool("browser_take_screenshot", {}))
        await client.call_tool("browser_close", {})
    assert gateway.outcomes == ()
