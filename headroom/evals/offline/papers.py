"""HTML of pages made here: receipts, invoices, dashboards and forms with random digits, and source in an editor."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Callable, Iterator
from html import escape
from random import Random
from typing import Final

__all__ = ["EDITOR_LINES", "PAPERS", "editor"]

EDITOR_LINES: Final = 64

_NAMES: Final = (
    "Alvarez",
    "Bergström",
    "Chaudhry",
    "Dimitrov",
    "Eriksen",
    "Fontaine",
    "Grünwald",
    "Hathaway",
    "Ibarra",
)
_GOODS: Final = ("Walnuts", "Olive oil", "Espresso", "Notebook A5", "Cable 2 m", "Filter bags", "Basil", "Rye bread")
_GOODS_MORE: Final = ("Hinge 40 mm", "Desk lamp", "Batteries AA", "Paint, white", "Screws 3x30", "Toner black")
_STREETS: Final = ("Harbour Road", "Mill Lane", "Kirchweg", "Rue des Lilas", "Calle Mayor", "Station Street")
_MEASURES: Final = ("Visitors", "Orders", "Refunds", "Revenue", "Latency p95", "Error rate", "Active users", "Signups")
_REGIONS: Final = ("Lisbon", "Hamburg", "Osaka", "Toronto", "Nairobi", "Santiago", "Brisbane", "Tallinn", "Pune")


def _receipt(draw: Random) -> str:
    size = draw.choice((11, 12, 13))
    goods = draw.sample(_GOODS + _GOODS_MORE, 9)
    prices = [draw.randint(99, 4999) for _ in goods]
    rows = "".join(_row(name, f"{price / 100:.2f}") for name, price in zip(goods, prices, strict=True))
    total = sum(prices)
    return _sheet(
        f"body{{font:{size}px 'DejaVu Sans Mono',monospace;width:300px;margin:14px auto;background:#fdfdf8}}",
        f"<center><b>{draw.choice(_NAMES).upper()} MARKET</b><br>{draw.choice(_STREETS)} {draw.randint(2, 199)}<br>"
        f"Tel. {draw.randint(200, 999)}-{draw.randint(1000, 9999)}</center><hr>"
        f"Receipt {draw.randint(100000, 999999)}<br>{_day(draw)} {draw.randint(8, 21)}:{draw.randint(10, 59)}<hr>"
        f"<table>{rows}</table><hr><table>{_row('TOTAL', f'{total / 100:.2f}')}"
        f"{_row('VAT 19 %', f'{total * 19 / 11900:.2f}')}{_row('CARD', f'{total / 100:.2f}')}</table><hr>"
        f"Auth {draw.randint(10**5, 10**6 - 1)} Terminal {draw.randint(10**7, 10**8 - 1)}<br>Thank you!",
    )


def _invoice(draw: Random) -> str:
    size = draw.choice((11, 12, 14))
    lines = []
    for name in draw.sample(_GOODS + _GOODS_MORE, 12):
        count, price = draw.randint(1, 48), draw.randint(150, 99999)
        cells = (f"{draw.choice('ABCDKX')}-{draw.randint(10000, 99999)}", name, count, f"{price / 100:,.2f}")
        lines.append((*cells, f"{count * price / 100:,.2f}"))
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return _sheet(
        f"body{{font:{size}px 'Liberation Sans',sans-serif;margin:48px}}table{{width:100%;border-collapse:collapse}}"
        "td,th{border:1px solid #999;padding:5px;text-align:left}.r{text-align:right}",
        f"<h2>{draw.choice(_NAMES)} &amp; {draw.choice(_NAMES)} Ltd.</h2><p>{draw.choice(_STREETS)} "
        f"{draw.randint(2, 99)}, {draw.randint(10000, 99999)} {draw.choice(_REGIONS)}</p><p class=r>Invoice "
        f"{draw.randint(2020, 2026)}-{draw.randint(10000, 99999)}<br>Date {_day(draw)}<br>Customer "
        f"{draw.randint(10**6, 10**7 - 1)}</p><table><tr><th>Item<th>Description<th>Quantity<th>Price<th>Amount</tr>"
        f"{body}</table><p class=r><b>Total due {draw.randint(1000, 99999)}.{draw.randint(10, 99)} EUR</b></p>"
        f"<p>IBAN DE{draw.randint(10, 99)} {draw.randint(1000, 9999)} {draw.randint(1000, 9999)} "
        f"{draw.randint(1000, 9999)} {draw.randint(1000, 9999)}</p>",
    )


def _dashboard(draw: Random) -> str:
    dark = draw.random() < 0.5
    ink, paper, card = ("#d8dee9", "#1b1f27", "#262c36") if dark else ("#1f2733", "#eef1f5", "#fff")
    cards = "".join(
        f"<div class=c><small>{name}</small><b>{draw.randint(1000, 99999):,}</b>"
        f"<i>{draw.uniform(-20, 20):+.2f} %</i></div>"
        for name in draw.sample(_MEASURES, 6)
    )
    rows = "".join(
        f"<tr><td>{name}<td>{draw.randint(10000, 99999)}<td>{draw.uniform(1, 99):.2f}<td>{draw.randint(100, 999)} ms"
        f"<td>{draw.choice(_NAMES)}<td>{_day(draw)}</tr>"
        for name in _REGIONS
    )
    bars = "".join(f"<div style='height:{draw.randint(8, 120)}px' class=b></div>" for _ in range(24))
    return _sheet(
        f"body{{font:13px 'DejaVu Sans',sans-serif;color:{ink};background:{paper};margin:18px}}"
        f".c,table,.p{{background:{card};border-radius:6px;padding:12px}}.g{{display:grid;gap:12px;"
        "grid-template-columns:repeat(6,1fr)}.c b{display:block;font-size:24px}.c small,.c i{font-size:11px}"
        "td,th{padding:5px 14px;text-align:left;font-size:12px}.p{display:flex;gap:6px;align-items:flex-end;"
        "height:130px;margin:12px 0}.b{background:#4c8dd6;flex:1}",
        f"<h3>Operations, week {draw.randint(1, 52)}</h3><div class=g>{cards}</div><div class=p>{bars}</div>"
        f"<table width=100%><tr><th>Site<th>Orders<th>Share<th>Latency<th>Owner<th>Since</tr>{rows}</table>",
    )


def _form(draw: Random) -> str:
    fields = {
        "Family name": draw.choice(_NAMES),
        "Date of birth": _day(draw),
        "Policy number": f"{draw.choice('HKLM')}{draw.randint(10**7, 10**8 - 1)}",
        "Street": f"{draw.choice(_STREETS)} {draw.randint(2, 180)}",
        "Postal code": f"{draw.randint(10000, 99999)}",
        "Telephone": f"0{draw.randint(100, 999)} {draw.randint(100000, 999999)}",
        "Vehicle": f"{draw.choice('ABHK')}-{draw.choice('XYZ')} {draw.randint(1000, 9999)}",
        "Mileage": f"{draw.randint(10000, 240000)}",
        "Claim amount": f"{draw.randint(100, 9999)}.{draw.randint(10, 99)}",
        "Case officer": draw.choice(_NAMES),
        "File reference": f"{draw.randint(100, 999)}/{draw.randint(10, 99)}-{draw.randint(1000, 9999)}",
        "Reported on": _day(draw),
    }
    rows = "".join(f"<div><label>{name}</label><span>{value}</span></div>" for name, value in fields.items())
    size = draw.choice((12, 14, 16))
    return _sheet(
        f"body{{font:{size}px 'Liberation Serif',serif;margin:56px}}div{{display:flex;margin:10px 0}}"
        "label{width:200px;font-size:75%;color:#444}span{border:1px solid #777;padding:4px 10px;flex:1}",
        f"<h2>Notice of claim</h2><p><small>Form {draw.randint(100, 999)}-{draw.choice('ABC')}, "
        f"edition {_day(draw)}. Please write in block letters.</small></p>{rows}",
    )


PAPERS: Final[dict[str, Callable[[Random], str]]] = {
    "receipt": _receipt,
    "invoice": _invoice,
    "dashboard": _dashboard,
    "form": _form,
}


def editor(source: str, name: str, draw: Random) -> str:
    """Show `EDITOR_LINES` lines of Python source in an editor, from a line drawn."""
    lines = source.splitlines()
    first = draw.randrange(max(1, len(lines) - EDITOR_LINES))
    dark = draw.random() < 0.5
    ink, paper, side, pale = (
        ("#d4d4d4", "#1e1e1e", "#252526", "#858585") if dark else ("#24292e", "#ffffff", "#f3f3f3", "#8a9199")
    )
    word, string, remark = ("#569cd6", "#ce9178", "#6a9955") if dark else ("#0033b3", "#067d17", "#8c8c8c")
    shown = _coloured(source)[first : first + EDITOR_LINES]
    body = "\n".join(f"<i>{first + 1 + number:>4}</i>  {line}" for number, line in enumerate(shown))
    size = draw.choice((12, 13, 14))
    return _sheet(
        f"body{{margin:0;background:{paper};color:{ink};font:{size}px/1.35 'DejaVu Sans Mono',monospace;"
        f"display:grid;grid-template:30px 1fr 22px/190px 1fr;height:100vh}}"
        "pre{margin:6px;font:inherit;overflow:hidden;min-height:0}"
        f"i{{color:{pale};font-style:normal}}.k{{color:{word}}}.s{{color:{string}}}.r{{color:{remark}}}"
        f"nav,header,footer{{background:{side};color:{pale};font:12px 'DejaVu Sans',sans-serif;padding:7px}}"
        "header{grid-column:1/3}footer{grid-column:1/3;padding:3px 7px;font-size:11px}nav div{margin:5px 0}",
        f"<header>{escape(name)}</header><nav>{''.join(f'<div>{entry}</div>' for entry in _tree(draw))}</nav>"
        f"<pre>{body}</pre><footer>main &nbsp; Ln {first + draw.randint(1, EDITOR_LINES)}, Col "
        f"{draw.randint(1, 79)} &nbsp; Spaces: 4 &nbsp; UTF-8 &nbsp; Python</footer>",
    )


def _coloured(source: str) -> list[str]:
    """The lines of the source as HTML, with keywords, strings and comments marked."""
    lines = source.splitlines()
    marks: dict[int, list[tuple[int, int, str]]] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        mark = _mark(token)
        for number in range(token.start[0], token.end[0] + 1) if mark else ():
            begin = token.start[1] if number == token.start[0] else 0
            end = token.end[1] if number == token.end[0] else len(lines[number - 1])
            marks.setdefault(number, []).append((begin, end, mark))
    return ["".join(_pieces(line, marks.get(number, []))) for number, line in enumerate(lines, 1)]


def _mark(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        return "k"
    return {tokenize.STRING: "s", tokenize.COMMENT: "r"}.get(token.type, "")


def _pieces(line: str, marks: list[tuple[int, int, str]]) -> Iterator[str]:
    reached = 0
    for begin, end, mark in marks:
        yield escape(line[reached:begin])
        yield f"<span class={mark}>{escape(line[begin:end])}</span>"
        reached = end
    yield escape(line[reached:])


def _tree(draw: Random) -> list[str]:
    return [
        f"{draw.choice('abcdeghkmprst')}{draw.choice(('core', 'util', 'parse', 'view', 'test'))}.py" for _ in range(9)
    ]


def _row(left: str, right: str) -> str:
    return f"<tr><td width=220>{left}<td align=right>{right}</tr>"


def _day(draw: Random) -> str:
    return f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(1998, 2026)}"


def _sheet(style: str, body: str) -> str:
    return f"<!doctype html><html><head><meta charset=utf-8><style>{style}</style></head><body>{body}</body></html>"
