"""The server over HTTP answers programs on this machine, and no web page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from headroom_mcp import ImageTools, build_server, http
from tests.core.pictures import as_data_url
from tests.integrations.mcp.conftest import over_http

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
ACCEPT = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with over_http(lambda port: http.app(build_server(ImageTools()), port)) as address:
        yield address


def status(url: str, **headers: str) -> int:
    return httpx2.post(url, json=INITIALIZE, headers={**ACCEPT, **headers}).status_code


def test_a_program_on_this_machine_is_answered(url: str) -> None:
    assert status(url) == 200
    assert status(url.replace("127.0.0.1", "localhost")) == 200
    assert status(url, origin=url.removesuffix("/mcp")) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:80", "[::1]:80"]
)
def test_a_name_that_was_rebound_to_this_machine_is_not(url: str, host: str) -> None:
    assert status(url, host=host) == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:3000", "http://127.0.0.1", "null", "http://localhost:1.evil"]
)
def test_a_page_from_elsewhere_is_not(url: str, origin: str) -> None:
    assert status(url, origin=origin) == 403


def test_the_modern_era_is_guarded_as_well(url: str) -> None:
    headers = {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list"}
    assert status(url, host="evil.example", **headers) == 421
    assert status(url, origin="https://evil.example", **headers) == 403


def test_only_the_loopback_interface_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bound: dict[str, Any] = {}
    monkeypatch.setattr(http.uvicorn, "run", lambda app, **options: bound.update(options))
    http.run(build_server(ImageTools()), 8123)
    assert (bound["host"], bound["port"]) == ("127.0.0.1", 8123)


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_callers_with_other_credentials_do_not_share_images(url: str, era: str, photo: bytes) -> None:
    async def with_key(key: str, tool: str, arguments: dict[str, Any]) -> Any:
        async with (
            httpx2.AsyncClient(headers={"authorization": key}) as http_client,
            Client(streamable_http_client(url, http_client=http_client), mode=era) as client,
        ):
            return await client.call_tool(tool, arguments)

    looked = await with_key("Bearer anna", "compress_image", {"source": as_data_url(photo)})
    zoom = {"image_id": looked.structured_content["image_id"], "box": [0, 0, 10, 10]}
    assert (await with_key("Bearer bert", "zoom_image", zoom)).is_error
    assert not (await with_key("Bearer anna", "zoom_image", zoom)).is_error
