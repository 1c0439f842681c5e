"""What is known of one vision model: its rule, its settings, its limits, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from headroom_core.errors import InvalidOption
from headroom_core.tokens.counts import Exactness, Limits, TokenCount
from headroom_core.tokens.rules import NO_CHOICE, WIRE_WORDS, Options, Rule

__all__ = ["VisionProfile"]

_STALE_DAYS = 365


@dataclass(frozen=True, slots=True)
class VisionProfile:
    """One row: how a model, or several that behave alike, prices and limits images.

    Attributes:
        name: The row's own name, one of the models that it stands for.
        provider: Who made the model: `openai`, `anthropic`, `google`, ...
        rule: How the row counts, with its parameters.
        source: Page or measurement behind the rule.
        as_of: Day on which it was read, as an ISO date.
        exactness: How far counts can be trusted; `assumed` whenever `assumed` is True.
        models: Further names of models that follow this row exactly.
        kin: Beginnings of names that are taken to follow it: such a model is `assumed`.
        setting_scope: The request field that carries the setting, `detail` or `media_resolution`; None without one.
        limits: What the provider takes.
        resize_pays: Whether a smaller image can be shown to cost fewer tokens.
        current: Whether the provider still offers the model and recommends nothing else in its place.
        assumed: The model was inferred: no lossy change may rest on this row.
        host: Who serves the model where that is not its maker: `azure`, `bedrock`, `vertex`; else None.
        model: The name that was asked for, without host and provider; empty for a bare row.
    """

    name: str
    provider: str
    rule: Rule
    source: str
    as_of: str
    exactness: Exactness = Exactness.EXACT
    models: tuple[str, ...] = field(default=(), repr=False)
    kin: tuple[str, ...] = field(default=(), repr=False)
    setting_scope: str | None = None
    limits: Limits = field(default=Limits(), repr=False)
    resize_pays: bool = True
    current: bool = True
    assumed: bool = False
    host: str | None = None
    model: str = ""

    @property
    def family(self) -> str:
        """Name of the rule, e.g. `openai_tiles`."""
        return self.rule.name

    @property
    def settings(self) -> tuple[str, ...]:
        """The provider's own settings as callers may write them, e.g. `("low", "high", "original")`."""
        return self.rule.settings if self.setting_scope else ()

    def count(self, width: int, height: int, setting: str | None = None, **options: Any) -> TokenCount:
        """Count one image. Never raises: sides below 1 count as 1, an unknown word counts as no setting."""
        wanted = self.spelled(setting or options.pop("media_resolution", None))
        known = {name: value for name, value in options.items() if self.rule.unfit(name, value) is None}
        return self._counted(
            max(1, int(width)), max(1, int(height)), wanted if wanted in self.settings else None, known
        )

    def _counted(self, width: int, height: int, setting: str | None, options: Options) -> TokenCount:
        cost = self.rule.cost(width, height, setting, options)
        certain = Exactness.ASSUMED if self.assumed else self.exactness
        return TokenCount(cost.tokens, cost.seen, certain, self.rule.name, self.source, self.as_of, cost.rejected)

    @staticmethod
    def spelled(setting: str | None) -> str | None:
        """The setting as rows spell it: `MEDIA_RESOLUTION_LOW` is `low`; `auto` and its like are None.

        >>> VisionProfile.spelled("MEDIA_RESOLUTION_ULTRA_HIGH"), VisionProfile.spelled("auto")
        ('ultra_high', None)
        """
        if not isinstance(setting, str):
            return None
        word = setting.strip().lower().removeprefix("media_resolution_")
        return None if not word or word in NO_CHOICE else word

    def checked(self, setting: str | None, options: Options) -> str | None:
        """The setting to price by.

        Raises:
            InvalidOption: The model does not know the setting or one of the options, or an option has no fit value.
        """
        unknown = sorted(set(options) - set(self.rule.options))
        if unknown:
            known = ", ".join(self.rule.options) or "none"
            raise InvalidOption(f"{self.name} does not know the option {unknown[0]!r}; its options: {known}")
        for name, value in options.items():
            unfit = self.rule.unfit(name, value)
            if unfit is not None:
                raise InvalidOption(f"the option {name!r} of {self.name} must be {unfit}, got {value!r}")
        word = self.spelled(setting)
        if setting is None or (isinstance(setting, str) and (word is None or word in self.settings)):
            return word
        if not self.settings and word in WIRE_WORDS:
            return None
        allowed = ", ".join((*self.settings, "auto"))
        raise InvalidOption(
            f"{self.name} does not know the {self.setting_scope or 'detail'} {setting!r}; use {allowed}"
        )

    def stale(self, today: date) -> bool:
        """Whether the source was read more than a year before `today`."""
        return (today - date.fromisoformat(self.as_of)).days > _STALE_DAYS

    def taken_for(self, model: str, *, assumed: bool, host: str | None) -> VisionProfile:
        """This row for a model of that name, with the limits of its host."""
        return replace(
            self,
            model=model,
            assumed=self.assumed or assumed,
            host=host,
            limits=_hosted(self.provider, host, self.limits),
        )


def _hosted(provider: str, host: str | None, limits: Limits) -> Limits:
    """The limits under another host.

    Bedrock and Google Cloud take 5 MB of base64 per Claude image and smaller requests than Anthropic's 32 MB
    (platform.claude.com, page on vision, with no figure for the latter: 20 MB is kept to, as for unlisted models);
    Vertex 7 MB inline per Gemini file (docs.cloud.google.com); Azure 20 MB and 50 images (learn.microsoft.com).
    """
    if provider == "anthropic" and host in {"bedrock", "vertex"}:
        return replace(limits, image_bytes=5_000_000, request_bytes=20_000_000)
    if provider == "google" and host == "vertex":
        return replace(limits, image_bytes=7_000_000, images=900)
    if provider == "openai" and host == "azure":
        return replace(limits, image_bytes=20_000_000, images=50)
    return limits
