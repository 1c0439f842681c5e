"""The vision models of Anthropic, as rows."""

from __future__ import annotations

from headroom_core.tokens.counts import Limits
from headroom_core.tokens.profiles import VisionProfile
from headroom_core.tokens.rules_anthropic import AnthropicPatches

__all__ = ["CAREFUL", "ROWS"]

_GUIDE = "platform.claude.com/docs/en/build-with-claude/vision"
_AS_OF = "2026-09-07"
_LIMITS = Limits(
    image_bytes=10_000_000,
    request_bytes=32_000_000,
    side=8000,
    images=100,
    many_images=20,
    many_images_side=2000,
)

_HIGH = AnthropicPatches(edge=2576, ceiling=4784)
_STANDARD = AnthropicPatches(edge=1568, ceiling=1568)

# fmt: off
ROWS = (
    VisionProfile(
        "claude-opus-5-5", "anthropic", _HIGH, _GUIDE, _AS_OF, limits=_LIMITS,
        models=(
            "claude-sonnet-5-5", "claude-opus-5", "claude-sonnet-5", "claude-opus-4-8", "claude-opus-4-7",
            "claude-fable-5", "claude-fable-5-1", "claude-mythos-5", "claude-mythos-5-1",
        ),
        # The guide gives this tier to "Claude 4.7 and later".
        kin=(
            "claude", "claude-opus-4-7", "claude-opus-4-8", "claude-opus-4-9", "claude-sonnet-4-7", "claude-sonnet-4-8",
            "claude-sonnet-4-9", "claude-haiku-4-7", "claude-haiku-4-8", "claude-haiku-4-9",
        ),
    ),
    VisionProfile(
        "claude-sonnet-4-5", "anthropic", _STANDARD, _GUIDE, _AS_OF, limits=_LIMITS,
        models=(
            "claude-sonnet-4-6", "claude-opus-4-6", "claude-opus-4-5", "claude-haiku-4-5", "claude-opus-4-1",
            "claude-opus-4", "claude-opus-4-0", "claude-sonnet-4", "claude-sonnet-4-0", "claude-3-7-sonnet",
            "claude-3-5-sonnet", "claude-3-5-haiku", "claude-3-opus", "claude-3-sonnet", "claude-3-haiku",
        ),
        kin=("claude-3", "claude-opus-4", "claude-sonnet-4", "claude-haiku-4"),
    ),
)

CAREFUL = VisionProfile(
    "anthropic, unlisted", "anthropic", _HIGH, _GUIDE, _AS_OF,
    limits=Limits(5_000_000, 20_000_000, side=8000, images=100, many_images=20, many_images_side=2000),
    resize_pays=False, current=False, assumed=True,
)
"""An unlisted model of Anthropic: the dearer tier, the limits of the strictest host, and nothing is changed for it."""
