"""The page of `headroom compress --report`."""

from __future__ import annotations

import re
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from headroom.report import Card, Occasion, make_card, make_page
from headroom_core.tokens import Drift, resolve
from tests.core.pictures import as_bytes, page, scene
from tests.report.material import GIST, MODEL, Page, carded, made

PICTURES = Path(__file__).parents[2] / "examples" / "images"


@pytest.fixture(scope="module")
def photo() -> Card:
    return carded("photo.jpg", as_bytes(scene()))


@pytest.fixture(scope="module")
def letter() -> Card:
    return carded("letter.png", as_bytes(page(font_px=12), "PNG"))


def test_a_picture_made_smaller_stands_beside_what_it_was(photo: Card) -> None:
    parsed = Page(made(photo))
    alts = [one["alt"] for one in parsed.all("img")]
    assert alts == [
        "photo.jpg, as the model would have seen it",
        "photo.jpg, as the model sees it now",
        "The most detailed part of photo.jpg before, enlarged",
        "The same part of photo.jpg after, enlarged",
    ]
    outcome = photo.outcome
    for fact in (
        "made smaller",
        GIST,
        f"{outcome.tokens_before:,}",
        f"{outcome.tokens_after:,}",
        f"{outcome.seen_before[0]} × {outcome.seen_before[1]} px",
        f"{outcome.seen_after[0]} × {outcome.seen_after[1]} px",
        outcome.reason[1:],
        "Given up:",
        MODEL,
        "balanced",
        "2026-11-21",
        "anthropic_patches",
        "exact",
        "platform.claude.com",
    ):
        assert fact in parsed.text


def test_a_picture_left_alone_is_shown_with_its_reason(letter: Card) -> None:
    parsed = Page(made(letter))
    assert "left alone" in parsed.text
    assert letter.outcome.reason[1:] in parsed.text
    assert "Nothing: the picture goes out as it came, byte for byte." in parsed.text
    assert [one["alt"] for one in parsed.all("img")] == [
        "letter.png, as the model sees it",
        "The most detailed part of letter.png, enlarged",
    ]


def test_the_shown_pictures_have_the_size_that_the_model_sees_up_to_720_px(photo: Card, letter: Card) -> None:
    assert photo.before is not None
    assert photo.after is not None
    assert photo.after.size == photo.outcome.seen_after
    assert max(photo.before.size) == 720
    # The detail keeps every pixel that the model sees.
    assert photo.before_detail is not None
    assert photo.after_detail is not None
    factor = photo.outcome.seen_before[0] / photo.outcome.seen_after[0]
    assert photo.before_detail.size[0] / photo.after_detail.size[0] == pytest.approx(factor, rel=0.05)


def test_the_total_sums_all_pictures(photo: Card, letter: Card) -> None:
    parsed = Page(made(photo, letter))
    cards = (photo, letter)
    before, after = (sum(getattr(one.outcome, name) for one in cards) for name in ("tokens_before", "tokens_after"))
    assert f"before {before:,} after {after:,}" in parsed.text
    assert f"{100 * (before - after) / before:.0f} % of the image tokens saved" in parsed.text
    assert list(parsed.all("h1")) == [{}]
    assert len(parsed.all("h2")) == 3


