"""The models that a request may reach, and what an encoding costs and shows on all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from headroom_core.blocks import ImageBlock, Shape
from headroom_core.tokens import (
    Catalogue,
    TokenCount,
    VisionProfile,
    current_profiles,
    default_profile,
    resolve,
    text_tokens,
)

__all__ = ["Encoding", "Target", "View"]

Size = tuple[int, int]

_DETAIL_SHAPES = frozenset({Shape.OPENAI_CHAT, Shape.OPENAI_RESPONSES, Shape.LANGCHAIN})
_PART_SHAPES = frozenset({Shape.GEMINI, Shape.LANGCHAIN})


@dataclass(frozen=True, slots=True)
class Encoding:
    """One way to send a whole frame: at a size, under a setting of the provider (None: none is written)."""

    size: Size
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What an encoding costs and shows.

    Attributes:
        encoding: The encoding.
        count: Tokens and size as seen, on the model that is counted for.
        tokens: Tokens on every model that the request may reach, the counted one first.
        seen_edge: Long edge in pixels of the smallest picture that any of these models sees.
    """

    encoding: Encoding
    count: TokenCount
    tokens: tuple[int, ...]
    seen_edge: int


@dataclass(frozen=True, slots=True)
class Target:
    """The models that a request may reach.

    Attributes:
        counting: The model that tokens are reported for.
        reachable: Every model on which a move must not be worse, `counting` first: one for a known model, every current
            model of the provider when only the provider is known.
        translated: A gateway turns OpenAI's `detail` into the provider's own setting on the way.
    """

    counting: VisionProfile
    reachable: tuple[VisionProfile, ...]
    translated: bool = False

    @classmethod
    def of(
        cls, model: str | None, provider: str | None, *, catalogue: Catalogue | None = None, translated: bool = False
    ) -> Target:
        """Return the target for a model name, or for a provider alone."""
        if model:
            profile = resolve(model, provider=provider, catalogue=catalogue)
            return cls(profile, (profile,), translated)
        counting = default_profile(provider or "", catalogue=catalogue)
        current = current_profiles(provider or "", catalogue=catalogue)
        others = [profile for profile in current if profile != counting]
        return cls(counting, (counting, *others), translated)

    @property
    def known(self) -> bool:
        """Whether the rule of every reachable model is known, so that pixels may be dropped."""
        return not any(profile.assumed for profile in self.reachable)

    @property
    def formats(self) -> frozenset[str]:
        """Media types that every reachable model takes, e.g. `image/png`."""
        taken = (frozenset(profile.limits.formats) for profile in self.reachable)
        return frozenset(f"image/{name.lower()}" for name in frozenset.intersection(*taken))

    @property
    def max_bytes(self) -> int | None:
        """The most bytes an image may have on every reachable model, or None. The providers count base64 characters."""
        limits = [profile.limits.image_bytes for profile in self.reachable if profile.limits.image_bytes is not None]
        return min(limits) // 4 * 3 if limits else None

    def view(self, encoding: Encoding) -> View:
        """Return what `encoding` costs and shows on every reachable model."""
        counts = [profile.count(*encoding.size, setting=encoding.setting) for profile in self.reachable]
        edges = (_seen_edge(profile, count, encoding) for profile, count in zip(self.reachable, counts, strict=True))
        return View(encoding, counts[0], tuple(count.tokens for count in counts), min(edges))

    def text_price(self, text: str) -> tuple[int, ...]:
        """Return what a text costs on every reachable model, the counted one first."""
        return tuple(
            text_tokens(profile.model or profile.name, text, provider=profile.provider).tokens
            for profile in self.reachable
        )

    def settings_for(self, block: ImageBlock) -> tuple[str, ...]:
        """Return the provider's own settings that may be written on this block: none if the caller chose one."""
        shapes = {"detail": _DETAIL_SHAPES, "media_resolution": _PART_SHAPES}.get(self._scope() or "", frozenset())
        if self.translated and shapes:
            shapes |= {Shape.OPENAI_CHAT}
        if block.setting is not None or not block.settable or block.shape not in shapes:
            return ()
        return tuple(self._shared_settings())

    def written(self, setting: str | None, block: ImageBlock) -> str | None:
        """Return the setting in the words that the block's place takes."""
        if setting is not None and block.shape is Shape.LANGCHAIN and self._scope() == "media_resolution":
            return f"MEDIA_RESOLUTION_{setting.upper()}"
        return setting

    def _scope(self) -> str | None:
        scopes = {profile.setting_scope for profile in self.reachable}
        return scopes.pop() if len(scopes) == 1 else None

    def _shared_settings(self) -> Iterator[str]:
        for setting in self.counting.settings:
            if all(setting in profile.settings for profile in self.reachable):
                yield setting


def _seen_edge(profile: VisionProfile, count: TokenCount, encoding: Encoding) -> int:
    if count.seen is not None:
        return max(count.seen)
    if profile.rule.cell is not None:
        ratio = max(encoding.size) / min(encoding.size)
        return min(max(encoding.size), int(profile.rule.cell * sqrt(count.tokens * ratio)))
    # What a setting makes of the picture is not published: it must be taken to show nothing.
    return max(encoding.size) if encoding.setting is None else 0
