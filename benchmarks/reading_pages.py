"""Pages whose words are known: written here as HTML, shown by Chromium, so that a reader is judged by the true text."""

# Words and pages are kept whole, one a line.
# ruff: noqa: E501

from __future__ import annotations

import html
import random
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LICENCE = Path("/usr/share/common-licenses/Apache-2.0")
HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Sheet:
    """One page: how it looks, what it says, and whether it may be transcribed."""

    name: str
    group: str
    page: str
    text: str
    size: tuple[int, int] = (1240, 1754)
    kind: str = "document"
    rows: tuple[tuple[str, ...], ...] = ()
    refuse: bool = False
    structure: bool = False
    numbers: tuple[str, ...] = field(default=())


RIGHTS = {
    "english": "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood. Everyone is entitled to all the rights and freedoms set forth in this Declaration, without distinction of any kind, such as race, colour, sex, language, religion, political or other opinion, national or social origin, property, birth or other status. Everyone has the right to life, liberty and security of person.",
    "german": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen. Jeder hat Anspruch auf alle in dieser Erklärung verkündeten Rechte und Freiheiten, ohne irgendeinen Unterschied, etwa nach Rasse, Hautfarbe, Geschlecht, Sprache, Religion, politischer oder sonstiger Anschauung, nationaler oder sozialer Herkunft, Vermögen, Geburt oder sonstigem Stand. Jeder hat das Recht auf Leben, Freiheit und Sicherheit der Person.",
    "french": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité. Chacun peut se prévaloir de tous les droits et de toutes les libertés proclamés dans la présente Déclaration, sans distinction aucune, notamment de race, de couleur, de sexe, de langue, de religion, d'opinion politique ou de toute autre opinion, d'origine nationale ou sociale, de fortune, de naissance ou de toute autre situation.",
    "spanish": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros. Toda persona tiene todos los derechos y libertades proclamados en esta Declaración, sin distinción alguna de raza, color, sexo, idioma, religión, opinión política o de cualquier otra índole, origen nacional o social, posición económica, nacimiento o cualquier otra condición. Todo individuo tiene derecho a la vida, a la libertad y a la seguridad de su persona.",
    "czech": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství. Každý má všechna práva a všechny svobody, stanovené touto deklarací, bez jakéhokoli rozlišování, zejména podle rasy, barvy, pohlaví, jazyka, náboženství, politického nebo jiného smýšlení, národnostního nebo sociálního původu, majetku, rodu nebo jiného postavení. Každý má právo na život, svobodu a osobní bezpečnost.",
    "polish": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa. Każdy człowiek posiada wszystkie prawa i wolności zawarte w niniejszej Deklaracji bez względu na różnice rasy, koloru, płci, języka, wyznania, poglądów politycznych i innych, narodowości, pochodzenia społecznego, majątku, urodzenia lub jakiegokolwiek innego stanu.",
    "turkish": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler. Herkes, ırk, renk, cinsiyet, dil, din, siyasi veya diğer herhangi bir akide, milli veya içtimai menşe, servet, doğuş veya herhangi diğer bir fark gözetilmeksizin işbu Beyannamede ilan olunan tekmil haklardan ve bütün hürriyetlerden istifade edebilir.",
    "vietnamese": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền. Mọi con người đều được tạo hóa ban cho lý trí và lương tâm và cần phải đối xử với nhau trong tình bằng hữu. Mọi người đều được hưởng tất cả những quyền và tự do nêu trong Bản tuyên ngôn này, không phân biệt chủng tộc, màu da, giới tính, ngôn ngữ, tôn giáo, quan điểm chính trị hay quan điểm khác, nguồn gốc quốc gia hay xã hội, tài sản, thành phần xuất thân hay địa vị xã hội.",
    "russian": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства. Каждый человек должен обладать всеми правами и всеми свободами, провозглашенными настоящей Декларацией, без какого бы то ни было различия, как-то в отношении расы, цвета кожи, пола, языка, религии, политических или иных убеждений, национального или социального происхождения, имущественного, сословного или иного положения.",
    "greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης. Κάθε άνθρωπος δικαιούται να επικαλείται όλα τα δικαιώματα και όλες τις ελευθερίες που προκηρύσσει η παρούσα Διακήρυξη, χωρίς καμία απολύτως διάκριση.",
    "arabic": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا بروح الإخاء. لكل إنسان حق التمتع بكافة الحقوق والحريات الواردة في هذا الإعلان، دون أي تمييز، كالتمييز بسبب العنصر أو اللون أو الجنس أو اللغة أو الدين أو الرأي السياسي أو أي رأي آخر.",
    "hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए। सभी को इस घोषणा में सन्निहित सभी अधिकारों और आज़ादियों को प्राप्त करने का हक़ है।",
    "korean": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다. 모든 사람은 인종, 피부색, 성, 언어, 종교, 정치적 또는 기타의 견해, 민족적 또는 사회적 출신, 재산, 출생 또는 기타의 신분과 같은 어떠한 종류의 차별이 없이, 이 선언에 규정된 모든 권리와 자유를 향유할 자격이 있다.",
    "chinese": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。人人有资格享有本宣言所载的一切权利和自由,不分种族、肤色、性别、语言、宗教、政治或其他见解、国籍或社会出身、财产、出生或其他身分等任何区别。人人有权享有生命、自由和人身安全。任何人不得使为奴隶或奴役;一切形式的奴隶制度和奴隶买卖,均应予以禁止。",
    "japanese": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。すべて人は、人種、皮膚の色、性、言語、宗教、政治上その他の意見、国民的若しくは社会的出身、財産、門地その他の地位又はこれに類するいかなる事由による差別をも受けることなく、この宣言に掲げるすべての権利と自由とを享有することができる。",
}
REFUSED = frozenset({"vietnamese", "russian", "greek", "arabic", "hindi", "korean"})
MIXED = "Для установки выполните команду pip install headroom-ai и проверьте версию Python 3.11. Затем запустите headroom compress --model gpt-4o файл.png и посмотрите отчёт. Ошибки сети (timeout, HTTP 429) повторяются автоматически до 3 раз."

