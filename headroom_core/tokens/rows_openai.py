"""The vision models of OpenAI, as rows."""

from __future__ import annotations

from headroom_core.tokens.counts import Limits
from headroom_core.tokens.profiles import VisionProfile
from headroom_core.tokens.rules_openai import GPTImage, OpenAIPatches, OpenAITiles

__all__ = ["CAREFUL", "ROWS"]

_GUIDE = "developers.openai.com/api/docs/guides/images-vision"
_AS_OF = "2026-11-20"
# Newer copies of the guide say 512 MB and 1,500 images; the smaller set of the older ones holds under both.
_LIMITS = Limits(image_bytes=20_000_000, request_bytes=50_000_000, patches=30_000, images=500)


def _tiles(
    name: str,
    base: int,
    tile: int,
    *,
    models: tuple[str, ...] = (),
    kin: tuple[str, ...] = (),
    current: bool = True,
) -> VisionProfile:
    return VisionProfile(
        name,
        "openai",
        OpenAITiles(base, tile),
        _GUIDE,
        _AS_OF,
        models=models,
        kin=kin,
        setting_scope="detail",
        limits=_LIMITS,
        current=current,
    )


def _patches(
    name: str,
    percent: int,
    levels: tuple[tuple[str, int, int | None], ...],
    default: str,
    *,
    models: tuple[str, ...] = (),
    kin: tuple[str, ...] = (),
    current: bool = True,
) -> VisionProfile:
    return VisionProfile(
        name,
        "openai",
        OpenAIPatches(percent, levels, default),
        _GUIDE,
        _AS_OF,
        models=models,
        kin=kin,
        setting_scope="detail",
        limits=_LIMITS,
        current=current,
    )


# Where copies of the guide disagree, `OpenAIPatches` says what is followed and why.
_LOW_512 = ("low", 512, None)
_HIGH_2500 = ("high", 2048, 2500)
_UP_TO_6144 = (("low", 2048, 6144), ("high", 2048, 6144))
_UP_TO_1536 = (("low", 2048, 1536), ("high", 2048, 1536))

# fmt: off
ROWS = (
    _tiles("gpt-4o", 85, 170, models=("gpt-4.1", "chatgpt-4o"), kin=("gpt-4o", "gpt-4.1", "chatgpt-4o")),
    _patches(
        "gpt-6-astra",
        120,
        (_LOW_512, ("high", 65535, 2500), ("original", 65535, None)),
        "original",
        kin=("gpt-6",),
    ),
    _patches(
        "gpt-5.6-sol",
        120,
        (_LOW_512, _HIGH_2500, ("original", 65535, None)),
        "original",
        models=("gpt-5.6-terra", "gpt-5.6-luna"),
        kin=("gpt-5.6", "gpt-5.7", "gpt-5.8", "gpt-5.9"),
    ),
    _patches("gpt-5.5", 120, (_LOW_512, _HIGH_2500, ("original", 6000, 10000)), "original", kin=("gpt-5.5",)),
    _patches(
        "gpt-5.4",
        120,
        (("low", 2048, 6144), _HIGH_2500, ("original", 6000, 10000)),
        "high",
        models=("gpt-5.4-mini", "gpt-5.4-nano"),
        kin=("gpt-5.4",),
    ),
    _patches("gpt-5.2", 120, _UP_TO_6144, "high", kin=("gpt-5.2", "gpt-5.3")),
    _patches("gpt-4.1-mini", 162, _UP_TO_6144, "high", kin=("gpt-4.1-mini",)),
    _patches("gpt-5-mini", 120, _UP_TO_1536, "high", kin=("gpt-5-mini",), current=False),
    _patches("gpt-5-nano", 150, _UP_TO_1536, "high", kin=("gpt-5-nano",), current=False),
    _patches("gpt-4.1-nano", 246, _UP_TO_1536, "high", kin=("gpt-4.1-nano",), current=False),
    _patches("o4-mini", 172, _UP_TO_1536, "high", kin=("o4-mini",), current=False),
    _patches("_legacy1536-x1", 100, _UP_TO_1536, "high", current=False),
    _tiles("gpt-4o-mini", 2833, 5667, kin=("gpt-4o-mini",)),
    _tiles("gpt-5", 70, 140, models=("gpt-5-chat", "gpt-5.1", "gpt-5.1-chat"), kin=("gpt-5", "gpt-5.1")),
    _tiles("o3", 75, 150, models=("o1", "o1-pro"), kin=("o1", "o3")),
    _tiles(
        "gpt-4-turbo",
        85,
        170,
        models=("gpt-4.5", "gpt-4-vision", "gpt-4-1106-vision"),
        kin=("gpt-4-turbo", "gpt-4.5"),
        current=False,
    ),
    _tiles("computer-use-preview", 65, 129, current=False),
    VisionProfile(
        "gpt-image-1", "openai", GPTImage(), _GUIDE, _AS_OF, limits=_LIMITS, setting_scope="detail", current=False,
    ),
)

CAREFUL = VisionProfile(
    "openai, unlisted", "openai",
    OpenAIPatches(120, (_LOW_512, ("high", 65535, 2500), ("original", 65535, None)), "original"),
    _GUIDE, _AS_OF, limits=Limits(20_000_000, 50_000_000, patches=30_000, images=50, formats=("PNG", "JPEG", "WEBP")),
    resize_pays=False, current=False, assumed=True,
)
"""An unlisted model of OpenAI: the newest rule, dearest for large images, and the strictest host's limits."""
