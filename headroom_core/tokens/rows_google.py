"""The vision models of Google, as rows."""

from __future__ import annotations

from headroom_core.tokens.counts import Exactness, Limits
from headroom_core.tokens.profiles import VisionProfile
from headroom_core.tokens.rules_google import GeminiFlat, GeminiGrid, GeminiTiles, GemmaGrid
from headroom_core.tokens.rules_open import Flat

__all__ = ["CAREFUL", "ROWS"]

_AS_OF = "2026-11-20"
_LIMITS = Limits(request_bytes=20_000_000, images=3600, formats=("PNG", "JPEG", "WEBP", "HEIC", "HEIF"))
_GRID_SOURCE = (
    "ai.google.dev/gemini-api/docs/media-resolution (budgets); "
    "grid fitted to huggingface.co/datasets/JOHNISKING/image-token-cost"
)

# fmt: off
ROWS = (
    VisionProfile(
        "gemini-3.8-flash", "google", GeminiGrid(), _GRID_SOURCE, _AS_OF, Exactness.FITTED, limits=_LIMITS,
        models=(
            "gemini-3-pro", "gemini-3-flash", "gemini-3.1-pro", "gemini-3.1-flash", "gemini-3.1-flash-lite",
            "gemini-3.5-flash", "gemini-3.5-flash-lite", "gemini-3.6-flash", "gemini-3.7-flash", "gemini-4-argon",
        ),
        kin=("gemini",), setting_scope="media_resolution", resize_pays=False,
    ),
    VisionProfile(
        "gemini-2.5-pro", "google", GeminiFlat(), "github.com/googleapis/python-genai/issues/1349", _AS_OF,
        Exactness.FITTED, models=("gemini-2.5-flash", "gemini-2.5-flash-lite"), kin=("gemini-2.5", "gemini-live-2.5"),
        setting_scope="media_resolution", limits=_LIMITS, resize_pays=False,
    ),
    VisionProfile(
        "gemini-2.0-flash", "google", GeminiTiles(), "ai.google.dev/gemini-api/docs/image-understanding", _AS_OF,
        models=("gemini-2.0-flash-lite", "gemini-2.0-pro", "gemini-1.5-pro", "gemini-1.5-flash", "gemini-1.5-flash-8b"),
        kin=("gemini-2.0", "gemini-1.5", "gemini-2"), limits=_LIMITS, current=False,
    ),
    VisionProfile(
        "gemma-4", "google", GemmaGrid(), "transformers 5.23, gemma4", _AS_OF, kin=("gemma",), limits=_LIMITS,
        resize_pays=False, current=False,
    ),
    VisionProfile(
        "gemma-3", "google", Flat(256, 896), "transformers 5.23, gemma3; ai.google.dev model card of Gemma 3", _AS_OF,
        kin=("gemma-3", "gemma-3n"), limits=_LIMITS, resize_pays=False, current=False,
    ),
)

CAREFUL = VisionProfile(
    "google, unlisted", "google", GeminiGrid(), _GRID_SOURCE, _AS_OF,
    limits=Limits(7_000_000, 20_000_000, images=900, formats=("PNG", "JPEG", "WEBP")),
    resize_pays=False, current=False, assumed=True,
)
"""An unlisted model of Google: the newest rule, the limits of the strictest host, and nothing is changed for it."""
