"""The forms in which a picture is sent: smaller but legible, a part, its words, a note that it was there already."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import PIL.Image
import PIL.ImageChops
import PIL.ImageDraw
import PIL.ImageFont
import pytest

from headroom_core.blocks import Picture, Query, Text
from headroom_core.formats import find, payload_bytes
from headroom_core.image import ImageCompressor, Technique
from headroom_core.image.again import CHANGES_IN_A_ROW
from headroom_core.image.reading import ReadLine
from tests.core.pictures import as_bytes, page, scene, within_margins
from tests.core.told import Told, ToldReader, lines_of_page, needing

ONE_NEED = {
    "every word": "text",
    "every figure": "digits",
    "each hair": "detail",
    "how many": "count",
    "gist": "gist",
    "compare": "compare",
    "click": "coordinates",
}
NEEDS = {
    "the table": needing("text", "structure"),
    "top left": needing("region", "text", place="top left"),
    "nowhere": needing("region", "text", place="beside the cat"),
    **{phrase: needing(need) for phrase, need in ONE_NEED.items()},
}
LARGE, HALF = page(1654, 2339, 40), page(1654, 1200, 40)
"""Pages whose print is far larger than it needs to be."""
WORDS = "the quick brown fox jumps over invoice {top}"
READER = ToldReader({picture.size: lines_of_page(*picture.size, 40, WORDS) for picture in (LARGE, HALF)})


def compressor(**options: Any) -> ImageCompressor:
    return ImageCompressor(router=Told(NEEDS), **{"read_text": False, **options})


def decided(data: bytes, question: str, model: str = "gpt-4o", **options: Any) -> Any:
    return compressor(**options).outcome_of(data, Query(text=question), model=model)


def opened(part: Picture) -> PIL.Image.Image:
    assert part.data is not None
    return PIL.Image.open(BytesIO(part.data)).convert("RGB")


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-5.4", "claude-opus-5-5", "gemini-2.5-pro"])
@pytest.mark.parametrize(("question", "em"), [("every word", 12), ("every figure", 14), ("the table", 14)])
def test_print_is_made_no_smaller_than_it_can_be_read(model, question, em):
    outcome = decided(as_bytes(LARGE, "PNG"), question, model)
    seen = outcome.seen_after or outcome.size_after
    assert 40 * max(seen) / 2339 >= em
    assert outcome.technique is Technique.PRESERVE


def test_large_print_is_made_smaller_where_tokens_follow_the_size():
    for model in ("gpt-5.4", "claude-opus-5-5"):
        outcome = decided(as_bytes(LARGE, "PNG"), "every word", model)
        assert outcome.savings_percent >= 30
        assert outcome.size_after < outcome.size_before


def test_small_print_that_the_provider_blurs_already_stays_with_its_reason():
    outcome = decided(as_bytes(page(3000, 4000, 24), "PNG"), "every figure", "claude-sonnet-4-5")
    assert outcome.replacement is None
    assert "the provider shows it smaller already" in outcome.reason


@pytest.mark.parametrize("question", ["each hair", "how many", "compare", "click"])
def test_what_needs_every_pixel_gets_it(question):
    outcome = decided(as_bytes(scene(1600, 1200), "JPEG"), question)
    assert outcome.replacement is None


def test_a_scene_goes_small_for_its_gist_and_a_page_only_as_far_as_it_can_be_read():
    photo, text = (decided(data, "gist", "gpt-5.4") for data in (as_bytes(scene()), as_bytes(LARGE, "PNG")))
    assert photo.technique is Technique.FULL_LOW
    assert photo.savings_percent > 70
    assert text.technique is Technique.PRESERVE
    assert 40 * text.size_after[1] / 2339 >= 12


def test_a_region_named_by_its_place_is_cut_out_pixel_by_pixel_with_a_note():
    small_print = page(1654, 2339, 16)
    outcome = decided(as_bytes(small_print, "PNG"), "what stands in the top left?", "gpt-5.4")
    assert outcome.technique is Technique.CROP
    note, picture = outcome.replacement.parts[:2]
    left, top, right, bottom = outcome.decision.box
    assert (left, top) == (0, 0)
    assert right >= 0.5 * 1654
    assert bottom >= 0.5 * 2339
    assert PIL.ImageChops.difference(opened(picture), small_print.crop(outcome.decision.box)).getbbox() is None
    assert f"{right}" in note.text
    assert f"{bottom}" in note.text
    assert note.text.startswith("[Headroom] ")


def test_a_part_of_a_turned_photo_is_that_part_of_what_a_person_sees():
    upright = scene(1200, 1600, 3).copy()
    PIL.ImageDraw.Draw(upright).rectangle((0, 0, 500, 700), fill="red")
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    stored = upright.rotate(90, expand=True)
    outcome = decided(as_bytes(stored, "JPEG", exif=exif, quality=95), "top left", "gpt-5.4")
    assert outcome.technique is Technique.CROP
    red, green, blue = opened(outcome.replacement.parts[1]).getpixel((100, 100))
    assert red > 200
    assert max(green, blue) < 60


def test_a_region_that_cannot_be_located_is_not_cut_out():
    outcome = decided(as_bytes(scene(), "PNG"), "what stands nowhere?", "gpt-5.4", read_text=READER)
    assert outcome.replacement is None


def test_a_region_named_by_words_in_the_picture_is_found_by_reading_it():
    lines = (
        ReadLine("Invoice number", (100, 100, 400, 140), 0.99, 40),
        ReadLine("A-1047", (500, 100, 700, 140), 0.99, 40),
        *(ReadLine(f"line {row}", (100, row, 600, row + 40), 0.99, 40) for row in range(400, 2200, 60)),
    )
    named = {"invoice number": needing("region", "digits", place="invoice number")}
    outcome = ImageCompressor(router=Told(named), read_text=ToldReader({LARGE.size: lines})).outcome_of(
        as_bytes(LARGE, "PNG"), Query(text="What is the invoice number?"), model="gpt-5.4"
    )
    left, top, right, bottom = outcome.decision.box
    assert left <= 100
    assert top <= 100
    assert right >= 700
    assert bottom >= 140
    assert outcome.technique is Technique.CROP


@pytest.mark.parametrize("policy", ["safe", "balanced"])
def test_blank_margins_are_cut_off_and_nothing_else(policy):
    sheet = within_margins(20)
    outcome = decided(as_bytes(sheet, "PNG"), "each hair", "gpt-5.4", policy=policy)
    left, top, right, bottom = outcome.decision.box
    assert outcome.decision.serves is None
    assert (
        PIL.ImageChops.difference(opened(outcome.replacement.parts[1]), sheet.crop(outcome.decision.box)).getbbox()
        is None
    )
    blank = sheet.copy()
    blank.paste("white", (left, top, right, bottom))
    assert PIL.ImageChops.invert(blank).getbbox() is None


def test_a_screenshot_of_a_computer_tool_is_never_cut():
    outcome = compressor().run(
        [
            {
                "type": "computer_call_output",
                "call_id": "c",
                "output": {"type": "computer_screenshot", "image_url": url(within_margins(20))},
            }
        ],
        "openai",
        model="gpt-5.4",
    )
    assert outcome.result.outcomes[0].replacement is None


def test_words_that_are_all_that_is_asked_for_come_as_text():
    outcome = decided(as_bytes(HALF, "PNG"), "every word", "gpt-4o-mini", read_text=READER)
    assert outcome.technique is Technique.TRANSCODE
    (block,) = outcome.replacement.parts
    assert isinstance(block, Text)
    heading, *lines = block.text.split("\n")
    assert heading.startswith("[OCR from image]")
    assert all(line.startswith("│ ") for line in lines)
    assert any("the quick brown fox" in line for line in lines)
    assert outcome.tokens_after < 0.7 * outcome.tokens_before


@pytest.mark.parametrize("question", ["each hair", "gist", "compare"])
def test_words_do_not_stand_for_a_picture_that_is_asked_about(question):
    outcome = decided(as_bytes(HALF, "PNG"), question, "gpt-4o-mini", read_text=READER)
    assert outcome.technique is not Technique.TRANSCODE


def test_uncertain_words_do_not_stand_for_a_picture():
    unsure = ToldReader({HALF.size: lines_of_page(*HALF.size, 40, WORDS, confidence=0.7)})
    outcome = decided(as_bytes(HALF, "PNG"), "every word", "gpt-4o-mini", read_text=unsure)
    assert outcome.technique is not Technique.TRANSCODE


def test_words_read_by_a_tool_are_not_turned_into_words_of_a_tool():
    message = {
        "role": "tool",
        "tool_call_id": "t",
        "content": [{"type": "image_url", "image_url": {"url": url(HALF)}}],
    }
    called = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "t", "type": "function", "function": {"name": "shot", "arguments": "{}"}}],
    }
    talk = [{"role": "user", "content": "every word"}, called, message]
    outcome = compressor(read_text=READER).run(talk, "openai", model="gpt-4o-mini").result.outcomes[0]
    assert outcome.technique is not Technique.TRANSCODE


def url(picture: PIL.Image.Image) -> str:
    return "data:image/png;base64," + base64.b64encode(as_bytes(picture, "PNG")).decode()


def shown(*pictures: PIL.Image.Image, question: str = "each hair") -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for picture in pictures:
        content = [{"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": url(picture)}}]
        turns += [{"role": "user", "content": content}, {"role": "assistant", "content": "Yes."}]
    return turns[:-1]


def screen(number: int) -> PIL.Image.Image:
    made = page(1280, 800, 22).copy()
    draw = PIL.ImageDraw.Draw(made)
    draw.rectangle((600, 300, 640, 326), fill="white")
    draw.text((602, 302), f"{number}", fill="black", font=PIL.ImageFont.load_default(22))
    return made


def test_the_same_picture_again_becomes_a_note():
    result = compressor().run(shown(screen(1), screen(1)), "openai", model="gpt-4o").result
    first, second = result.outcomes
    assert first.replacement is None
    assert second.decision.same_as == 0
    assert "image 1" in second.replacement.parts[0].text
    assert second.savings_percent > 90


def test_what_was_sent_small_does_not_stand_for_a_picture_that_is_needed_whole():
    talk = shown(scene(1600, 1200), scene(1600, 1200))
    talk[0]["content"][0]["text"] = "gist"
    first, second = compressor().run(talk, "openai", model="gpt-4o").result.outcomes
    assert first.technique is Technique.FULL_LOW
    assert second.decision.same_as is None


def test_one_changed_number_comes_with_its_surroundings_and_the_fourth_time_the_whole():
    screens = [screen(number) for number in range(10, 10 + CHANGES_IN_A_ROW + 3)]
    compressed = compressor().run(shown(*screens), "openai", model="gpt-4o")
    first, *changed, whole, again = compressed.result.outcomes
    assert first.replacement is None
    for number, outcome in enumerate(changed, 1):
        assert outcome.decision.same_as == number - 1
        left, top, right, bottom = outcome.decision.box
        assert left <= 602
        assert top <= 302
        assert right >= 630
        assert bottom >= 326
        cut = opened(outcome.replacement.parts[1])
        assert PIL.ImageChops.difference(cut, screens[number].crop(outcome.decision.box)).getbbox() is None
    assert len(changed) == CHANGES_IN_A_ROW
    assert whole.replacement is None
    assert again.decision.same_as == CHANGES_IN_A_ROW + 1


def test_what_comes_back_with_notes_in_it_is_decided_alike():
    talk = shown(scene(1600, 1200), screen(1), scene(1600, 1200), screen(2))
    once = compressor().compress(talk, "openai", model="gpt-4o")
    assert once is not talk
    assert compressor().compress(once, "openai", model="gpt-4o") is once


def test_a_file_that_does_not_decode_is_left_even_where_it_came_before():
    whole = as_bytes(scene(1200, 900), "JPEG")
    broken = "data:image/jpeg;base64," + base64.b64encode(whole[: len(whole) // 2]).decode()
    content = [{"type": "image_url", "image_url": {"url": broken}}] * 2
    talk = [{"role": "user", "content": [{"type": "text", "text": "gist"}, *content]}]
    assert compressor().compress(talk, "openai", model="gpt-4o") is talk


def test_pictures_that_work_with_coordinates_are_each_sent_whole():
    body = {
        "model": "gpt-4o",
        "tools": [{"type": "computer_20250124", "name": "computer"}],
        "messages": shown(screen(1), screen(1)),
    }
    assert compressor().compress(body, "openai") is body


def test_nothing_refers_to_another_image_where_a_framework_slices_the_history():
    talk = shown(screen(1), screen(1))
    assert compressor().run(talk, "openai", model="gpt-4o", attach=False).messages is talk


def test_a_later_question_about_a_place_gets_that_part_and_then_the_whole():
    talk = [
        *shown(scene(1600, 1200), question="gist"),
        {"role": "assistant", "content": "Calm."},
        {"role": "user", "content": "and the top left?"},
        {"role": "assistant", "content": "Grey."},
        {"role": "user", "content": "each hair, please"},
    ]
    compressed = compressor().run(talk, "openai", model="gpt-5.4")
    part, whole = compressed.result.attachments
    assert part.turn < whole.turn
    left, top, right, bottom = part.box
    assert (left, top) == (0, 0)
    assert whole.box is None
    sizes = [PIL.Image.open(BytesIO(payload_bytes(block))).size for block in find(compressed.messages)]
    assert sizes[1:] == [(right, bottom), (1600, 1200)]
