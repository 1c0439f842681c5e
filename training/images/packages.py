"""Fetch the images of `packages.csv`: many packages, a few images of each.

    python training/images/packages.py --packages DIR --out DIR [--only NAME ...]

Needs apt-get, dpkg-deb, pdftoppm, pip and npm. Each file is checked by its digest; pages of PDF
files are rendered, and may differ by a pixel with another version of poppler. Adds its lines to `OUT/manifest.jsonl`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from headroom.evals.offline.scans_fetching import apt_of_sources

HERE = Path(__file__).parent
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*")
    chosen = parser.parse_args()
    for folder in (chosen.packages, chosen.out):
        folder.mkdir(parents=True, exist_ok=True)
    wanted: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    with (HERE / "packages.csv").open() as file:
        for row in csv.DictReader(file):
            if not chosen.only or row["package"] in chosen.only:
                wanted[row["registry"], row["package"], row["version"]].append(row)
    entries: list[str] = []
    for package, rows in wanted.items():
        archives = downloaded(*package, chosen.packages)
        made = [entry for row in rows for entry in written(row, archives, chosen.out)]
        entries += made
        print(f"{package[1]}: {len(made)} of {len(rows)}", flush=True)
    (chosen.out / "packages.jsonl").write_text("".join(entries), "utf-8")
    parts = sorted(path for path in chosen.out.glob("*.jsonl") if path.stem != "manifest")
    (chosen.out / "manifest.jsonl").write_text("".join(path.read_text("utf-8") for path in parts), "utf-8")


def downloaded(registry: str, package: str, version: str, packages: Path) -> list[Path]:
    """Download a package once; its archives, each in a folder of its own."""
    folder = packages / "archives" / registry / package.replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        if registry == "debian-source":
            command = [
                *apt_of_sources(packages / "apt"),
                "source",
                "--download-only",
                "--tar-only",
                f"{package}={version}",
            ]
        elif registry == "debian":
            command = ["apt-get", "download", "-q", f"{package}={version}"]
        elif registry == "npm":
            command = ["npm", "pack", "--silent", f"{package}@{version}"]
        else:
            source = ["--no-deps", "--no-binary", ":all:", "-d", "."]
            command = [sys.executable, "-m", "pip", "download", "-q", *source, f"{package}=={version}"]
        subprocess.run(command, cwd=folder, check=True)
    return sorted(folder.iterdir())


def written(row: Row, archives: list[Path], out: Path) -> Iterator[str]:
    """Write one image and give its line of the manifest; nothing where it is not in the package any more."""
    for archive in archives:
        stored = _member(archive, row["path"])
        if stored is None:
            continue
        if row["how"] != "image":
            page, dots = re.fullmatch(r"pdf page=(\d+) dpi=(\d+)", row["how"]).groups()
            stored = rendered(stored, page, dots)
        elif hashlib.sha256(stored).hexdigest() != row["sha256"]:
            print(f"  {row['id']} is another file now", flush=True)
            return
        suffix = ".png" if row["how"] != "image" else Path(row["path"].removesuffix(".gz")).suffix.lower()
        name = row["id"] + {".jpeg": ".jpg"}.get(suffix, suffix)
        (out / name).write_bytes(stored)
        entry = {"file": name, "id": row["id"], "made": False, "origin": row["path"], "source": row["package"]}
        yield json.dumps(entry, sort_keys=True) + "\n"
        return


def rendered(pdf: bytes, page: str, dots: str) -> bytes:
    """One page of a PDF file as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", dots, "-f", page, "-l", page, "-png", "-singlefile", "a.pdf", "page"]
        subprocess.run(command, cwd=folder, check=True)
        return (Path(folder) / "page.png").read_bytes()


def _member(archive: Path, path: str) -> bytes | None:
    """A file of an archive; `!` leads into a zip inside, and a gzipped file is unpacked."""
    outer, _, inner = path.partition("!")
    found = _read(archive, outer)
    if found is not None and inner:
        with zipfile.ZipFile(BytesIO(found)) as nested:
            return nested.read(inner)
    return gzip.decompress(found) if found is not None and outer.endswith(".gz") else found


def _read(archive: Path, path: str) -> bytes | None:
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as stored:
            return stored.read(path) if path in stored.namelist() else None
    if not {".deb", ".tar", ".tgz"} & set(archive.suffixes) or archive.suffix == ".asc":
        return None
    content = archive.read_bytes()
    if archive.suffix == ".deb":
        content = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(archive)], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(content)) as stored:
        for member in stored:
            if member.isfile() and member.name.removeprefix("./") == path:
                opened = stored.extractfile(member)
                return None if opened is None else opened.read()
    return None


if __name__ == "__main__":
    main()