_STYLE = "body{{margin:{margin}px;background:{back};color:{ink};font:{size}px/{line} {face};width:{width}px}}"


def styled(
    body: str,
    *,
    width: int = 1240,
    margin: int = 90,
    size: int = 20,
    face: str = "'Liberation Serif'",
    line: float = 1.4,
    back: str = "#fff",
    ink: str = "#111",
    css: str = "",
) -> str:
    """An HTML page with a look."""
    inner = width - 2 * margin
    style = _STYLE.format(margin=margin, back=back, ink=ink, size=size, face=face, line=line, width=inner)
    return f"<!doctype html><meta charset=utf-8><style>{style}h1{{font-size:1.6em}}{css}</style>{body}"


def licence(paragraphs: slice) -> list[str]:
    """Paragraphs of the Apache licence, one line each."""
    text = LICENCE.read_text()
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()][paragraphs]


def prose() -> list[Sheet]:
    """Running text: a full A4 page at 150 dpi, small print, dark mode, two columns."""
    full, short = licence(slice(2, 21)), licence(slice(6, 14))
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in full)
    sheets = [Sheet("a4_serif", "English prose", styled(paragraphs, size=19, line=1.25), "\n".join(full))]
    sheets.append(
        Sheet(
            "a4_sans_small",
            "English prose",
            styled(paragraphs, size=15, face="'Liberation Sans'", line=1.3),
            "\n".join(full),
        )
    )
    some = "".join(f"<p>{html.escape(part)}</p>" for part in short)
    sheets.append(
        Sheet(
            "web_dark",
            "English prose",
            styled(some, width=1100, margin=40, size=16, face="'DejaVu Sans'", back="#16181d", ink="#d6d9df"),
            "\n".join(short),
            size=(1100, 1100),
            kind="screenshot",
        )
    )
    half = [licence(slice(6, 10)), licence(slice(10, 15))]
    columns = "".join(
        f"<div style='width:490px;float:left;margin-right:60px'>{''.join(f'<p>{html.escape(p)}</p>' for p in side)}</div>"
        for side in half
    )
    sheets.append(
        Sheet(
            "two_columns",
            "columns",
            styled(columns, margin=70, size=19, css="div:last-child{margin-right:0}"),
            "\n".join(half[0] + half[1]),
            size=(1240, 1500),
        )
    )
    return sheets


