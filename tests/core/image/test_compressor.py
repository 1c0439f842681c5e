"""The documented face of the compressor, on real pictures in real requests."""

from __future__ import annotations

import base64
import copy
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from headroom.image import ImageCompressor, Policy, Technique, compress_images
from headroom_core.errors import InvalidOption
from headroom_core.image import pixels
from tests.core.image.asking import PAGE, PHOTO, READ, about, anthropic, gemini, image_url, openai, talk
from tests.core.pictures import as_bytes, as_data_url, scene


def sent(messages: list[dict]) -> Image.Image:
    """The Anthropic image of a compressed request, decoded."""
    source = next(block for block in messages[0]["content"] if block["type"] == "image")["source"]
    picture = Image.open(BytesIO(base64.b64decode(source["data"])))
    assert source["media_type"] == Image.MIME[picture.format]
    return picture


def test_a_question_about_the_scene_takes_the_low_setting_of_gpt_4o(compressor):
    messages = openai(PHOTO)
    compressed = compressor.compress(messages, model="gpt-4o")
    assert compressed[0]["content"][1]["image_url"] == {"url": as_data_url(PHOTO), "detail": "low"}
    result = compressor.last_result
    assert (result.technique, result.original_tokens, result.compressed_tokens) == (Technique.FULL_LOW, 765, 85)
    assert compressor.last_savings == pytest.approx(88.9, abs=0.1)


def test_the_callers_request_is_not_changed(compressor):
    messages = openai(PHOTO)
    before = copy.deepcopy(messages)
    compressor.compress(messages, model="gpt-4o")
    assert messages == before


def test_claude_receives_the_largest_picture_at_the_price_of_512_pixels(compressor):
    compressed = compressor.compress(anthropic(PHOTO), "anthropic", model="claude-sonnet-4-5")
    assert sent(compressed).size == (523, 392)
    assert compressor.last_result.compressed_tokens == 19 * 14


def test_gemini_3_is_asked_for_its_low_resolution_per_part(compressor):
    compressed = compressor.compress(gemini(PHOTO), "google", model="gemini-3.8-flash")
    part = compressed["contents"][0]["parts"][1]
    assert part["mediaResolution"] == {"level": "MEDIA_RESOLUTION_LOW"}
    assert compressor.last_result.compressed_tokens < 0.3 * compressor.last_result.original_tokens


@pytest.mark.parametrize("model", ["gemini-2.5-pro", "nova-2-lite"])
def test_where_the_size_does_not_change_the_price_the_picture_stays(compressor, model):
    messages = gemini(PHOTO)
    assert compressor.compress(messages, None, model=model) is messages
    assert compressor.last_result.technique is Technique.PRESERVE


@pytest.mark.parametrize("question", [READ, "Count the whiskers", "Read the serial number", "What is in the corner?"])
def test_whatever_may_need_pixels_keeps_the_very_same_request(compressor, question):
    messages = openai(PHOTO, question)
    assert compressor.compress(messages, model="gpt-4o") is messages
    assert compressor.last_result.outcomes[0].reason


@pytest.mark.parametrize("question", ["", "What is this?", "this?"])
def test_where_the_question_says_nothing_the_picture_decides(compressor, question):
    page_asked = openai(PAGE, question, "image/png")
    assert compressor.compress(page_asked, model="gpt-4o") is page_asked
    assert compressor.compress(openai(PHOTO, question), model="gpt-4o")[0]["content"][1]["image_url"]["detail"] == "low"


def test_a_page_of_text_is_not_sent_low_for_a_question_about_the_whole(compressor):
    messages = openai(PAGE, "Describe this image.", "image/png")
    outcome = compressor.run(messages, model="gpt-4o").result.outcomes[0]
    assert outcome.technique is Technique.PRESERVE
    assert "text" in outcome.reason
    assert 24 * outcome.seen_after[1] / outcome.size_before[1] >= 12


@pytest.mark.parametrize("detail", ["low", "high", "original"])
def test_a_detail_that_the_caller_chose_stays(compressor, detail):
    messages = openai(PHOTO, detail=detail)
    assert compressor.compress(messages, model="gpt-6-astra") is messages
    assert detail in compressor.last_result.reason


