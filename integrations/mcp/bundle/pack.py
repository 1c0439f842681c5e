"""Build the bundle for Claude Desktop: `python integrations/mcp/bundle/pack.py [--owner OWNER]` writes into dist/.

The bundle holds the wheel of this tree, never a package of an index that happens to have the same name. The official
tool validates and packs it; `MCPB` names its command, else npx brings the pinned version. Beside the bundle comes the
`server.json` for the MCP registry, with the bundle's digest.
"""  # noqa: INP001

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TOOL = "npx --yes @anthropic-ai/mcpb@2.1.2"
PROJECT = """[project]
name = "headroom-bundle"
version = "{version}"
requires-python = ">=3.11"
dependencies = ["headroom-ai[mcp]"]

[tool.uv]
package = false

[tool.uv.sources]
headroom-ai = {{ path = "{wheel}" }}
"""


def main() -> None:
    """Build the bundle and its entry for the registry."""
    parser = argparse.ArgumentParser(description="Build the bundle for Claude Desktop.")
    parser.add_argument("--owner", default="OWNER", help="the owner of the GitHub repository that releases the bundle")
    owner = parser.parse_args().owner
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    (ROOT / "dist").mkdir(exist_ok=True)
    bundle = ROOT / "dist" / f"headroom-{version}.mcpb"
    with tempfile.TemporaryDirectory() as folder:
        _assemble(Path(folder), version)
        _mcpb("validate", f"{folder}/manifest.json")
        _mcpb("pack", folder, str(bundle))
    entry = ROOT / "dist" / "server.json"
    entry.write_text(json.dumps(_entry(owner, version, bundle), indent=2) + "\n")
    sys.stdout.write(f"{bundle}\n{entry}\n")


def _assemble(folder: Path, version: str) -> None:
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    wheel = next(folder.glob("*.whl"))
    manifest = {**json.loads((HERE / "manifest.json").read_text()), "version": version}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))
    (folder / "pyproject.toml").write_text(PROJECT.format(version=version, wheel=wheel.name))
    shutil.copy(HERE / "main.py", folder)


def _entry(owner: str, version: str, bundle: Path) -> dict[str, object]:
    written = (HERE.parent / "server.json").read_text().replace("OWNER", owner).replace("VERSION", version)
    entry: dict[str, object] = json.loads(written.replace("SHA256", hashlib.sha256(bundle.read_bytes()).hexdigest()))
    return entry


def _mcpb(*arguments: str) -> None:
    _run(*shlex.split(os.environ.get("MCPB", TOOL)), *arguments)


def _run(*command: str) -> None:
    # What the tools say goes to stderr, so that stdout is the list of what was built.
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)  # noqa: S603


if __name__ == "__main__":
    main()
