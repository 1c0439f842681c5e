"""`headroom tokens`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from headroom.cli import tokens as tokens_command
from headroom_core.tokens import current_profiles, image_tokens
from tests.cli.conftest import Headroom


def test_without_a_model_the_three_big_providers_are_counted(headroom: Headroom, photo: Path) -> None:
    facts = json.loads(headroom("tokens", photo, "--json").out)
    assert [(one["model"], one["tokens"]) for one in facts] == [
        (model, image_tokens(model, 1600, 1200).tokens) for model in tokens_command.DEFAULT_MODELS
    ]


def test_a_provider_alone_shows_each_of_its_ways_of_billing(headroom: Headroom) -> None:
    facts = json.loads(headroom("tokens", "--size", "800x600", "--provider", "anthropic", "--json").out)
    assert [one["model"] for one in facts] == [row.name for row in current_profiles("anthropic")]


def test_the_setting_of_the_provider_counts(headroom: Headroom) -> None:
    facts = json.loads(headroom("tokens", "--size", "800x600", "-m", "gpt-4o", "--detail", "low", "--json").out)
    assert facts[0]["tokens"] == 85


def test_a_model_that_no_row_lists_is_said_to_be_an_assumption(headroom: Headroom) -> None:
    ran = headroom("tokens", "--size", "800x600", "-m", "gpt-99-nova")
    assert ran.code == 0
    assert "gpt-99-nova is not listed" in ran.out


def test_a_rule_that_was_read_more_than_a_year_ago_is_noted(
    headroom: Headroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "over a year ago" not in headroom("tokens", "--size", "8x8", "-m", "gpt-4o").out
    monkeypatch.setattr(tokens_command, "today", lambda: date(2031, 1, 1))
    assert "gpt-4o: its rule was read on" in headroom("tokens", "--size", "8x8", "-m", "gpt-4o").out


def test_a_size_that_the_provider_refuses_is_said(headroom: Headroom) -> None:
    ran = headroom("tokens", "--size", "9000x100", "-m", "claude-opus-5-5")
    assert "claude-opus-5-5 refuses 9000x100: 9000 px on a side" in ran.out


def test_a_broken_file_fails_and_the_rest_is_counted(headroom: Headroom, tmp_path: Path, photo: Path) -> None:
    (tmp_path / "note.txt").write_text("a note")
    ran = headroom("tokens", tmp_path / "note.txt", photo, "-m", "gpt-4o")
    assert ran.code == 1
    assert ran.err.startswith("note.txt: ")
    assert "photo.jpg" in ran.out


@pytest.mark.parametrize("size", ["12", "x", "0x5", "axb", "-1x5", "5x"])
def test_a_size_that_is_none_is_wrong_use(headroom: Headroom, size: str) -> None:
    ran = headroom("tokens", f"--size={size}")
    assert ran.code == 2
    assert ran.err == f"headroom: --size {size!r} is not a size in pixels; write it like 1024x768\n"


def test_nothing_to_count_is_wrong_use(headroom: Headroom) -> None:
    assert headroom("tokens").code == 2


def test_a_setting_that_the_model_lacks_is_wrong_use(headroom: Headroom) -> None:
    ran = headroom("tokens", "--size", "8x8", "-m", "gpt-4o", "--detail", "original")
    assert ran.code == 2
    assert "use low, high, auto" in ran.err
