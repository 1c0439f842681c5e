"""Make the rendered pictures of this folder again: page.png, screenshot.png, chart.png and receipt.jpg.

    python examples/images/make.py

Needs Pillow, a `chromium` on the PATH and the DejaVu and Liberation fonts (Debian: chromium, fonts-dejavu,
fonts-liberation). The same versions of those give the same pixels. The photographs are not made here:
PROVENANCE.md says where they come from.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
MONO = "DejaVuSansMono.ttf"
MONO_BOLD = "DejaVuSansMono-Bold.ttf"

# Resident population of the United States, decennial censuses (U.S. Census Bureau, a public-domain work).
CENSUS = {
    1900: 76_212_168,
    1910: 92_228_496,
    1920: 106_021_537,
    1930: 123_202_624,
    1940: 132_164_569,
    1950: 151_325_798,
    1960: 179_323_175,
    1970: 203_211_926,
    1980: 226_545_805,
    1990: 248_709_873,
    2000: 281_421_906,
    2010: 308_745_538,
    2020: 331_449_281,
}

RECEIPT = (
    ("ROWAN & PIKE GROCERS", "centre-bold"),
    ("14 Canal Street", "centre"),
    ("Tel 555 0142", "centre"),
    ("", ""),
    ("Till 03        Served by Ines", ""),
    ("2026-05-14            17:42:08", ""),
    ("Receipt 0093-118742", ""),
    ("------------------------------", ""),
    ("Sourdough loaf            3.80", ""),
    ("Whole milk 2 l            1.95", ""),
    ("Eggs, 12                  3.45", ""),
    ("Cheddar 0.412 kg", ""),
    ("  @ 11.90/kg              4.90", ""),
    ("Tomatoes 0.655 kg", ""),
    ("  @ 3.20/kg               2.10", ""),
    ("Coffee beans 250 g        6.75", ""),
    ("Dish soap                 2.29", ""),
    ("  offer -20%             -0.46", ""),
    ("Paper bag                 0.15", ""),
    ("------------------------------", ""),
    ("SUBTOTAL                 24.93", ""),
    ("VAT 6% incl.              1.30", ""),
    ("VAT 21% incl.             0.34", ""),
    ("TOTAL EUR                24.93", "bold"),
    ("", ""),
    ("CARD ************4417    24.93", ""),
    ("AUTH 620194", ""),
    ("", ""),
    ("Thank you. Exchange within", "centre"),
    ("14 days with this receipt.", "centre"),
)


def main() -> None:
    """Write the four pictures next to this file."""
    shoot("page.html", HERE / "page.png", 1240, 1754)
    shoot("screenshot.html", HERE / "screenshot.png", 1920, 1200)
    chart = Path(tempfile.mkdtemp()) / "chart.html"
    chart.write_text(chart_page(), encoding="utf-8")
    shoot(chart, HERE / "chart.png", 1400, 900)
    shutil.rmtree(chart.parent)
    photographed(printed_receipt()).save(HERE / "receipt.jpg", quality=80, optimize=True)


def shoot(page: str | Path, target: Path, width: int, height: int) -> None:
    """Render an HTML page in headless Chromium and store it without the alpha channel."""
    source = page if isinstance(page, Path) else HERE / "sources" / page
    subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-lcd-text",
            "--force-device-scale-factor=1", f"--window-size={width},{height}", f"--screenshot={target}",
            source.resolve().as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    with Image.open(target) as shot:
        shot.convert("RGB").save(target, optimize=True)


def chart_page() -> str:
    """A bar chart of the census figures as an HTML page with one SVG."""
    left, bottom, top, step = 130, 770, 150, 94
    scale = (bottom - top) / 350e6
    parts = []
    for millions in range(0, 351, 50):
        y = bottom - millions * 1e6 * scale
        parts.append(f'<path d="M{left} {y:.1f}H1360" class="grid"/>')
        parts.append(f'<text x="{left - 14}" y="{y + 7:.1f}" class="axis end">{millions}</text>')
    for index, (year, people) in enumerate(CENSUS.items()):
        x, tall = left + 18 + index * step, people * scale
        parts.append(f'<rect x="{x}" y="{bottom - tall:.1f}" width="64" height="{tall:.1f}"/>')
        parts.append(f'<text x="{x + 32}" y="{bottom - tall - 10:.1f}" class="value">{people / 1e6:.1f}</text>')
        parts.append(f'<text x="{x + 32}" y="{bottom + 32}" class="axis">{year}</text>')
    return f"""<!doctype html><meta charset="utf-8"><style>
