"""The rows and aliases that models are looked up in: the built-in ones, and those that a user adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from typing import Any

from headroom_core.errors import InvalidOption
from headroom_core.tokens.counts import Exactness, Limits
from headroom_core.tokens.names import Name, canonical, known_provider, read_name
from headroom_core.tokens.profiles import VisionProfile
from headroom_core.tokens.rules import rule_named

__all__ = ["Catalogue", "current_profiles", "default_profile", "resolve"]

_DEFAULTS = {"openai": "gpt-4o", "anthropic": "claude-opus-5-5", "google": "gemini-3.8-flash"}
_OPENAI_NAME = re.compile(r"gpt|chatgpt|codex|o\d")
_MOST_ALIASES = 16
_ROW_WORDS = ("exactness", "setting_scope", "resize_pays", "current", "models", "kin", "limits")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows and aliases of a user's own, looked up before the built-in ones. Immutable: every method gives a new one.

    >>> mine = Catalogue().with_alias("my-gateway-name", "gpt-4o")
    >>> resolve("my-gateway-name", catalogue=mine).name
    'gpt-4o'

    Attributes:
        rows: Rows in the order in which they were added; a later one replaces an earlier one of the same name.
        aliases: Pairs of a name and the model that it stands for.
    """

    rows: tuple[VisionProfile, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()

    def with_alias(self, name: str, model: str) -> Catalogue:
        """A catalogue in which `name` is another word for `model`.

        Raises:
            InvalidOption: A name is empty, stands for itself, or `model` matches no row.
        """
        _said(name, "an alias needs a name")
        _said(model, f"the alias {name!r} needs a model that it stands for, e.g. 'gpt-4o'")
        made = Catalogue(self.rows, (*self.aliases, (name, model)))
        if _followed(model, made) == canonical(name) or _matched(read_name(_target(model, made)), made) is None:
            raise InvalidOption(f"the alias {name!r} stands for {model!r}, which no row lists; add a row for it first")
        return made

    def with_row(
        self,
        name: str,
        *,
        rule: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        like: str | None = None,
        provider: str | None = None,
        source: str | None = None,
        as_of: str | None = None,
        **more: Any,
    ) -> Catalogue:
        """A catalogue with one more row.

        Args:
            name: The model's name.
            rule: Name of the rule, e.g. `openai_tiles`, with its `parameters`.
            parameters: Fields of the rule, e.g. `{"base": 85, "tile": 170}`.
            like: A listed model to copy instead of naming a rule.
            provider: Who made the model; copied with `like`.
            source: Where the rule is written down.
            as_of: Day on which that was read, as an ISO date.
            more: Other fields of `VisionProfile`: models, kin, exactness, setting_scope, resize_pays, current, limits.

        Raises:
            InvalidOption: Something is missing or unknown; the message says what to give.
        """
        _said(name, "a row needs a name")
        changes: dict[str, Any] = {
            "name": name,
            "models": (),
            "kin": (),
            "model": "",
            "host": None,
            **_read_words(name, more),
        }
        given = {"provider": provider, "source": source, "as_of": _read_date(name, as_of)}
        changes.update({key: value for key, value in given.items() if value is not None})
        if rule is not None:
            changes["rule"] = rule_named(rule, _frozen(parameters or {}))
        if like is not None:
            return Catalogue((*self.rows, replace(self._listed(name, like), **changes)), self.aliases)
        missing = [word for word in ("rule", "provider", "source", "as_of") if word not in changes]
        if missing:
            raise InvalidOption(
                f"the row {name!r} lacks {', '.join(missing)}; or give like='gpt-4o' to copy a listed model"
            )
        return Catalogue((*self.rows, VisionProfile(**changes)), self.aliases)

    def _listed(self, name: str, like: str) -> VisionProfile:
        row = _matched(read_name(like), self)
        if row is None or row[1]:
            raise InvalidOption(f"the row {name!r} is to be like {like!r}, which no row lists; name a listed model")
        return row[0]

    @staticmethod
    def from_mapping(settings: Mapping[str, Any]) -> Catalogue:
        """A catalogue from configuration: `rows`, a list of tables as `with_row` takes them, and `aliases`, a table.

        Raises:
            InvalidOption: The configuration is not of that form.
        """
        unknown = sorted(set(settings) - {"rows", "aliases"})
        if unknown:
            raise InvalidOption(f"unknown table {unknown[0]!r} in the catalogue; it holds 'rows' and 'aliases'")
        made = Catalogue()
        rows, aliases = settings.get("rows", []), settings.get("aliases", {})
        if not isinstance(rows, list | tuple) or not isinstance(aliases, Mapping):
            raise InvalidOption("a catalogue holds 'rows', a list of tables, and 'aliases', a table of names")
        for row in rows:
            if not isinstance(row, Mapping) or "name" not in row:
                raise InvalidOption(f"each row of a catalogue is a table with a name, not {row!r}")
            made = made.with_row(**{str(key): value for key, value in row.items()})
        for name, model in aliases.items():
            made = made.with_alias(name, model)
        return made

    @staticmethod
    def from_toml(text: str) -> Catalogue:
        """A catalogue from TOML text with `[[rows]]` and `[aliases]`.

        Raises:
            InvalidOption: The text is not TOML, or not of that form.
        """
        import tomllib

        try:
            return Catalogue.from_mapping(tomllib.loads(text))
        except tomllib.TOMLDecodeError as wrong:
            raise InvalidOption(f"the catalogue is not TOML: {wrong}") from wrong


_BUILTIN = Catalogue()


def resolve(
    model: str | None = None, *, provider: str | None = None, catalogue: Catalogue | None = None
) -> VisionProfile:
    """The row that a model's name, as people write it, stands for. Never raises for an unknown name.

    Dates, versions, hosts, regions, gateways and fine-tunes of a listed model lead to its row. A name that only begins
    like a listed family takes the family's newest row, `assumed`. Any other name takes the most careful row of its
    provider, `assumed`: the dearest current rule, the strictest limits of any host, no settings. Without a model the
    provider's default for counting is meant: gpt-4o for OpenAI (the classic figures), the high-resolution tier for
    Anthropic and Gemini 3 for Google (their newest models; a count never understates those of the older tier).

    >>> resolve("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0").name
    'claude-sonnet-4-5'
    >>> resolve("gpt-4o-2026-01-01").assumed, resolve("gpt-6-sol").assumed, resolve("gpt-6-sol").name
    (False, True, 'gpt-6-astra')
    """
    return _resolved(model if isinstance(model, str) else None, provider, catalogue or _BUILTIN)


@lru_cache(maxsize=1024)
def _resolved(model: str | None, provider: str | None, catalogue: Catalogue) -> VisionProfile:
    maker, host = known_provider(provider)
    if model is None or not model.strip():
        return _unnamed(maker, host, catalogue)
    name = read_name(_target(model, catalogue))
    host = name.host or host
    found = _matched(name, catalogue)
    if found is not None:
        return found[0].taken_for(name.model, assumed=found[1], host=host)
    if _OPENAI_NAME.match(name.model):
        maker = "openai"
    return _careful(name.provider or maker, catalogue).taken_for(name.model, assumed=True, host=host)


def default_profile(provider: str, *, catalogue: Catalogue | None = None) -> VisionProfile:
    """The row by which images are counted when only the provider is known."""
    return resolve(None, provider=provider, catalogue=catalogue)


def current_profiles(provider: str, *, catalogue: Catalogue | None = None) -> tuple[VisionProfile, ...]:
    """Every distinct row of the provider's current models, the default for counting first; none if unknown."""
    maker, host = known_provider(provider)
    chosen = catalogue or _BUILTIN
    rows = {row.name: row for row in (*_builtin_rows(), *chosen.rows) if row.provider == maker and row.current}
    first = _DEFAULTS.get(maker or "", "")
    ordered = sorted(rows.values(), key=lambda row: row.name != first)
    return tuple(row.taken_for("", assumed=False, host=host) for row in ordered)


def _unnamed(maker: str | None, host: str | None, catalogue: Catalogue) -> VisionProfile:
    rows = _exact(catalogue)
    name = _DEFAULTS.get(maker or "")
    if name is None:
        return _careful(maker, catalogue).taken_for("", assumed=True, host=host)
    row = rows[canonical(name)].taken_for("", assumed=False, host=host)
    return replace(row, exactness=Exactness.ASSUMED)


def _careful(maker: str | None, catalogue: Catalogue) -> VisionProfile:
    generic, by_provider = _careful_rows()
    if maker in by_provider:
        return by_provider[maker]
    for row in (*_builtin_rows(), *catalogue.rows):
        if maker is not None and row.provider == maker:
            return replace(row, assumed=True, resize_pays=False, setting_scope=None, current=False)
    return generic


def _matched(name: Name, catalogue: Catalogue) -> tuple[VisionProfile, bool] | None:
    """The row of a name, and whether it was inferred."""
    exact = _exact(catalogue)
    for spelling in name.spellings:
        if spelling in exact:
            return exact[spelling], False
    for beginning, row in _kin(catalogue):
        if any(_begins(spelling, beginning) for spelling in name.spellings):
            return row, True
    return None


def _begins(spelling: str, beginning: str) -> bool:
    """Whether a name goes on from `beginning` with a further word or with a version, as `qwen3.7` does from `qwen`."""
    if not spelling.startswith(beginning):
        return False
    after = spelling[len(beginning) : len(beginning) + 1]
    return after in {"", "-"} or (after.isdigit() and beginning[-1:].isalpha())


def _target(model: str, catalogue: Catalogue) -> str:
    """The model that a name stands for after all aliases."""
    if not catalogue.aliases:
        return model
    aliases = {canonical(name): target for name, target in catalogue.aliases}
    for _ in range(_MOST_ALIASES):
        after = aliases.get(canonical(model))
        if after is None:
            break
        model = after
    return model


def _followed(model: str, catalogue: Catalogue) -> str:
    return canonical(_target(model, catalogue))


@lru_cache(maxsize=64)
def _exact(catalogue: Catalogue) -> Mapping[str, VisionProfile]:
    return {canonical(name): row for row in (*_builtin_rows(), *catalogue.rows) for name in (row.name, *row.models)}


@lru_cache(maxsize=64)
def _kin(catalogue: Catalogue) -> tuple[tuple[str, VisionProfile], ...]:
    """Beginnings of names, the longest first, a user's own before the built-in ones."""
    pairs = [(canonical(start), row) for row in (*reversed(catalogue.rows), *_builtin_rows()) for start in row.kin]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _builtin_rows() -> tuple[VisionProfile, ...]:
    # Loaded at the first look-up: importing the package stays cheap.
    from headroom_core.tokens import rows_anthropic, rows_google, rows_open, rows_openai

    return (*rows_openai.ROWS, *rows_anthropic.ROWS, *rows_google.ROWS, *rows_open.ROWS)


@cache
def _careful_rows() -> tuple[VisionProfile, Mapping[str | None, VisionProfile]]:
    from headroom_core.tokens import rows_anthropic, rows_google, rows_open, rows_openai

    careful = (rows_openai.CAREFUL, rows_anthropic.CAREFUL, rows_google.CAREFUL)
    return rows_open.GENERIC, {row.provider: row for row in careful}


def _said(text: object, complaint: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise InvalidOption(f"{complaint}, got {text!r}")


def _read_words(name: str, more: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(more) - set(_ROW_WORDS))
    if unknown:
        raise InvalidOption(f"the row {name!r} has an unknown entry {unknown[0]!r}; known are {', '.join(_ROW_WORDS)}")
    words = _frozen(more)
    if "exactness" in words:
        words["exactness"] = _read_exactness(name, words["exactness"])
    if isinstance(words.get("limits"), Mapping):
        words["limits"] = _read_limits(name, words["limits"])
    return words


def _read_exactness(name: str, word: object) -> Exactness:
    try:
        return Exactness(str(word))
    except ValueError as wrong:
        raise InvalidOption(f"the row {name!r} has exactness {word!r}; use one of {', '.join(Exactness)}") from wrong


def _read_limits(name: str, limits: Mapping[str, Any]) -> Limits:
    known = [entry.name for entry in fields(Limits)]
    unknown = sorted(set(limits) - set(known))
    if unknown:
        raise InvalidOption(
            f"the limits of row {name!r} have an unknown entry {unknown[0]!r}; known: {', '.join(known)}"
        )
    return Limits(**limits)


def _read_date(name: str, text: object) -> str | None:
    """An ISO date; TOML may bring it as a date already."""
    if text is None:
        return None
    from datetime import date

    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError as wrong:
        raise InvalidOption(f"the row {name!r} has as_of {text!r}; write a day as 2026-11-20") from wrong


def _frozen(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): _as_tuple(value) for key, value in entries.items()}


def _as_tuple(value: Any) -> Any:
    return (
        tuple(_as_tuple(part) for part in value)
        if isinstance(value, list | tuple)
        else (_frozen(value) if isinstance(value, Mapping) else value)
    )
