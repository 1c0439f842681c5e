"""The tables at a fixed width, as a person reads them."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot
from PIL import Image

from headroom.cli.account import Row, Tally, show
from headroom.cli.terminal import output
from headroom_core.blocks import Picture, Replacement, Shape, Text
from headroom_core.image import Attachment, Decision, Need, Outcome, Technique
from tests.cli.conftest import Headroom
from tests.core.pictures import as_bytes

Size = tuple[int, int]


def png(width: int, height: int) -> Picture:
    return Picture(as_bytes(Image.new("L", (width, height)), "PNG"), "image/png")


def outcome(
    decision: Decision, tokens: tuple[int, int] | None, sizes: tuple[Size | None, ...] | None, *parts: Picture | Text
) -> Outcome:
    return Outcome(
        (), Shape.OPENAI_CHAT, 0, decision,
        *(tokens or (None, None)),
        size_before=sizes[0] if sizes else None,
        size_after=sizes[-1] if sizes else None,
        replacement=Replacement(parts) if parts else None,
    )  # fmt: skip


LINES = ("[OCR from image] image 3, 1240x1754 px; 2 lines", "│ Dear Sir,", "│ yours")
NAMED = [Row.of(*one) for one in (
    ("photo.jpg", outcome(
        Decision(Technique.FULL_LOW, "gist only: 512 px serve it", setting="low"), (1105, 85), ((3000, 1688),)
    )),
    ("scan of the letter 2026-11-21.png", outcome(
        Decision(Technique.PRESERVE, "the question needs exact strings"), (2835, 2835), ((1240, 1754),)
    )),
    ("letter.png", outcome(
        Decision(Technique.TRANSCODE, "2 lines were read, confidence 0.97", serves=(Need.TEXT,)),
        (2835, 310), ((1240, 1754), None), Text("\n".join(LINES)),
    )),
    ("screen.png", outcome(
        Decision(Technique.CROP, "the region can be located", box=(0, 0, 960, 540), size=(960, 540), overview=True,
                 serves=(Need.NONE,)),
        (2691, 1080), ((1920, 1080), (960, 540)), Text("[Headroom] a part"), png(960, 540), png(512, 288),
    )),
    ("margins.png", outcome(
        Decision(Technique.CROP, "its margins are blank", box=(90, 90, 1150, 1640), size=(1060, 1550)),
        (2835, 2128), ((1240, 1754), (1060, 1550)), Text("[Headroom] the blank margins"), png(1060, 1550),
    )),
    ("again.png", outcome(
        Decision(Technique.PRESERVE, "the same picture as image 4, pixel by pixel", same_as=3),
        (2691, 28), ((1920, 1080), None), Text("[Headroom] this picture is the same as image 4"),
    )),
    ("changed.png", outcome(
        Decision(Technique.CROP, "only a part differs from image 4", box=(0, 0, 96, 64), size=(96, 64), same_as=3),
        (2691, 60), ((1920, 1080), (96, 64)), Text("[Headroom] this picture is the same as image 4"), png(96, 64),
    )),
    ("wall.png", outcome(
        Decision(Technique.PRESERVE, "9000 px on a side; Anthropic refuses more than 8000 px: repaired", repair=True),
        (4784, 4761), ((9000, 9000), (8000, 8000)),
    )),
    ("https", outcome(Decision(Technique.PRESERVE, "behind a URL, which is never fetched"), None, None)),
)]  # fmt: skip
AGAIN = (
    Attachment((2, "content"), (), 1, "image 1 again", 1105),
    Attachment((4, "content"), (), 2, "a part", 310, None, (0, 0, 96, 64)),
)


def shown(columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    tally = Tally()
    for row in NAMED:
        tally.add(row.outcome)
    for one in AGAIN:
        tally.attach(one)
    show(output(), NAMED, [one.words("image 1") for one in AGAIN])
    output().print(tally.words("claude-opus-5-5"))
    return capsys.readouterr().out


def test_the_account_at_80_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(80, monkeypatch, capsys) == snapshot("""\
╭────────────────┬────────────┬─────────────┬─────────┬───────┬────────────────╮
│ image          │ decision   │        sent │  tokens │ saved │ why            │
├────────────────┼────────────┼─────────────┼─────────┼───────┼────────────────┤
│ photo.jpg      │ full_low   │   3000×1688 │   1,105 │   92% │ gist only: 512 │
│                │ set: low   │             │    → 85 │       │ px serve it    │
│ scan of the    │ preserve   │   1240×1754 │   2,835 │     – │ the question   │
│ letter         │            │             │         │       │ needs exact    │
│ 2026-11-21.png │            │             │         │       │ strings        │
│ letter.png     │ transcode  │   1240×1754 │   2,835 │   89% │ 2 lines were   │
│                │            │   → 2 lines │   → 310 │       │ read,          │
│                │            │             │         │       │ confidence     │
│                │            │             │         │       │ 0.97           │
│ screen.png     │ crop       │   1920×1080 │   2,691 │   60% │ the region can │
│                │ + overview │   → 960×540 │ → 1,080 │       │ be located     │
│                │            │   + 512×288 │         │       │                │
│ margins.png    │ crop       │   1240×1754 │   2,835 │   25% │ its margins    │
│                │ trimmed    │ → 1060×1550 │ → 2,128 │       │ are blank      │
│ again.png      │ preserve   │   1920×1080 │   2,691 │   99% │ the same       │
│                │ same as    │    → a note │    → 28 │       │ picture as     │
│                │ image 4    │             │         │       │ image 4, pixel │
│                │            │             │         │       │ by pixel       │
│ changed.png    │ crop       │   1920×1080 │   2,691 │   98% │ only a part    │
│                │ rest as    │     → 96×64 │    → 60 │       │ differs from   │
│                │ image 4    │             │         │       │ image 4        │
│ wall.png       │ preserve   │   9000×9000 │   4,784 │   <1% │ 9000 px on a   │
│                │ repaired   │ → 8000×8000 │ → 4,761 │       │ side;          │
│                │            │             │         │       │ Anthropic      │
│                │            │             │         │       │ refuses more   │
│                │            │             │         │       │ than 8000 px:  │
│                │            │             │         │       │ repaired       │
│ https          │ preserve   │           ? │       ? │     – │ behind a URL,  │
│                │            │             │         │       │ which is never │
│                │            │             │         │       │ fetched        │
╰────────────────┴────────────┴─────────────┴─────────┴───────┴────────────────╯
Attached again: image 1, whole, with the question in turn 2, 1,105 tokens.
Attached again: image 1, its part of 96×64 px, with the question in turn 3, 310 \n\
tokens.
claude-opus-5-5: 22,467 → 12,702 image tokens, 43% saved; 2 of 9 left alone. 2 \n\
come again with a later question, for 1,415 tokens, counted here. 1 of unknown \n\
size not counted.
""")


def test_the_account_at_60_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(60, monkeypatch, capsys) == snapshot("""\
photo.jpg
  full_low, set: low: 3000×1688 px, 1,105 → 85 tokens, 92%
  saved
  gist only: 512 px serve it

