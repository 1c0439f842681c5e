"""The trained router on real files: a tiny ONNX model, a tokenizer and an n-gram model, made here."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.blocks import Query
from headroom_core.errors import RouterUnavailable
from headroom_core.image import ImageCompressor, Need, RuleRouter, Technique
from headroom_core.image.router import OnnxRouter, default_router
from headroom_core.image.router.windows import MOST_CHARACTERS
from tests.ml.tiny import MEANINGS, OUTPUTS, make_router, seal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_router(tmp_path_factory.mktemp("router"))


@pytest.fixture(scope="module")
def router(folder: Path) -> OnnxRouter:
    made = OnnxRouter(folder)
    made.load()
    return made


def ask(router, text, **more):
    return router.route(Query(text=text, **more))


def test_what_the_model_learned_decides_where_the_word_lists_know_nothing(router):
    assert RuleRouter().route(Query(text="zorp")).technique is Technique.PRESERVE
    needs = ask(router, "zorp")
    assert needs.present(Need.GIST)
    assert needs.technique is Technique.FULL_LOW
    assert ask(router, "glim").technique is Technique.TRANSCODE
    assert ask(router, "vandu").technique is Technique.PRESERVE
    assert ask(router, "krelo").present(Need.NONE)


@pytest.mark.parametrize("word", [word for word, output in MEANINGS.items() if output != "silent"])
def test_each_output_goes_to_the_need_of_its_name(router, word):
    needs = ask(router, word)
    assert [need.value for need in Need if needs.present(need)] == [MEANINGS[word]]


def test_a_text_that_the_model_finds_to_say_nothing_excludes_nothing(router):
    needs = ask(router, "ulfi")
    assert needs.silent
    assert not any(needs.excluded(need) or needs.present(need) for need in Need if need is not Need.NONE)


def test_compound_questions_raise_every_need(router):
    needs = ask(router, "zorp vandu")
    assert needs.present(Need.GIST)
    assert needs.present(Need.DETAIL)
    assert needs.technique is Technique.PRESERVE


def test_a_demanding_need_that_a_word_names_stands_whatever_the_model_thinks(router):
    needs = ask(router, "zorp, how many birds")
    assert needs.present(Need.COUNT)
    assert needs.technique is Technique.PRESERVE
    assert not ask(router, "ulfi, how many birds").silent


def test_coordinates_come_from_the_request_and_silence_from_the_words(router):
    assert ask(router, "zorp", coordinates=True).coordinates == 1.0
    for words in ("", "???", "have a look"):
        assert ask(router, words).silent


def test_questions_longer_than_a_window_are_read_to_their_end(router):
    filler = "plim " * 12
    for text in (f"{filler}vandu", f"vandu {filler}", f"{filler}vandu {filler}"):
        assert ask(router, f"zorp {text}").present(Need.DETAIL)
    assert ask(router, f"zorp {filler}").technique is Technique.FULL_LOW


def test_one_window_that_asks_for_something_settles_silence_and_absence(router):
    filler = "plim " * 12
    assert ask(router, f"krelo {filler}").excluded(Need.NONE)
    assert not ask(router, f"ulfi {filler} vandu").silent


@pytest.mark.parametrize("text", ["zorp " + "plim " * 400, "zorp" + " " * MOST_CHARACTERS + "zorp"])
def test_of_a_text_that_is_not_read_to_its_end_nothing_is_excluded(router, text):
    needs = ask(router, text)
    assert not any(needs.excluded(need) for need in Need if need not in {Need.GIST, Need.NONE})
    assert needs.technique is Technique.PRESERVE


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(st.text(max_size=300), st.lists(st.sampled_from([*MEANINGS, "how", "\ud800", "?"])).map(" ".join))
)
def test_any_text_is_answered_and_always_alike(router, text):
    needs = ask(router, text)
    assert needs == ask(router, text)
    assert needs == ask(OnnxRouter(router.folder), text)


def test_the_thresholds_of_the_data_file_fall_on_those_of_needs(tmp_path):
    sure = OnnxRouter(make_router(tmp_path / "sure", bounds=(0.001, 0.9999)))
    level = sure.probabilities("zorp")["gist"]
    assert 0.9 < level < 0.9999
    assert not ask(sure, "zorp").present(Need.GIST)
    assert not ask(sure, "zorp").excluded(Need.TEXT)
    easy = OnnxRouter(make_router(tmp_path / "easy", bounds=(0.5, 0.6)))
    assert ask(easy, "zorp").present(Need.GIST)
    assert ask(easy, "zorp").excluded(Need.TEXT)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "ngrams.npz", "calibration.json"])
def test_a_file_with_another_digest_is_not_loaded(tmp_path, name, caplog):
    folder = make_router(tmp_path)
    damaged = bytearray((folder / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (folder / name).write_bytes(damaged)
    router = OnnxRouter(folder)
    with pytest.raises(RouterUnavailable, match=f"{name} does not have the digest"):
        router.load()
    assert ask(router, "Describe the scene.") == RuleRouter().route(Query(text="Describe the scene."))
    assert router.identity == "rules"
    assert default_router(str(folder)) is not router


def test_a_failure_is_logged_once(tmp_path, caplog):
    router = OnnxRouter(tmp_path / "nowhere")
    for _ in range(3):
        ask(router, "zorp")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "word lists" in caplog.text


@pytest.mark.parametrize(
    "changes", [{"needs": list(OUTPUTS[:-1])}, {"needs": [*OUTPUTS, "text"]}, {"max_tokens": "many"}, {"files": {}}]
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, changes):
    folder = make_router(tmp_path)
    seal(folder, **changes)
    with pytest.raises(RouterUnavailable):
        OnnxRouter(folder).load()


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "ngrams.npz"])
def test_a_file_of_another_kind_is_refused_even_with_the_right_digest(tmp_path, name):
    folder = make_router(tmp_path)
    (folder / name).write_bytes(b"not what it says")
    seal(folder)
    with pytest.raises(RouterUnavailable, match="cannot be loaded"):
        OnnxRouter(folder).load()


def test_without_the_encoder_the_ngrams_read_alone(tmp_path):
    router = OnnxRouter(make_router(tmp_path, members=("ngrams",)))
    assert ask(router, "zorp").technique is Technique.FULL_LOW
    assert router.identity.startswith("tiny-1/ngrams@")


def test_without_onnxruntime_the_ngrams_read_alone(folder):
    program = f"""