def languages() -> list[Sheet]:
    """The first articles of the Universal Declaration of Human Rights (United Nations, public) in many languages."""
    sheets = []
    for name, words in RIGHTS.items():
        direction = " dir=rtl" if name == "arabic" else ""
        face = (
            "'WenQuanYi Zen Hei'" if name in ("chinese", "japanese", "korean") else "'DejaVu Serif','Lohit Devanagari'"
        )
        text = "\n".join([words] * 2)
        body = f"<h1{direction}>{words[:40]}</h1><p{direction}>{words}</p><p{direction}>{words}</p>"
        refuse = name in REFUSED
        group = "refused scripts" if refuse else "Han and kana" if "WenQuan" in face else f"Latin: {name}"
        sheets.append(
            Sheet(
                f"rights_{name}",
                group,
                styled(body, width=1000, margin=60, size=20, face=face, line=1.5),
                f"{words[:40]}\n{text}",
                size=(1000, 760),
                refuse=refuse,
            )
        )
    mixed = styled(f"<p>{MIXED}</p>" * 3, width=1000, margin=60, size=20, face="'DejaVu Sans'")
    sheets.append(
        Sheet("mixed_russian", "refused scripts", mixed, "\n".join([MIXED] * 3), size=(1000, 620), refuse=True)
    )
    return sheets


def tables() -> list[Sheet]:
    """Tables, ruled and aligned, with digits drawn from a seed."""
    chance = random.Random(7)
    goods = [
        "Steel bolts M8",
        "Copper wire 2.5 mm",
        "Hex nuts",
        "Sealing ring",
        "Cable ties",
        "Fuse 16 A",
        "Relay 24 V",
        "Terminal block",
        "DIN rail 1 m",
        "Heat shrink",
        "Crimp lugs",
        "Junction box",
        "Socket IP44",
        "Switch 2-way",
    ]
    head = ("Item", "Order no.", "Qty", "Unit", "Total")
    rows = [head]
    for good in goods:
        count, cents = chance.randint(1, 60), chance.randint(40, 9900)
        number = f"{chance.choice('ABKX')}-{chance.randint(10000, 99999)}"
        rows.append((good, number, str(count), f"{cents / 100:.2f}", f"{count * cents / 100:,.2f}"))
    sheets = []
    for name, css in (
        ("ruled", "td,th{border:1px solid #555;padding:6px 12px}"),
        ("aligned", "td,th{padding:6px 22px 6px 0}"),
    ):
        look = (
            css
            + "table{border-collapse:collapse}td:nth-child(n+3),th:nth-child(n+3){text-align:right}th{text-align:left}"
        )
        cells = "".join(
            "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
            for tag, row in (("th" if row is head else "td", row) for row in rows)
        )
        intro = "Invoice 2024-00817, delivered on 14 March to the works in Kiel."
        body = f"<h1>Delivery note</h1><p>{intro}</p><table>{cells}</table>"
        text = "\n".join(["Delivery note", intro, *(" ".join(row) for row in rows)])
        sheets.append(
            Sheet(
                f"table_{name}",
                "tables",
                styled(body, width=1000, margin=60, size=19, face="'Liberation Sans'", css=look),
                text,
                size=(1000, 860),
                rows=tuple(rows),
                structure=True,
                numbers=tuple(cell for row in rows[1:] for cell in row[1:]),
            )
        )
    quarters = [("Region", "Q1", "Q2", "Q3", "Q4", "Sum")]
    for region in ("North", "South", "East", "West", "Overseas", "Online"):
        values = [chance.randint(100, 9999) for _ in range(4)]
        quarters.append((region, *map(str, values), str(sum(values))))
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in quarters)
    css = "table{border-collapse:collapse;width:100%}td{padding:14px 10px;border-bottom:1px solid #ddd}td:nth-child(n+2){text-align:right}"
    sheets.append(
        Sheet(
            "table_wide",
            "tables",
            styled(f"<table>{cells}</table>", width=1200, margin=40, size=22, face="'DejaVu Sans'", css=css),
            "\n".join(" ".join(row) for row in quarters),
            size=(1200, 460),
            rows=tuple(quarters),
            structure=True,
            numbers=tuple(cell for row in quarters[1:] for cell in row[1:]),
        )
    )
    return sheets


