"""`headroom tokens`: what pictures cost on the models named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from headroom.cli.files import image_files, reason_of
from headroom.cli.job import checked_provider, stale_note, today
from headroom.cli.terminal import NARROW, complain, json_out, output, pixels, printable, table
from headroom_core.errors import HeadroomError, InvalidOption
from headroom_core.image.header import read_header
from headroom_core.tokens import TokenCount, current_profiles, default_profile, image_tokens, resolve

__all__ = ["DEFAULT_MODELS", "run"]

Size = tuple[int, int]

DEFAULT_MODELS: Final = ("gpt-4o", "gpt-5.4", "gpt-6-astra", "claude-sonnet-4-6", "claude-opus-5-5", "gemini-3.8-flash")
"""One model of each way of billing that the three big providers have; counted when none is named."""


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    size: Size
    model: str
    count: TokenCount

    def as_dict(self) -> dict[str, Any]:
        count = self.count
        return {
            "image": self.name,
            "width": self.size[0],
            "height": self.size[1],
            "model": self.model,
            "tokens": count.tokens,
            "seen": count.seen,
            "exactness": count.exactness.value,
            "rule": count.rule,
            "source": count.source,
            "as_of": count.as_of,
            "rejected": count.rejected,
        }


def run(
    paths: list[Path],
    *,
    models: list[str],
    sizes: list[str],
    detail: str | None = None,
    provider: str | None = None,
    as_json: bool = False,
) -> int:
    """Print the counts; return the exit code.

    Raises:
        InvalidOption: The command was used wrongly.
    """
    if not paths and not sizes:
        raise InvalidOption("name an image file or a folder, or a size: headroom tokens --size 1024x768")
    names = _models(models, checked_provider(provider))
    subjects, failed = _subjects(paths, sizes)
    rows = list(_rows(subjects, names, detail, provider))
    if as_json:
        json_out([row.as_dict() for row in rows])
    elif rows:
        console = output()
        _show(console, rows)
        for note in _notes(names, provider):
            console.print(note, soft_wrap=console.width < NARROW)
    return 1 if failed else 0


def _models(models: list[str], provider: str | None) -> tuple[str, ...]:
    if models or provider is None:
        return tuple(models) or DEFAULT_MODELS
    return tuple(row.name for row in current_profiles(provider)) or (default_profile(provider).name,)


def _subjects(paths: list[Path], sizes: list[str]) -> tuple[list[tuple[str, Size]], bool]:
    subjects: list[tuple[str, Size]] = [(text, _size(text)) for text in sizes]
    failed = False
    for file in image_files(paths):
        try:
            subjects.append((file.name, read_header(file.path.read_bytes()).size))
        except (HeadroomError, OSError) as error:
            complain(file.name, reason_of(error) if isinstance(error, OSError) else error)
            failed = True
    return subjects, failed


def _size(text: str) -> Size:
    width, cross, height = text.lower().replace("×", "x").partition("x")
    if not cross or not width.isdecimal() or not height.isdecimal() or 0 in (int(width), int(height)):
        raise InvalidOption(f"--size {text!r} is not a size in pixels; write it like 1024x768")
    return int(width), int(height)


def _rows(
    subjects: list[tuple[str, Size]], models: tuple[str, ...], detail: str | None, provider: str | None
) -> Iterator[_Row]:
    for name, size in subjects:
        for model in models:
            yield _Row(name, size, model, image_tokens(model, *size, detail=detail, provider=provider))


def _show(console: Console, rows: list[_Row]) -> None:
    narrow = console.width < NARROW
    made = table("image", ">size", "model", ">tokens", *([] if narrow else [">seen as", "count"]), width=console.width)
    previous: tuple[str, Size] | None = None
    for row in rows:
        this = (row.name, row.size)
        if previous not in (None, this):
            made.add_section()
        first = (printable(row.name), pixels(row.size)) if previous != this else ("", "")
        wide = () if narrow else (_seen(row.count), row.count.exactness.value)
        made.add_row(*first, printable(row.model), f"{row.count.tokens:,}", *wide)
        previous = this
    console.print(made)
    for row in rows:
        if row.count.rejected:
            console.print(printable(f"{row.model} refuses {row.name}: {row.count.rejected}"), soft_wrap=True)


def _seen(count: TokenCount) -> str:
    return "refused" if count.rejected else pixels(count.seen)


def _notes(models: tuple[str, ...], provider: str | None) -> Iterator[str]:
    """What a reader of the counts should know: guesses, and rules that were read long ago."""
    day = today()
    for model in models:
        profile = resolve(model, provider=provider)
        if profile.assumed:
            yield f"{printable(model)} is not listed: counted by the row {profile.name!r}, which is an assumption."
        note = stale_note(model, profile, day)
        if note:
            yield note
