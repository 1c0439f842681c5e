"""The server and the gateway with clients and servers of the MCP SDK 1.x."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from headroom_mcp import Gateway
from headroom_mcp.upstream import command_server
from tests.core.pictures import as_bytes, scene
from tests.heavy.conftest import ROOT, named
from tests.integrations.mcp.conftest import GALLERY, in_process, process

OURS = [sys.executable, "-m", "headroom_mcp"]
MODEL = "claude-sonnet-4-5"
MOOD = "What is the mood of this photo?"


@pytest.fixture
def python() -> Path:
    return named("MCP_1X_PYTHON")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(as_bytes(scene(), "PNG"))
    return path


def seen_by_a_client(python: Path, tool: str, arguments: dict[str, Any], *command: str) -> dict[str, Any]:
    client = [python, ROOT / "tests/heavy/mcp_1x_client.py", tool, json.dumps(arguments), *command]
    done = subprocess.run(client, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return dict(json.loads(done.stdout))


def test_a_client_of_1x_uses_the_server(python: Path, photo: Path) -> None:
    arguments = {"source": "photo.png", "query": MOOD, "model": MODEL}
    seen = seen_by_a_client(python, "compress_image", arguments, *OURS, "--allow", str(photo.parent))
    assert (seen["protocol"], seen["server"]) == ("2025-11-25", "headroom")
    assert seen["tools"] == ["compress_image", "zoom_image", "image_tokens"]
    assert seen["result"]["structuredContent"]["technique"] == "full_low"


def test_a_client_of_1x_uses_the_gateway(python: Path) -> None:
    wrap = [*OURS, "wrap", "--model", MODEL, "--", *GALLERY]
    seen = seen_by_a_client(python, "take_screenshot", {"headroom_query": MOOD}, *wrap)
    assert (seen["protocol"], seen["server"]) == ("2025-11-25", "gallery")
    assert "headroom_zoom" in seen["tools"]
    assert seen["result"]["content"][2]["text"].startswith("[Headroom] ")


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_server_of_1x_stands_behind_the_gateway(python: Path, photo: Path, era: str) -> None:
    server = [str(python), str(ROOT / "tests/heavy/mcp_1x_server.py"), str(photo)]
    async with Client(process(*server), mode=era) as client:
        protocol, original = client.protocol_version, await client.call_tool("take_photo", {})
    gateway = Gateway(command_server(server), model=MODEL)
    async with Client(in_process(gateway.serve), mode=era) as client:
        assert client.protocol_version == protocol == "2025-11-25"
        assert client.server_info
        assert (client.server_info.name, client.instructions) == ("old gallery", "Mind the step.")
        assert (await client.call_tool("take_photo", {})).content == original.content
        smaller = await client.call_tool("take_photo", {"headroom_query": MOOD})
    assert len(smaller.content[0].data) < len(original.content[0].data) / 4
