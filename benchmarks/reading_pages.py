"""Pages whose words are known, so that a reader is judged by the true text."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from reading_sheets import Look, Row, Sheet, as_lines, paragraphs, preformatted, table
from reading_words import FOLDER, GOODS, GROCERIES, MIXED, REFUSED, RIGHTS, RISKS, licence

HERE = Path(__file__).parent.parent
SANS, MONO, DEJAVU = "'Liberation Sans'", "'DejaVu Sans Mono'", "'DejaVu Sans'"


def sheets() -> list[Sheet]:
    """Every page."""
    return [*prose(), *languages(), *tables(), *screens(), *refused()]


def prose() -> list[Sheet]:
    """Running text: a full A4 page at 150 dpi, small print, dark mode, two columns."""
    full, short = licence(slice(2, 21)), licence(slice(6, 14))
    sides = [licence(slice(6, 10)), licence(slice(10, 15))]
    columns = "".join(
        f"<div style='width:490px;float:left;margin-right:60px'>{paragraphs(side)}</div>" for side in sides
    )
    dark = Look(1100, 40, 16, DEJAVU, back="#16181d", ink="#d6d9df")
    two = Look(margin=70, size=19, css="div:last-child{margin-right:0}")
    a4 = {"a4_serif": Look(size=19, line=1.25), "a4_sans_small": Look(size=15, face=SANS, line=1.3)}
    group = "English prose"
    return [
        *(look.sheet(name, group, paragraphs(full), "\n".join(full), height=1754) for name, look in a4.items()),
        dark.sheet("web_dark", group, paragraphs(short), "\n".join(short), height=1100, kind="screenshot"),
        two.sheet("two_columns", "columns", columns, "\n".join(sides[0] + sides[1]), height=1500),
    ]


def languages() -> list[Sheet]:
    """The same articles in many languages, and a text that mixes two scripts."""
    mixed = Look(1000, 60, face=DEJAVU)
    return [
        *(_articles(name, words) for name, words in RIGHTS.items()),
        mixed.sheet(
            "mixed_russian",
            "refused scripts",
            f"<p>{MIXED}</p>" * 3,
            "\n".join([MIXED] * 3),
            height=620,
            refuse=True,
        ),
    ]


def _articles(name: str, words: str) -> Sheet:
    direction = " dir=rtl" if name == "arabic" else ""
    wide, refuse = name in ("chinese", "japanese", "korean"), name in REFUSED
    look = Look(1000, 60, 20, "'WenQuanYi Zen Hei'" if wide else "'DejaVu Serif','Lohit Devanagari'", 1.5)
    group = "refused scripts" if refuse else "Han and kana" if wide else f"Latin: {name}"
    body = f"<h1{direction}>{words[:40]}</h1>" + f"<p{direction}>{words}</p>" * 2
    text = "\n".join((words[:40], words, words))
    return look.sheet(f"rights_{name}", group, body, text, height=760, refuse=refuse)


RULES = {
    "ruled": "td,th{border:1px solid #555;padding:6px 12px}",
    "aligned": "td,th{padding:6px 22px 6px 0}",
}
RIGHT = "table{border-collapse:collapse}td:nth-child(n+3),th:nth-child(n+3){text-align:right}th{text-align:left}"
WIDE = (
    "table{border-collapse:collapse;width:100%}td{padding:14px 10px;border-bottom:1px solid #ddd}"
    "td:nth-child(n+2){text-align:right}"
)


def tables() -> list[Sheet]:
    """Tables, ruled and aligned, with digits drawn from a seed."""
    chance = random.Random(7)
    rows, quarters = _delivered(chance), _quarters(chance)
    heading, intro = "Delivery note", "Invoice 2024-00817, delivered on 14 March to the works in Kiel."
    body = f"<h1>{heading}</h1><p>{intro}</p>{table(rows, headed=True)}"
    text = "\n".join((heading, intro, as_lines(rows)))
    notes = [
        _of_rows(f"table_{name}", Look(1000, 60, 19, SANS, css=css + RIGHT), body, text, rows, height=860)
        for name, css in RULES.items()
    ]
    wide = Look(1200, 40, 22, DEJAVU, css=WIDE)
    return [*notes, _of_rows("table_wide", wide, table(quarters), as_lines(quarters), quarters, height=460)]


def _of_rows(name: str, look: Look, body: str, text: str, rows: Sequence[Row], *, height: int) -> Sheet:
    numbers = [cell for row in rows[1:] for cell in row[1:]]
    return look.sheet(name, "tables", body, text, height=height, rows=rows, numbers=numbers)


def _delivered(chance: random.Random) -> list[Row]:
    rows: list[Row] = [("Item", "Order no.", "Qty", "Unit", "Total")]
    for good in GOODS.split(", "):
        count, cents = chance.randint(1, 60), chance.randint(40, 9900)
        number = f"{chance.choice('ABKX')}-{chance.randint(10000, 99999)}"
        rows.append((good, number, str(count), f"{cents / 100:.2f}", f"{count * cents / 100:,.2f}"))
    return rows


def _quarters(chance: random.Random) -> list[Row]:
    rows: list[Row] = [("Region", "Q1", "Q2", "Q3", "Q4", "Sum")]
    for region in ("North", "South", "East", "West", "Overseas", "Online"):
        values = [chance.randint(100, 9999) for _ in range(4)]
        rows.append((region, *map(str, values), str(sum(values))))
    return rows


def screens() -> list[Sheet]:
    """Code, a terminal, a receipt, a form."""
    chance = random.Random(11)
    return [*_code(), _terminal(chance), _receipt(chance), _form()]


def _code() -> list[Sheet]:
    source = (HERE / "headroom_core" / "formats" / "notes.py").read_text().rstrip()
    looks = {
        "code_light": (Look(1100, 30, 16, MONO), 640),
        "code_dark": (Look(1100, 30, 14, "'Liberation Mono'", back="#1e1e1e", ink="#d4d4d4"), 560),
    }
    return [
        look.sheet(name, "code and terminals", preformatted(source), source, height=height, kind="screenshot")
        for name, (look, height) in looks.items()
    ]


def _terminal(chance: random.Random) -> Sheet:
    files = [_listed(name, chance) for name in FOLDER.split(", ")]
    text = "\n".join(("$ ls -l", "total 148", *files, "$ git status --short", " M README.md", "?? notes.txt"))
    return Look(900, 20, 16, MONO, back="#000", ink="#e0e0e0").sheet(
        "terminal",
        "code and terminals",
        preformatted(text),
        text,
        height=420,
        kind="screenshot",
        numbers=[line.split()[4] for line in files],
    )


def _listed(name: str, chance: random.Random) -> str:
    size, day, hour, minute = (chance.randint(*ends) for ends in ((900, 99999), (1, 28), (0, 23), (0, 59)))
    return f"-rw-r--r-- 1 dev dev {size:>6} Mar {day:>2} {hour:02}:{minute:02} {name}"


def _receipt(chance: random.Random) -> Sheet:
    goods = [(name, f"{chance.randint(50, 2500) / 100:.2f}") for name in GROCERIES.split(", ")]
    total = f"{sum(float(price) for _, price in goods):.2f}"
    shares = {"VAT 7 %": 0.07, "TOTAL EUR": 1.07}
    rows = (*goods, ("Subtotal", total), *((name, f"{float(total) * share:.2f}") for name, share in shares.items()))
    spans = "".join(
        f"<div style='display:flex;justify-content:space-between'><span>{name}</span><span>{price}</span></div>"
        for name, price in rows
    )
    shop, when, thanks = "CORNER SHOP", "14.03.2024 17:52 No. 004417", "Thank you for your visit"
    body = f"<h2 style='text-align:center'>{shop}</h2><div>{when}</div><hr>{spans}<hr><div>{thanks}</div>"
    text = "\n".join((shop, when, as_lines(rows), thanks))
    numbers = [price for _, price in rows]
    look = Look(480, 24, 20, MONO)
    return look.sheet("receipt", "receipts and forms", body, text, height=620, rows=rows, numbers=numbers)


FIELDS = {
    "First name": "Marta",
    "Last name": "Okonkwo",
    "Date of birth": "09.11.1987",
    "Street": "Lindenweg 42",
    "Postcode": "24103",
    "City": "Kiel",
    "Policy number": "KX-4471-0093",
    "Telephone": "+49 431 5550 172",
}


def _form() -> Sheet:
    body = "<h1>Claim form</h1>" + "".join(
        f"<div style='margin:14px 0'><span style='display:inline-block;width:230px'>{name}:</span>{value}</div>"
        for name, value in FIELDS.items()
    )
    rows = tuple(FIELDS.items())
    text = "Claim form\n" + as_lines(rows, between=": ")
    numbers = [FIELDS[name] for name in ("Date of birth", "Postcode", "Policy number", "Telephone")]
    look = Look(800, 50, 20, SANS)
    return look.sheet("form", "receipts and forms", body, text, height=600, rows=rows, numbers=numbers)


def refused() -> list[Sheet]:
    """What must stay an image: ticks, formulas, a picture on the page, drawn curves, a signature."""
    words = paragraphs(licence(slice(6, 8)))
    photo = f"<div style='position:relative;height:400px'>{''.join(map(_dot, range(120)))}</div>"
    pages = {
        "ticks": (f"<h1>Insured risks</h1>{_ticks()}", 460),
        "maths": (MATHS, 560),
        "page_with_photo": (f"{words}{photo}{words}", 1100),
        "page_with_curve": (f"{words}{_curve()}{words}", 1000),
        "page_with_bars": (f"{words}<div>{_bars()}</div>{words}", 1000),
        "signature": (f"{words}{SIGNATURE}<p>Signed in Kiel, 14 March</p>", 560),
        "one_word": ("<h1>Exit</h1>", 300),
    }
    look = Look(900, 50, 20, SANS)
    return [
        look.sheet(name, "must stay images", body, "", height=height, refuse=True)
        for name, (body, height) in pages.items()
    ]


STROKE = "linear-gradient({}45deg,transparent 42%,#222 42% 58%,transparent 58%)"
TICK = f"background:{STROKE.format('')},{STROKE.format('-')}"
BOX = "display:inline-block;width:16px;height:16px;border:2px solid #222;margin-right:12px;"


def _ticks() -> str:
    return "".join(
        f"<div style='margin:12px'><span style='{BOX}{TICK if number % 3 else ''}'></span>{name}</div>"
        for number, name in enumerate(RISKS.split(", "))
    )


def _dot(number: int) -> str:
    def drawn(seed: int, most: int) -> int:
        return random.Random(seed).randint(0, most)

    red, green, blue = (drawn(number + more, 255) for more in range(3))
    return (
        f"<i style='position:absolute;left:{drawn(number, 760)}px;top:{drawn(number + 999, 300)}px;width:90px;"
        f"height:90px;border-radius:45px;background:rgb({red},{green},{blue})'></i>"
    )


def _curve() -> str:
    points = "".join(f"{60 + x},{220 - 160 * abs((x % 190) - 95) / 95:.0f} " for x in range(0, 700, 5))
    years = "".join(f"<text x={50 + 100 * year} y=260 font-size=16>{2015 + year}</text>" for year in range(8))
    line = f"<polyline points='{points}' fill=none stroke=#1f77b4 stroke-width=3 />"
    return f"<svg width=800 height=300>{line}{years}</svg>"


def _bars() -> str:
    return "".join(
        f"<i style='display:inline-block;width:60px;margin:10px;height:{height}px;background:#4c72b0'></i>"
        for height in (80, 160, 120, 220, 60, 190)
    )


SIGNATURE = (
    "<svg width=400 height=120><path d='M10,90 C40,10 60,10 70,80 S110,20 120,80 S160,30 170,85 S210,10 240,80 "
    "S300,60 380,40' fill=none stroke=#123 stroke-width=4 /></svg>"
)
MATHS = (
    "<p>The normal density is</p><math display=block style='font-size:30px'><mi>f</mi><mo>(</mo><mi>x</mi><mo>)"
    "</mo><mo>=</mo><mfrac><mn>1</mn><mrow><mi>σ</mi><msqrt><mn>2</mn><mi>π</mi></msqrt></mrow></mfrac><msup>"
    "<mi>e</mi><mrow><mo>-</mo><mfrac><mrow><mo>(</mo><mi>x</mi><mo>-</mo><mi>μ</mi><msup><mo>)</mo><mn>2</mn>"
    "</msup></mrow><mrow><mn>2</mn><msup><mi>σ</mi><mn>2</mn></msup></mrow></mfrac></mrow></msup></math>"
    "<p>and its moments are</p><math display=block style='font-size:30px'><mi>E</mi><mo>[</mo><msup><mi>X</mi>"
    "<mi>k</mi></msup><mo>]</mo><mo>=</mo><munderover><mo>∫</mo><mrow><mo>-</mo><mi>∞</mi></mrow><mi>∞</mi>"
    "</munderover><msup><mi>x</mi><mi>k</mi></msup><mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mi>d</mi><mi>x</mi>"
    "</math><p>Summation over all states gives</p><math display=block style='font-size:30px'><munderover><mo>∑"
    "</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msub><mi>p</mi><mi>i</mi></msub>"
    "<mo>=</mo><mn>1</mn></math>"
)
