"""What the user wants pictures compressed for."""

from __future__ import annotations

from dataclasses import dataclass

from headroom_core.errors import InvalidOption
from headroom_core.image import ImageCompressor, Policy
from headroom_core.tokens import VisionProfile, default_profile, resolve
from headroom_core.tokens.names import known_provider

__all__ = ["Job", "checked_provider"]


@dataclass(frozen=True, slots=True)
class Job:
    """What to compress for.

    Attributes:
        question: What will be asked about the pictures.
        model: The model that they go to, or None.
        provider: Who bills, or None.
        policy: What may be given up.
    """

    question: str = ""
    model: str | None = None
    provider: str | None = None
    policy: str = Policy.BALANCED.value

    def compressor(self) -> ImageCompressor:
        """Return a compressor for this job.

        Raises:
            InvalidOption: There is no such policy or provider.
        """
        checked_provider(self.provider)
        return ImageCompressor(policy=self.policy)

    def profile(self, model: str | None = None) -> VisionProfile:
        """Return the row that counts, for a request that names its own model or for none."""
        named = self.model or model
        return resolve(named, provider=self.provider) if named else default_profile(self.provider or "")

    def target(self, model: str | None = None) -> str:
        """Say who it is counted for."""
        named = self.model or model
        if named or self.provider is None:
            return named or "no model"
        return f"{self.provider}, counted as {self.profile().name}"


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
