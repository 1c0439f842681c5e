"""A user's own rows and aliases."""

from __future__ import annotations

import json

import pytest

from headroom_core.errors import InvalidOption
from headroom_core.tokens import Catalogue, current_profiles, image_tokens, largest_within, resolve, smallest_same

TOML = """
[[rows]]
name = "house-model"
provider = "openai"
rule = "openai_tiles"
parameters = { base = 100, tile = 200 }
setting_scope = "detail"
source = "the wiki"
as_of = 2026-11-01
kin = ["house"]
limits = { image_bytes = 1000000, formats = ["PNG"] }

[[rows]]
name = "house-copy"
like = "claude-opus-5-5"

[[rows]]
name = "house-patches"
provider = "acme"
rule = "openai_patches"
parameters = { percent = 150, levels = [["high", 2048, 1536]], default = "high" }
source = "the wiki"
as_of = "2026-11-01"
exactness = "approx"

[aliases]
my-gateway-name = "gpt-4o"
short = "my-gateway-name"
"""


@pytest.fixture
def catalogue():
    return Catalogue.from_toml(TOML)


def test_an_alias_stands_for_its_model(catalogue):
    for name in ("my-gateway-name", "short", " SHORT "):
        assert resolve(name, catalogue=catalogue).name == "gpt-4o"
        assert not resolve(name, catalogue=catalogue).assumed
    assert resolve("short").assumed


def test_a_row_of_ones_own_counts(catalogue):
    assert image_tokens("house-model", 1024, 1024, catalogue=catalogue).tokens == 100 + 4 * 200
    assert image_tokens("house-model", 1024, 1024, detail="low", catalogue=catalogue).tokens == 100
    assert image_tokens("house-patches", 1800, 2400, catalogue=catalogue).tokens == 1452 * 3 // 2
    assert image_tokens("house-patches", 9, 9, catalogue=catalogue).exactness == "approx"
    assert largest_within("house-model", 1024, 1024, 300, catalogue=catalogue) == (512, 512)
    assert smallest_same("house-model", 1024, 1024, catalogue=catalogue) == (513, 513)
    row = resolve("house-model", catalogue=catalogue)
    assert (row.source, row.as_of, row.limits.image_bytes, row.limits.formats) == (
        "the wiki",
        "2026-11-01",
        1_000_000,
        ("PNG",),
    )


def test_a_row_can_copy_a_listed_model(catalogue):
    assert resolve("house-copy", catalogue=catalogue).rule == resolve("claude-opus-5-5").rule
    assert resolve("house-copy-2026-01-01", catalogue=catalogue).name == "house-copy"


def test_relatives_of_a_row_of_ones_own_are_assumed(catalogue):
    found = resolve("house-of-cards", catalogue=catalogue)
    assert (found.name, found.assumed) == ("house-model", True)


def test_a_row_of_ones_own_replaces_a_built_in_one():
    mine = Catalogue().with_row("gpt-4o", like="gpt-4o", rule="openai_tiles", parameters={"base": 1, "tile": 1})
    assert image_tokens("gpt-4o-2024-08-06", 1024, 1024, catalogue=mine).tokens == 5
    assert image_tokens("gpt-4o", 1024, 1024).tokens == 765
    assert current_profiles("openai", catalogue=mine)[0].rule == resolve("gpt-4o", catalogue=mine).rule
    assert image_tokens(None, 1024, 1024, provider="openai", catalogue=mine).tokens == 5


def test_a_catalogue_never_changes():
    empty = Catalogue()
    empty.with_alias("a", "gpt-4o").with_row("b", like="gpt-4o")
    assert empty == Catalogue()
    assert hash(empty) == hash(Catalogue())


def test_json_configuration_gives_the_same_catalogue():
    settings = {"rows": [{"name": "m", "like": "gpt-4o", "models": ["n"]}], "aliases": {"a": "m"}}
    made = Catalogue.from_mapping(json.loads(json.dumps(settings)))
    assert made == Catalogue().with_row("m", like="gpt-4o", models=("n",)).with_alias("a", "m")
    assert resolve("n", catalogue=made).name == "m"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda c: c.with_alias("a", "never-heard-of-it"), "which no row lists; add a row for it first"),
        (lambda c: c.with_alias("a", "a"), "no row lists"),
        (lambda c: c.with_alias("", "gpt-4o"), "an alias needs a name"),
        (lambda c: c.with_alias("a", 3), "needs a model that it stands for"),
        (lambda c: c.with_row("a"), "lacks rule, provider, source, as_of; or give like='gpt-4o'"),
        (lambda c: c.with_row("a", like="never-heard-of-it"), "name a listed model"),
        (lambda c: c.with_row("a", like="gpt-6-sol"), "name a listed model"),
        (lambda c: c.with_row("a", like="gpt-4o", colour=1), "unknown entry 'colour'"),
        (
            lambda c: c.with_row("a", like="gpt-4o", rule="magic"),
            "unknown rule 'magic'; the rules are anthropic_patches",
        ),
        (lambda c: c.with_row("a", like="gpt-4o", rule="openai_tiles", parameters={"bass": 1}), "cannot be made of"),
        (lambda c: c.with_row("a", like="gpt-4o", exactness="perfect"), "use one of exact, fitted"),
        (lambda c: c.with_row("a", like="gpt-4o", as_of="yesterday"), "write a day as 2026-11-20"),
        (lambda c: c.with_row("a", like="gpt-4o", limits={"size": 1}), "unknown entry 'size'; known: image_bytes"),
        (lambda c: c.from_mapping({"row": []}), "it holds 'rows' and 'aliases'"),
        (lambda c: c.from_mapping({"rows": {}}), "a list of tables"),
        (lambda c: c.from_mapping({"rows": [3]}), "a table with a name"),
        (lambda c: c.from_toml("rows = ["), "is not TOML"),
    ],
)
def test_a_mistake_is_an_invalid_option_that_says_what_to_do(make, message):
    with pytest.raises(InvalidOption, match=message):
        make(Catalogue())
