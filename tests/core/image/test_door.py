"""What adapters rely on: nothing raises, the account is kept, a share of conversations is held out."""

from __future__ import annotations

import copy
import pickle

import pytest

from headroom_core.errors import InvalidOption
from headroom_core.image import Door, ImageCompressor, held_out
from tests.core.image.asking import GIST, PHOTO, openai


def test_a_door_compresses_and_keeps_the_account():
    door = Door(model="gpt-4o")
    messages = openai(PHOTO)
    assert door.compress(messages, provider="openai")[0]["content"][1]["image_url"]["detail"] == "low"
    assert door.compress([{"role": "user", "content": "hi"}], provider="openai") == [{"role": "user", "content": "hi"}]
    assert door.total_tokens_saved == 680
    assert [outcome.tokens_saved for outcome in door.outcomes] == [680]
    assert door.last_result.outcomes == ()


def test_the_model_of_the_door_counts_before_that_of_the_call_and_the_policy_of_the_call_before_that_of_the_door():
    door = Door(model="gpt-4o", policy="off")
    messages = openai(PHOTO)
    assert door.compress(messages, provider="openai", model="nobody-s") is messages
    assert door.compress(messages, provider="openai", model="nobody-s", policy="balanced") is not messages


def test_a_broken_engine_lets_the_request_through(caplog):
    class Broken(ImageCompressor):
        def run(self, *arguments, **options):
            raise RuntimeError("no")

    messages = openai(PHOTO)
    assert Door(Broken()).compress(messages, provider="openai") is messages
    assert "goes out as it came" in caplog.text


def test_a_door_is_shared_by_copies_and_survives_pickling():
    door = Door(model="gpt-4o", policy="safe", holdout=0.25)
    assert copy.deepcopy(door) is door
    again = pickle.loads(pickle.dumps(door))
    assert again.signature() == door.signature()
    assert again.compress(openai(PHOTO), provider="openai", policy="balanced") is not None


def test_held_out_conversations_go_through_untouched_and_are_counted_apart():
    door = Door(model="gpt-4o", holdout=1.0)
    messages = openai(PHOTO)
    assert door.compress(messages, provider="openai") is messages
    assert (door.held_out_requests, door.total_tokens_saved) == (1, 0)
    assert door.last_result.tokens_saved == 680


def test_the_holdout_is_about_the_share_and_the_same_for_every_turn():
    talks = [openai(PHOTO, f"{GIST} {number}") for number in range(400)]
    held = [held_out(talk, 0.25) for talk in talks]
    assert 60 <= sum(held) <= 140
    for talk, first in zip(talks[:20], held, strict=False):
        later = [*talk, {"role": "assistant", "content": "Calm."}, *openai(PHOTO, "And now?")]
        assert held_out(later, 0.25) is first
    assert not held_out(talks[0], 0.0)


@pytest.mark.parametrize("options", [{"holdout": 1.5}, {"holdout": -0.1}, {"policy": "reckless"}])
def test_a_wrong_option_is_refused(options):
    with pytest.raises(InvalidOption):
        Door(**options)
