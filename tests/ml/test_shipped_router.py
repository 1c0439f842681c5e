"""The router in the package: its files, its size, and the logits that its training wrote down."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from headroom_core.blocks import Query
from headroom_core.image import Need, RuleRouter, Technique
from headroom_core.image.router import OnnxRouter, allows, default_router, technique_of
from headroom_core.image.router.artefact import ENCODER_FILES, ENGLISH_FILES, NGRAM_FILES, Artefact
from headroom_core.image.router.onnx import WEIGHTS

ROOT = Path(__file__).parents[2]
MOST_BYTES = 20_000_000
TOLERANCE = 0.1
"""How far a logit may be off on another processor: its int8 products differ in their last bits."""
EXAMPLES = json.loads((ROOT / "training" / "example.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def router() -> OnnxRouter:
    made = OnnxRouter()
    made.load()
    return made


def test_the_shipped_files_are_whole_and_small():
    artefact = Artefact.read(WEIGHTS)
    assert artefact.has((*ENCODER_FILES, *ENGLISH_FILES, *NGRAM_FILES))
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= MOST_BYTES


def test_the_shipped_router_is_the_default():
    chosen = default_router()
    assert isinstance(chosen, OnnxRouter)
    assert chosen.folder == WEIGHTS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"] or "nothing")
def test_the_shipped_members_give_the_logits_that_training_wrote_down(router, example):
    model = router._model
    ngrams = model.ngrams.logits(example["text"])
    assert np.allclose(ngrams, example["ngrams"], atol=1e-3)
    assert (ngrams[-1] > 0) is np.bool_(example["english"])
    encoder = (model.english if example["english"] else model.general).encoder
    ((window,), whole) = encoder.windows(example["text"])
    assert whole
    assert np.allclose(encoder.logits(window.ids), example["encoder"], atol=TOLERANCE)


def test_each_language_loads_its_own_encoder():
    router = OnnxRouter()
    router.route(Query(text="how much did I pay for the parking?"))
    assert router._model.english.encoder.is_loaded
    assert not router._model.general.encoder.is_loaded
    router.route(Query(text="Wie viel habe ich fürs Parken bezahlt?"))
    assert router._model.general.encoder.is_loaded


def test_an_encoder_that_cannot_be_loaded_leaves_the_questions_to_the_word_lists(tmp_path, caplog):
    folder = tmp_path / "router"
    shutil.copytree(WEIGHTS, folder)
    (folder / "english.onnx").write_bytes(b"not a graph")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"]["english.onnx"] = hashlib.sha256(b"not a graph").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    router = OnnxRouter(folder)
    for text in ("is this a formal event or just casual", "what's the general vibe here"):
        assert router.route(Query(text=text)) == RuleRouter().route(Query(text=text))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert router.identity == "rules"


def test_a_question_that_has_left_the_picture_takes_the_small_copy(router):
    needs = router.route(Query(text="never mind the picture, what's 15% of 240?"))
    assert needs.present(Need.NONE)
    assert technique_of(needs, kind="photo") is Technique.FULL_LOW


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("count the screws on the tray", "photo"),
        ("¿cuántos coches hay aparcados?", "photo"),
        ("click on the settings icon", "screenshot"),
        ("what changed between these two screenshots?", "screenshot"),
        ("is this chest x-ray normal?", "medical"),
    ],
)
def test_what_needs_every_pixel_is_preserved(router, text, kind):
    needs = router.route(Query(text=text))
    assert technique_of(needs, kind=kind) is Technique.PRESERVE
    assert allows(needs, Technique.PRESERVE, kind=kind)


@pytest.mark.parametrize("text", ["", "this?", "have a look"])
def test_a_question_that_says_nothing_is_read_as_by_the_word_lists(router, text):
    assert router.route(Query(text=text)) == RuleRouter().route(Query(text=text))


@pytest.mark.parametrize("text", ["what is the mood of this picture?", "who painted this, roughly which style?"])
def test_of_several_kinds_all_must_allow_a_technique(router, text):
    needs = router.route(Query(text=text))
    for technique in Technique:
        both = allows(needs, technique, kind=("art", "receipt"))
        assert both is (allows(needs, technique, kind="art") and allows(needs, technique, kind="receipt"))


def test_without_risks_what_is_allowed_is_what_the_needs_alone_decide():
    rules = RuleRouter()
    for text in ("Describe the scene.", "How many birds?", "", "what does the sign say"):
        needs = rules.route(Query(text=text))
        for kind in (None, "photo", "document"):
            allowed = {technique for technique in Technique if allows(needs, technique, kind=kind)}
            assert allowed == {Technique.PRESERVE, technique_of(needs, kind=kind)}