def test_the_page_asks_nobody_for_anything(photo: Card, letter: Card) -> None:
    text = made(photo, letter)
    parsed = Page(text)
    assert {tag for tag, _ in parsed.elements}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "base", "form"}
    )
    sources = [attributes["src"] for _, attributes in parsed.elements if "src" in attributes]
    assert sources
    assert all(str(source).startswith("data:image/webp;base64,") for source in sources)
    assert not re.search(r"url\(|@import|\son\w+=|srcset|href", text)
    policies = [one["content"] for one in parsed.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_names_questions_reasons_and_failures_are_text(letter: Card) -> None:
    evil = '<script>alert("1")</script>'
    card = carded(f"{evil}.jpg", as_bytes(scene(800, 600)), question=f"{evil} What is this?")
    text = make_page([card], Occasion(evil, evil, date(2026, 11, 21), failed=((evil, evil),)))
    assert "<script" not in text
    assert "alert(" in text
    assert Page(text).all("script") == []


def test_it_is_for_light_and_dark_desktop_and_phone_and_paper(photo: Card) -> None:
    text = made(photo)
    assert "@media (prefers-color-scheme: dark)" in text
    assert "@media (max-width: 40rem)" in text
    assert "@media print" in text
    parsed = Page(text)
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in parsed.all("meta")
    assert parsed.all("html") == [{"lang": "en"}]
    assert all(one["alt"] and one["width"] and one["height"] for one in parsed.all("img"))
    assert {one.get("scope") for one in parsed.all("th")} == {"row", "col"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(theme: str) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.2, AA)."""
    style = (Path(sys.modules["headroom.report"].__file__ or "").parent / "page.css").read_text()
    blocks = [dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{([^}]*)\}", style)]
    colours = blocks[0] if theme == "light" else blocks[1]
    pairs = [("ink", "ground"), ("ink", "paper"), ("soft", "ground"), ("soft", "paper"), ("go", "go-ground")]
    pairs += [("keep", "keep-ground"), ("warn", "paper"), ("ink", "check")]
    assert {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs if
            contrast(colours[pair[0]], colours[pair[1]]) < 4.5} == {}  # fmt: skip


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_two_pictures_stay_under_300_kb() -> None:
    cards = [carded(name, (PICTURES / name).read_bytes()) for name in ("photo.jpg", "receipt.jpg", "page.png")]
    noise = carded("noise.jpg", as_bytes(scene(2400, 1800).effect_spread(40), quality=95), question="Read it")
    sizes = {one.name: len(made(one, noise).encode()) for one in cards}
    assert max(sizes.values()) <= 300_000, sizes


def test_a_size_that_is_not_published_is_an_estimate_and_says_so() -> None:
    card = carded("photo.jpg", as_bytes(scene(3000, 2250)), model="gemini-3.8-flash")
    assert card.outcome.seen_before is None
    assert card.sees is not None
    assert card.saw is not None
    assert card.saw.estimated
    if not card.outcome.decision.keeps:
        assert card.sees.size < card.saw.size
        assert "by estimate" in Page(made(card)).text
    assert "about " in Page(made(card)).text


def test_a_picture_that_cannot_be_shown_keeps_its_card() -> None:
    cut = as_bytes(scene())[:20_000]
    behind_url = carded("remote", as_bytes(scene()))
    parsed = Page(
        made(
            carded("cut.jpg", cut),
            make_card("remote", GIST, None, behind_url.outcome, resolve(MODEL)),
            carded("late.jpg", as_bytes(scene()), pictures=False),
        )
    )
    assert "It cannot be shown: it does not decode" in parsed.text
    assert "which is never fetched" in parsed.text
    assert "Pictures are shown for the first ones only." in parsed.text
    assert parsed.all("img") == []


def test_what_could_not_be_read_is_listed(letter: Card) -> None:
    assert "note.txt : not a picture" in Page(made(letter, failed=(("note.txt", "not a picture"),))).text


def test_a_page_without_pictures_is_still_a_page() -> None:
    assert "Every picture stays as it is" in Page(made()).text


def test_dollars_are_shown_where_the_price_list_is_installed(photo: Card) -> None:
    text = Page(made(photo)).text
    if find_spec("genai_prices"):
        assert re.search(r"Dollars for 1,000 \$\d+\.\d\d \$\d+\.\d\d", text)
        assert "by genai-prices" in text
    else:
        assert "pip install '.[prices]'" in text


def test_without_the_price_list_the_page_says_how_to_get_it(photo: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    text = Page(made(photo)).text
    assert "$" not in text
    assert "pip install '.[prices]'" in text


def test_a_rule_read_more_than_a_year_ago_is_marked(letter: Card) -> None:
    late = make_page([letter], Occasion(MODEL, "balanced", date(2031, 1, 1)))
    assert "more than a year ago" in late
    assert "more than a year ago" not in made(letter)


def test_what_was_billed_stands_beside_what_was_estimated_for_each_model(letter: Card) -> None:
    drift = Drift()
    for _ in range(5):
        drift.observe("gpt-4o", estimated=100, billed=102)
    drift.observe(MODEL, estimated=100, billed=50)
    drift.observe(MODEL, estimated=100, billed=100)
    text = Page(made(letter, drift=drift)).text
    assert "gpt-4o billed / estimated = 1.02 over 5 requests, as observed." in text
    assert f"{MODEL} billed / estimated = 0.75 over 2 requests (0.5 to 1), as observed." in text
    assert "billed" not in made(letter)


def test_the_same_cards_make_the_same_page(photo: Card, letter: Card) -> None:
    again = carded("photo.jpg", as_bytes(scene()))
    assert made(again, letter) == made(photo, letter)
