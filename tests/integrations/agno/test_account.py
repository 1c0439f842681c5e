"""The switch, the holdout, the cache key and the account of a wrapped Agno model."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from agno.media import Image
from agno.team import Team

from headroom_agno import HeadroomAgnoModel, create_headroom_hooks
from headroom_core.blocks import Picture, Replacement, Shape, Text
from headroom_core.image import Decision, ImageCompressor, Outcome, Technique
from tests.integrations.agno.material import FOREIGN, GIST, WAYS, agent, asked, bare, done, look, photo
from tests.integrations.engines import Watched

pytestmark = FOREIGN

OFF = {"headroom": {"policy": "off"}}


@pytest.mark.parametrize("way", WAYS)
async def test_one_run_is_left_alone(way, wire):
    images = [Image(content=photo())]
    await done(way(agent(bare("openai", wire.url)), GIST, images=images))
    model = HeadroomAgnoModel(bare("openai", wire.url))
    await done(way(agent(model), GIST, images=images, metadata=OFF))
    await done(way(agent(model), GIST, images=images))
    plain, left, compressed = wire.bodies
    assert left == plain != compressed


@pytest.mark.parametrize("switch", ["off", {"policy": "of"}, {"polcy": "off"}, 3, {"policy": []}])
def test_a_switch_that_is_not_understood_switches_off(switch, wire, caplog):
    model = HeadroomAgnoModel(bare("openai", wire.url))
    agent(model).run(GIST, images=[Image(content=photo())], metadata={"headroom": switch})
    assert model.total_tokens_saved == 0
    assert "images sent as they were" in caplog.text


def test_a_run_may_ask_for_another_policy(wire):
    model = HeadroomAgnoModel(bare("openai", wire.url), policy="off")
    agent(model).run(GIST, images=[Image(content=photo())])
    assert model.outcomes == ()
    agent(model).run(GIST, images=[Image(content=photo())], metadata={"headroom": {"policy": "balanced"}})
    assert model.total_tokens_saved > 0


def test_what_is_held_out_goes_as_it_is_and_is_reported(wire):
    bare("openai", wire.url).response([asked()])
    model = HeadroomAgnoModel(bare("openai", wire.url), holdout=1.0)
    model.response([asked()])
    plain, held = wire.bodies
    assert held == plain
    assert model.headroom_door.held_out_requests == 1
    assert model.total_tokens_saved == 0
    assert model.outcomes[0].tokens_saved > 0
    assert not model.outcomes[0].changed


def cached(wire: Any, folder: Any, **options: Any) -> Any:
    return HeadroomAgnoModel(bare("openai", wire.url, cache_response=True, cache_dir=str(folder)), **options)


def test_the_cache_tells_pictures_apart(wire, tmp_path):
    model = cached(wire, tmp_path)
    for seed in (0, 1, 0, 1):
        model.response([asked(seed=seed)])
    assert len(wire.bodies) == 2
    cached(wire, tmp_path).response([asked()])
    assert len(wire.bodies) == 2


def test_the_cache_tells_configurations_apart(wire, tmp_path):
    for policy in ("balanced", "off", "balanced"):
        cached(wire, tmp_path, policy=policy).response([asked()])
    assert len(wire.bodies) == 2


def test_the_cache_tells_files_apart_by_what_they_hold(wire, tmp_path):
    model, path = cached(wire, tmp_path / "cache"), tmp_path / "a.jpg"
    keys = set()
    for seed in (0, 1, 0):
        path.write_bytes(photo(seed))
        message = asked()
        message.images = [Image(filepath=path)]
        keys.add(model._get_model_cache_key([message], stream=False))
    message.images = [Image(url="http://127.0.0.1/a.jpg")]
    keys.add(model._get_model_cache_key([message], stream=False))
    message.images = [Image(url="http://127.0.0.1/a.jpg", detail="low")]
    keys.add(model._get_model_cache_key([message], stream=False))
    assert len(keys) == 4
    assert all(key.isalnum() for key in keys)


def test_words_alone_share_the_bare_models_cache(wire, tmp_path):
    words = asked()
    words.images = None
    plain = bare("openai", wire.url)
    assert cached(wire, tmp_path)._get_model_cache_key([words], stream=False) == plain._get_model_cache_key(
        [words], stream=False
    )


@pytest.mark.parametrize("way", WAYS)
async def test_hooks_take_the_account_of_each_run(way, wire):
    before, after = create_headroom_hooks()
    model = HeadroomAgnoModel(bare("anthropic", wire.url))
    who = agent(model, tools=[look], pre_hooks=[before], post_hooks=[after])
    await done(way(who, GIST, images=[Image(content=photo())]))
    await done(way(who, GIST, metadata=OFF))
    with_picture, off = after.runs
    assert before.runs_started == 2
    assert (with_picture.images, with_picture.requests) == (1, 2)
    assert with_picture.tokens_saved == model.total_tokens_saved == after.total_tokens_saved > 0
    assert with_picture.tokens_before == sum(outcome.tokens_before for outcome in model.outcomes)
    assert with_picture.input_tokens > 0
    assert (off.images, off.tokens_saved) == (0, 0)
    assert off.run_id != with_picture.run_id


def test_hooks_serve_a_team_and_a_model_that_is_not_wrapped(wire):
    before, after = create_headroom_hooks()
    hooks: dict[str, Any] = {"pre_hooks": [before], "post_hooks": [after]}
    agent(bare("openai", wire.url), **hooks).run(GIST, images=[Image(content=photo())])
    assert after.runs[0].tokens_before == 0
    model = HeadroomAgnoModel(bare("openai", wire.url))
    Team(members=[], model=model, telemetry=False, **hooks).run(GIST, images=[Image(content=photo())])
    assert after.runs[1].tokens_saved == model.total_tokens_saved > 0


async def test_runs_at_the_same_time_keep_their_own_accounts(wire):
    before, after = create_headroom_hooks()
    model = HeadroomAgnoModel(bare("openai", wire.url))
    who = agent(model, pre_hooks=[before], post_hooks=[after])
    await asyncio.gather(*(who.arun(GIST, images=[Image(content=photo(seed))]) for seed in range(4)))
    assert [run.tokens_saved for run in after.runs] == [model.total_tokens_saved // 4] * 4


async def test_pixels_are_worked_on_off_the_event_loop(wire):
    engine = Watched()
    model = HeadroomAgnoModel(bare("openai", wire.url), compressor=engine)
    for stream in (False, True):
        await done(WAYS[2 + stream](agent(model), GIST, images=[Image(content=photo())]))
    assert len(engine.threads) == 2
    assert engine.stayed_off_this_thread


class Transcriber(ImageCompressor):
    """An engine that puts words, and perhaps a picture, in the place of each image."""

    def __init__(self, *parts: Picture | Text) -> None:
        super().__init__()
        self.parts = parts

    def run(self, messages: Any, *args: Any, **options: Any) -> Any:
        done = super().run(messages, *args, **options)
        outcomes = [
            Outcome(
                outcome.place,
                Shape.OPENAI_CHAT,
                outcome.turn,
                Decision(Technique.TRANSCODE, "read off"),
                changed=True,
                replacement=Replacement(self.parts),
            )
            for outcome in done.result.outcomes
        ]
        return type(done)(messages, type(done.result)(tuple(outcomes)))


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_words_read_off_a_picture_stand_after_the_question(provider, wire):
    engine = Transcriber(Text("It says: STOP"))
    HeadroomAgnoModel(bare(provider, wire.url), compressor=engine).response([asked("What is it?")])
    content = wire.bodies[0]["messages"][0]["content"]
    words = content if isinstance(content, str) else "".join(block["text"] for block in content)
    assert words == "What is it?\n\nIt says: STOP"


def test_one_image_can_become_words_and_a_smaller_picture(wire):
    engine = Transcriber(Text("It says: STOP"), Picture(photo(5), "image/jpeg"))
    question = asked("What is it?")
    HeadroomAgnoModel(bare("anthropic", wire.url), compressor=engine).response([question])
    text, image = wire.bodies[0]["messages"][0]["content"]
    assert text["text"].endswith("STOP")
    assert image["source"]["media_type"] == "image/jpeg"
    assert question.content == "What is it?"
