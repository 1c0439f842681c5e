"""What a picture shows, measured from its pixels."""

from headroom_core.image.signals.measured import ImageSignals, Signals, measure
from headroom_core.image.signals.text import TextSigns, text_like

__all__ = ["ImageSignals", "Signals", "TextSigns", "measure", "text_like"]
