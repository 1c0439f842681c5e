"""Outcomes printed for a person: a table, or paragraphs where the terminal is narrow, and a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from headroom.cli.terminal import NARROW, pixels, printable, table
from headroom_core.image import Outcome
from headroom_core.image.result import Attachment

__all__ = ["Tally", "show"]

Named = tuple[str, Outcome]
_ARROW: Final = "→ "
_INDENT: Final = "  "


@dataclass(slots=True)
class Tally:
    """The sums over all pictures so far; pictures whose price is unknown count as pictures alone."""

    images: int = 0
    kept: int = 0
    unknown: int = 0
    before: int = 0
    after: int = 0
    again: int = 0

    def attach(self, attachment: Attachment) -> None:
        """Count a picture that comes again with a later question: a cost of its own."""
        self.again += 1
        self.after += attachment.tokens or 0

    def add(self, outcome: Outcome) -> None:
        """Count one picture."""
        self.images += 1
        self.kept += outcome.decision.keeps
        self.unknown += outcome.tokens_before is None
        self.before += outcome.tokens_before or 0
        self.after += outcome.tokens_after or 0

    @property
    def percent(self) -> float:
        """Share of the tokens that is saved, in percent."""
        return 100 * (self.before - self.after) / self.before if self.before else 0.0

    def words(self, target: str) -> Text:
        """Say the total in a line."""
        line = Text(f"{printable(target)}: {_change(self.before, self.after, ' → ')} image tokens, ")
        line.append(f"{self.percent:.0f}% saved", style="bold")
        line.append(f"; {self.kept} of {self.images} left alone.")
        if self.again:
            line.append(f" {self.again} attached whole to a later question, and counted.")
        if self.unknown:
            line.append(f" {self.unknown} of unknown size not counted.")
        return line


def show(console: Console, named: Sequence[Named]) -> None:
    """Print what was decided for each picture, and why."""
    if console.width < NARROW:
        for name, outcome in named:
            console.print(Text(printable(name), style="bold"))
            for line in _paragraph(outcome).wrap(console, console.width - len(_INDENT)):
                line.rstrip()
                console.print(Text(_INDENT).append_text(line))
            console.print()
        return
    made = table("image", "decision", ">size", ">tokens", ">saved", "why", width=console.width)
    for name, outcome in named:
        said = _decision(outcome), _sizes(outcome), _tokens(outcome), _saved(outcome)
        made.add_row(printable(name), *said, printable(outcome.reason))
    console.print(made)


def _paragraph(outcome: Outcome) -> Text:
    decision = _decision(outcome).replace("\n", ", ")
    if outcome.tokens_before is None:
        said = Text(f"{decision}: of unknown size")
    else:
        said = Text(f"{decision}: {_sizes(outcome)} px, {_tokens(outcome)} tokens".replace("\n", " "))
    if outcome.tokens_saved:
        said.append(", ").append_text(_saved(outcome)).append(" saved", style="green")
    return said.append(f"\n{printable(outcome.reason)}")


def _decision(outcome: Outcome) -> str:
    notes = [outcome.technique.value]
    if outcome.decision.setting:
        notes.append(f"set: {outcome.decision.setting}")
    if outcome.decision.repair:
        notes.append("repaired")
    return "\n".join(notes)


def _sizes(outcome: Outcome) -> str:
    if outcome.size_before == outcome.size_after:
        return pixels(outcome.size_before)
    return f"{pixels(outcome.size_before)}\n{_ARROW}{pixels(outcome.size_after)}"


def _tokens(outcome: Outcome) -> str:
    return _change(outcome.tokens_before, outcome.tokens_after, f"\n{_ARROW}")


def _change(before: int | None, after: int | None, between: str) -> str:
    if before is None or after is None:
        return "?"
    return f"{before:,}" if before == after else f"{before:,}{between}{after:,}"


def _saved(outcome: Outcome) -> Text:
    if not outcome.tokens_saved:
        return Text("–")
    share = outcome.savings_percent
    return Text("<1%" if 0 < share < 1 else f"{share:.0f}%", style="green" if share > 0 else "")
