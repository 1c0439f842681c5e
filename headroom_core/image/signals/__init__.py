"""What a picture shows, measured from its pixels."""

from headroom_core.image.signals.glance import Glance, Glancer, glancer_at_hand
from headroom_core.image.signals.kinds import PictureKind
from headroom_core.image.signals.measured import UNSURE, ImageSignals, Signals, TextHeights, TextLine, measure

__all__ = [
    "UNSURE",
    "Glance",
    "Glancer",
    "ImageSignals",
    "PictureKind",
    "Signals",
    "TextHeights",
    "TextLine",
    "glancer_at_hand",
    "measure",
]