def test_auto_is_no_choice(compressor):
    compressed = compressor.compress(openai(PHOTO, detail="auto"), model="gpt-4o")
    assert compressed[0]["content"][1]["image_url"]["detail"] == "low"


def test_low_is_not_written_where_it_costs_more(compressor):
    big = as_bytes(scene(2048, 2048), quality=90)
    compressed = compressor.compress(openai(big), model="gpt-5.4")
    assert "detail" not in compressed[0]["content"][1]["image_url"]
    assert max(compressor.last_result.outcomes[0].size_after) < 600


def test_without_a_model_a_move_is_worse_on_no_current_model(compressor):
    from headroom_core.tokens import current_profiles

    compressed = compressor.compress(openai(PHOTO), "openai")
    outcome = compressor.last_result.outcomes[0]
    assert compressed[0]["content"][1] != openai(PHOTO)[0]["content"][1]
    for profile in current_profiles("openai"):
        before = profile.count(1600, 1200).tokens
        assert profile.count(*outcome.size_after, setting=outcome.decision.setting).tokens <= before


def test_an_unknown_model_gives_nothing_up(compressor):
    messages = openai(PHOTO)
    assert compressor.compress(messages, model="somebody-s-new-model") is messages
    assert "not known" in compressor.last_result.reason


def test_a_picture_behind_a_url_is_not_fetched_and_stays(compressor):
    messages = about(image_url("http://127.0.0.1:9/a.png"))
    assert compressor.compress(messages, model="gpt-4o") is messages
    assert "never fetched" in compressor.last_result.reason


def test_the_aggressive_policy_uses_the_setting_on_a_picture_that_it_cannot_see():
    messages = about({"type": "image_url", "image_url": "https://example.com/a.png"})
    compressed = ImageCompressor(policy="aggressive").compress(messages, model="gpt-4o")
    assert compressed[0]["content"][1]["image_url"] == {"url": "https://example.com/a.png", "detail": "low"}


def test_a_computer_use_request_keeps_its_screenshots(compressor):
    tools = [{"type": "computer_20250124", "name": "computer"}]
    body = {"model": "claude-sonnet-4-5", "tools": tools, "messages": anthropic(PHOTO)}
    assert compressor.compress(body, "anthropic") is body
    assert "coordinates" in compressor.last_result.reason


def test_a_body_names_its_own_model(compressor):
    body = {"model": "gpt-4o", "messages": openai(PHOTO), "temperature": 0}
    compressed = compressor.compress(body)
    assert compressed["messages"][0]["content"][1]["image_url"]["detail"] == "low"
    assert {key: compressed[key] for key in ("model", "temperature")} == {"model": "gpt-4o", "temperature": 0}


def test_before_any_call_there_is_no_result():
    fresh = ImageCompressor()
    assert fresh.last_result is None
    assert fresh.last_savings == 0.0
    assert fresh.total_tokens_saved == 0


def test_a_request_without_images_has_an_empty_result(compressor):
    messages = [{"role": "user", "content": "Hello!"}]
    assert compressor.compress(messages) is messages
    assert not compressor.has_images(messages)
    assert compressor.last_result.outcomes == ()
    assert compressor.last_result.technique is Technique.PRESERVE
    assert compressor.last_savings == 0.0


def test_several_images_have_an_outcome_each_and_the_result_speaks_of_the_leading_one(compressor):
    messages = talk(openai(PHOTO), openai(PAGE, READ, "image/png"))
    result = compressor.run(messages, model="gpt-4o").result
    assert [outcome.technique for outcome in result.outcomes] == [Technique.FULL_LOW, Technique.PRESERVE]
    assert result.technique is Technique.FULL_LOW
    assert result.original_tokens == 765 + result.outcomes[1].tokens_before
    assert result.tokens_saved == 680
    assert 0 < result.savings_percent < 88
    assert compressor.total_tokens_saved == 680


