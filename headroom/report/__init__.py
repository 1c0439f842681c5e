"""A report of what was done to pictures, as one HTML page that needs nothing else."""

from headroom.report.card import Again, Card, Shot, Shown, Sight, make_card
from headroom.report.page import Occasion, make_page

__all__ = ["Again", "Card", "Occasion", "Shot", "Shown", "Sight", "make_card", "make_page"]
