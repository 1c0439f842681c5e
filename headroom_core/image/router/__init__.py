"""What the words about an image need of it."""

from __future__ import annotations

from headroom_core.image.router.needs import (
    EXCLUDED_BELOW,
    PRESENT_FROM,
    Need,
    Needs,
    RouteDecision,
    Router,
)
from headroom_core.image.router.rules import RuleRouter

__all__ = ["EXCLUDED_BELOW", "PRESENT_FROM", "Need", "Needs", "RouteDecision", "Router", "RuleRouter"]
