"""The page of `headroom compress --report`, and results in a notebook."""

from __future__ import annotations

import html
import json
import re
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from headroom.cli import main
from headroom.report import Card, Occasion, make_card, make_page
from headroom_core.blocks import Picture, Replacement, Text
from headroom_core.image import Attachment, CompressedImage, CompressionResult, ImageCompressor, compress_image
from headroom_core.tokens import Drift, resolve
from tests.core.parts import BESIDE, CORNER, PAGE, READ, SCREEN, changed_screen, knowing, talk
from tests.core.pictures import as_bytes, as_data_url, page, scene

MODEL = "claude-opus-5-5"
GIST = "What is in this picture?"
PICTURES = Path(__file__).parents[2] / "examples" / "images"
VOID = {"meta", "img", "link", "br", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page, with a check that they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def carded(name: str, data: bytes, model: str = MODEL, question: str = GIST, **options: Any) -> Card:
    outcome = compress_image(data, question, model=model).outcome
    return make_card(name, question, data, outcome, resolve(model), model=model, **options)


def made(*cards: Card, **more: Any) -> str:
    return make_page(cards, Occasion(MODEL, "balanced", date(2026, 11, 21), **more))


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


def told(name: str, data: bytes, question: str, model: str = MODEL, **options: Any) -> Card:
    outcome = compress_image(data, question, model=model, compressor=knowing()).outcome
    return make_card(name, question, data, outcome, resolve(model), model=model, **options)


def of_talk(*turns: tuple[str, bytes | None]) -> list[Card]:
    """The cards of a conversation, as the command makes them."""
    body = talk(*turns)
    result = knowing().run(body).result
    data = [picture for _, picture in turns if picture is not None]
    cards = []
    for number, outcome in enumerate(result.outcomes):
        same = outcome.decision.same_as
        earlier = None if same is None else (f"image {same + 1}", data[same])
        again = tuple(one for one in result.attachments if one.image == outcome.place)
        cards.append(
            make_card(
                f"image {number + 1}", "", data[number], outcome, resolve("gpt-4o"), attached=again, earlier=earlier
            )
        )
    return cards


class TestParts:
    """What the model gets where that is not one whole picture."""

    def test_the_part_is_drawn_on_the_original_and_stands_beside_it(self) -> None:
        card = told("screen.png", SCREEN, CORNER)
        box = card.outcome.decision.box
        assert box is not None
        assert card.frame == pytest.approx(
            (100 * box[0] / 1920, 100 * box[1] / 1200, 100 * (box[2] - box[0]) / 1920, 100 * (box[3] - box[1]) / 1200),
            abs=0.01,
        )
        text = made(card)
        left, top, width, height = card.frame
        assert f'<i class="part" style="left:{left}%;top:{top}%;width:{width}%;height:{height}%">' in text
        parsed = Page(text)
        assert "cropped" in parsed.text
        assert "What the model gets [Headroom] only this part of the picture is shown" in parsed.text
        assert "The part of screen.png, as the model sees it" in [one["alt"] for one in parsed.all("img")]
        assert re.search(r"What lies outside the part, \d+ % of the picture, does not come.", parsed.text)

    def test_the_part_is_shown_as_the_pixels_of_its_rectangle(self) -> None:
        card = told("screen.png", SCREEN, CORNER)
        (shown,) = [one.shot for one in card.gets if one.shot]
        box = card.outcome.decision.box
        assert box is not None
        own = as_picture(SCREEN).crop(box).convert("L").resize(shown.size)
        other = (
            as_picture(SCREEN).crop((0, 500, box[2] - box[0], 500 + box[3] - box[1])).convert("L").resize(shown.size)
        )
        far, near = (differing(as_picture(shown.data).convert("L"), one) for one in (other, own))
        assert near < 0.3 * far

    def test_an_overview_stands_behind_the_part_in_its_own_size(self) -> None:
        card = told("screen.png", SCREEN, BESIDE)
        parsed = Page(made(card))
        alts = [one["alt"] for one in parsed.all("img")]
        part = alts.index("The part of screen.png, as the model sees it")
        assert alts[part + 1] == "The overview of screen.png, as the model sees it"
        sizes = [one.sight.words for one in card.gets if one.sight]
        assert " + ".join(sizes) in parsed.text
        assert "comes small, in the overview" in parsed.text

    def test_a_part_that_is_seen_sharper_than_before_shows_it(self) -> None:
        card = told("screen.png", SCREEN, CORNER, model="claude-sonnet-4-5")
        assert card.before_detail is not None
        assert card.after_detail is not None
        assert card.after_detail.size > card.before_detail.size
        alts = [one["alt"] for one in Page(made(card)).all("img")]
        assert "The same part of screen.png after, enlarged" in alts

    def test_a_part_that_is_seen_as_before_is_not_enlarged_twice(self) -> None:
        card = told("screen.png", SCREEN, CORNER)
        assert not card.loses_detail
        assert len(Page(made(card)).all("img")) == 2

    def test_text_that_was_read_stands_as_text_under_its_heading(self) -> None:
        card = told("letter.png", PAGE, READ)
        text = made(card)
        parsed = Page(text)
        (sent,) = [one.part.text for one in card.gets]
        heading, _, lines = str(sent).partition("\n")
        (shown,) = re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)
        assert html.unescape(shown) == lines
        assert heading in parsed.text
        assert "sent as text" in parsed.text
        assert "As text, 27 lines that were read in the picture" in parsed.text
        assert "the model gets only what was read in it" in parsed.text

    @pytest.mark.parametrize(
        ("data", "question", "words"),
        [
            (SCREEN, BESIDE, r"The part, \d+ × \d+ px, as it would be sent The overview, as it would be sent"),
            (PAGE, READ, "As text, which was not kept"),
            (as_bytes(scene()), GIST, r"The whole, \d+ × \d+ px, as it would be sent"),
        ],
    )
    def test_what_was_only_observed_is_told_in_words(self, data: bytes, question: str, words: str) -> None:
        outcome = compress_image(data, question, model=MODEL, compressor=knowing(policy="observe")).outcome
        parsed = Page(made(make_card("a.png", question, data, outcome, resolve(MODEL))))
        assert re.search(f"What the model gets {words}", parsed.text)
        assert len(parsed.all("img")) == 1

    def test_a_repeat_shows_the_picture_that_it_repeats(self) -> None:
        _, equal, changed = of_talk((GIST, SCREEN), ("And now?", SCREEN), ("And now?", changed_screen()))
        parsed = Page(made(equal))
        assert "same as image 1" in parsed.text
        assert "Same as image 1 , which the model has already" in parsed.text
        assert [one["alt"] for one in parsed.all("img")] == [
            "image 2, as the model would have seen it",
            "image 1, small",
        ]
        parsed = Page(made(changed))
        assert "only what differs from image 1" in parsed.text
        assert "Else the same as image 1 , which the model has already" in parsed.text
        assert [one["alt"] for one in parsed.all("img")][:3] == [
            "image 3, as the model would have seen it",
            "image 1, small",
            "The part of image 3, as the model sees it",
        ]
        assert changed.frame is not None

    def test_a_repeat_of_what_is_not_at_hand_says_so_in_words(self) -> None:
        _, equal = of_talk((GIST, SCREEN), ("And now?", SCREEN))
        bare = make_card("image 2", "", None, equal.outcome, resolve("gpt-4o"), earlier=("image 1", None))
        parsed = Page(made(bare))
        assert "same as image 1" in parsed.text
        assert parsed.all("img") == []

    def test_a_part_that_comes_again_is_shown_and_a_whole_is_named(self) -> None:
        data = as_bytes(scene())
        outcome = compress_image(data, GIST, model=MODEL).outcome
        part = Picture(as_bytes(scene().crop((100, 100, 500, 400)), "PNG"), "image/png")
        again = (
            Attachment((2, "content"), (), 1, "a part", 310, part, (100, 100, 500, 400)),
            Attachment((4, "content"), (), 2, "again", 765),
        )
        parsed = Page(made(make_card("photo.jpg", GIST, data, outcome, resolve(MODEL), attached=again)))
        assert (
            "Attached again: photo.jpg, its part of 400×300 px, with the question in turn 2, 310 tokens." in parsed.text
        )
        assert "Attached again: photo.jpg, whole, with the question in turn 3, 765 tokens." in parsed.text
        assert [one["alt"] for one in parsed.all("img")].count("The part of photo.jpg that comes again") == 1

    def test_the_cards_of_parts_keep_to_their_bytes(self) -> None:
        cards = [told("a", SCREEN, BESIDE), told("b", PAGE, READ), *of_talk((GIST, SCREEN), ("?", changed_screen()))]
        assert max(len(made(one).encode()) for one in cards) <= 150_000

    def test_what_was_read_cannot_become_part_of_the_page(self) -> None:
        evil = "[OCR from image] image 1\n│ </pre><script>alert(1)</script>"
        outcome = replace(told("letter.png", PAGE, READ).outcome, replacement=Replacement((Text(evil),)))
        text = made(make_card("letter.png", READ, PAGE, outcome, resolve(MODEL)))
        assert "<script" not in text
        assert "alert(1)" in Page(text).text

    def test_margins_that_are_cut_off_are_told_as_blank(self) -> None:
        sheet = Image.new("RGB", (1800, 1400), "white")
        sheet.paste(page(700, 500, 24), (500, 400))
        outcome = compress_image(as_bytes(sheet, "PNG"), READ, model=MODEL, compressor=knowing(policy="safe")).outcome
        parsed = Page(made(make_card("sheet.png", READ, as_bytes(sheet, "PNG"), outcome, resolve(MODEL))))
        assert "margins cut off" in parsed.text
        assert re.search(r"Blank margins, \d+ % of the picture; every other pixel stays.", parsed.text)