scan of the letter 2026-11-21.png
  preserve: 1240×1754 px, 2,835 tokens
  the question needs exact strings

letter.png
  transcode: 1240×1754 → 2 lines, 2,835 → 310 tokens, 89%
  saved
  2 lines were read, confidence 0.97

screen.png
  crop + overview: 1920×1080 → 960×540 + 512×288 px, 2,691 →
  1,080 tokens, 60% saved
  the region can be located

margins.png
  crop, trimmed: 1240×1754 → 1060×1550 px, 2,835 → 2,128
  tokens, 25% saved
  its margins are blank

again.png
  preserve, same as image 4: 1920×1080 → a note, 2,691 → 28
  tokens, 99% saved
  the same picture as image 4, pixel by pixel

changed.png
  crop, rest as image 4: 1920×1080 → 96×64 px, 2,691 → 60
  tokens, 98% saved
  only a part differs from image 4

wall.png
  preserve, repaired: 9000×9000 → 8000×8000 px, 4,784 →
  4,761 tokens, <1% saved
  9000 px on a side; Anthropic refuses more than 8000 px:
  repaired

https
  preserve: of unknown size
  behind a URL, which is never fetched

Attached again: image 1, whole, with the question in turn 2,
1,105 tokens.
Attached again: image 1, its part of 96×64 px, with the \n\
question in turn 3, 310 tokens.
claude-opus-5-5: 22,467 → 12,702 image tokens, 43% saved; 2 \n\
of 9 left alone. 2 come again with a later question, for \n\
1,415 tokens, counted here. 1 of unknown size not counted.
""")


def test_the_counts_at_80_columns(headroom: Headroom) -> None:
    assert headroom("tokens", "--size", "1024x1024", "--size", "9000x100").out == snapshot("""\
╭───────────┬───────────┬───────────────────┬────────┬───────────┬────────╮
│ image     │      size │ model             │ tokens │   seen as │ count  │
├───────────┼───────────┼───────────────────┼────────┼───────────┼────────┤
│ 1024x1024 │ 1024×1024 │ gpt-4o            │    765 │   768×768 │ exact  │
│           │           │ gpt-5.4           │  1,229 │ 1024×1024 │ exact  │
│           │           │ gpt-6-astra       │  1,229 │ 1024×1024 │ exact  │
│           │           │ claude-sonnet-4-6 │  1,369 │ 1024×1024 │ exact  │
│           │           │ claude-opus-5-5   │  1,369 │ 1024×1024 │ exact  │
│           │           │ gemini-3.8-flash  │  1,089 │         ? │ fitted │
├───────────┼───────────┼───────────────────┼────────┼───────────┼────────┤
│ 9000x100  │  9000×100 │ gpt-4o            │    765 │   2048×22 │ exact  │
│           │           │ gpt-5.4           │     77 │   2048×23 │ exact  │
│           │           │ gpt-6-astra       │  1,354 │  9000×100 │ exact  │
│           │           │ claude-sonnet-4-6 │     56 │   refused │ exact  │
│           │           │ claude-opus-5-5   │    184 │   refused │ exact  │
│           │           │ gemini-3.8-flash  │    951 │         ? │ fitted │
╰───────────┴───────────┴───────────────────┴────────┴───────────┴────────╯
claude-sonnet-4-6 refuses 9000x100: 9000 px on a side; Anthropic refuses more than 8000 px
claude-opus-5-5 refuses 9000x100: 9000 px on a side; Anthropic refuses more than 8000 px
""")


def test_the_counts_at_50_columns(headroom: Headroom) -> None:
    assert headroom("tokens", "--size", "1024x1024", "-m", "gpt-4o", columns=50).out == snapshot("""\
╭───────────┬───────────┬────────┬────────╮
│ image     │      size │ model  │ tokens │
├───────────┼───────────┼────────┼────────┤
│ 1024x1024 │ 1024×1024 │ gpt-4o │    765 │
╰───────────┴───────────┴────────┴────────╯
""")
