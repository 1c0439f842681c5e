"""The least height of print depends on the policy, and on the script of the question."""

from __future__ import annotations

import base64
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.image import ImageCompressor
from headroom_core.image.header import read_header
from headroom_core.image.policy import THRESHOLDS, Policy
from tests.core.image.asking import openai
from tests.core.pictures import as_bytes, page
from tests.core.told import Told, needing

DENSE = (
    "请读出文字",
    "本文を読んで",
    "カナ",
    "글자를 읽어 줘",
    "पाठ पढ़ो",
    "อ่านข้อความ",
    "اقرأ النص",
    "পাঠ পড়ুন",
    "អាន",
    "，",
)
ALPHABETS = ("Read the text.", "Прочитай текст.", "Διάβασε το κείμενο.", "קרא את הטקסט", "Čti, prosím – 42 °C", "")
HEIGHTS = ("word_em", "digit_em", "structure_em")


@pytest.mark.parametrize("words", DENSE)
@pytest.mark.parametrize("policy", [Policy.SAFE, Policy.BALANCED, Policy.AGGRESSIVE])
def test_who_asks_in_a_script_that_needs_more_pixels_gets_more(words: str, policy: Policy) -> None:
    rule = THRESHOLDS[policy]
    asked = rule.asked_in(f"Please: {words}")
    assert all(getattr(asked, name) >= rule.dense_em for name in HEIGHTS)
    others = {name: value for name, value in asdict(asked).items() if name not in HEIGHTS}
    assert others.items() <= asdict(rule).items()


@pytest.mark.parametrize("words", ALPHABETS)
def test_alphabets_keep_their_bounds(words: str) -> None:
    assert THRESHOLDS[Policy.BALANCED].asked_in(words) is THRESHOLDS[Policy.BALANCED]


@given(st.text(max_size=40))
def test_no_words_lower_a_bound(words: str) -> None:
    rule = THRESHOLDS[Policy.BALANCED]
    asked = rule.asked_in(words)
    assert all(getattr(asked, name) >= getattr(rule, name) for name in HEIGHTS)
    assert asked.asked_in(words) == asked


def test_a_page_asked_about_in_such_a_script_stays_larger_than_in_an_alphabet() -> None:
    picture, sent = as_bytes(page(1654, 2339, 30), "PNG"), {}
    for words in ("Read the text.", "请读出文字"):
        compressor = ImageCompressor(router=Told({words: needing("text")}), read_text=False)
        (message,) = compressor.compress(openai(picture, words, "image/png"), model="claude-opus-5-5")
        url = message["content"][1]["image_url"]["url"]
        sent[words] = read_header(base64.b64decode(url.partition(",")[2])).size
    small, large = sent.values()
    assert max(small) < max(large) < 2339
