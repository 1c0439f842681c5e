"""What stands around a trained router: windows, thresholds, the guard of words, and what the picture overrides."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.blocks import Query
from headroom_core.errors import RouterUnavailable
from headroom_core.image import ImageCompressor, Need, Needs, RuleRouter, Technique
from headroom_core.image.probe import Probe
from headroom_core.image.router import EXCLUDED_BELOW, MODELS, PRESENT_FROM, OnnxRouter, Siglip, TorchRouter
from headroom_core.image.router.derive import is_located, technique_of
from headroom_core.image.router.guard import guarded, opened
from headroom_core.image.router.ngrams import features, normalised
from headroom_core.image.router.registry import DefaultRouter, default_router, identity_of
from headroom_core.image.router.scale import Bounds, rescaled
from headroom_core.image.router.siglip import joined
from headroom_core.image.router.torch import needs_of_labels
from headroom_core.image.router.windows import MOST_CHARACTERS, MOST_WINDOWS, cut, shortened
from headroom_core.image.signals import ImageSignals

IMAGES = Path(__file__).parents[3] / "examples/images"
SCENES = ("photo.jpg", "cat.jpg")
PRINT = ("page.png", "screenshot.png", "chart.png", "receipt.jpg")
LEVELS = st.floats(0, 1)
NEEDS = st.builds(Needs, **{need.value: LEVELS for need in Need}, silent=st.booleans())
OUT = {need.value: 0.0 for need in Need}


@dataclass(frozen=True)
class Reads:
    """A router for one question: what it needs is given."""

    needs: Needs

    def route(self, query: Query) -> Needs:
        return self.needs


def only(**levels: float) -> Needs:
    place = {"place": levels.pop("place")} if "place" in levels else {}
    return Needs(**(OUT | levels), **place)


def classify(name: str, needs: Needs):
    return Probe(Reads(needs)).classify((IMAGES / name).read_bytes(), "?")


def overridden(name: str, needs: Needs, *, asks: Technique, because: str):
    """What becomes of a question that by itself asks for less than the picture allows."""
    decision = classify(name, needs)
    assert decision.query_prediction is asks
    assert decision.technique is Technique.PRESERVE
    assert because in decision.reason
    return decision


# Windows


@given(st.integers(0, 3000), st.integers(1, 80), st.integers(2, 10))
def test_windows_are_few_and_fit_and_cover_what_they_say_they_cover(length, size, most):
    windows = cut(length, size, most=most)
    assert 1 <= len(windows.spans) <= most
    assert all(0 <= start <= end <= length and end - start <= size for start, end in windows.spans)
    assert windows.spans[0][0] == 0
    assert windows.spans[-1][1] == length
    covered = {at for start, end in windows.spans for at in range(start, end)}
    assert windows.whole == (covered == set(range(length))) or not windows.whole


def test_neighbouring_windows_overlap_so_that_no_phrase_is_cut_everywhere():
    spans = cut(200, 40).spans
    assert all(second[0] <= first[1] - 10 for first, second in pairwise(spans))
    assert cut(200, 40).whole
    assert not cut(40 * MOST_WINDOWS, 40).whole


@given(st.text(max_size=50))
def test_a_short_text_is_read_as_it_is_but_for_halves_of_surrogates(text):
    assert shortened(text) == (text.encode("utf-8", "replace").decode(), True)


def test_a_very_long_text_loses_its_middle():
    text = "head" + "x" * 3 * MOST_CHARACTERS + "tail"
    read, whole = shortened(text)
    assert not whole
    assert read.startswith("head")
    assert read.endswith("tail")
    assert len(read) <= MOST_CHARACTERS + 1


# Thresholds


@given(LEVELS, LEVELS, LEVELS, LEVELS)
def test_a_needs_own_thresholds_fall_on_those_of_the_decision(first, second, one, other):
    bounds = Bounds(*sorted((first, second)))
    low, high = sorted((one, other))
    scaled = rescaled(low, bounds)
    assert 0 <= scaled <= rescaled(high, bounds) <= 1
    assert (scaled < EXCLUDED_BELOW) == (low < bounds.excluded_below)
    assert (scaled >= PRESENT_FROM) == (low >= bounds.present_from)


@pytest.mark.parametrize("bounds", [(0.6, 0.5), (-0.1, 0.5), (0.1, 1.1), (float("nan"), 0.5)])
def test_thresholds_out_of_order_are_refused(bounds):
    with pytest.raises(ValueError, match="does not hold"):
        Bounds(*bounds)


# The guard


@given(NEEDS, NEEDS)
def test_the_word_lists_may_raise_a_demanding_need_and_never_lower_one(read, rules):
    both = guarded(read, rules)
    if both == rules:
        return
    assert not rules.silent
    for need in Need:
        expected = read.probability(need)
        if need not in {Need.GIST, Need.NONE} and rules.present(need):
            expected = max(expected, rules.probability(need))
        assert both.probability(need) == expected
    assert not (both.silent and any(rules.present(need) for need in Need if need not in {Need.GIST, Need.NONE}))


DEMANDING = [need for need in Need if need not in {Need.GIST, Need.NONE}]


@given(NEEDS, st.sampled_from([only(gist=0.95), only(none=0.95)]))
def test_what_words_know_to_be_light_is_light_unless_the_model_finds_a_demanding_need(read, rules):
    if any(read.present(need) for need in DEMANDING):
        assert any(guarded(read, rules).present(need) for need in DEMANDING)
    else:
        assert guarded(read, rules) == rules


@given(NEEDS)
def test_coordinates_and_silence_come_from_the_words(read):
    for rules in (Needs(silent=True), Needs(coordinates=1.0)):
        assert guarded(read, rules) == rules


@given(NEEDS)
def test_where_not_all_was_read_no_demanding_need_is_excluded(needs):
    after = opened(needs)
    assert not after.silent
    assert after.technique is Technique.PRESERVE
    assert all(after.probability(need) >= needs.probability(need) for need in Need)


# N-grams


def test_ngrams_see_through_case_digits_width_and_blanks():
    assert normalised("  Pay \t１２ EUR\n") == " pay 00 eur "
    assert normalised("") == "  "
    assert features("Pay 12", 4096, (2, 3), (1, 2)) == features("ｐａｙ  99", 4096, (2, 3), (1, 2))


@given(st.text(max_size=80))
def test_features_are_distinct_buckets_in_order(text):
    found = features(text, 1024, (2, 3, 4, 5), (1, 2))
    assert found == sorted(set(found))
    assert all(0 <= bucket < 1024 for bucket in found)


# From needs to a technique


@given(NEEDS, st.sampled_from([None, "photo", "art", "document", "chart", "screenshot", "nobody-knows"]))
def test_a_kind_never_makes_a_decision_bolder_than_the_needs_but_for_silence_over_a_scene(needs, kind):
    alone, with_kind = technique_of(needs), technique_of(needs, kind=kind)
    if kind in {"photo", "art"} and needs.silent:
        assert with_kind is Technique.FULL_LOW
    else:
        assert with_kind in {alone, needs.technique, Technique.PRESERVE}


@pytest.mark.parametrize(
    ("needs", "kind", "technique"),
    [
        (only(gist=1.0), "photo", Technique.FULL_LOW),
        (only(gist=1.0), "document", Technique.PRESERVE),
        (only(none=1.0), "document", Technique.FULL_LOW),
        (only(text=1.0, digits=1.0), None, Technique.PRESERVE),
        (only(text=1.0), "receipt", Technique.TRANSCODE),
        (only(text=1.0), "handwriting", Technique.PRESERVE),
        (only(text=1.0), "chart", Technique.PRESERVE),
        (only(text=1.0), "photo", Technique.PRESERVE),
        (only(region=1.0, place="top left"), "photo", Technique.CROP),
        (only(region=1.0, place="behind"), None, Technique.PRESERVE),
        (Needs(silent=True), None, Technique.PRESERVE),
        (Needs(silent=True), "screenshot", Technique.PRESERVE),
    ],
)
def test_what_a_kind_of_picture_bears(needs, kind, technique):
    assert technique_of(needs, kind=kind) is technique


@pytest.mark.parametrize(
    "place",
    ["lower left corner", "oben links", "arriba a la derecha", "右上", "اليسار", "в левом углу", "en bas", "góc trái"],
)
def test_a_corner_or_a_side_can_be_found_in_any_language(place):
    assert is_located(place)


@pytest.mark.parametrize("place", [None, "", "behind", "other", "next to", "under the table"])
def test_a_place_named_by_its_meaning_cannot(place):
    assert not is_located(place)


# What the picture overrides: real pictures, and the reason says so


@pytest.mark.parametrize("name", PRINT)
def test_a_question_about_the_whole_is_not_sent_low_over_print(name):
    because = "gist only, but the picture bears text"
    decision = overridden(name, only(gist=1.0), asks=Technique.FULL_LOW, because=because)
    assert decision.image_signals.has_text >= 0.5


@pytest.mark.parametrize("name", SCENES)
def test_a_question_about_the_whole_of_a_scene_is_sent_low(name):
    decision = classify(name, only(gist=1.0))
    assert decision.technique is Technique.FULL_LOW
    assert decision.confidence == decision.query_confidence == 1.0


@pytest.mark.parametrize("name", SCENES)
def test_transcription_is_demoted_where_there_is_no_text(name):
    because = "but no text to transcribe was found"
    overridden(name, only(text=1.0), asks=Technique.TRANSCODE, because=because)


def test_transcription_stands_where_there_is_text():
    decision = classify("page.png", only(text=1.0, digits=1.0))
    assert decision.technique is Technique.TRANSCODE
    assert "words in the picture, exact strings" in decision.reason


@pytest.mark.parametrize("question", ["", "this?", "have a look"])
def test_a_question_that_says_nothing_is_left_to_the_picture(question):
    probe = Probe(RuleRouter())
    for name in PRINT:
        decision = probe.classify((IMAGES / name).read_bytes(), question)
        assert decision.technique is Technique.PRESERVE
        assert "may bear text" in decision.reason
    for name in SCENES:
        decision = probe.classify((IMAGES / name).read_bytes(), question)
        assert decision.technique is Technique.FULL_LOW
        assert "bears no text" in decision.reason


def test_a_region_that_cannot_be_located_is_not_cropped():
    needs = only(region=1.0, place="behind")
    overridden("photo.jpg", needs, asks=Technique.CROP, because="cannot be located")
    found = classify("photo.jpg", only(region=1.0, place="top left"))
    assert found.technique is Technique.CROP
    assert "one region" in found.reason


def test_a_picture_that_cannot_be_read_is_preserved_and_says_why():
    broken = (IMAGES / "photo.jpg").read_bytes()[:5000]
    decision = Probe(Reads(only(gist=1.0))).classify(broken, "?")
    assert decision.technique is Technique.PRESERVE
    assert decision.image_signals is None


def test_siglip_that_is_not_at_hand_leaves_the_measured_signals_alone_and_says_so(tmp_path):
    data = (IMAGES / "photo.jpg").read_bytes()
    alone = Probe(RuleRouter()).classify(data, "Describe the scene.")
    without = Probe(RuleRouter(), Siglip(str(tmp_path / "nowhere"))).classify(data, "Describe the scene.")
    assert without.image_signals == alone.image_signals
    assert without.technique is alone.technique
    assert "without SigLIP" in without.reason
    assert "SigLIP" not in alone.reason


@given(*[st.builds(ImageSignals, LEVELS, LEVELS, LEVELS, LEVELS)] * 2)
def test_a_second_look_may_only_find_more(measured, seen):
    both = joined(measured, seen)
    assert both == joined(seen, measured)
    assert both.has_text == max(measured.has_text, seen.has_text)
    assert both.has_small_details >= measured.has_small_details


# Classifiers with other labels


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
def test_four_techniques_as_labels_lead_below_preserve_only_when_sure(weights):
    shares = [weight / sum(weights) for weight in weights]
    needs = needs_of_labels(dict(zip(("full_low", "preserve", "crop", "transcode"), shares, strict=True)))
    technique = needs.technique
    if technique is not Technique.PRESERVE:
        assert shares[1] < EXCLUDED_BELOW
    if technique is Technique.FULL_LOW:
        assert shares[0] > 0.7
        assert max(shares[1:]) < EXCLUDED_BELOW


def test_a_sure_classifier_is_followed():
    assert (
        needs_of_labels({"full_low": 0.95, "preserve": 0.02, "crop": 0.01, "transcode": 0.02}).technique == "full_low"
    )
    assert (
        needs_of_labels({"transcode": 0.95, "preserve": 0.02, "crop": 0.01, "full_low": 0.02}).technique == "transcode"
    )
    assert needs_of_labels({"preserve": 0.95, "full_low": 0.05}).technique == "preserve"
    assert needs_of_labels({"gist": 0.9, "text": 0.02}).technique == "full_low"


# What is chosen by default


@pytest.mark.parametrize("model_id", ["nobody/has-this-router", "no such folder", "/nowhere/at/all", "a/b/c/d", "\0"])
def test_a_model_that_is_not_at_hand_falls_back_without_a_question_to_the_network(model_id):
    assert type(default_router(model_id)) is type(default_router())
    question = Query(text="Describe the scene.")
    assert DefaultRouter(model_id).route(question) == DefaultRouter().route(question)


def test_a_torch_router_without_its_model_routes_by_the_word_lists(caplog):
    router = TorchRouter("nobody/has-this-router")
    with pytest.raises(RouterUnavailable):
        router.load()
    for _ in range(2):
        assert router.route(Query(text="How many birds?")) == RuleRouter().route(Query(text="How many birds?"))
    assert router.identity == "rules"


def test_the_signature_names_the_router_and_a_router_of_ones_own():
    mine = Reads(Needs())
    assert identity_of(mine).endswith("test_router_models.Reads")
    assert identity_of(mine) in ImageCompressor(router=mine).signature()
    assert identity_of(default_router()) in ImageCompressor().signature()
    assert ImageCompressor(router=mine).warm() == identity_of(mine)


def test_the_known_models_are_one_that_ships_and_two_of_the_hub():
    assert [card.ships for card in MODELS.values()] == [True, False, False]
    assert MODELS["technique-router"].model_id == "chopratejas/technique-router"


def test_a_folder_without_a_router_is_refused(tmp_path):
    with pytest.raises(RouterUnavailable, match="no router"):
        OnnxRouter(tmp_path).load()
