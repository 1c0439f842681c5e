"""SigLIP through the real libraries: a tiny one with random weights, saved to disk and scored on real pictures."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

from headroom_core.image import RuleRouter, pixels
from headroom_core.image.header import read_header
from headroom_core.image.probe import Probe
from headroom_core.image.router import Siglip
from headroom_core.image.router import siglip as module
from tests.heavy.ml.models import save_siglip

IMAGES = Path(__file__).parents[3] / "examples/images"
NAMES = ("photo.jpg", "page.png", "receipt.jpg", "chart.png")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_siglip(tmp_path_factory.mktemp("siglip"))


def decoded(name):
    data = (IMAGES / name).read_bytes()
    return pixels.decode(data, read_header(data), at_least=(512, 512))


@pytest.mark.parametrize("name", NAMES)
def test_each_estimate_is_a_logistic_of_the_models_own_margin(folder, name):
    """The same arithmetic, written out with the model's own logits."""
    picture = decoded(name)
    seen = Siglip(str(folder), device="cpu").score(picture)
    model, processor, tokenizer = (
        kind.from_pretrained(folder) for kind in (AutoModel, AutoImageProcessor, AutoTokenizer)
    )
    image = processor(images=pixels.resized(picture, (32, 32)).convert("RGB"), return_tensors="pt")["pixel_values"]
    for one in module._estimates():
        words = [*one.yes, *one.no]
        fed = tokenizer(words, padding="max_length", truncation=True, max_length=16, return_tensors="pt")
        with torch.inference_mode():
            logits = model(input_ids=fed["input_ids"], pixel_values=image).logits_per_image[0].tolist()
        yes, no = logits[: len(one.yes)], logits[len(one.yes) :]
        margin = sum(yes) / len(yes) - sum(no) / len(no)
        expected = 1 / (1 + math.exp(-(one.scale * margin + one.bias)))
        assert getattr(seen, one.name) == pytest.approx(expected, abs=0.002)


def test_scores_differ_between_pictures_and_never_between_runs(folder):
    siglip = Siglip(str(folder), device="cpu")
    scores = [siglip.score(decoded(name)) for name in NAMES]
    assert len(set(scores)) == len(NAMES)
    siglip.close()
    assert [siglip.score(decoded(name)) for name in NAMES] == scores


def test_the_probe_joins_what_siglip_sees_to_what_was_measured(folder):
    siglip = Siglip(str(folder), device="cpu")
    data = (IMAGES / "photo.jpg").read_bytes()
    alone = Probe(RuleRouter()).classify(data, "Describe the scene.").image_signals
    both = Probe(RuleRouter(), siglip).classify(data, "Describe the scene.")
    seen = siglip.score(decoded("photo.jpg"))
    assert both.image_signals.has_text == max(alone.has_text, seen.has_text)
    assert both.image_signals.is_complex == max(alone.is_complex, seen.is_complex)
    assert "without SigLIP" not in both.reason


def test_a_folder_that_is_no_siglip_is_left_alone(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    assert Siglip(str(tmp_path)).score(decoded("photo.jpg")) is None
