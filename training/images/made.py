"""Draw the extra images: editors, charts, receipts, posters and signs in scenes. Their truth is what was drawn."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from charts import charts
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont
from words import FONTS, SCRIPTS, WORDS

Entry = dict[str, Any]
Picture = tuple[str, Image.Image, Entry]


def made(name: str, count: int, packages: Path) -> Iterator[Picture]:
    """Draw `count` images of an extra source."""
    draw = {"editor": editors, "charts": charts, "receipts": receipts, "posters": posters, "signs": signs}[name]
    yield from draw(count, packages)


def fonts(packages: Path) -> dict[str, Path]:
    """The fonts of fonts-noto-core, fonts-noto-cjk and fonts-dejavu-core, by file name."""
    names = ("fonts-noto-core", "fonts-noto-cjk", "fonts-dejavu-core")
    folders = [packages / "x" / name for name in names]
    return {path.name: path for folder in folders for path in folder.rglob("*.tt[fc]")}


def photos(packages: Path) -> list[Path]:
    """Pictures without text to put signs into."""
    folders = ("mate-backgrounds/usr/share/backgrounds/mate/nature", "ukui-wallpapers/usr/share/backgrounds")
    found = (path for folder in folders for path in (packages / "x" / folder).glob("*.jpg"))
    return sorted(found)


def receipts(count: int, packages: Path) -> Iterator[Picture]:
    """Till receipts, half of them photographed on a table."""
    faces, scenes = fonts(packages), photos(packages)
    for number in range(count):
        choose = random.Random(2000 + number)
        em = choose.choice((13, 15, 18, 22, 26))
        font = ImageFont.truetype(faces["DejaVuSansMono.ttf"], em)
        lines = _receipt(choose)
        width = round(0.6 * em * 34)
        paper = Image.new("RGB", (width, round(em * 1.35 * (len(lines) + 4))), choose.choice(("#fdfdfb", "#f4f1e8")))
        pen = ImageDraw.Draw(paper)
        for row, line in enumerate(lines):
            pen.text((em, em * 1.35 * (row + 2)), line, font=font, fill=choose.choice(("#222", "#333", "#555")))
        characters = sum(len("".join(line.split())) for line in lines)
        if number % 2:
            scale = choose.uniform(0.9, 1.2)
            paper = _in_scene(paper, Image.open(choose.choice(scenes)).convert("RGB"), choose, scale)
            yield f"photographed {number}", paper, {"heights": [(round(em * scale, 2), characters)]}
        else:
            yield f"flat {number}", paper, {"heights": [(em, characters)]}


def _receipt(choose: random.Random) -> list[str]:
    items = [f"{choose.choice(WORDS):<18.18}{choose.uniform(0.5, 90):>10.2f}" for _ in range(choose.randint(8, 30))]
    head = [f"{choose.choice(WORDS).upper()} {choose.choice(WORDS).upper()}", f"No {choose.randrange(10**6):06d}", ""]
    return [*head, *items, "-" * 28, f"{'TOTAL':<18}{choose.uniform(20, 900):>10.2f}", "", "thank you, visit again"]


def _in_scene(paper: Image.Image, scene: Image.Image, choose: random.Random, scale: float) -> Image.Image:
    paper = paper.resize((round(paper.width * scale), round(paper.height * scale)), Image.Resampling.BICUBIC)
    size = (round(paper.width * choose.uniform(1.3, 2.2)), round(paper.height * choose.uniform(1.1, 1.4)))
    table = scene.resize(size).filter(ImageFilter.GaussianBlur(2))
    turn = choose.uniform(-4, 4)
    mask = Image.new("L", paper.size, 255).rotate(turn, expand=True)
    paper = paper.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste(paper, ((size[0] - paper.width) // 2, (size[1] - paper.height) // 2), mask)
    return ImageEnhance.Brightness(table.filter(ImageFilter.GaussianBlur(0.5))).enhance(choose.uniform(0.75, 1.0))


def posters(count: int, packages: Path) -> Iterator[Picture]:
    """Posters: a picture or colour, a large title, a few lines."""
    faces, scenes = fonts(packages), photos(packages)
    for number in range(count):
        choose = random.Random(3000 + number)
        width, height = choose.choice(((800, 1100), (1000, 1400), (1200, 800)))
        if number % 2:
            image = Image.open(choose.choice(scenes)).convert("RGB").resize((width, height))
        else:
            image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
            image = Image.blend(
                image, Image.new("RGB", image.size, choose.choice(("#204060", "#802020", "#d0a020"))), 0.6
            )
        heights = _poster_text(image, choose, faces)
        yield f"poster {number}", image, {"heights": sorted(heights.items())}


def _poster_text(image: Image.Image, choose: random.Random, faces: dict[str, Path]) -> dict[float, int]:
    pen, top, heights = ImageDraw.Draw(image), image.height * choose.uniform(0.05, 0.4), {}
    script = choose.choice(("latin", "latin", *SCRIPTS))
    for em in (image.width // 9, image.width // 18, image.width // 30, image.width // 30):
        words = " ".join(choose.choice(SCRIPTS[script]) for _ in range(max(2, image.width // (5 * em))))
        font = ImageFont.truetype(faces[choose.choice(FONTS[script])], em)
        pen.text((image.width * 0.07, top), words, font=font, fill=choose.choice(("white", "#ffe080", "black")))
        heights[float(em)] = heights.get(float(em), 0) + len(words.replace(" ", ""))
        top += em * 1.5
    return heights


def signs(count: int, packages: Path) -> Iterator[Picture]:
    """Signs, plates and labels seen in photos, askew and soft, in six scripts."""
    faces, scenes = fonts(packages), photos(packages)
    for number in range(count):
        choose = random.Random(4000 + number)
        scene = Image.open(choose.choice(scenes)).convert("RGB")
        scene.thumbnail(choose.choice(((800, 800), (1280, 1280), (1600, 1600))))
        heights: dict[float, int] = {}
        for _ in range(choose.randint(1, 3)):
            em, characters = _sign(scene, choose, faces)
            heights[float(em)] = heights.get(float(em), 0) + characters
        scene = scene.filter(ImageFilter.GaussianBlur(choose.uniform(0.3, 1.0)))
        grain = Image.effect_noise(scene.size, choose.uniform(4, 14))
        scene = Image.blend(scene, Image.merge("RGB", (grain,) * 3), 0.05)
        yield f"sign {number}", scene, {"heights": sorted(heights.items())}


def _sign(scene: Image.Image, choose: random.Random, faces: dict[str, Path]) -> tuple[int, int]:
    script = choose.choice(("latin", "latin", "latin", *SCRIPTS))
    em = choose.randint(scene.width // 60, scene.width // 10)
    font = ImageFont.truetype(faces[choose.choice(FONTS[script])], em)
    rows = [" ".join(choose.sample(SCRIPTS[script], choose.randint(1, 2))) for _ in range(choose.randint(1, 3))]
    if script in ("latin", "cyrillic") and choose.random() < 0.6:
        rows = [row.upper() for row in rows]
    width = round(max(font.getlength(row) for row in rows) + 1.2 * em)
    colours = choose.choice(
        (("#0b5d2a", "white"), ("#123a7c", "white"), ("white", "#222"), ("#e8c020", "black"), ("#a02020", "#eee"))
    )
    plate = Image.new(
        "RGBA", (width, round(em * (1.35 * len(rows) + 0.8))), colours[0] if choose.random() < 0.75 else (0, 0, 0, 0)
    )
    pen = ImageDraw.Draw(plate)
    for row, line in enumerate(rows):
        pen.text((0.6 * em, em * (0.3 + 1.35 * row)), line, font=font, fill=colours[1])
    lean = choose.uniform(-0.12, 0.12)
    plate = plate.transform(
        plate.size,
        Image.Transform.AFFINE,
        (1, lean, -lean * plate.height / 2, lean / 2, 1, 0),
        Image.Resampling.BICUBIC,
    )
    plate = plate.rotate(choose.uniform(-6, 6), expand=True, resample=Image.Resampling.BICUBIC)
    left = choose.randrange(max(1, scene.width - plate.width)) if plate.width < scene.width else 0
    scene.paste(plate, (left, choose.randrange(max(1, scene.height - plate.height))), plate)
    return em, sum(len(row.replace(" ", "")) for row in rows)


_PAGE = """<!doctype html><meta charset=utf-8><style>
body {{ margin: 0; font: {ui}px sans-serif; background: {back}; color: {fore}; }}
body {{ display: flex; height: 100vh; overflow: hidden }}
.side {{ width: 210px; background: {side}; padding: 8px; line-height: 1.7 }} .main {{ flex: 1 }}
.tabs {{ background: {side}; padding: 6px 12px }}
.tabs span {{ padding: 6px 14px; background: {back}; margin-right: 2px }}
pre {{ font: {code}px monospace; margin: 0; padding: 6px; line-height: 1.45 }}
.foot {{ position: fixed; bottom: 0; left: 0; right: 0; background: #0a64ad; color: white; padding: 2px 8px }}
.foot {{ font-size: {foot}px }} {style}</style>
<div class=side><b>EXPLORER</b><br>{files}</div><div class=main><div class=tabs>{tabs}</div>{code_html}</div>
<div class=foot>main &nbsp; Ln 12, Col 4 &nbsp; Spaces: 4 &nbsp; UTF-8 &nbsp; Python</div>"""


def editors(count: int, _packages: Path) -> Iterator[Picture]:
    """Code editors, light and dark, drawn by a browser from the standard library's own source."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer
    from shots import shots

    files = sorted(Path(random.__file__).parent.glob("*.py"))
    styles = ("monokai", "default", "github-dark", "vs", "solarized-dark", "friendly")
    with tempfile.TemporaryDirectory() as folder:
        addresses = []
        for number in range(count):
            choose = random.Random(5000 + number)
            style = HtmlFormatter(style=styles[number % len(styles)], linenos="inline")
            dark = styles[number % len(styles)] in ("monokai", "github-dark", "solarized-dark")
            code = "\n".join(choose.choice(files).read_text("utf-8").splitlines()[40:120])
            page = _PAGE.format(
                ui=choose.choice((12, 13, 14)),
                code=choose.choice((11, 12, 13, 14, 16)),
                foot=choose.choice((11, 12)),
                back="#1e1e1e" if dark else "#ffffff",
                fore="#cccccc" if dark else "#333333",
                side="#252526" if dark else "#f3f3f3",
                style=style.get_style_defs(".highlight"),
                files="<br>".join(file.name for file in choose.sample(files, 24)),
                tabs="".join(f"<span>{file.name}</span>" for file in choose.sample(files, 3)),
                code_html=highlight(code, PythonLexer(), style),
            )
            path = Path(folder) / f"{number}.html"
            path.write_text(page, "utf-8")
            addresses.append((f"editor {number}", path.as_uri()))
        yield from shots(iter(addresses), count)
