"""Requests that a provider would refuse become requests that it takes."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from headroom_core import formats
from headroom_core.image import ImageCompressor, Technique
from headroom_core.image.header import read_header
from headroom_core.tokens import Catalogue, image_tokens
from tests.core.pictures import as_bytes, page, scene

READ = "Transcribe the page exactly."


def asked(*pictures: bytes, question: str = READ, **more: Any) -> dict[str, Any]:
    """An Anthropic body with one turn a picture."""
    messages: list[dict[str, Any]] = []
    for picture in pictures:
        source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(picture).decode()}
        content = [{"type": "image", "source": source}, {"type": "text", "text": question}]
        messages += [{"role": "user", "content": content}, {"role": "assistant", "content": "Yes."}]
    return {"messages": messages, **more}


def sizes(request: Any) -> list[tuple[int, int]]:
    return [read_header(formats.payload_bytes(block)).size for block in formats.find(request)]


@pytest.fixture
def compressor():
    return ImageCompressor(model="claude-opus-5-5")


def test_a_side_over_8000_px_is_brought_to_what_claude_sees(compressor):
    wide = as_bytes(page(9000, 300), "PNG")
    compressed = compressor.run(asked(wide), "anthropic")
    outcome = compressed.result.outcomes[0]
    assert sizes(compressed.messages) == [outcome.seen_after] == [outcome.size_after]
    assert outcome.decision.repair
    assert outcome.technique is Technique.PRESERVE
    assert "8000" in outcome.reason


def test_with_more_than_twenty_images_none_stays_over_2000_px_and_the_others_stay(compressor):
    large, *small = (as_bytes(scene(width, 400), "PNG") for width in (2300, *range(900, 920)))
    twenty = asked(large, *small[:19])
    assert compressor.compress(twenty, "anthropic") is twenty
    crowded = asked(large, *small)
    compressed = compressor.run(crowded, "anthropic")
    assert sizes(compressed.messages)[0][0] == 2000
    assert compressed.messages["messages"][1:] == crowded["messages"][1:]
    assert [outcome.decision.repair for outcome in compressed.result.outcomes] == [True] + [False] * 20


def test_a_crowd_in_a_single_turn_is_repaired_beyond_the_first_twenty_too(compressor):
    large = [as_bytes(page(2300, 200 + 4 * number), "PNG") for number in range(22)]
    content = [{"type": "text", "text": READ}]
    content += [
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(one).decode()},
        }
        for one in large
    ]
    compressed = compressor.run([{"role": "user", "content": content}], "anthropic")
    assert all(max(size) <= 2000 for size in sizes(compressed.messages))


def test_what_works_with_coordinates_is_not_moved_even_if_it_will_be_refused(compressor):
    body = asked(as_bytes(page(9000, 300), "PNG"), tools=[{"type": "computer_20250124", "name": "computer"}])
    compressed = compressor.run(body, "anthropic")
    assert compressed.messages is body
    assert "coordinates" in compressed.result.outcomes[0].reason


def test_too_many_bytes_become_fewer(compressor):
    noise = Image.effect_noise((2600, 2600), 120)
    heavy = as_bytes(Image.merge("RGB", [noise, noise.rotate(90), noise.rotate(180)]), "PNG", compress_level=1)
    assert 10_000_000 < len(heavy) * 4 // 3 < 27_000_000
    compressed = compressor.run(asked(heavy), "anthropic")
    outcome = compressed.result.outcomes[0]
    assert outcome.decision.repair
    assert outcome.bytes_after * 4 // 3 <= 10_000_000
    assert outcome.size_after == outcome.seen_before


def test_a_gif_for_gemini_becomes_a_picture_that_it_takes():
    gif = as_bytes(scene(600, 800, 3), "GIF")
    part = {"inlineData": {"mimeType": "image/gif", "data": base64.b64encode(gif).decode()}}
    body = {"contents": [{"role": "user", "parts": [part, {"text": READ}]}]}
    compressed = ImageCompressor(model="gemini-3.8-flash").run(body, "google")
    inline = compressed.messages["contents"][0]["parts"][0]["inlineData"]
    picture = Image.open(BytesIO(base64.b64decode(inline["data"])))
    assert (picture.size, inline["mimeType"]) == ((600, 800), Image.MIME[picture.format])
    assert picture.format in ("PNG", "WEBP", "JPEG")


def test_more_patches_than_openai_takes_become_as_many_as_it_does():
    huge = as_bytes(page(8000, 5000), "PNG")
    url = "data:image/png;base64," + base64.b64encode(huge).decode()
    messages = [{"role": "user", "content": [{"type": "text", "text": READ}, {"type": "image_url", "image_url": url}]}]
    compressed = ImageCompressor(model="gpt-6-astra").run(messages)
    width, height = sizes(compressed.messages)[0]
    assert 2_000 < -(-width // 32) * -(-height // 32) <= 30_000


def test_the_safe_policy_repairs_and_does_nothing_else():
    wide, photo = as_bytes(page(9000, 300), "PNG"), as_bytes(scene(), "JPEG")
    compressor = ImageCompressor(model="claude-opus-5-5", policy="safe")
    compressed = compressor.run(asked(wide, photo, question="What is the mood?"), "anthropic")
    assert [outcome.changed for outcome in compressed.result.outcomes] == [True, False]


def test_a_repair_is_repaired_once(compressor):
    once = compressor.compress(asked(as_bytes(page(9000, 300), "PNG")), "anthropic")
    assert compressor.compress(once, "anthropic") is once


def test_an_unreadable_picture_that_is_refused_stays_with_both_reasons(compressor):
    wide = as_bytes(page(9000, 300), "PNG")
    body = asked(wide[: len(wide) // 2])
    compressed = compressor.run(body, "anthropic")
    assert compressed.messages is body
    assert "8000" in compressed.result.outcomes[0].reason
    assert "cannot be repaired" in compressed.result.outcomes[0].reason


def test_a_pre_resize_is_made_on_request_where_most_bytes_are_saved():
    large = as_bytes(scene(4000, 3000), "JPEG", quality=95)
    body = asked(large)
    assert ImageCompressor(model="claude-sonnet-4-5").compress(body, "anthropic") is body
    compressor = ImageCompressor(model="claude-sonnet-4-5", pre_resize=True)
    compressed = compressor.run(body, "anthropic")
    outcome = compressed.result.outcomes[0]
    assert outcome.size_after == outcome.seen_before == outcome.seen_after
    assert outcome.tokens_after == outcome.tokens_before
    assert outcome.bytes_after <= outcome.bytes_before / 2
    assert compressor.compress(compressed.messages, "anthropic") is compressed.messages


def test_a_pre_resize_leaves_what_would_grow():
    text = as_bytes(page(1654, 2339), "PNG")
    body = asked(text)
    assert ImageCompressor(model="claude-sonnet-4-5", pre_resize=True).compress(body, "anthropic") is body


LATER = "What does the small sign on the left say exactly?"


def asked_again(data: bytes, times: int) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for number in range(times):
        # A comment tells the files apart, which would otherwise be sent once.
        different = data[:2] + b"\xff\xfe\x00\x06%04d" % number + data[2:]
        source = {"type": "base64", "media_type": "image/jpeg", "data": base64.b64encode(different).decode()}
        question = {"type": "text", "text": "What is the mood of this picture?"}
        turns += [
            {"role": "user", "content": [question, {"type": "image", "source": source}]},
            {"role": "assistant", "content": "Calm."},
        ]
    return [*turns, {"role": "user", "content": LATER}]


def test_what_is_attached_again_is_repaired_where_the_provider_would_refuse_it() -> None:
    request = asked_again(as_bytes(scene(9000, 1000)), 1)
    done = ImageCompressor(model="claude-opus-5-5").run(request)
    small, again = sizes(done.messages)
    assert max(small) < 1000 < max(again) <= 8000
    assert done.result.attachments[0].tokens == image_tokens("claude-opus-5-5", *again).tokens


def test_attachments_count_toward_the_limit_on_sides_of_many_images() -> None:
    request = asked_again(as_bytes(scene(2400, 1200)), 18)
    done = ImageCompressor(model="claude-opus-5-5").run(request)
    assert len(done.result.attachments) == 4
    assert len(sizes(done.messages)) == 22
    assert max(max(size) for size in sizes(done.messages)) <= 2000


def test_no_more_is_attached_than_the_provider_takes_images() -> None:
    request = asked_again(as_bytes(scene(2400, 1200)), 4)
    rows = Catalogue().with_row("five-at-most", like="claude-sonnet-4-5", limits={"images": 5})
    done = ImageCompressor(model="five-at-most", catalogue=rows).run(request)
    assert sum(outcome.changed for outcome in done.result.outcomes) == 4
    assert len(sizes(done.messages)) == 5
