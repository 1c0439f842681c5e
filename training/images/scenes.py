"""Draw letters into crops as scenes have them: on plates, carved, outlined, bent, in perspective, faint, half hidden.

    python training/images/scenes.py IMAGES OUT --packages P [--count 1000] [--part 0 --parts 4]

IMAGES is what `fetch.py` made: the pictures that bear no text by `labels.csv` are drawn on. OUT is an .npz as of
`crops.py`, where text stands known by how it was made.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from io import BytesIO
from pathlib import Path

import numpy as np
from crops import HERE, cut, labelled
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from words import FONTS, SCRIPTS

SIDE = 256
FOLDERS = ("fonts-noto-core", "fonts-noto-cjk", "fonts-dejavu-core", "fonts-lobster", "fonts-comic-neue")
FOLDERS += ("fonts-roboto-slab", "fonts-kacst", "fonts-dancingscript")
LATIN = ("NotoSans", "NotoSerif", "DejaVu", "Lobster", "lobster", "Comic", "Roboto", "Dancing")
ENDS = ("-Bold", "-Regular", "-Black", "-Italic", "-BoldItalic", "-Light", "Condensed-Bold", "Mono", "Sans", "Serif")
DIGITS = "0123456789"


class Scenes:
    """Draws letters into grey crops; the same order of calls gives the same pictures."""

    def __init__(self, packages: Path, seed: int = 9) -> None:
        self._choose = random.Random(seed)
        found = {path.name: path for name in FOLDERS for path in sorted((packages / "x" / name).rglob("*.?t[fc]"))}
        latin = [name for name in found if name.startswith(LATIN) and any(end in name for end in ENDS)]
        plain = [
            name for name in latin if not name.startswith("Noto") or name.split("-")[0] in ("NotoSans", "NotoSerif")
        ]
        arabic = [*FONTS["arabic"], *(name for name in found if name.startswith(("Kacst", "NotoNaskh", "NotoKufi")))]
        self._faces = {**FONTS, "latin": plain, "arabic": arabic}
        self._paths, self._loaded = found, {}

    def drawn(self, crop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the crop with letters, and how surely text is in each 4 x 4 of its pixels, 255 for surely."""
        choose, under = self._choose, crop.astype(np.float32)
        where = np.zeros((SIDE, SIDE), np.float32)
        for _ in range(choose.choice((1, 1, 2))):
            under, more = self._sign(under)
            where = np.maximum(where, more)
        return self._seen(under), (where.reshape(64, 4, 64, 4).mean(axis=(1, 3)) * 140).astype(np.uint8)

    def _sign(self, under: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        choose = self._choose
        letters, block, plate = self._written()
        letters, block, plate = self._placed((letters, block, plate))
        if choose.random() < 0.25:
            letters, block = self._hidden(letters, block)
        middle = float((under * block).sum() / max(1.0, float(block.sum())))
        if choose.random() < 0.55:
            level, strength = choose.uniform(5, 250), choose.uniform(0.6, 1.0)
            slope = choose.uniform(-0.35, 0.35) * np.linspace(-128, 128, SIDE)
            shade = level + (slope[None] if choose.random() < 0.5 else slope[:, None])
            detail = under - middle
            under = under * (1 - strength * plate) + strength * plate * (shade + 0.15 * detail)
            middle = level
        contrast = math.exp(choose.uniform(math.log(26), math.log(200)))
        ink = middle + (contrast if middle < 127 else -contrast) * (1 if choose.random() < 0.9 else -1)
        return self._inked(under, letters, float(np.clip(ink, 0, 255))), block

    def _inked(self, under: np.ndarray, letters: np.ndarray, ink: float) -> np.ndarray:
        """Painted, outlined, carved or with a shadow."""
        choose, way = self._choose, self._choose.random()
        if way < 0.15:
            light = np.roll(letters, (1, 1), (0, 1)) - np.roll(letters, (-1, -1), (0, 1))
            return np.clip(under + choose.choice((-1, 1)) * choose.uniform(40, 130) * light, 0, 255)
        if way < 0.35:
            image = Image.fromarray((letters * 255).astype(np.uint8))
            wide = np.asarray(image.filter(ImageFilter.MaxFilter(choose.choice((3, 3, 5)))), np.float32) / 255
            rim = 255 - ink if choose.random() < 0.7 else choose.uniform(0, 255)
            under = under * (1 - wide) + rim * wide
            if choose.random() < 0.3:
                return under
        elif way < 0.5:
            fallen = np.roll(letters, (choose.choice((1, 2, 3)), choose.choice((1, 2, 3))), (0, 1))
            under = under * (1 - 0.6 * fallen)
        worn = choose.uniform(0.0, 0.35)
        return under * (1 - letters) + letters * ((1 - worn) * ink + worn * under)

    def _written(self) -> tuple[Image.Image, Image.Image, Image.Image]:
        """Words, the blocks that they fill, and the plate around them, on a canvas of twice the side."""
        choose = self._choose
        script = choose.choice(("latin", "latin", "latin", "latin", *SCRIPTS))
        em = round(math.exp(choose.uniform(math.log(10), math.log(84))))
        font = self._font(choose.choice(self._faces[script]), em)
        canvas, blocks = Image.new("L", (2 * SIDE, 2 * SIDE)), Image.new("L", (2 * SIDE, 2 * SIDE))
        pen, pad = ImageDraw.Draw(canvas), ImageDraw.Draw(blocks)
        rows, left = choose.choice((1, 1, 1, 2, 3)), SIDE - choose.uniform(0.2, 0.5) * SIDE
        for row in range(rows):
            top = SIDE + (row - rows / 2) * 1.25 * em
            words = self._words(script)
            while font.getlength(words) > 1.1 * SIDE and len(words) > 3:
                words = words[: len(words) * 2 // 3]
            pen.text((left, top), words, font=font, fill=255)
            box = pen.textbbox((left, top), words, font=font)
            pad.rectangle((box[0], box[1], box[2], box[3]), fill=255)
        plate = Image.new("L", blocks.size)
        box, room = blocks.getbbox() or (0, 0, 8, 8), choose.uniform(0.2, 0.9) * em
        shape = (box[0] - room, box[1] - room, box[2] + room, box[3] + room)
        ImageDraw.Draw(plate).rounded_rectangle(shape, radius=choose.choice((0, 0, em * 0.4)), fill=255)
        return canvas, blocks, plate

    def _words(self, script: str) -> str:
        choose = self._choose
        if choose.random() < 0.15:
            return "".join(choose.choice(DIGITS) for _ in range(choose.randint(1, 5)))
        words = " ".join(choose.choice(SCRIPTS[script]) for _ in range(choose.choice((1, 1, 2, 3))))
        case = choose.random()
        return words.upper() if case < 0.45 else words.title() if case < 0.7 else words

    def _font(self, name: str, em: int) -> ImageFont.FreeTypeFont:
        key = name, round(8 * math.log2(em))
        if key not in self._loaded:
            self._loaded[key] = ImageFont.truetype(self._paths[name], round(2 ** (key[1] / 8)))
        return self._loaded[key]

    def _placed(self, layers: tuple[Image.Image, ...]) -> list[np.ndarray]:
        """The layers bent, in perspective, somewhere in the crop."""
        choose = self._choose
        shift = choose.uniform(-70, 70), choose.uniform(-100, 100)
        corners = [
            (SIDE / 2 + x * SIDE + shift[0], SIDE / 2 + y * SIDE + shift[1])
            for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
        ]
        lean = choose.choice((0.02, 0.06, 0.14)) * SIDE
        corners = [(x + choose.gauss(0, lean), y + choose.gauss(0, lean)) for x, y in corners]
        angle = choose.gauss(0, 6) if choose.random() < 0.85 else choose.uniform(-40, 40)
        bend = choose.uniform(-0.0035, 0.0035) if choose.random() < 0.2 else 0.0
        parts = []
        for layer in layers:
            turned = layer.rotate(angle, Image.Resampling.BILINEAR)
            seen = turned.transform(
                (SIDE, SIDE), Image.Transform.PERSPECTIVE, perspective(corners), Image.Resampling.BILINEAR
            )
            levels = np.asarray(seen, np.float32) / 255
            if bend:
                down = (bend * (np.arange(SIDE) - SIDE / 2) ** 2).astype(np.int64)
                rows = (np.arange(SIDE)[:, None] + down[None]).clip(0, SIDE - 1)
                levels = levels[rows, np.arange(SIDE)[None]]
            parts.append(levels)
        return parts

    def _hidden(self, letters: np.ndarray, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Something stands before a part of the words."""
        choose, before = self._choose, Image.new("L", (SIDE, SIDE), 255)
        pen = ImageDraw.Draw(before)
        for _ in range(choose.randint(1, 3)):
            x, y, wide, high = (
                choose.randrange(SIDE),
                choose.randrange(SIDE),
                choose.randint(5, 50),
                choose.randint(5, 90),
            )
            (pen.ellipse if choose.random() < 0.5 else pen.rectangle)((x, y, x + wide, y + high), fill=0)
        kept = np.asarray(before, np.float32) / 255
        return letters * kept, block * kept

    def _seen(self, levels: np.ndarray) -> np.ndarray:
        """As a camera sees and stores it: soft, grainy, unevenly lit, packed as JPEG."""
        choose = self._choose
        if choose.random() < 0.3:
            light = np.linspace(choose.uniform(0.5, 1), choose.uniform(0.8, 1.3), SIDE)
            levels = levels * (light[None] if choose.random() < 0.5 else light[:, None])
        image = Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))
        if choose.random() < 0.6:
            image = image.filter(ImageFilter.GaussianBlur(choose.choice((0.4, 0.7, 1.0, 1.5))))
        if choose.random() < 0.5:
            out = BytesIO()
            image.save(out, "JPEG", quality=choose.choice((30, 50, 70, 85)))
            image = Image.open(out)
        return np.asarray(image, np.uint8)


def perspective(corners: list[tuple[float, float]]) -> list[float]:
    """The coefficients that show the quadrilateral as the whole crop."""
    target = ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE))
    rows, right = [], []
    for (x, y), (u, v) in zip(target, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.linalg.solve(np.array(rows, float), np.array(right, float)).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=4)
    chosen = parser.parse_args()
    with (HERE / "labels.csv").open() as file:
        names = {row["id"] for row in csv.DictReader(file) if row["has_text"] == "0"}
    bare = [item for item in labelled(chosen.images) if item[2] in names]
    crops = [
        (np.asarray(crop.convert("L")), package)
        for path, package, name in bare[chosen.part :: chosen.parts]
        for crop in cut(path, random.Random(f"scene {name}"), zooms=(1, 1, 2, 4))
    ]
    scenes, order = Scenes(chosen.packages, chosen.part), random.Random(chosen.part)
    picked = [order.choice(crops) for _ in range(chosen.count)]
    drawn = [scenes.drawn(crop) for crop, _ in picked]
    grey, text = (np.stack([one[part] for one in drawn]) for part in (0, 1))
    np.savez(
        chosen.out,
        grey=grey,
        text=text,
        package=np.array([package for _, package in picked]),
        id=np.array([""] * len(drawn)),
    )


if __name__ == "__main__":
    main()
