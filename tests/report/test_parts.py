"""What the page says that the model gets, where that is not one whole picture."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from headroom.report import Card, make_card
from headroom_core.blocks import Picture, Replacement, Text
from headroom_core.image import Attachment, compress_image
from headroom_core.tokens import resolve
from tests.core.parts import BESIDE, CORNER, PAGE, READ, SCREEN, changed_screen, knowing, talk
from tests.core.pictures import as_bytes, scene, within_margins
from tests.report.material import GIST, MODEL, Page, carded, made, told


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


def as_picture(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def differing(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two grey pictures."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


def test_the_part_is_drawn_on_the_original_and_stands_beside_it() -> None:
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


def test_the_part_is_shown_as_the_pixels_of_its_rectangle() -> None:
    card = told("screen.png", SCREEN, CORNER)
    (shown,) = [one.shot for one in card.gets if one.shot]
    box = card.outcome.decision.box
    assert box is not None
    own = as_picture(SCREEN).crop(box).convert("L").resize(shown.size)
    other = as_picture(SCREEN).crop((0, 500, box[2] - box[0], 500 + box[3] - box[1])).convert("L").resize(shown.size)
    far, near = (differing(as_picture(shown.data).convert("L"), one) for one in (other, own))
    assert near < 0.3 * far


def test_an_overview_stands_behind_the_part_in_its_own_size() -> None:
    card = told("screen.png", SCREEN, BESIDE)
    parsed = Page(made(card))
    alts = [one["alt"] for one in parsed.all("img")]
    part = alts.index("The part of screen.png, as the model sees it")
    assert alts[part + 1] == "The overview of screen.png, as the model sees it"
    sizes = [one.sight.words for one in card.gets if one.sight]
    assert " + ".join(sizes) in parsed.text
    assert "comes small, in the overview" in parsed.text


def test_a_part_that_is_seen_sharper_than_before_shows_it() -> None:
    card = told("screen.png", SCREEN, CORNER, model="claude-sonnet-4-5")
    assert card.before_detail is not None
    assert card.after_detail is not None
    assert card.after_detail.size > card.before_detail.size
    alts = [one["alt"] for one in Page(made(card)).all("img")]
    assert "The same part of screen.png after, enlarged" in alts


def test_a_part_that_is_seen_as_before_is_not_enlarged_twice() -> None:
    card = told("screen.png", SCREEN, CORNER)
    assert not card.loses_detail
    assert len(Page(made(card)).all("img")) == 2


def test_text_that_was_read_stands_as_text_under_its_heading() -> None:
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
def test_what_was_only_observed_is_told_in_words(data: bytes, question: str, words: str) -> None:
    parsed = Page(made(carded("a.png", data, question, compressor=knowing(policy="observe"))))
    assert re.search(f"What the model gets {words}", parsed.text)
    assert len(parsed.all("img")) == 1


def test_a_repeat_shows_the_picture_that_it_repeats() -> None:
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


def test_a_repeat_of_what_is_not_at_hand_says_so_in_words() -> None:
    _, equal = of_talk((GIST, SCREEN), ("And now?", SCREEN))
    bare = make_card("image 2", "", None, equal.outcome, resolve("gpt-4o"), earlier=("image 1", None))
    parsed = Page(made(bare))
    assert "same as image 1" in parsed.text
    assert parsed.all("img") == []


def test_a_part_that_comes_again_is_shown_and_a_whole_is_named() -> None:
    data = as_bytes(scene())
    outcome = compress_image(data, GIST, model=MODEL).outcome
    part = Picture(as_bytes(scene().crop((100, 100, 500, 400)), "PNG"), "image/png")
    again = (
        Attachment((2, "content"), (), 1, "a part", 310, part, (100, 100, 500, 400)),
        Attachment((4, "content"), (), 2, "again", 765),
    )
    parsed = Page(made(make_card("photo.jpg", GIST, data, outcome, resolve(MODEL), attached=again)))
    assert "Attached again: photo.jpg, its part of 400×300 px, with the question in turn 2, 310 tokens." in parsed.text
    assert "Attached again: photo.jpg, whole, with the question in turn 3, 765 tokens." in parsed.text
    assert [one["alt"] for one in parsed.all("img")].count("The part of photo.jpg that comes again") == 1


def test_the_cards_of_parts_keep_to_their_bytes() -> None:
    cards = [told("a", SCREEN, BESIDE), told("b", PAGE, READ), *of_talk((GIST, SCREEN), ("?", changed_screen()))]
    assert max(len(made(one).encode()) for one in cards) <= 150_000


def test_what_was_read_cannot_become_part_of_the_page() -> None:
    evil = "[OCR from image] image 1\n│ </pre><script>alert(1)</script>"
    outcome = replace(told("letter.png", PAGE, READ).outcome, replacement=Replacement((Text(evil),)))
    text = made(make_card("letter.png", READ, PAGE, outcome, resolve(MODEL)))
    assert "<script" not in text
    assert "alert(1)" in Page(text).text


def test_margins_that_are_cut_off_are_told_as_blank() -> None:
    sheet = as_bytes(within_margins(), "PNG")
    parsed = Page(made(carded("sheet.png", sheet, READ, compressor=knowing(policy="safe"))))
    assert "margins cut off" in parsed.text
    assert re.search(r"Blank margins, \d+ % of the picture; every other pixel stays.", parsed.text)
