"""Calibrated probabilities brought to the scale on which the decision reads needs."""

from __future__ import annotations

from dataclasses import dataclass

from headroom_core.image.router.needs import EXCLUDED_BELOW, PRESENT_FROM

__all__ = ["Bounds", "rescaled"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where one need counts, on the scale of its calibrated probability.

    Attributes:
        excluded_below: Below this probability the need counts as excluded.
        present_from: From this probability on it counts as present.
    """

    excluded_below: float
    present_from: float

    def __post_init__(self) -> None:
        """Raise ValueError unless 0 <= excluded_below <= present_from <= 1."""
        if not 0.0 <= self.excluded_below <= self.present_from <= 1.0:
            raise ValueError(f"0 <= {self.excluded_below!r} <= {self.present_from!r} <= 1 does not hold")


def rescaled(probability: float, bounds: Bounds) -> float:
    """Map a probability so that a need's own thresholds fall on `EXCLUDED_BELOW` and `PRESENT_FROM`.

    The map is increasing and linear between 0, the two thresholds and 1. `Needs` so keeps one meaning for every router,
    while each need has the thresholds that were chosen for it.
    """
    low, high = bounds.excluded_below, bounds.present_from
    if probability < low:
        # The last digits must not lift what is just below the threshold onto it.
        return min(probability / low * EXCLUDED_BELOW, EXCLUDED_BELOW * (1 - 1e-9))
    if probability < high:
        share = (probability - low) / (high - low)
        return min(EXCLUDED_BELOW + share * (PRESENT_FROM - EXCLUDED_BELOW), PRESENT_FROM * (1 - 1e-9))
    return 1.0 if high == 1.0 else min(1.0, PRESENT_FROM + (probability - high) / (1 - high) * (1 - PRESENT_FROM))
