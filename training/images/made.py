"""Draw the extra images: editors, charts, receipts, posters and signs in scenes. Their truth is what was drawn."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

Entry = dict[str, Any]
Picture = tuple[str, Image.Image, Entry]

WORDS = [
    "open",
    "sale",
    "parking",
    "welcome",
    "north",
    "exit",
    "road",
    "street",
    "market",
    "fresh",
    "coffee",
    "bread",
    "hotel",
    "station",
    "platform",
    "danger",
    "no",
    "entry",
    "push",
    "pull",
    "tickets",
    "museum",
    "library",
    "caution",
    "wet",
    "floor",
    "private",
    "closed",
    "museum",
    "harbour",
    "bakery",
    "school",
    "bridge",
    "river",
    "police",
    "airport",
    "gate",
    "level",
    "total",
    "cash",
    "change",
    "thank",
    "you",
    "visit",
    "again",
    "discount",
    "subtotal",
    "tax",
    "item",
    "milk",
    "cheese",
    "apples",
    "rice",
    "tea",
    "oil",
    "salt",
    "invoice",
    "order",
    "number",
    "date",
    "table",
    "server",
    "guest",
    "card",
    "paid",
]
SCRIPTS = {
    "latin": WORDS,
    "chinese": [
        "出口",
        "停车场",
        "欢迎光临",
        "小心地滑",
        "北京路",
        "营业中",
        "图书馆",
        "地铁站",
        "请勿入内",
        "咖啡",
        "超市",
        "医院",
    ],
    "arabic": ["مخرج", "موقف", "مطعم", "شارع", "مدرسة", "مستشفى", "مكتبة", "سوق", "فندق", "محطة"],
    "cyrillic": ["выход", "аптека", "улица", "продукты", "метро", "школа", "вокзал", "осторожно", "магазин", "хлеб"],
    "devanagari": ["निकास", "बाजार", "स्टेशन", "विद्यालय", "दुकान", "सड़क", "पुस्तकालय", "चाय"],
    "korean": ["출구", "주차장", "도서관", "지하철역", "약국", "시장", "학교", "조심"],
}
FONTS = {
    "latin": ("NotoSans-Bold.ttf", "NotoSerif-Regular.ttf", "NotoSans-Regular.ttf", "DejaVuSansMono-Bold.ttf"),
    "chinese": ("NotoSansCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc"),
    "arabic": ("NotoSansArabic-Bold.ttf", "NotoNaskhArabic-Regular.ttf"),
    "cyrillic": ("NotoSans-Bold.ttf", "NotoSerif-Regular.ttf"),
    "devanagari": ("NotoSansDevanagari-Bold.ttf", "NotoSansDevanagari-Regular.ttf"),
    "korean": ("NotoSansCJK-Bold.ttc",),
}


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


def charts(count: int, _packages: Path) -> Iterator[Picture]:
    """Charts by matplotlib, in its styles and sizes."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    forms = (_bars, _curves, _scatter, _pie, _histogram, _heat, _boxes, _areas, _diagram, _panels)
    styles = ("default", "ggplot", "dark_background", "bmh", "seaborn-v0_8-whitegrid", "fivethirtyeight", "grayscale")
    for number in range(count):
        choose = random.Random(1000 + number)
        with plt.style.context(styles[number % len(styles)]):
            figure = plt.figure(
                figsize=(choose.uniform(4, 10), choose.uniform(3, 7)), dpi=choose.choice((72, 100, 130, 160))
            )
            forms[number % len(forms)](figure, choose)
            out = BytesIO()
            figure.savefig(out, format="png")
            heights = _drawn_heights(figure)
            plt.close(figure)
        yield f"{forms[number % len(forms)].__name__} {number}", Image.open(out).convert("RGB"), {"heights": heights}


def _drawn_heights(figure: Any) -> list[tuple[float, int]]:
    from matplotlib.text import Text

    heights: dict[float, int] = {}
    for text in figure.findobj(Text):
        characters = len("".join(text.get_text().split()))
        if text.get_visible() and characters:
            em = round(text.get_fontsize() * figure.dpi / 72, 2)
            heights[em] = heights.get(em, 0) + characters
    return sorted(heights.items())


def _bars(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    labels = choose.sample(WORDS, choose.randint(3, 9))
    for shift in range(choose.randint(1, 3)):
        axes.bar([place + 0.25 * shift for place in range(len(labels))], [choose.random() for _ in labels], 0.25)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_title(" ".join(choose.sample(WORDS, 4)).title())


def _curves(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    for _ in range(choose.randint(1, 6)):
        phase, pace = choose.uniform(0, 6), choose.uniform(0.2, 2)
        axes.plot([math.sin(phase + pace * x / 10) * x**0.3 for x in range(100)], label=choose.choice(WORDS))
    axes.legend()
    axes.grid(choose.random() < 0.6)
    axes.set_xlabel("time (s)")
    axes.set_ylabel(choose.choice(WORDS))


def _scatter(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    for _ in range(choose.randint(1, 4)):
        across, up = choose.uniform(0, 9), choose.uniform(0, 9)
        points = [(choose.gauss(across, 1), choose.gauss(up, 2)) for _ in range(choose.choice((40, 400)))]
        axes.scatter(*zip(*points, strict=True), s=choose.uniform(4, 40), alpha=0.6)
    axes.set_title(choose.choice(WORDS))


def _pie(figure: Any, choose: random.Random) -> None:
    labels = choose.sample(WORDS, choose.randint(3, 7))
    figure.subplots().pie([choose.random() + 0.1 for _ in labels], labels=labels, autopct="%1.1f%%")


def _histogram(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    axes.hist([choose.gauss(0, 1) for _ in range(3000)], bins=choose.randint(10, 60))
    axes.set_ylabel("count")


def _heat(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    side = choose.randint(4, 10)
    cells = [[choose.random() for _ in range(side)] for _ in range(side)]
    figure.colorbar(axes.imshow(cells, cmap=choose.choice(("viridis", "magma", "coolwarm"))))
    for row in range(side):
        for column in range(side):
            axes.text(column, row, f"{cells[row][column]:.2f}", ha="center", va="center", fontsize=7)


def _boxes(figure: Any, choose: random.Random) -> None:
    figure.subplots().boxplot([[choose.gauss(m, 1 + m / 4) for _ in range(60)] for m in range(choose.randint(3, 8))])


def _areas(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    series = [[abs(choose.gauss(3, 1)) for _ in range(30)] for _ in range(4)]
    axes.stackplot(range(30), series, labels=choose.sample(WORDS, 4))
    axes.legend(loc="upper left")


def _diagram(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    axes.axis("off")
    places = [(column * 3, row * 2) for column in range(3) for row in range(3)]
    for (left, low), word in zip(places, choose.sample(WORDS, 9), strict=True):
        axes.text(left, low, word, ha="center", va="center", bbox={"boxstyle": "round", "fc": choose.choice("wyc")})
    for _ in range(7):
        start, end = choose.sample(places, 2)
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "shrinkA": 20, "shrinkB": 20})
    axes.set_xlim(-2, 8)
    axes.set_ylim(-1, 5)


def _panels(figure: Any, choose: random.Random) -> None:
    for axes in figure.subplots(2, 2).flat:
        axes.plot([choose.random() for _ in range(40)], ".-")
        axes.set_title(choose.choice(WORDS), fontsize=8)


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
    from fetch import shots
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

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
