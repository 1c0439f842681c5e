"""What the words about an image need of it."""

from __future__ import annotations

from headroom_core import at_first_use

TYPE_CHECKING = False

if TYPE_CHECKING:
    from headroom_core.image.router.derive import allows, technique_of
    from headroom_core.image.router.needs import (
        EXCLUDED_BELOW,
        PRESENT_FROM,
        Need,
        Needs,
        RouteDecision,
        Router,
    )
    from headroom_core.image.router.onnx import OnnxRouter
    from headroom_core.image.router.registry import MODELS, DefaultRouter, default_router
    from headroom_core.image.router.rules import RuleRouter
    from headroom_core.image.router.siglip import Siglip
    from headroom_core.image.router.torch import TorchRouter
else:
    __getattr__, __dir__ = at_first_use(
        __name__,
        {
            "derive": ("allows", "technique_of"),
            "needs": ("EXCLUDED_BELOW", "PRESENT_FROM", "Need", "Needs", "RouteDecision", "Router"),
            "onnx": ("OnnxRouter",),
            "registry": ("MODELS", "DefaultRouter", "default_router"),
            "rules": ("RuleRouter",),
            "siglip": ("Siglip",),
            "torch": ("TorchRouter",),
        },
    )

__all__ = [
    "EXCLUDED_BELOW",
    "MODELS",
    "PRESENT_FROM",
    "DefaultRouter",
    "Need",
    "Needs",
    "OnnxRouter",
    "RouteDecision",
    "Router",
    "RuleRouter",
    "Siglip",
    "TorchRouter",
    "allows",
    "default_router",
    "technique_of",
]
