"""Outcomes printed for a person: a table, or paragraphs where the terminal is narrow, and a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rich.console import Console
from rich.text import Text

from headroom.cli.terminal import NARROW, printable, table
from headroom_core.image import Outcome
from headroom_core.image.outcome import Attachment
from headroom_core.image.sent import SentPart, change_words, form_words, sent_parts

__all__ = ["Row", "Tally", "show"]

_ARROW: Final = "→ "
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """What was decided for one picture, without the bytes of any.

    Attributes:
        name: What the picture is called.
        outcome: What was decided.
        sent: What is sent in its place.
    """

    name: str
    outcome: Outcome
    sent: tuple[SentPart, ...]

    @classmethod
    def of(cls, name: str, outcome: Outcome) -> Row:
        """Take down what an outcome says: many pictures must not be held in memory for the sake of a table."""
        return cls(name, replace(outcome, replacement=None), sent_parts(outcome))


@dataclass(slots=True)
class Tally:
    """The sums over all pictures so far; pictures whose price is unknown count as pictures alone."""

    images: int = 0
    kept: int = 0
    unknown: int = 0
    before: int = 0
    after: int = 0
    again: int = 0
    again_tokens: int = 0

    def attach(self, attachment: Attachment) -> None:
        """Count a picture that comes again with a later question: a cost of its own."""
        self.again += 1
        self.again_tokens += attachment.tokens or 0
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
        """Share of the tokens that is saved, in percent; negative where more is sent."""
        return 100 * (self.before - self.after) / self.before if self.before else 0.0

    def words(self, target: str) -> Text:
        """Say the total in a line."""
        line = Text(f"{printable(target)}: {_change(self.before, self.after, ' → ')} image tokens, ")
        line.append(self._balance(), style="bold")
        line.append(f"; {self.kept} of {self.images} left alone.")
        if self.again:
            line.append(f" {self._attached()}")
        if self.unknown:
            line.append(f" {self.unknown} of unknown size not counted.")
        return line

    def _balance(self) -> str:
        return f"{self.percent:.0f}% saved" if self.after <= self.before else f"{-self.percent:.0f}% more"

    def _attached(self) -> str:
        pictures = "1 comes" if self.again == 1 else f"{self.again} come"
        said = f"{pictures} again with a later question, for {self.again_tokens:,} tokens, counted here"
        return f"{said}: more than the small form saved." if self.after > self.before else f"{said}."


def show(console: Console, rows: Sequence[Row], again: Sequence[str] = ()) -> None:
    """Print what was decided for each picture, and why; then a line for each picture that comes again."""
    if console.width < NARROW:
        for row in rows:
            console.print(Text(printable(row.name), style="bold"))
            _indented(console, _paragraph(row))
            console.print()
    else:
        made = table("image", "decision", ">sent", ">tokens", ">saved", "why", width=console.width)
        for row in rows:
            decision = "\n".join(form_words(row.outcome.decision)).replace(" image", "\nimage")
            figures = "\n".join(_sent(row)), _tokens(row.outcome), _saved(row.outcome)
            made.add_row(printable(row.name), decision, *figures, printable(row.outcome.reason))
        console.print(made)
    for line in again:
        console.print(printable(f"{line[:1].upper()}{line[1:]}."))


def _indented(console: Console, text: Text) -> None:
    for line in text.wrap(console, console.width - len(_INDENT)):
        line.rstrip()
        console.print(Text(_INDENT).append_text(line))


def _paragraph(row: Row) -> Text:
    outcome = row.outcome
    decision = ", ".join(form_words(outcome.decision)).replace(", + ", " + ")
    if outcome.tokens_before is None:
        said = Text(f"{decision}: of unknown size")
    else:
        said = Text(f"{decision}: {' '.join(_sent(row))}{_unit(row)}, {_tokens(outcome)} tokens".replace("\n", " "))
    if outcome.tokens_saved:
        said.append(", ").append_text(_saved(outcome)).append(" saved", style="green")
    return said.append(f"\n{printable(outcome.reason)}")


def _sent(row: Row) -> tuple[str, ...]:
    return change_words(row.outcome.size_before, row.sent)


def _unit(row: Row) -> str:
    return " px" if _sent(row)[-1][-1:].isdigit() else ""


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