def screens() -> list[Sheet]:
    """Code, a terminal, a receipt, a form."""
    source = (HERE / "headroom_core" / "formats" / "notes.py").read_text().rstrip()
    code = f"<pre>{html.escape(source)}</pre>"
    sheets = [
        Sheet(
            "code_light",
            "code and terminals",
            styled(code, width=1100, margin=30, size=16, face="'DejaVu Sans Mono'"),
            source,
            size=(1100, 640),
            kind="screenshot",
        ),
        Sheet(
            "code_dark",
            "code and terminals",
            styled(code, width=1100, margin=30, size=14, face="'Liberation Mono'", back="#1e1e1e", ink="#d4d4d4"),
            source,
            size=(1100, 560),
            kind="screenshot",
        ),
    ]
    chance = random.Random(11)
    listing = ["total 148"]
    for name in (
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "benchmarks",
        "docs",
        "examples",
        "noxfile.py",
        "tests",
    ):
        size = chance.randint(900, 99999)
        listing.append(
            f"-rw-r--r-- 1 dev dev {size:>6} Mar {chance.randint(1, 28):>2} {chance.randint(0, 23):02}:{chance.randint(0, 59):02} {name}"
        )
    terminal = "$ ls -l\n" + "\n".join(listing) + "\n$ git status --short\n M README.md\n?? notes.txt"
    sheets.append(
        Sheet(
            "terminal",
            "code and terminals",
            styled(
                f"<pre>{html.escape(terminal)}</pre>",
                width=900,
                margin=20,
                size=16,
                face="'DejaVu Sans Mono'",
                back="#000",
                ink="#e0e0e0",
            ),
            terminal,
            size=(900, 420),
            kind="screenshot",
            numbers=tuple(line.split()[4] for line in listing[1:]),
        )
    )
    goods = [
        (name, f"{chance.randint(50, 2500) / 100:.2f}")
        for name in ("Milk 1.5 %", "Rye bread", "Butter", "Apples 1 kg", "Coffee", "Soap", "Rice 500 g")
    ]
    total = f"{sum(float(price) for _, price in goods):.2f}"
    lines = [
        ("Subtotal", total),
        ("VAT 7 %", f"{float(total) * 0.07:.2f}"),
        ("TOTAL EUR", f"{float(total) * 1.07:.2f}"),
    ]
    spans = "".join(
        f"<div style='display:flex;justify-content:space-between'><span>{a}</span><span>{b}</span></div>"
        for a, b in goods + lines
    )
    body = f"<h2 style='text-align:center'>CORNER SHOP</h2><div>14.03.2024 17:52 No. 004417</div><hr>{spans}<hr><div>Thank you for your visit</div>"
    text = "\n".join(
        [
            "CORNER SHOP",
            "14.03.2024 17:52 No. 004417",
            *(f"{a} {b}" for a, b in goods + lines),
            "Thank you for your visit",
        ]
    )
    sheets.append(
        Sheet(
            "receipt",
            "receipts and forms",
            styled(body, width=480, margin=24, size=20, face="'DejaVu Sans Mono'"),
            text,
            size=(480, 620),
            rows=tuple(goods + lines),
            numbers=tuple(price for _, price in goods + lines),
            structure=True,
        )
    )
    fields = [
        ("First name", "Marta"),
        ("Last name", "Okonkwo"),
        ("Date of birth", "09.11.1987"),
        ("Street", "Lindenweg 42"),
        ("Postcode", "24103"),
        ("City", "Kiel"),
        ("Policy number", "KX-4471-0093"),
        ("Telephone", "+49 431 5550 172"),
    ]
    body = "<h1>Claim form</h1>" + "".join(
        f"<div style='margin:14px 0'><span style='display:inline-block;width:230px'>{a}:</span>{b}</div>"
        for a, b in fields
    )
    sheets.append(
        Sheet(
            "form",
            "receipts and forms",
            styled(body, width=800, margin=50, size=20, face="'Liberation Sans'"),
            "\n".join(["Claim form", *(f"{a}: {b}" for a, b in fields)]),
            size=(800, 600),
            rows=tuple(fields),
            numbers=("09.11.1987", "24103", "KX-4471-0093", "+49 431 5550 172"),
            structure=True,
        )
    )
    return sheets