import sys
sys.modules["onnxruntime"] = None
from pathlib import Path
from headroom_core.image.router import OnnxRouter
print(OnnxRouter(Path({str(folder)!r})).identity)
"""
    assert run(program).startswith("tiny-1/ngrams@")


def test_without_numpy_the_word_lists_read(folder):
    program = f"""
import sys
sys.modules["numpy"] = None
from pathlib import Path
from headroom_core.image.router import OnnxRouter
print(OnnxRouter(Path({str(folder)!r})).identity)
"""
    assert run(program) == "rules"


def test_another_process_reads_the_same_needs(router, folder):
    texts = ["zorp", "glim vandu", "what is this zorp", "plim " * 20 + "krelo", "数 zorp"]
    program = f"""
import json
from pathlib import Path
from headroom_core.blocks import Query
from headroom_core.image.router import OnnxRouter
router = OnnxRouter(Path({str(folder)!r}))
print(json.dumps([repr(router.route(Query(text=text))) for text in {texts!r}]))
"""
    assert json.loads(run(program)) == [repr(ask(router, text)) for text in texts]


def run(program: str) -> str:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()


def test_many_threads_share_one_model(folder):
    router = OnnxRouter(folder)
    texts = [f"{word} number {at}" for at in range(40) for word in MEANINGS]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: ask(router, text), texts))
    assert answers == [ask(router, text) for text in texts]


def test_closing_frees_the_session_and_the_next_question_loads_again(folder):
    router = OnnxRouter(folder)
    before = ask(router, "zorp")
    session = weakref.ref(router._model.general.encoder.session)
    router.close()
    gc.collect()
    assert session() is None
    assert ask(router, "zorp") == before


def test_a_folder_of_this_kind_is_taken_by_the_compressor(folder):
    with ImageCompressor(model_id=str(folder)) as compressor:
        assert compressor._get_router().classify(query="zorp").technique is Technique.FULL_LOW
        assert "tiny-1/encoder+ngrams@" in compressor.signature()
        assert compressor.warm() in compressor.signature()
    assert default_router(str(folder)) is default_router(str(folder))
