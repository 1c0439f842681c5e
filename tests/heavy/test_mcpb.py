"""The bundle for Claude Desktop: built by the official tool, unpacked, and run as the host runs it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from mcp import Client

from headroom_mcp.upstream import command_server
from tests.core.pictures import as_bytes, scene
from tests.heavy.conftest import ROOT, named


def packed() -> tuple[Path, Path]:
    """Build the bundle and its entry for the registry."""
    node = shutil.which("node")
    assert node, "node is not installed"
    tool = f"{node} {named('MCPB') / 'node_modules/.bin/mcpb'}"
    pack = [sys.executable, str(ROOT / "integrations/mcp/bundle/pack.py"), "--owner", "example"]
    done = subprocess.run(pack, env={**os.environ, "MCPB": tool}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    bundle, entry = (Path(line) for line in done.stdout.splitlines())
    return bundle, entry


def test_the_entry_for_the_registry_names_the_bundle() -> None:
    bundle, entry = packed()
    registered = json.loads(entry.read_text())
    assert registered["packages"][0]["fileSha256"] == hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert len(registered["description"]) <= 100
    assert "OWNER" not in entry.read_text()


async def test_the_bundle_runs_as_the_host_runs_it(tmp_path: Path) -> None:
    bundle, _ = packed()
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    unpacked, pictures, more = tmp_path / "bundle", tmp_path / "pictures", tmp_path / "more"
    zipfile.ZipFile(bundle).extractall(unpacked)
    for folder in (pictures, more):
        folder.mkdir()
    (more / "photo.png").write_bytes(as_bytes(scene(), "PNG"))
    manifest = json.loads((unpacked / "manifest.json").read_text())
    given = {"${__dirname}": [str(unpacked)], "${user_config.allowed_directories}": [str(pictures), str(more)]}
    arguments = manifest["server"]["mcp_config"]["args"]
    command = [uv, *(word for argument in arguments for word in given.get(argument, [argument]))]
    async with Client(command_server(command)) as client:
        listed = [(tool.name, tool.description) for tool in (await client.list_tools()).tools]
        looked = await client.call_tool("compress_image", {"source": str(more / "photo.png"), "query": "What mood?"})
    assert listed == [(tool["name"], tool["description"]) for tool in manifest["tools"]]
    assert looked.structured_content["size"] == [1600, 1200]