def refused() -> list[Sheet]:
    """What must stay an image: ticks, formulas, a picture on the page, drawn curves, a signature."""
    boxes = "".join(
        f"<div style='margin:12px'><span style='display:inline-block;width:16px;height:16px;border:2px solid #222;margin-right:12px;"
        f"{'background:linear-gradient(45deg,transparent 42%,#222 42% 58%,transparent 58%),linear-gradient(-45deg,transparent 42%,#222 42% 58%,transparent 58%)' if i % 3 else ''}'></span>{name}</div>"
        for i, name in enumerate(
            [
                "Fire insurance",
                "Water damage",
                "Theft and burglary",
                "Glass breakage",
                "Storm and hail",
                "Liability of owners",
            ]
        )
    )
    look = {"width": 900, "margin": 50, "size": 20, "face": "'Liberation Sans'"}
    para = licence(slice(6, 8))
    prose_html = "".join(f"<p>{html.escape(p)}</p>" for p in para)
    curve = "".join(f"{60 + x},{220 - 160 * abs((x % 190) - 95) / 95:.0f} " for x in range(0, 700, 5))
    chart = (
        f"<svg width=800 height=300><polyline points='{curve}' fill=none stroke=#1f77b4 stroke-width=3 />"
        + "".join(f"<text x={50 + 100 * i} y=260 font-size=16>{2015 + i}</text>" for i in range(8))
        + "</svg>"
    )
    photo = "".join(
        f"<i style='position:absolute;left:{random.Random(i).randint(0, 760)}px;top:{random.Random(i + 999).randint(0, 300)}px;width:90px;height:90px;"
        f"border-radius:45px;background:rgb({random.Random(i).randint(0, 255)},{random.Random(i + 1).randint(0, 255)},{random.Random(i + 2).randint(0, 255)})'></i>"
        for i in range(120)
    )
    maths = (
        "<p>The normal density is</p><math display=block style='font-size:30px'><mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo><mfrac><mn>1</mn>"
        "<mrow><mi>σ</mi><msqrt><mn>2</mn><mi>π</mi></msqrt></mrow></mfrac><msup><mi>e</mi><mrow><mo>-</mo><mfrac><mrow><mo>(</mo><mi>x</mi><mo>-</mo>"
        "<mi>μ</mi><msup><mo>)</mo><mn>2</mn></msup></mrow><mrow><mn>2</mn><msup><mi>σ</mi><mn>2</mn></msup></mrow></mfrac></mrow></msup></math>"
        "<p>and its moments are</p><math display=block style='font-size:30px'><mi>E</mi><mo>[</mo><msup><mi>X</mi><mi>k</mi></msup><mo>]</mo><mo>=</mo>"
        "<munderover><mo>∫</mo><mrow><mo>-</mo><mi>∞</mi></mrow><mi>∞</mi></munderover><msup><mi>x</mi><mi>k</mi></msup><mi>f</mi><mo>(</mo><mi>x</mi>"
        "<mo>)</mo><mi>d</mi><mi>x</mi></math><p>Summation over all states gives</p><math display=block style='font-size:30px'><munderover><mo>∑</mo>"
        "<mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msub><mi>p</mi><mi>i</mi></msub><mo>=</mo><mn>1</mn></math>"
    )
    pen = "<svg width=400 height=120><path d='M10,90 C40,10 60,10 70,80 S110,20 120,80 S160,30 170,85 S210,10 240,80 S300,60 380,40' fill=none stroke=#123 stroke-width=4 /></svg>"
    bars = "".join(
        f"<i style='display:inline-block;width:60px;margin:10px;height:{h}px;background:#4c72b0'></i>"
        for h in (80, 160, 120, 220, 60, 190)
    )
    return [
        Sheet(
            "ticks",
            "must stay images",
            styled(f"<h1>Insured risks</h1>{boxes}", **look),
            "",
            size=(900, 460),
            refuse=True,
        ),
        Sheet("maths", "must stay images", styled(maths, **look), "", size=(900, 560), refuse=True),
        Sheet(
            "page_with_photo",
            "must stay images",
            styled(f"{prose_html}<div style='position:relative;height:400px'>{photo}</div>{prose_html}", **look),
            "",
            size=(900, 1100),
            refuse=True,
        ),
        Sheet(
            "page_with_curve",
            "must stay images",
            styled(f"{prose_html}{chart}{prose_html}", **look),
            "",
            size=(900, 1000),
            refuse=True,
        ),
        Sheet(
            "page_with_bars",
            "must stay images",
            styled(f"{prose_html}<div>{bars}</div>{prose_html}", **look),
            "",
            size=(900, 1000),
            refuse=True,
        ),
        Sheet(
            "signature",
            "must stay images",
            styled(f"{prose_html}{pen}<p>Signed in Kiel, 14 March</p>", **look),
            "",
            size=(900, 560),
            refuse=True,
        ),
        Sheet("one_word", "must stay images", styled("<h1>Exit</h1>", **look), "", size=(900, 300), refuse=True),
    ]


def sheets() -> list[Sheet]:
    """Every page."""
    return [*prose(), *languages(), *tables(), *screens(), *refused()]


def shown(sheet: Sheet, *, browser: str = "chromium") -> bytes:
    """A page as PNG, as Chromium shows it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(sheet.page)
        width, height = sheet.size
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return target.read_bytes()
