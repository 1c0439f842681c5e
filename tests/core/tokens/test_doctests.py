"""The examples in the docstrings, the providers' published ones among them, hold."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

import headroom_core.tokens

MODULES = [module.name for module in iter_modules(headroom_core.tokens.__path__, "headroom_core.tokens.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    failed, _ = doctest.testmod(import_module(name))
    assert failed == 0


def test_every_counting_rule_module_has_examples() -> None:
    for name in MODULES:
        if ".rules_" in name:
            assert sum(len(found.examples) for found in doctest.DocTestFinder().find(import_module(name))) > 0
