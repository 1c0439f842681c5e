"""How many tokens an image costs, by provider and model: rules as functions, models as rows, nothing else needed."""

from __future__ import annotations

from headroom_core import at_first_use

TYPE_CHECKING = False

if TYPE_CHECKING:
    from headroom_core.tokens.catalogue import Catalogue, current_profiles, default_profile, resolve
    from headroom_core.tokens.counting import image_tokens, largest_within, smallest_same
    from headroom_core.tokens.counts import Exactness, Limits, TokenCount
    from headroom_core.tokens.drift import Drift, DriftFigure
    from headroom_core.tokens.prices import Price, dollars
    from headroom_core.tokens.profiles import VisionProfile
    from headroom_core.tokens.text import TextCount, text_tokens
else:
    __getattr__, __dir__ = at_first_use(
        __name__,
        {
            "catalogue": ("Catalogue", "current_profiles", "default_profile", "resolve"),
            "counting": ("image_tokens", "largest_within", "smallest_same"),
            "counts": ("Exactness", "Limits", "TokenCount"),
            "drift": ("Drift", "DriftFigure"),
            "prices": ("Price", "dollars"),
            "profiles": ("VisionProfile",),
            "text": ("TextCount", "text_tokens"),
        },
    )

__all__ = [
    "Catalogue",
    "Drift",
    "DriftFigure",
    "Exactness",
    "Limits",
    "Price",
    "TextCount",
    "TokenCount",
    "VisionProfile",
    "current_profiles",
    "default_profile",
    "dollars",
    "image_tokens",
    "largest_within",
    "resolve",
    "smallest_same",
    "text_tokens",
]
