"""What the rule router reads in a question, and above all what it never reads into one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.blocks import Query
from headroom_core.image.router import EXCLUDED_BELOW, PRESENT_FROM, Need, Needs, RouteDecision, RuleRouter
from headroom_core.image.router.lexicon import Languages
from headroom_core.image.technique import Technique

HERE = Path(__file__).parent
COST = {Technique.TRANSCODE: 0.15, Technique.FULL_LOW: 0.20, Technique.CROP: 0.40, Technique.PRESERVE: 1.0}
LANGUAGES = sorted(
    (
        "ar",
        "bn",
        "cs",
        "de",
        "en",
        "es",
        "fa",
        "fr",
        "he",
        "hi",
        "id",
        "it",
        "ja",
        "ko",
        "nl",
        "pl",
        "pt",
        "ru",
        "sv",
        "th",
        "tr",
        "uk",
        "vi",
        "zh",
    )
)

router = RuleRouter()


def route(text: str) -> Needs:
    return router.route(Query(text))


def cases(low: str) -> list[tuple[str, str]]:
    rows = [line.split("\t") for line in (HERE / "router_cases.tsv").read_text("utf-8").splitlines()]
    return [(language, question) for language, verdict, question in rows if verdict == low]


UNSAFE = cases("no")
GIST = cases("yes")


def test_development_questions_are_all_safe_and_save_enough() -> None:
    items = [json.loads(line) for line in (HERE / "dev_queries.jsonl").read_text("utf-8").splitlines()]
    decided = [(item, route(item["query"]).technique) for item in items]
    assert len(items) == 60
    assert [item["query"] for item, technique in decided if technique in item["unsafe"]] == []
    saved = sum(1 - COST[technique] for item, technique in decided if technique in item["acceptable"])
    assert saved / len(items) >= 0.12


def test_the_cases_are_many_and_in_many_languages() -> None:
    assert len(UNSAFE) >= 280
    assert len({language for language, _ in UNSAFE + GIST}) >= 20
    assert all(language in LANGUAGES for language, _ in GIST)


@pytest.mark.parametrize(("language", "question"), UNSAFE)
def test_a_question_that_needs_more_is_never_taken_for_gist(language: str, question: str) -> None:
    assert route(question).technique is not Technique.FULL_LOW


def test_most_gist_questions_are_recognised_in_every_language() -> None:
    found, asked = Counter[str](), Counter[str]()
    for language, question in GIST:
        asked[language] += 1
        found[language] += route(question).technique is Technique.FULL_LOW
    assert sum(found.values()) / sum(asked.values()) >= 0.6
    assert [language for language in LANGUAGES if found[language] == 0] == []


@pytest.mark.parametrize(("language", "question"), UNSAFE)
def test_a_gist_question_joined_to_one_that_needs_more_is_not_gist(language: str, question: str) -> None:
    assert route(f"Describe this image. {question}").technique is not Technique.FULL_LOW
    assert route(f"{question}. And describe the scene, please.").technique is not Technique.FULL_LOW


@given(st.text(max_size=600))
def test_any_text_is_routed_the_same_way_twice(text: str) -> None:
    assert route(text) == route(text)


@given(
    st.sampled_from(UNSAFE),
    st.sampled_from(["", " ", "\n", "!!", "  ?"]),
    st.sampled_from([str.upper, str.lower, str.title]),
)
def test_case_and_stray_punctuation_never_make_a_question_gist(case, tail, change) -> None:
    assert route(change(case[1]) + tail).technique is not Technique.FULL_LOW


@given(st.integers(401, 3000))
def test_a_long_prompt_excludes_nothing(length: int) -> None:
    needs = route("Describe this image. ".ljust(length, "x"))
    assert not any(needs.excluded(need) for need in Need if need is not Need.NONE)
    assert needs.technique is Technique.PRESERVE


def test_a_megabyte_of_text_is_read_in_windows() -> None:
    needs = route("You are an agent. " + "lorem ipsum " * 90_000 + " Return the coordinates of the button.")
    assert needs.present(Need.COORDINATES)
    assert needs.technique is Technique.PRESERVE


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "?!",
        "have a look",
        "this?",
        "fix it",
        "continue",
        "what is this?",
        "was ist das?",
        "これは何ですか",
        "这是什么？",
    ],
)
def test_a_question_that_says_nothing_leaves_it_to_the_picture(question: str) -> None:
    needs = route(question)
    assert needs.silent
    assert needs.technique is Technique.PRESERVE
    assert not any(needs.excluded(need) for need in Need if need is not Need.NONE)


def test_a_request_that_works_with_coordinates_preserves_whatever_it_asks() -> None:
    needs = router.route(Query("Describe this image.", coordinates=True))
    assert needs.present(Need.COORDINATES)
    assert needs.technique is Technique.PRESERVE


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("transcribe the page", Need.TEXT),
        ("Lies den Text vor", Need.TEXT),
        ("what's the serial number", Need.DIGITS),
        ("combien ça coûte ?", Need.DIGITS),
        ("how many cows are there", Need.COUNT),
        ("turn the table into csv", Need.STRUCTURE),
        ("is there a scratch on the lens", Need.DETAIL),
        ("what's in the lower left corner", Need.REGION),
        ("return the bounding box of the cat", Need.COORDINATES),
        ("click the gear icon", Need.COORDINATES),
        ("what is the difference between the two images", Need.COMPARE),
        ("сколько стоит билет", Need.DIGITS),
        ("左下角有什么", Need.REGION),
    ],
)
def test_the_need_that_a_question_names_is_present_and_nothing_is_excluded(question: str, need: Need) -> None:
    needs = route(question)
    assert needs.present(need)
    assert needs.technique is Technique.PRESERVE


def test_a_region_is_reported_with_the_words_that_name_it() -> None:
    assert route("What's in the lower left corner of the photo?").place == "lower left corner"
    assert route("Describe this image.").place is None


def test_words_that_are_to_be_ignored_raise_no_need_but_only_where_that_is_said() -> None:
    assert route("Ignore the text and describe the scene.").words() == "gist only"
    assert route("Don't ignore the text, describe the scene.").technique is Technique.PRESERVE
    assert route("Ignore the text and tell me the price.").technique is Technique.PRESERVE


def test_a_question_about_something_else_needs_nothing_of_the_picture() -> None:
    needs = route("never mind the image, what's 15% of 240?")
    assert needs.present(Need.NONE)
    assert needs.technique is Technique.FULL_LOW
    assert route("never mind the image quality, what's 15% of the total 240?").technique is Technique.PRESERVE


def test_no_word_is_called_harmless_and_demanding_by_the_same_language() -> None:
    harmless = {"plain", "asking", "scene", "broad", "gist_open", "gist_closed", "which", "whether", "rough"}
    lexicons = Languages.built_in().lexicons
    assert sorted(lexicon.language for lexicon in lexicons) == LANGUAGES
    clashes = [
        (lexicon.language, phrase)
        for lexicon in lexicons
        for phrase, entry in lexicon.entries().items()
        if entry.needs and entry.tables & harmless
    ]
    assert clashes == []


def test_every_stem_is_the_beginning_of_one_word_of_two_letters_or_more() -> None:
    stems = [
        phrase for lexicon in Languages.built_in().lexicons for phrase in lexicon.entries() if phrase.endswith("*")
    ]
    assert [stem for stem in stems if " " in stem or len(stem) < 3] == []


def test_needs_tell_present_open_and_excluded_apart() -> None:
    needs = Needs(text=PRESENT_FROM, digits=EXCLUDED_BELOW, structure=EXCLUDED_BELOW - 0.01)
    assert needs.present(Need.TEXT)
    assert not needs.present(Need.DIGITS)
    assert not needs.excluded(Need.DIGITS)
    assert needs.excluded(Need.STRUCTURE)
    with pytest.raises(ValueError, match="text must be a probability"):
        Needs(text=1.5)


def test_the_technique_of_a_question_follows_from_what_it_excludes() -> None:
    out = {need.value: 0.0 for need in Need}
    assert Needs(**(out | {"gist": 0.9})).technique is Technique.FULL_LOW
    assert Needs(**(out | {"digits": 0.9})).technique is Technique.TRANSCODE
    assert Needs(**(out | {"region": 0.9, "detail": 0.9}), place="top left").technique is Technique.CROP
    assert Needs(**(out | {"region": 0.9, "detail": 0.9})).technique is Technique.PRESERVE
    assert Needs(**(out | {"gist": 0.9, "count": 0.3})).technique is Technique.PRESERVE
    assert Needs(**out).technique is Technique.PRESERVE


@given(st.fixed_dictionaries({need.value: st.floats(0, 1) for need in Need}))
def test_confidence_is_a_probability_and_the_reason_is_in_words(levels: dict[str, float]) -> None:
    decision = RouteDecision.of_question(Needs(**levels))
    assert 0.0 <= decision.confidence <= 1.0
    assert decision.technique is decision.query_prediction
    assert decision.reason.startswith("the question")


def test_the_reason_names_the_needs_in_plain_words() -> None:
    assert RouteDecision.of_question(route("Describe this image.")).reason == "the question needs gist only"
    assert (
        RouteDecision.of_question(route("copy the table")).reason
        == "the question needs words in the picture, structure"
    )
    assert RouteDecision.of_question(route("")).reason == "the question: nothing named"