body{{margin:0;background:#fff;font-family:"DejaVu Sans"}} rect{{fill:#2f6f9f}} text{{text-anchor:middle}}
.grid{{stroke:#ddd;stroke-width:1}} .axis{{font-size:20px;fill:#444}} .end{{text-anchor:end}}
.value{{font-size:20px;font-weight:bold;fill:#222}} .title{{font-size:34px;font-weight:bold;text-anchor:start}}
.note{{font-size:19px;fill:#666;text-anchor:start}}</style>
<svg width="1400" height="900" xmlns="http://www.w3.org/2000/svg">
<text x="40" y="60" class="title">Resident population of the United States, 1900-2020</text>
<text x="40" y="98" class="note">Millions of people, decennial census</text>{"".join(parts)}
<text x="40" y="870" class="note">Source: U.S. Census Bureau</text></svg>"""


def printed_receipt() -> Image.Image:
    """The receipt as the till prints it: slightly uneven thermal print on white paper."""
    regular, bold = ImageFont.truetype(MONO, 38), ImageFont.truetype(MONO_BOLD, 38)
    paper = Image.new("L", (820, 120 + 52 * len(RECEIPT)), 250)
    draw = ImageDraw.Draw(paper)
    for row, (line, look) in enumerate(RECEIPT):
        font = bold if "bold" in look else regular
        x = (820 - draw.textlength(line, font=font)) / 2 if "centre" in look else 60
        draw.text((x, 60 + 52 * row), line, font=font, fill=52)
    faded = grain(paper.size, 3, spread=30, blur=6)
    return ImageChops.lighter(paper, ImageChops.add(paper, faded, 1, -112)).filter(ImageFilter.GaussianBlur(0.8))


def photographed(paper: Image.Image) -> Image.Image:
    """Lay the paper on a table and look at it from a phone: perspective, shadow, uneven light, sensor noise."""
    size = (1512, 2016)
    corners = (330, 120, 248, 1905, 1262, 1842, 1150, 96)
    table = Image.merge("RGB", [Image.new("L", size, value) for value in (126, 98, 74)])
    wood = grain((size[0] // 40, size[1]), 5, spread=36, blur=1).resize(size, Image.Resampling.BICUBIC)
    table = ImageChops.add(table, Image.merge("RGB", [wood] * 3), 1, -128)
    sheet = warp(paper, size, corners)
    mask = warp(Image.new("L", paper.size, 255), size, corners)
    shadow = ImageChops.offset(mask, 16, 22).filter(ImageFilter.GaussianBlur(20)).point(lambda value: value * 0.5)
    table.paste((40, 30, 24), mask=shadow)
    warm = Image.merge(
        "RGB", [sheet, sheet.point(lambda value: value * 0.985), sheet.point(lambda value: value * 0.94)]
    )
    table.paste(warm, mask=mask)
    light = Image.linear_gradient("L").rotate(35).crop((58, 58, 198, 198))  # the part that rotation left whole
    light = light.resize(size, Image.Resampling.BICUBIC).point(lambda value: 200 + value * 0.21)
    lit = ImageChops.multiply(table, Image.merge("RGB", [light] * 3))
    noise = grain(size, 9, spread=9, blur=0.7)
    return ImageChops.add(lit, Image.merge("RGB", [noise] * 3), 1, -128).filter(ImageFilter.GaussianBlur(0.6))


def warp(image: Image.Image, size: tuple[int, int], corners: tuple[int, ...]) -> Image.Image:
    """Project an image into the quadrilateral `corners` (NW, SW, SE, NE) of a picture of the given size."""
    width, height = image.size
    targets = [(corners[at], corners[at + 1]) for at in range(0, 8, 2)]
    sources = [(0, 0), (0, height), (width, height), (width, 0)]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(targets, sources, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return image.transform(size, Image.Transform.PERSPECTIVE, solved(rows), Image.Resampling.BICUBIC)


def solved(rows: list[list[float]]) -> list[float]:
    """Solve linear equations, each row its coefficients then its right side, by Gauss-Jordan elimination."""
    table = [list(map(float, row)) for row in rows]
    for at in range(len(table)):
        best = max(range(at, len(table)), key=lambda row: abs(table[row][at]))
        table[at], table[best] = table[best], table[at]
        table[at] = [value / table[at][at] for value in table[at]]
        for other in range(len(table)):
            if other != at:
                factor = table[other][at]
                table[other] = [value - factor * pivot for value, pivot in zip(table[other], table[at], strict=True)]
    return [row[-1] for row in table]


def grain(size: tuple[int, int], seed: int, *, spread: int, blur: float) -> Image.Image:
    """Reproducible grey noise around 128, at most `spread` away from it."""
    noise = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    return noise.point(lambda value: 128 + (value - 128) * spread / 128).filter(ImageFilter.GaussianBlur(blur))


if __name__ == "__main__":
    main()
