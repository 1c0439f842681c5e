"""The mark by which headroom knows its own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headroom_core.formats import find, is_note, note

IMAGE = {"type": "image_url", "image_url": "https://example.com/a.png"}


@given(st.text())
def test_a_note_is_one_line_and_knows_itself(text):
    made = note(text)
    assert is_note(made.text)
    assert len(made.text.splitlines()) <= 1
    assert made == note(text)


def test_a_mark_further_in_is_no_note():
    assert not is_note('naïve "quoted" </image> [OCR from image] 1e400')
    assert not is_note("What does [Headroom] mean?")
    assert not is_note("")
    assert is_note("[OCR from image]\nTotal 3")


def test_only_the_images_right_beside_a_note_are_ours():
    own = {"type": "text", "text": note("cropped").text}
    word = {"type": "text", "text": "What is it?"}
    content = [IMAGE, word, IMAGE, own, IMAGE, word, IMAGE]
    blocks = find([{"role": "user", "content": content}])
    assert [block.ours for block in blocks] == [False, True, True, False]
    assert {block.query.text for block in blocks} == {"What is it?\nWhat is it?"}


def test_notes_are_known_in_every_spelling_of_text():
    text = note("cropped").text
    for own in ({"text": text}, {"type": "input_text", "text": text}, text):
        (block,) = find([{"role": "user", "content": [own, IMAGE]}])
        assert (block.ours, block.query.text) == (True, "")
