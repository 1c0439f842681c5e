"""Pages, bills, forms and screens as a reader would see them: text, where it stands, how large."""

from __future__ import annotations

import unicodedata

from headroom_core.image.reading.lines import ReadLine


def written(text: str, left: int, top: int, em: int = 20, *, right: int | None = None, sure: float = 0.98) -> ReadLine:
    """One line; `right` sets its right edge instead of its left."""
    wide = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.52 for letter in text)
    width = round(wide * em)
    if right is not None:
        left = right - width
    return ReadLine(text=text, box=(left, top, left + width, top + round(1.1 * em)), confidence=sure, em=float(em))


def rows(left: int, top: int, pairs: list[tuple[str, str]], *, value: int, em: int = 20, pitch: int = 32):
    """Labels with their values on the same row."""
    return [
        line
        for at, (label, text) in enumerate(pairs)
        for line in (written(label, left, top + at * pitch, em), written(text, value, top + at * pitch, em))
    ]


def block(left: int, top: int, texts: list[str], em: int = 20, pitch: int = 28):
    return [written(text, left, top + at * pitch, em) for at, text in enumerate(texts)]


def table(lefts: list[int], top: int, cells: list[list[str]], em: int = 20, pitch: int = 34):
    return [
        written(text, left, top + at * pitch, em)
        for at, row in enumerate(cells)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


INVOICE = [
    written("INVOICE", 90, 80, 44),
    *block(90, 170, ["Harbour Tools Ltd", "14 Quay Street", "Bristol BS1 4DJ"]),
    *rows(
        760,
        170,
        [
            ("Invoice No.", "HT-20931"),
            ("Invoice date", "12 May 2024"),
            ("Due date", "11 June 2024"),
            ("PO number", "4471-B"),
        ],
        value=960,
    ),
    *block(90, 340, ["Bill to", "Marlow & Sons", "2 Mill Lane", "Bath BA1 2QR"]),
    *block(520, 340, ["Ship to", "Marlow Warehouse", "Unit 9, Dock Road", "Avonmouth BS11 9HX"]),
    *table(
        [90, 560, 720, 960],
        520,
        [
            ["Description", "Qty", "Unit price", "Amount"],
            ["Bench vice", "2", "48.00", "96.00"],
            ["Torque wrench", "1", "72.50", "72.50"],
            ["Drill press", "1", "310.00", "310.00"],
        ],
    ),
    written("Subtotal", 720, 700),
    written("478.50", 960, 700),
    written("VAT 20%", 720, 734),
    written("95.70", 960, 734),
    written("Shipping", 720, 768),
    written("12.00", 960, 768),
    written("Total", 720, 810, 24),
    written("586.20", 960, 810, 24),
    written("IBAN: GB33 BUKB 2020 1555 5555 55", 90, 900),
    written("Phone: 0117 496 0021", 90, 940),
    written("Thank you for your business", 90, 1000),
]
RECHNUNG = [
    written("Rechnung", 100, 90, 40),
    *rows(
        700,
        200,
        [("Rechnungsnummer:", "2024-0815"), ("Rechnungsdatum:", "03.02.2024"), ("Kundennummer:", "K-1177")],
        value=950,
    ),
    *block(100, 220, ["Lieferadresse", "Anna Vogt", "Lindenweg 4", "50667 Köln"]),
    *table(
        [100, 500, 700, 950],
        460,
        [["Artikel", "Menge", "Preis", "Betrag"], ["Leiter", "1", "89,00", "89,00"], ["Eimer", "3", "4,00", "12,00"]],
    ),
    *rows(700, 600, [("Zwischensumme", "101,00"), ("MwSt. 19%", "19,19"), ("Gesamtbetrag", "120,19")], value=950),
    written("Zahlbar bis: 17.02.2024", 100, 760),
]
RECEIPT = [
    written("CORNER CAFE", 120, 40, 34),
    *rows(60, 140, [("Flat white", "3.40"), ("Croissant", "2.80")], value=420, em=22, pitch=36),
    written("Subtotal 6.20", 60, 240, 22),
    written("Tax 0.62", 60, 276, 22),
    written("TOTAL 6.82", 60, 320, 26),
    written("Cash 10.00", 60, 362, 22),
    written("Change due 3.18", 60, 398, 22),
    written("Order no: 118", 60, 460, 22),
]
FORM = [
    written("Registration form", 80, 60, 36),
    *block(80, 160, ["Full name", "Ines Ferreira"], 22, 32),
    *block(520, 160, ["Date of birth", "09/11/1988"], 22, 32),
    *block(80, 280, ["Email address", "ines@example.org"], 22, 32),
    *block(520, 280, ["Phone number", "+351 21 555 0199"], 22, 32),
    *block(80, 400, ["Passport number", "CB448120"], 22, 32),
    *block(520, 400, ["Nationality", "Portuguese"], 22, 32),
    *block(80, 520, ["Emergency contact", "Rui Ferreira, +351 91 555 0144"], 22, 32),
]
TERMINAL = block(
    20,
    20,
    [
        "$ python build.py --release",
        "reading config from build.toml",
        "compiling 214 modules",
        "linking libharbour.so",
        "ValueError: unknown target 'arm7'",
        "$ echo $?",
        "1",
    ],
    18,
    26,
)
EDITOR = [
    line
    for at, text in enumerate(
        [
            "import json",
            "",
            "def load(path):",
            "    with open(path) as file:",
            "        return json.load(file)",
            "",
            "def save(path, value):",
            "    path.write_text(json.dumps(value))",
        ]
    )
    for line in (written(str(at + 10), 20, 20 + 28 * at, 18), *([written(text, 80, 20 + 28 * at, 18)] if text else []))
]
DASHBOARD = [
    written("Fleet overview", 40, 30, 36),
    *block(60, 120, ["Active vehicles", "1,284"], 22, 40),
    *block(460, 120, ["Fuel cost", "48,210 EUR"], 22, 40),
    *block(860, 120, ["Open incidents", "17"], 22, 40),
    written("Average speed: 62 km/h", 60, 300, 22),
    written("Last refresh: 14:05", 860, 300, 22),
]
ARTICLE = [
    written("The quiet return of the river otter", 80, 60, 44),
    *block(
        80,
        160,
        [
            "For decades the otter was a stranger to the lowland rivers of the county, and",
            "only the oldest anglers could say where the last holt had been. That changed",
        ],
        20,
    ),
    written("Why they came back", 80, 280, 28),
    *block(
        80,
        330,
        [
            "Cleaner water brought the fish, and the fish brought the otter. A survey of",
            "forty bridges found signs at twenty-nine of them, against three in 1984.",
        ],
        20,
    ),
    written("What comes next", 80, 450, 28),
    *block(
        80,
        500,
        [
            "The county now plans underpasses at eleven crossings, where road deaths",
            "are the main threat that remains to a growing population of otters.",
        ],
        20,
    ),
]
FACTURE = [
    written("FACTURE", 80, 60, 40),
    *rows(640, 160, [("Facture n°", "F-3302"), ("Date d'échéance", "30/09/2024")], value=860),
    *block(80, 160, ["Adresse de livraison", "Paul Girard", "8 rue des Halles", "69002 Lyon"]),
    *rows(640, 520, [("Total HT", "250,00 €"), ("TVA 20 %", "50,00 €"), ("Total TTC", "300,00 €")], value=860),
]
FAPIAO = [
    written("电子发票", 400, 40, 40),
    written("发票号码：24317000", 700, 120, 22),
    written("开票日期：2024年3月8日", 700, 160, 22),
    *table(
        [60, 400, 560, 800],
        260,
        [["项目名称", "数量", "单价", "金额"], ["咖啡豆", "2", "80.00", "160.00"], ["滤纸", "1", "20.00", "20.00"]],
        22,
    ),
    written("合计", 560, 420, 22),
    written("¥180.00", 800, 420, 22),
    written("付款方式：微信", 60, 480, 22),
]
DIALOG = [
    written("Printer settings", 40, 30, 26),
    *rows(40, 100, [("Paper size", "A4"), ("Copies", "2"), ("Resolution", "600 dpi"), ("Duplex", "Off")], value=300),
    written("Save", 300, 300),
    written("Cancel", 420, 300),
]
LETTER = [
    *block(90, 80, ["Northgate Housing", "Reference: NH/88/214", "Date: 4 March 2024"]),
    written("Notice of inspection", 90, 220, 30),
    *block(
        90,
        290,
        [
            "Dear tenant,",
            "we will inspect the boiler in your flat on 19 March between 9 and 11 o'clock.",
            "Please make sure that somebody is at home. Yours, M. Okafor",
        ],
        20,
    ),
]
ARABIC = [
    written("فاتورة", 0, 40, 40, right=900),
    written("رقم الفاتورة", 0, 140, 22, right=900),
    written("5521", 0, 140, 22, right=700),
    written("المجموع", 0, 300, 22, right=900),
    written("٤٥٠ ريال", 0, 300, 22, right=700),
]

BOARDING = [
    written("BOARDING PASS", 40, 30, 34),
    *block(40, 110, ["Passenger", "Lena Hofer"], 22, 32),
    *block(400, 110, ["Flight", "OS 412"], 22, 32),
    *block(640, 110, ["Date", "21 JUN"], 22, 32),
    *block(40, 220, ["From", "Vienna VIE"], 22, 32),
    *block(400, 220, ["To", "Paris CDG"], 22, 32),
    *block(40, 330, ["Gate", "F07"], 22, 32),
    *block(240, 330, ["Boarding time", "06:35"], 22, 32),
    *block(500, 330, ["Seat", "14C"], 22, 32),
    written("Booking reference: 8KQ2ZP", 40, 440, 22),
]
LAB = [
    written("Laboratory report", 60, 40, 34),
    *rows(
        60,
        110,
        [("Patient", "J. Moreau"), ("Sample ID", "LX-7781"), ("Collected", "02/04/2024 08:10")],
        value=300,
        em=20,
    ),
    *table(
        [60, 360, 520, 700],
        240,
        [
            ["Test", "Result", "Unit", "Range"],
            ["Glucose", "5.4", "mmol/L", "3.9-5.6"],
            ["Sodium", "139", "mmol/L", "135-145"],
            ["Ferritin", "18", "ug/L", "20-250"],
        ],
    ),
    written("Comment: ferritin slightly low", 60, 420),
    written("Signed: Dr. P. Adler", 60, 470),
]
SETTINGS = [
    written("Network", 40, 30, 32),
    *rows(
        40,
        110,
        [
            ("Wi-Fi name", "Attic-5G"),
            ("IP address", "192.168.1.23"),
            ("Subnet mask", "255.255.255.0"),
            ("Router", "192.168.1.1"),
            ("DNS", "9.9.9.9"),
        ],
        value=420,
        em=22,
        pitch=44,
    ),
    written("Forget this network", 40, 360, 22),
    written("Connected", 40, 420, 22),
]
TICKET = [
    written("BOULANGERIE DU PORT", 80, 30, 30),
    *rows(40, 110, [("Baguette", "1,20"), ("Croissant", "2,60")], value=360, em=22, pitch=34),
    written("TOTAL TTC 3,80 €", 40, 200, 24),
    written("TVA 5,5 % 0,20", 40, 240, 22),
    written("CB 3,80", 40, 280, 22),
    written("Merci de votre visite", 40, 340, 22),
]
CARD = [
    written("Dr. Maya Lindqvist", 60, 60, 30),
    written("Chief engineer", 60, 110, 22),
    written("Tel: +46 8 555 010 22", 60, 180, 20),
    written("E-mail: maya@lind.example", 60, 212, 20),
    written("Kungsgatan 8, Stockholm", 60, 244, 20),
]

SIZES = dict.fromkeys(("INVOICE", "RECHNUNG", "FACTURE", "FAPIAO", "DASHBOARD", "ARTICLE", "LETTER"), (1240, 1100))
LAYOUTS = {
    name: (lines, SIZES.get(name, (1000, 700)))
    for name, lines in {
        "INVOICE": INVOICE,
        "RECHNUNG": RECHNUNG,
        "RECEIPT": RECEIPT,
        "FORM": FORM,
        "TERMINAL": TERMINAL,
        "EDITOR": EDITOR,
        "DASHBOARD": DASHBOARD,
        "ARTICLE": ARTICLE,
        "FACTURE": FACTURE,
        "FAPIAO": FAPIAO,
        "DIALOG": DIALOG,
        "LETTER": LETTER,
        "ARABIC": ARABIC,
        "BOARDING": BOARDING,
        "LAB": LAB,
        "SETTINGS": SETTINGS,
        "TICKET": TICKET,
        "CARD": CARD,
    }.items()
}
