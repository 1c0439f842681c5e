"""What the user wants pictures compressed for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from headroom.cli.terminal import printable
from headroom_core.errors import InvalidOption
from headroom_core.image import ImageCompressor, Policy
from headroom_core.tokens import VisionProfile, default_profile, resolve
from headroom_core.tokens.names import known_provider

__all__ = ["Job", "checked_provider", "stale_note", "today"]


def today() -> date:
    """Return the day, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Job:
    """What to compress for.

    Attributes:
        question: What will be asked about the pictures.
        model: The model that they go to, or None.
        provider: Who bills, or None.
        policy: What may be given up.
        read_text: A text reader that is installed may read pictures.
        day: The day on which it is done; by it a rule counts as read long ago.
    """

    question: str = ""
    model: str | None = None
    provider: str | None = None
    policy: str = Policy.BALANCED.value
    read_text: bool = True
    day: date = field(default_factory=today)

    def compressor(self) -> ImageCompressor:
        """Return a compressor for this job.

        Raises:
            InvalidOption: There is no such policy or provider.
        """
        checked_provider(self.provider)
        if not self.read_text:
            return ImageCompressor(policy=self.policy, read_text=False)
        return ImageCompressor(policy=self.policy)

    def profile(self, model: str | None = None) -> VisionProfile:
        """Return the row that counts, for a request that names its own model or for none."""
        named = self.model or model
        return resolve(named, provider=self.provider) if named else default_profile(self.provider or "")

    def rule_age(self, model: str | None = None) -> dict[str, Any]:
        """Return as JSON-like data when the rule that counts was read, and whether that is over a year ago."""
        profile = self.profile(model)
        return {"as_of": profile.as_of, "stale": profile.stale(self.day)}

    def notes(self, models: Iterable[str | None] = (None,)) -> Iterator[str]:
        """Say which of the rules that count were read long ago."""
        for model in models:
            profile = self.profile(model)
            note = stale_note(self.model or model or profile.name, profile, self.day)
            if note:
                yield note

    def target(self, model: str | None = None) -> str:
        """Say who it is counted for."""
        named = self.model or model
        if named or self.provider is None:
            return named or "no model"
        return f"{self.provider}, counted as {self.profile().name}"


def stale_note(name: str, profile: VisionProfile, day: date) -> str | None:
    """Say that the rule was read over a year before that day; None where it was not."""
    if not profile.stale(day):
        return None
    return f"{printable(name)}: its rule was read on {profile.as_of}, over a year ago; check {profile.source}."


def checked_provider(provider: str | None) -> str | None:
    """Return the provider as it is.

    Raises:
        InvalidOption: No rule is known for it.
    """
    if provider is not None and known_provider(provider) == (None, None):
        raise InvalidOption(
            f"--provider {provider!r} is not known; write openai, anthropic, google or another model's maker"
        )
    return provider