def test_a_dry_run_reports_and_changes_nothing(compressor):
    messages = openai(PHOTO)
    compressed = compressor.run(messages, model="gpt-4o", dry_run=True)
    assert compressed.messages is messages
    assert compressed.result.tokens_saved == 680
    assert not compressed.result.outcomes[0].changed
    assert compressor.total_tokens_saved == 0


@pytest.mark.parametrize(("policy", "would_save"), [("off", 0), ("observe", 680), ("safe", 0)])
def test_policies_that_change_nothing(policy, would_save):
    messages = openai(PHOTO)
    compressed = ImageCompressor(policy=policy).run(messages, model="gpt-4o")
    assert compressed.messages is messages
    assert compressed.result.tokens_saved == would_save


def test_a_policy_of_one_call_overrides_that_of_the_compressor(compressor):
    messages = openai(PHOTO)
    assert compressor.run(messages, model="gpt-4o", policy="off").messages is messages


@pytest.mark.parametrize("options", [{"policy": "reckless"}, {"device": "tpu"}, {"memo_bytes": -1}])
def test_a_wrong_option_is_named_with_what_is_right(options):
    with pytest.raises(InvalidOption, match=r"\d|'"):
        ImageCompressor(**options)


def test_the_memo_saves_time_and_gives_the_same_bytes():
    messages = anthropic(PHOTO)
    remembered = ImageCompressor(model="claude-sonnet-4-5")
    forgetful = ImageCompressor(model="claude-sonnet-4-5", memo_bytes=0)
    first = remembered.compress(messages, "anthropic")
    assert remembered.compress(messages, "anthropic") == first == forgetful.compress(messages, "anthropic")


def test_concurrent_callers_get_their_own_results():
    compressor = ImageCompressor(model="claude-sonnet-4-5")
    pictures = [as_bytes(scene(800 + 40 * number, 600, number)) for number in range(6)]

    def work(number: int) -> tuple[int, int]:
        result = compressor.run(anthropic(pictures[number % 6]), "anthropic").result
        return number % 6, result.outcomes[0].size_before[0]

    with ThreadPoolExecutor(8) as pool:
        for number, width in pool.map(work, range(96)):
            assert width == 800 + 40 * number


def test_the_helper_for_one_call_does_the_same():
    expected = ImageCompressor().compress(openai(PHOTO), model="gpt-4o")
    assert compress_images(openai(PHOTO), provider="openai", model="gpt-4o") == expected


def test_a_broken_picture_stays_with_a_reason(compressor):
    messages = openai(PHOTO[: len(PHOTO) // 2])
    assert compressor.compress(messages, model="gpt-4o") is messages
    assert compressor.last_result.reason


def test_a_router_that_fails_leaves_the_picture(caplog):
    class Broken:
        def route(self, query):
            raise RuntimeError("no")

    messages = openai(PHOTO)
    broken = ImageCompressor(router=Broken())
    assert broken.compress(messages, model="gpt-4o") is messages
    assert "unexpected failure" in broken.last_result.reason
    assert "stays as it is" in caplog.text


def test_the_signature_tells_policies_apart():
    assert ImageCompressor(policy=Policy.SAFE).signature() != ImageCompressor().signature()


def test_only_the_first_twenty_different_pictures_of_a_turn_are_looked_at(compressor):
    pictures = [as_bytes(scene(640, 480, number), quality=60) for number in range(22)]
    messages = about(*(image_url(as_data_url(picture)) for picture in pictures))
    result = compressor.run(messages, model="gpt-4o").result
    assert [outcome.changed for outcome in result.outcomes] == [True] * 20 + [False] * 2


def test_sixty_copies_of_one_picture_are_one_piece_of_work(compressor, monkeypatch):
    looks = []
    monkeypatch.setattr(pixels, "decode", lambda *a, decode=pixels.decode, **b: looks.append(a) or decode(*a, **b))
    result = compressor.run(about(*[image_url(as_data_url(PHOTO))] * 60), model="gpt-4o").result
    assert all(outcome.changed for outcome in result.outcomes)
    once = ImageCompressor()
    once.run(openai(PHOTO), model="gpt-4o")
    assert len(compressor._engine.tools.memo) == len(once._engine.tools.memo)
