"""Estimates against bills."""

from __future__ import annotations

from threading import Thread

import pytest

from headroom_core.errors import InvalidOption
from headroom_core.tokens import Drift


def test_the_figure_of_a_model_is_billed_over_estimated():
    drift = Drift()
    drift.observe("gpt-4o", 1000, 1100)
    drift.observe("gpt-4o", 3000, 2900)
    drift.observe("claude", 10, 20)
    claude, gpt = drift.report()
    assert (claude.model, claude.ratio) == ("claude", 2.0)
    assert (gpt.observations, gpt.ratio, gpt.lowest, gpt.highest) == (2, 1.0, 2900 / 3000, 1.1)


def test_requests_that_say_nothing_are_left_out():
    drift = Drift()
    for estimated, billed in ((0, 5), (5, 0), (-1, 5)):
        drift.observe("m", estimated, billed)
    assert drift.report() == ()


def test_the_model_unseen_for_longest_goes_first():
    drift = Drift(models=2)
    for model in ("a", "b", "a", "c"):
        drift.observe(model, 1, 1)
    assert [figure.model for figure in drift.report()] == ["a", "c"]


def test_no_observation_of_many_threads_is_lost():
    drift = Drift()

    def work() -> None:
        for _ in range(2000):
            drift.observe("m", 2, 3)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (figure,) = drift.report()
    assert (figure.observations, figure.ratio) == (8000, 1.5)


def test_room_for_no_model_is_an_invalid_option():
    with pytest.raises(InvalidOption, match="at least one model"):
        Drift(models=0)
