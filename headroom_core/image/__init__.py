"""The image side of the engine: decide which form of a picture answers the question, and make it."""

from __future__ import annotations

from headroom_core import at_first_use

TYPE_CHECKING = False

if TYPE_CHECKING:
    from headroom_core.image.account import Account
    from headroom_core.image.compressor import ImageCompressor, compress_images
    from headroom_core.image.counting import RequestCount, count_request
    from headroom_core.image.door import Door
    from headroom_core.image.holdout import held_out
    from headroom_core.image.outcome import Attachment, Decision, Outcome
    from headroom_core.image.policy import Policy
    from headroom_core.image.result import Compressed, CompressionResult
    from headroom_core.image.router import Need, Needs, RouteDecision, Router, RuleRouter
    from headroom_core.image.single import CompressedImage, compress_image
    from headroom_core.image.switch import policy_of
    from headroom_core.image.technique import Technique
else:
    __getattr__, __dir__ = at_first_use(
        __name__,
        {
            "account": ("Account",),
            "compressor": ("ImageCompressor", "compress_images"),
            "counting": ("RequestCount", "count_request"),
            "door": ("Door",),
            "holdout": ("held_out",),
            "policy": ("Policy",),
            "outcome": ("Attachment", "Decision", "Outcome"),
            "result": ("Compressed", "CompressionResult"),
            "router": ("Need", "Needs", "RouteDecision", "Router", "RuleRouter"),
            "single": ("CompressedImage", "compress_image"),
            "switch": ("policy_of",),
            "technique": ("Technique",),
        },
    )

__all__ = [
    "Account",
    "Attachment",
    "Compressed",
    "CompressedImage",
    "CompressionResult",
    "Decision",
    "Door",
    "ImageCompressor",
    "Need",
    "Needs",
    "Outcome",
    "Policy",
    "RequestCount",
    "RouteDecision",
    "Router",
    "RuleRouter",
    "Technique",
    "compress_image",
    "compress_images",
    "count_request",
    "held_out",
    "policy_of",
]
