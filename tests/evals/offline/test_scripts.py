"""Pages in other scripts, their questions, and the curves of what is read of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.evals.offline.bench import ORIGINAL, Bench, Verdict
from headroom.evals.offline.curves import EDGES, HEIGHTS, as_curves, curves, em_seen, sweep
from headroom.evals.offline.forms import Form, Sight, whole
from headroom.evals.offline.pages import Page, Word
from headroom.evals.offline.questions import bare, is_foreign, questions
from headroom.evals.offline.scripts import LANGUAGES, list_of_messages, sources
from tests.evals.offline.conftest import EM, HeightJudge

CATALOGUE = """
msgid ""
msgstr ""
"Project-Id-Version: django\\n"

msgid "Bulgarian"
msgstr "บัลแกเรีย"

msgid "Enter a <b>valid</b> value."
msgstr ""
"กรุณาใส่ <b>ค่าที่"
"ถูกต้อง</b>"

msgid "untranslated"
msgstr ""

msgid "%d day"
msgid_plural "%d days"
msgstr[0] "%d วัน"
"""


@pytest.fixture(scope="module")
def verdicts(page: Page, tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    judges = HeightJudge("sharp 1", 7.0, []), HeightJudge("weak 1", 11.0, [])
    return Bench(judges, ("gpt-4o",), tmp_path_factory.mktemp("read"), transcribes=False).judge(page)


def _page(folder: Path, *texts: str, script: str = "") -> Page:
    words = tuple(Word(text, (10, 10 + 40 * row, 150, 40 + 40 * row), 20.0) for row, text in enumerate(texts))
    return Page("p", "d", "web", "", "", "dev", (400, 800), words, folder, script)


def test_a_page_in_another_script_is_asked_for_its_own_letters(tmp_path: Path) -> None:
    texts = ("Debian", "1.2.3", "Руководство", "12345678", "файл.txt", "系统管理", "ไม่มีข้อมูล", "1991년이다")
    own = {one.answer for one in questions(_page(tmp_path, *texts, script="ru"), 1)}
    assert own == {"Руководство", "系统管理", "ไม่มีข้อมูล", "1991년이다"}
    latin = {one.answer for one in questions(_page(tmp_path, *texts), 1)}
    assert latin == {"Debian", "12345678"}


def test_marks_that_nobody_sees_are_not_compared() -> None:
    assert bare("\u200fשלום\u200e") == bare("שלום")
    assert bare("नि\u200dर्माण") == bare("निर्माण")
    assert bare("Οδός") == bare("οδόσ")


@given(st.characters())
@settings(deadline=None)
def test_a_letter_of_ascii_is_not_foreign(letter: str) -> None:
    assert not (letter.isascii() and is_foreign(letter))


def test_every_language_names_its_licence_its_font_and_its_model() -> None:
    assert {"zh", "ja", "ko", "ru", "el", "ar", "he", "hi", "th"} == set(LANGUAGES) == set(sources())
    for source in sources().values():
        assert source["licence"]
        assert source["family"].startswith("Noto")
        assert source["model"]
        assert ("version" in source) is ("wheel" in source)


def test_messages_are_listed_as_they_are_translated() -> None:
    shown = list_of_messages(CATALOGUE, "th")
    assert "<p>101. บัลแกเรีย</p><p>102. กรุณาใส่ &lt;b&gt;ค่าที่ถูกต้อง&lt;/b&gt;</p><p>103. %d วัน</p>" in shown
    assert "Project-Id-Version" not in shown
    assert "dir=ltr" in shown
    assert "dir=rtl" in list_of_messages(CATALOGUE, "he")


def test_an_em_is_seen_where_the_whole_page_is_sent(verdicts: list[Verdict]) -> None:
    for one in verdicts:
        em = em_seen(one)
        if not one.area and em is not None:
            assert em == pytest.approx(EM * max(one.form.sights[0].seen) / max(one.page.size), rel=0.02)
    one = next(one for one in verdicts if one.policy == ORIGINAL)
    assert em_seen(replace(one, form=Form(1, text="words"))) is None
    part = Sight(one.page.picture, one.page.size, one.page.size, (0, 0, 1200, 1700))
    assert whole(one.page) != part.box
    assert em_seen(replace(one, form=Form(1, (part,)))) is None


def test_a_curve_rises_where_a_judge_begins_to_read(verdicts: list[Verdict]) -> None:
    found = curves(verdicts)
    for (name, _), rows in found.items():
        least = 7 if name == "sharp 1" else 11
        for row, share in rows.items():
            low, high = (0, *EDGES)[row], (*EDGES, 999)[row]
            if low >= least or high <= least:
                assert share.value == float(low >= least)


def test_an_answer_counts_once_at_each_size(verdicts: list[Verdict]) -> None:
    once = curves(verdicts)
    assert curves([*verdicts, *[replace(one, model="other") for one in verdicts]]) == once
    sizes = {em for one in verdicts if not one.area and (em := em_seen(one)) is not None}
    answers = {one.question.answer for one in verdicts if not one.area}
    assert sum(share.n for (name, _), rows in once.items() if name == "sharp 1" for share in rows.values()) <= len(
        sizes
    ) * len(answers)


def test_what_was_never_read_is_in_no_curve(verdicts: list[Verdict]) -> None:
    blind = [replace(one, read={**one.read, "weak 1": False}) for one in verdicts]
    assert {name for name, _ in curves(blind)} == {"sharp 1"}
    assert "weak" not in as_curves(blind)
    assert "sharp, words" in as_curves(blind)


def test_a_page_is_read_at_every_height(page: Page, tmp_path: Path) -> None:
    judges = HeightJudge("sharp 1", 7.5, []), HeightJudge("weak 1", 11.5, [])
    found = sweep(page, Bench(judges, (), tmp_path))
    assert {one.policy for one in found} == {ORIGINAL, *(f"{height} px" for height in HEIGHTS)}
    for (name, _), rows in curves(found).items():
        least = 7.5 if name == "sharp 1" else 11.5
        assert {EDGES[row - 1]: share.value for row, share in rows.items() if row and EDGES[row - 1] in HEIGHTS} == {
            height: float(height >= least) for height in HEIGHTS
        }


def test_a_page_is_not_enlarged_to_be_read(page: Page, tmp_path: Path) -> None:
    small = replace(page, words=tuple(replace(word, em=10.5) for word in page.words))
    found = sweep(small, Bench((HeightJudge("sharp 1", 7.0, []),), (), tmp_path))
    assert {one.policy for one in found} == {ORIGINAL, *(f"{height} px" for height in HEIGHTS if height < 10.5)}
    assert all(one.form.sights[0].seen <= page.size for one in found)
