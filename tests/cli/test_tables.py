"""The tables at a fixed width, as a person reads them."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from headroom.cli.account import Tally, show
from headroom.cli.terminal import output
from headroom_core.blocks import Shape
from headroom_core.image import Decision, Outcome, Technique
from tests.cli.conftest import Headroom


def outcome(decision: Decision, tokens: tuple[int, int] | None, sizes: tuple[tuple[int, int], ...] | None) -> Outcome:
    return Outcome(
        (), Shape.OPENAI_CHAT, 0, decision,
        *(tokens or (None, None)),
        size_before=sizes[0] if sizes else None,
        size_after=sizes[-1] if sizes else None,
    )  # fmt: skip


NAMED = [
    ("photo.jpg", outcome(
        Decision(Technique.FULL_LOW, "gist only: 512 px serve it", setting="low"), (1105, 85), ((3000, 1688),)
    )),
    ("scan of the letter 2026-11-21.png", outcome(
        Decision(Technique.PRESERVE, "the question needs exact strings"), (2835, 2835), ((1240, 1754),)
    )),
    ("wall.png", outcome(
        Decision(Technique.PRESERVE, "9000 px on a side; Anthropic refuses more than 8000 px: repaired", repair=True),
        (4784, 4761), ((9000, 9000), (8000, 8000)),
    )),
    ("https", outcome(Decision(Technique.PRESERVE, "behind a URL, which is never fetched"), None, None)),
]  # fmt: skip


def shown(columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    tally = Tally()
    for _, one in NAMED:
        tally.add(one)
    show(output(), NAMED)
    output().print(tally.words("claude-opus-5-5"))
    return capsys.readouterr().out


def test_the_account_at_80_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(80, monkeypatch, capsys) == snapshot("""\
╭─────────────────┬──────────┬─────────────┬─────────┬───────┬─────────────────╮
│ image           │ decision │        size │  tokens │ saved │ why             │
├─────────────────┼──────────┼─────────────┼─────────┼───────┼─────────────────┤
│ photo.jpg       │ full_low │   3000×1688 │   1,105 │   92% │ gist only: 512  │
│                 │ set: low │             │    → 85 │       │ px serve it     │
│ scan of the     │ preserve │   1240×1754 │   2,835 │     – │ the question    │
│ letter          │          │             │         │       │ needs exact     │
│ 2026-11-21.png  │          │             │         │       │ strings         │
│ wall.png        │ preserve │   9000×9000 │   4,784 │   <1% │ 9000 px on a    │
│                 │ repaired │ → 8000×8000 │ → 4,761 │       │ side; Anthropic │
│                 │          │             │         │       │ refuses more    │
│                 │          │             │         │       │ than 8000 px:   │
│                 │          │             │         │       │ repaired        │
│ https           │ preserve │           ? │       ? │     – │ behind a URL,   │
│                 │          │             │         │       │ which is never  │
│                 │          │             │         │       │ fetched         │
╰─────────────────┴──────────┴─────────────┴─────────┴───────┴─────────────────╯
claude-opus-5-5: 8,724 → 7,681 image tokens, 12% saved; 2 of 4 left alone. 1 of \n\
unknown size not counted.
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

wall.png
  preserve, repaired: 9000×9000 → 8000×8000 px, 4,784 →
  4,761 tokens, <1% saved
  9000 px on a side; Anthropic refuses more than 8000 px:
  repaired

https
  preserve: of unknown size
  behind a URL, which is never fetched

claude-opus-5-5: 8,724 → 7,681 image tokens, 12% saved; 2 of
4 left alone. 1 of unknown size not counted.
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
