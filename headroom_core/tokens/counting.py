"""The functions that count: one image's tokens, and the sizes of its shape at a price."""

from __future__ import annotations

from operator import index
from typing import Any, SupportsIndex, cast

from headroom_core.errors import InvalidOption
from headroom_core.tokens.catalogue import Catalogue, resolve
from headroom_core.tokens.counts import Size, TokenCount
from headroom_core.tokens.profiles import VisionProfile
from headroom_core.tokens.search import largest, smallest

__all__ = ["image_tokens", "largest_within", "smallest_same"]


def image_tokens(
    model: str | None,
    width: int,
    height: int,
    *,
    detail: str | None = None,
    provider: str | None = None,
    catalogue: Catalogue | None = None,
    **options: Any,
) -> TokenCount:
    """Count the tokens that one image costs.

    Args:
        model: The model's name as people write it, or None for the provider's default.
        width: Width in pixels, after EXIF rotation.
        height: Height in pixels, after EXIF rotation.
        detail: The provider's own setting: OpenAI's `detail`, Gemini's media resolution. `auto` is no choice.
        provider: Who serves the model, where its name does not say.
        catalogue: Rows and aliases of your own, besides the built-in ones.
        options: Further options of the family, e.g. `media_resolution`, `max_soft_tokens`, `input_fidelity`.

    Raises:
        InvalidOption: A side is not a whole number of at least 1, or the model does not know the setting or an option.

    >>> image_tokens("gpt-4o", 1024, 1024).tokens, image_tokens("gpt-4o", 1024, 1024, detail="low").tokens
    (765, 85)
    >>> image_tokens("gemini-3.8-flash", 1024, 1024, media_resolution="low").tokens
    256
    """
    profile = resolve(model, provider=provider, catalogue=catalogue)
    size = _checked_size(width, height)
    setting, rest = _checked_setting(profile, detail, options)
    return profile.count(*size, setting, **rest)


def largest_within(
    model: str | None,
    width: int,
    height: int,
    budget: int,
    *,
    detail: str | None = None,
    provider: str | None = None,
    catalogue: Catalogue | None = None,
    accepted: bool = False,
    **options: Any,
) -> Size | None:
    """The largest size of the image's shape, never larger than it, that costs at most `budget` tokens.

    Args:
        model: As for `image_tokens`, like the other arguments.
        width: Width in pixels, after EXIF rotation.
        height: Height in pixels, after EXIF rotation.
        budget: Most tokens that the image may cost.
        detail: The provider's own setting.
        provider: Who serves the model, where its name does not say.
        catalogue: Rows and aliases of your own.
        accepted: Leave out sizes that the provider refuses.
        options: Further options of the family.

    Returns:
        Width and height, or None when no size of this shape is that cheap.

    Raises:
        InvalidOption: As `image_tokens`, or `budget` is not a whole number.

    >>> largest_within("gpt-4o", 1080, 1920, 300)
    (288, 512)
    """
    profile = resolve(model, provider=provider, catalogue=catalogue)
    size = _checked_size(width, height)
    setting, rest = _checked_setting(profile, detail, options)
    return largest(profile, *size, _checked_budget(budget), setting, tuple(sorted(rest.items())), accepted=accepted)


def smallest_same(
    model: str | None,
    width: int,
    height: int,
    *,
    detail: str | None = None,
    provider: str | None = None,
    catalogue: Catalogue | None = None,
    **options: Any,
) -> Size:
    """The smallest size of the image's shape with the same price: the same tokens, not the same view.

    Arguments and errors are those of `image_tokens`.

    >>> smallest_same("gpt-4o", 1024, 1024)
    (513, 513)
    """
    profile = resolve(model, provider=provider, catalogue=catalogue)
    size = _checked_size(width, height)
    setting, rest = _checked_setting(profile, detail, options)
    return smallest(profile, *size, setting, tuple(sorted(rest.items())))


def _checked_size(width: object, height: object) -> Size:
    return _checked_side("width", width), _checked_side("height", height)


def _checked_side(word: str, side: object) -> int:
    """A side as a plain int; any whole number does, so that sizes of arrays do too."""
    try:
        pixels = 0 if isinstance(side, bool) else index(cast("SupportsIndex", side))
    except TypeError:
        pixels = 0
    if pixels < 1:
        raise InvalidOption(f"the {word} must be a whole number of pixels from 1 on, got {side!r}")
    return pixels


def _checked_budget(budget: object) -> int:
    try:
        return index(cast("SupportsIndex", budget))
    except TypeError:
        raise InvalidOption(f"the budget must be a whole number of tokens, got {budget!r}") from None


def _checked_setting(
    profile: VisionProfile, detail: str | None, options: dict[str, Any]
) -> tuple[str | None, dict[str, Any]]:
    """The setting by which to price, from `detail` or from the option that the provider calls it."""
    rest = dict(options)
    written = rest.pop("media_resolution", None)
    setting = written if written is not None and profile.setting_scope == "media_resolution" else detail
    if written is not None and profile.setting_scope != "media_resolution":
        rest["media_resolution"] = written
    return profile.checked(setting, rest), rest
