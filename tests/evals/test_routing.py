"""The routing evaluation: its arithmetic, its files, its command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.evals import Item, passes, predict, read_items, score, slices, wilson
from headroom.evals.__main__ import main
from headroom_core.errors import InvalidOption
from headroom_core.image import RuleRouter, Technique
from headroom_core.image.router import technique_of

QUESTIONS = Path(__file__).parents[1] / "core/image/dev_queries.jsonl"
LOW, KEEP, CROP, READ = Technique.FULL_LOW, Technique.PRESERVE, Technique.CROP, Technique.TRANSCODE


def item(name="a", best=KEEP, acceptable=(KEEP,), unsafe=(LOW,), **more) -> Item:
    return Item(name, "?", best=best, acceptable=frozenset(acceptable), unsafe=frozenset(unsafe), **more)


def test_intervals_are_those_of_the_textbook():
    """10 of 100 by the score method without continuity correction: 0.0552 to 0.1744."""
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0, 60) == pytest.approx((0.0, 0.0602), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(hits, n):
    hits = min(hits, n)
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n <= high + 1e-12
    assert high <= 1 + 1e-12


def test_every_figure_of_four_decisions_by_hand():
    items = [
        item("unsafe", best=KEEP, unsafe=(LOW,)),
        item("risky", best=KEEP, unsafe=(LOW,)),
        item("cheaper", best=CROP, acceptable=(KEEP, CROP, READ), unsafe=(LOW,)),
        item("dearer", best=LOW, acceptable=(LOW, KEEP), unsafe=(READ,)),
    ]
    found = score(items, [LOW, CROP, READ, KEEP])
    assert (found.unsafe.hits, found.risky.hits, found.ok.hits) == (1, 1, 2)
    assert found.saving == pytest.approx((0.8 + 0.6 + 0.85 + 0) / 4)
    assert found.safe_saving == pytest.approx(0.85 / 4)
    assert found.regret == pytest.approx(((0.15 - 0.4) + (1 - 0.2)) / 2)
    assert found.loss == pytest.approx((10 + 2 + 0.8) / 4)


def test_the_best_choice_has_no_regret_and_always_preserving_saves_nothing():
    items = read_items(QUESTIONS)
    best = score(items, [one.best for one in items])
    assert (best.unsafe.hits, best.regret, best.loss) == (0, 0, 0)
    assert best.safe_saving == best.saving > 0.4
    keep = score(items, [KEEP] * len(items))
    assert (keep.unsafe.hits, keep.saving, keep.ok.value) == (0, 0, 1)


def test_slices_are_languages_tags_and_kinds_of_twenty_or_more():
    items = [item(str(at), lang="de" if at % 2 else "fr", kind="photo", tags=("gist", "gist")) for at in range(39)]
    items += [item("one", lang="en", kind="chart")]
    found = slices(items, [KEEP] * 40)
    assert {name: one.unsafe.n for name, one in found.items()} == {
        "kind=photo": 39,
        "lang=fr": 20,
        "lang=other": 39,
        "tag=gist": 39,
    }


def test_the_gate_looks_at_the_whole_and_at_every_slice():
    safe, unsafe = item("s"), item("u", kind="map")
    items = [safe] * 960 + [unsafe] * 40
    good = [KEEP] * 1000
    assert passes(score(items, good), slices(items, good))
    bad_overall = [LOW] * 21 + [KEEP] * 979
    assert not passes(score(items, bad_overall), {})
    bad_slice = [KEEP] * 980 + [LOW] * 20
    assert score(items, bad_slice).unsafe.value <= 0.02
    assert not passes(score(items, bad_slice), slices(items, bad_slice))


def test_lines_with_separators_inside_a_question_stay_one_line(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"id": "a", "query": "one\u2028two\x85three"}, ensure_ascii=False) + "\n\n", "utf-8")
    assert [one.query for one in read_items(path)] == ["one\u2028two\x85three"]


@pytest.mark.parametrize("line", ['{"id": "a"}', "[]", "{", '{"id": 1, "query": 2}', '{"id":1,"query":"","best":"x"}'])
def test_a_line_that_is_no_question_is_named_by_its_number(tmp_path, line):
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": 0, "query": ""}\n' + line)
    with pytest.raises(InvalidOption, match="line 2"):
        read_items(path)


def test_the_kind_counts_only_when_asked_for():
    items = read_items(QUESTIONS)
    router = RuleRouter()
    alone = predict(router, items, with_kind=False)
    assert alone == predict(router, [Item(one.id, one.query) for one in items], with_kind=False)
    with_kind = predict(router, items, with_kind=True)
    assert [one.technique for one in with_kind] != [one.technique for one in alone]
    assert with_kind[0].technique is technique_of(router.route(_query(items[0])), kind=items[0].kind)


def _query(one: Item):
    from headroom_core.blocks import Query

    return Query(text=one.query)


def test_the_command_prints_both_runs_the_constants_and_the_slices(capsys, tmp_path):
    out = tmp_path / "made.jsonl"
    assert main(["routing", str(QUESTIONS), "--with-kind", "--predictions", str(out), "--gate"]) == 0
    printed = capsys.readouterr().out
    for said in ("was not looked at", "stands in for the image signals", "always preserve", "lang=en", "gate", "["):
        assert said in printed
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [one.id for one in read_items(QUESTIONS)]
    assert all(set(line) == {"id", "technique", "confidence", "needs"} for line in lines)


def test_the_command_in_json_says_the_same(capsys):
    assert main(["routing", str(QUESTIONS), "--json", "--router", "rules"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["n"] == 60
    assert len(told["runs"]) == 1
    assert told["constants"]["always full_low"]["unsafe"]["hits"] == 39
    assert told["runs"][0]["overall"]["unsafe"]["hits"] <= 1


def test_the_gate_fails_on_unsafe_decisions_and_without_labels(tmp_path, capsys):
    bad = tmp_path / "bad.jsonl"
    line = {"id": "a", "query": "Describe the scene.", "best": "preserve", "acceptable": ["preserve"]}
    bad.write_text(json.dumps(line | {"unsafe": ["full_low"]}))
    assert main(["routing", str(bad), "--gate"]) == 1
    assert main(["routing", str(bad)]) == 0
    bare = tmp_path / "bare.jsonl"
    bare.write_text(json.dumps({"id": "a", "query": "Describe the scene."}))
    assert main(["routing", str(bare), "--gate"]) == 1
    assert "nothing to score" in capsys.readouterr().out
    assert main(["routing", str(tmp_path / "missing.jsonl")]) == 2


def test_it_runs_as_a_module(tmp_path):
    command = [sys.executable, "-m", "headroom.evals", "routing", str(QUESTIONS), "--router", "rules", "--gate"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "passed" in done.stdout
