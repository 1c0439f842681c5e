"""Packages fetched from their registries and unpacked, nothing installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from headroom_core.errors import HeadroomError

__all__ = ["MissingTool", "debian_package", "program", "run", "wheel"]


class MissingTool(HeadroomError):
    """What the collection of pages, or a reader, needs is not installed, or failed."""


def program(name: str, package: str) -> str:
    """The path of a program.

    Raises:
        MissingTool: It is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise MissingTool(f"{name!r} is not installed: apt-get install {package}")
    return found


def run(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    timeout: float = 120,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run a program and return what it printed.

    Raises:
        MissingTool: It failed, with the last line of what it said.
    """
    told = None if environment is None else {**os.environ, **environment}
    done = subprocess.run(  # noqa: S603
        list(map(str, command)),
        cwd=folder,
        capture_output=True,
        timeout=timeout,
        check=False,
        env=told,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise MissingTool(f"{Path(command[0]).name} failed: {said[-1] if said else done.returncode}")
    return done.stdout


def debian_package(name: str, cache: Path) -> tuple[Path, str]:
    """Fetch and unpack a Debian package; returns its folder and version. One that is at hand is not fetched again.

    Raises:
        MissingTool: apt or dpkg is missing, or there is no such package.
    """
    folder = cache / "debian" / name
    files = sorted(folder.glob("*.deb"))
    if not files:
        folder.mkdir(parents=True, exist_ok=True)
        run([program("apt-get", "apt"), "download", name], folder=folder, timeout=600)
        files = sorted(folder.glob("*.deb"))
    tree = folder / "tree"
    if not tree.exists():
        run([program("dpkg", "dpkg"), "-x", files[0], folder / "part"])
        (folder / "part").rename(tree)
    return tree, files[0].name.split("_")[1].replace("%3a", ":")


def wheel(name: str, version: str, cache: Path) -> Path:
    """Fetch and unpack the wheel of a PyPI package; returns its folder. One that is at hand is not fetched again.

    Raises:
        MissingTool: Neither pip nor uv is at hand, or there is no such package.
    """
    folder = cache / "pypi" / f"{name}-{version}"
    tree = folder / "tree"
    if not tree.exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = f"{name}=={version}"
        options: list[str | Path] = ["download", wanted, "--no-deps", "--only-binary", ":all:", "--dest", folder]
        run([sys.executable, "-m", "pip", *options], timeout=300)
        with zipfile.ZipFile(next(iter(folder.glob("*.whl")))) as packed:
            packed.extractall(tree)
    return tree
