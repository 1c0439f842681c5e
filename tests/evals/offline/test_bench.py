"""What is sent, what the judges make of it, and the figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.evals.__main__ import main
from headroom.evals.offline.bench import ORACLE, ORIGINAL, PAGE_ORACLE, Bench, Verdict, oracle
from headroom.evals.offline.figures import GATES, areas_of, figures_of, lost, passes
from headroom.evals.offline.forms import Form, Sight, covered, seen_size, whole
from headroom.evals.offline.gallery import as_html
from headroom.evals.offline.judges import Sought, answers_read, stretch
from headroom.evals.offline.keeping import KeptReader
from headroom.evals.offline.pages import Page
from headroom.evals.offline.policies import LEGIBLE_EM, MODELS, POLICIES, Desk
from headroom.evals.offline.questions import questions
from headroom.evals.offline.tables import as_json, as_text, holds
from headroom_core.image import ImageCompressor
from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.reading import ReadLine
from headroom_core.tokens import resolve
from tests.evals.offline.conftest import EM, HeightJudge

Judges = tuple[HeightJudge, HeightJudge]
SIDES = st.integers(1, 6000)


@pytest.fixture
def desk(page: Page) -> Desk:
    return Desk(page, "gpt-4o", ImageCompressor(use_siglip=False, read_text=False))


@pytest.fixture(scope="module")
def verdicts(page: Page, tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    judges = HeightJudge("sharp 1", 7.0, []), HeightJudge("weak 1", 11.0, [])
    return [
        one
        for found in Bench(judges, ("gpt-4o",), tmp_path_factory.mktemp("read"), transcribes=False).run([page])
        for one in found
    ]


@given(st.sampled_from(MODELS), SIDES, SIDES)
@settings(deadline=None)
def test_no_provider_is_taken_to_enlarge_a_picture(model: str, width: int, height: int) -> None:
    seen = seen_size(resolve(model), (width, height))
    assert seen[0] <= width
    assert seen[1] <= height


def test_a_budget_of_cells_shows_the_shape_of_the_picture() -> None:
    gemini = resolve("gemini-3.8-flash")
    assert seen_size(gemini, (1240, 1754)) == (1240, 1754)
    width, height = seen_size(gemini, (1240, 1754), "low")
    assert 600 < width < 700
    assert abs(width / height - 1240 / 1754) < 0.01


def test_an_answer_is_looked_for_where_the_model_sees_it(page: Page) -> None:
    question = questions(page, 1)[0]
    sight = Sight(page.picture, page.size, (620, 877), whole(page))
    sought = sight.sought(question)
    assert sought is not None
    assert sought.em == EM / 2
    assert all(abs(2 * small - large) <= 2 for small, large in zip(sought.box, question.box, strict=True))


def test_an_answer_outside_a_part_is_not_looked_for(page: Page) -> None:
    question = questions(page, 1)[0]
    left, top, right, bottom = question.box
    inside = Sight(page.picture, page.size, page.size, (left - 10, top - 10, right + 10, bottom + 10))
    outside = replace(inside, box=(right, top, right + 50, bottom))
    assert inside.sought(question) is not None
    assert outside.sought(question) is None


@given(st.tuples(*[st.integers(0, 500)] * 4), st.tuples(*[st.integers(0, 500)] * 4))
@settings(deadline=None)
def test_what_is_covered_is_a_share(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    left, top, right, bottom = first
    share = covered((left, top, right, bottom), (second[0], second[1], second[2], second[3]))
    assert 0 <= share <= 1


@given(st.integers(1, 60), st.integers(0, 1000), st.integers(0, 1000))
@settings(deadline=None)
def test_a_reader_is_pointed_inside_the_picture(em: int, left: int, top: int) -> None:
    box = stretch(Sought("word", (left, top, left + 40, top + em), float(em)), (1050, 1070))
    assert 0 <= box[0] < box[2] <= 1050
    assert 0 <= box[1] < box[3] <= 1070


def test_fixed_sizes_bound_the_long_edge_and_never_enlarge(desk: Desk) -> None:
    assert max(desk.resized(512).sights[0].size) == 512
    assert desk.resized(5000) == desk.original


def test_the_low_form_is_the_cheapest_of_the_fixed_ones(desk: Desk) -> None:
    assert desk.low.tokens == 85
    assert desk.low.sights[0].seen == (362, 512)


@pytest.mark.parametrize("model", MODELS)
def test_the_legible_form_shows_the_text_high_enough(page: Page, model: str) -> None:
    desk = Desk(page, model, ImageCompressor(use_siglip=False, read_text=False))
    form = desk.legible
    assert form.tokens <= desk.original.tokens
    assert max(form.sights[0].seen) * EM / max(page.size) >= LEGIBLE_EM


def test_what_is_seen_has_the_size_that_the_model_sees(desk: Desk) -> None:
    for form in (desk.original, desk.low, desk.legible):
        assert form.sights[0].image.size == form.sights[0].seen


def test_the_rule_is_told_what_the_question_needs(page: Page, judges: Judges, tmp_path: Path) -> None:
    question = questions(page, 1)[0]
    (desk,) = Bench(judges, ("claude-opus-5-5",), tmp_path, transcribes=False)._desks(page, (question,))
    form = desk.ruled(question)
    assert form.tokens <= desk.original.tokens
    assert form.sights or form.text
    assert form.because


def test_no_picture_is_read_twice(page: Page, judges: Judges, tmp_path: Path) -> None:
    sight = Sight(page.picture, page.size, page.size, whole(page))
    wanted = [found for one in questions(page, 1) if (found := sight.sought(one))]
    for _ in range(2):
        assert answers_read(judges[0], sight.image, wanted, tmp_path) == [True] * len(wanted)
    assert len(judges[0].asked) == 1
    assert answers_read(judges[1], sight.image, wanted[:3], tmp_path) == [True] * 3
    assert judges[1].asked == [3]


def test_small_print_is_lost_where_it_is_small(verdicts: list[Verdict]) -> None:
    rows = {one.policy: one for one in figures_of(verdicts)}
    assert rows[ORIGINAL].both.value == 1.0
    assert rows["fixed 512"].both.value == 0.0
    assert rows["fixed 512"].either.value == 1.0
    assert rows["low"].saving > rows["fixed 768"].saving > 0
    assert set(rows) <= {*POLICIES, PAGE_ORACLE, ORACLE}


def test_the_oracle_preserves_everything_at_the_least_price(verdicts: list[Verdict]) -> None:
    rows = {one.policy: one for one in figures_of(verdicts)}
    assert rows[ORACLE].both.value == rows[ORACLE].either.value == 1.0
    perfect = [one for one in rows.values() if one.both.value == one.either.value == 1.0]
    assert rows[ORACLE].tokens == min(one.tokens for one in perfect)
    assert rows[ORACLE].of_oracle >= rows[PAGE_ORACLE].of_oracle == pytest.approx(1.0)


def test_the_rule_preserves_what_both_judges_read(verdicts: list[Verdict]) -> None:
    rows = {one.policy: one for one in figures_of(verdicts)}
    assert rows["rule"].both.value == 1.0
    assert rows["rule"].tokens <= rows[ORIGINAL].tokens


def test_the_oracle_of_a_page_knows_less_than_that_of_a_question(verdicts: list[Verdict]) -> None:
    rows = {one.policy: one for one in figures_of(verdicts)}
    assert rows[PAGE_ORACLE].both.value == rows[PAGE_ORACLE].either.value == 1.0
    assert rows[ORACLE].tokens <= rows[PAGE_ORACLE].tokens <= rows[ORIGINAL].tokens


def test_the_oracle_need_not_preserve_what_was_never_read(verdicts: list[Verdict]) -> None:
    original = next(one for one in verdicts if one.policy == ORIGINAL and not one.area)
    unread = replace(original, read={"a": True, "b": False})
    cheap = replace(unread, policy="low", form=Form(1))
    assert oracle([unread, cheap]).form.tokens == 1
    assert oracle([unread, replace(cheap, read={"a": False, "b": True})]).form == original.form


def test_a_lost_answer_is_listed_and_shown(verdicts: list[Verdict]) -> None:
    found = lost(verdicts, "fixed 512")
    assert found
    assert all(one.policy == "fixed 512" and not all(one.read.values()) for one in found)
    shown = as_html(verdicts, "fixed 512")
    assert f"lost: {len(found)}" in shown
    assert shown.count("<img") == 2 * len(found)
    assert found[0].question.answer in shown


def test_the_gates_ask_for_answers_and_for_savings(verdicts: list[Verdict]) -> None:
    rows = {one.policy: one for one in figures_of(verdicts)}
    areas = areas_of(verdicts)
    assert passes(rows[ORACLE], areas)
    assert not passes(rows["fixed 512"], areas)
    assert not passes(rows[ORIGINAL], areas) or rows[ORACLE].saving == 0
    assert not passes(replace(rows[ORACLE], of_oracle=GATES.of_oracle - 0.01), areas)


def test_nothing_passes_without_questions(verdicts: list[Verdict]) -> None:
    assert not holds([])
    assert not holds([replace(one, page=replace(one.page, kind="synthetic")) for one in verdicts])


def test_the_tables_and_the_data_say_the_same(verdicts: list[Verdict]) -> None:
    told = json.loads(as_json(verdicts))
    assert told["readers"] == ["sharp 1", "weak 1"]
    assert told["passed"] is holds(verdicts)
    row = told["real"]["models"]["gpt-4o"]["policies"]["fixed 512"]
    assert row["both"]["share"] == 0.0
    assert f"{row['saving']:.3f}" in as_text(verdicts)


def test_transcribed_text_is_searched_line_by_line() -> None:
    form = Form(10, text="Invoice 47\n11 pieces")
    assert form.says("invoice")
    assert not form.says("4711")
    assert not Form(10).says("invoice")


class CountingReader:
    """A reader that finds one line, and counts."""

    name = "counting 1"

    def __init__(self) -> None:
        self.found = self.read_lines = 0

    def find(self, picture: object, box: object = None) -> CountingReader:
        self.found += 1
        return self

    @property
    def boxes(self) -> tuple[tuple[int, int, int, int], ...]:
        return ((1, 2, 3, 4),)

    def read(self, chosen: object, box: object = None) -> tuple[ReadLine, ...]:
        self.read_lines += 1
        return (ReadLine("Grüße", (1, 2, 3, 4), 0.5, 12.25),)


def test_the_engine_s_reader_reads_the_same_picture_once(page: Page, tmp_path: Path) -> None:
    counting = CountingReader()
    picture = decode(page.picture, read_header(page.picture))
    first = KeptReader(counting, tmp_path).read(picture)
    again = KeptReader(counting, tmp_path).read(picture)
    assert first == again == (ReadLine("Grüße", (1, 2, 3, 4), 0.5, 12.25),)
    assert (counting.found, counting.read_lines) == (1, 1)
    KeptReader(counting, tmp_path).read(picture, (0, 0, 50, 50))
    assert (counting.found, counting.read_lines) == (2, 2)


def test_the_command_says_that_there_are_no_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["offline", "--pages", str(tmp_path)]) == 2
    assert "collect them" in capsys.readouterr().err