def as_picture(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def differing(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two grey pictures."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


class TestCommand:
    """`--report FILE`."""

    def run(self, monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["headroom", "compress", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    def test_files_give_a_card_each(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "a.jpg").write_bytes(as_bytes(scene()))
        (tmp_path / "b.png").write_bytes(as_bytes(page(), "PNG"))
        (tmp_path / "c.txt").write_text("a note")
        files = [tmp_path / name for name in ("a.jpg", "b.png", "c.txt")]
        out = tmp_path / "pages" / "report.html"
        assert self.run(monkeypatch, *files, "-q", GIST, "-m", MODEL, "--report", out) == 1
        parsed = Page(out.read_text())
        assert len(parsed.all("article")) == 2
        assert "c.txt : not a PNG, JPEG, GIF or WebP file" in parsed.text

    def test_a_batch_gives_a_card_for_each_image_priced_by_its_own_model(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        picture = {"type": "image_url", "image_url": {"url": as_data_url(as_bytes(scene()))}}
        remote = {"type": "image_url", "image_url": {"url": "https://example.com/x.png"}}
        content = [{"type": "text", "text": GIST}, picture, remote]
        lines = [
            {"custom_id": name, "body": {"model": name, "messages": [{"role": "user", "content": content}]}}
            for name in ("gpt-4o", "gpt-5.4")
        ]
        batch = tmp_path / "batch.jsonl"
        batch.write_text("\n".join(map(json.dumps, lines)))
        out = tmp_path / "report.html"
        assert self.run(monkeypatch, "--request", batch, "--dry-run", "--report", out) == 0
        parsed = Page(out.read_text())
        assert len(parsed.all("article")) == 4
        for words in (
            "gpt-4o, image 1",
            "gpt-5.4, image 2",
            "2 models",
            "openai_tiles",
            "openai_patches",
            "never fetched",
        ):
            assert words in parsed.text

    def test_what_is_attached_again_counts_in_the_totals_and_has_a_line(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        request, out = tmp_path / "request.json", tmp_path / "report.html"
        body = conversation()
        request.write_text(json.dumps(body))
        assert self.run(monkeypatch, "--request", request, "--dry-run", "--report", out) == 0
        result = ImageCompressor().run(body).result
        (again,) = result.attachments
        parsed = Page(out.read_text())
        assert f"before {result.original_tokens:,} after {result.compressed_tokens:,}" in parsed.text
        assert result.compressed_tokens > result.original_tokens
        assert f"{-result.savings_percent:.0f} % more image tokens" in parsed.text
        words = f"image 1, whole, with the question in turn {again.turn + 1}, {again.tokens:,} tokens."
        assert parsed.text.count("Attached again:") == 1
        assert words in parsed.text


def conversation() -> dict[str, Any]:
    """A picture that is sent small, and a later question that needs it whole."""
    picture = {"type": "image_url", "image_url": {"url": as_data_url(as_bytes(scene()))}}
    asked = {"role": "user", "content": [{"type": "text", "text": GIST}, picture]}
    later = {"role": "user", "content": "How many leaves are there?"}
    return {"model": "gpt-4o", "messages": [asked, {"role": "assistant", "content": "Calm."}, later]}


class TestNotebook:
    """`_repr_html_` of results."""

    def result(self) -> CompressionResult:
        content = [
            {"type": "text", "text": GIST},
            {"type": "image_url", "image_url": {"url": as_data_url(as_bytes(scene()))}},
        ]
        return ImageCompressor().run([{"role": "user", "content": content}], model="gpt-4o").result

    def test_a_result_is_a_table_with_a_row_for_each_image(self) -> None:
        result = self.result()
        parsed = Page(result._repr_html_())
        assert len(parsed.all("tr")) == 2
        assert f"{result.original_tokens:,} → {result.compressed_tokens:,}" in parsed.text
        assert parsed.all("img") == []

    def test_what_is_attached_again_is_named_with_its_cost(self) -> None:
        result = ImageCompressor().run(conversation()).result
        (again,) = result.attachments
        words = f"attached again: image 1, whole, with the question in turn {again.turn + 1}, {again.tokens:,} tokens"
        assert words in Page(result._repr_html_()).text
        assert "attached again" not in self.result()._repr_html_()

    def test_a_result_without_images_is_a_line(self) -> None:
        assert Page(CompressionResult()._repr_html_()).all("table") == []

    def test_an_image_shows_a_small_copy_of_what_is_sent(self) -> None:
        image = compress_image(as_bytes(scene()), GIST, model=MODEL)
        parsed = Page(image._repr_html_())
        (shown,) = parsed.all("img")
        assert str(shown["src"]).startswith("data:image/webp;base64,")
        assert len(str(shown["src"])) < 40_000
        assert image.outcome.reason in parsed.text

    def test_all_parts_of_an_image_are_shown(self) -> None:
        cut = Page(compress_image(SCREEN, BESIDE, model=MODEL, compressor=knowing())._repr_html_())
        assert [str(one["alt"]).partition(",")[0] for one in cut.all("img")] == [
            "the part that is sent",
            "the overview that is sent with it",
        ]
        assert "[Headroom] this part of the picture is shown" in cut.text
        image = compress_image(PAGE, READ, model=MODEL, compressor=knowing())
        read = Page(image._repr_html_())
        assert read.all("img") == []
        assert " ".join(str(image.text).split()) in read.text

    def test_a_repeat_and_a_dearer_result_are_said_in_words(self) -> None:
        text = Page(knowing().run(talk((GIST, SCREEN), ("And now?", SCREEN))).result._repr_html_()).text
        assert "same as image 1 1920×1200 → a note" in text
        dearer = Page(ImageCompressor().run(conversation()).result._repr_html_()).text
        assert "11 % more, for what later questions need again" in dearer

    def test_an_image_that_cannot_be_read_is_a_table_alone(self) -> None:
        image = compress_image(b"no picture", GIST, model=MODEL)
        assert isinstance(image, CompressedImage)
        assert Page(image._repr_html_()).all("img") == []

    def test_reasons_are_text(self) -> None:
        outcome = compress_image(b"no picture", GIST, model="<script>x</script>").outcome
        assert "<script" not in CompressionResult((outcome,))._repr_html_()
