"""Which encodings of a whole frame still serve what a question needs."""

from __future__ import annotations

from typing import Final

from headroom_core.image.policy import Thresholds
from headroom_core.image.router.needs import Need, Needs

__all__ = ["serves_gist", "serves_snap", "unserved_by_low", "wants_whole"]

_NEEDS_PIXELS: Final = (
    Need.TEXT,
    Need.DIGITS,
    Need.STRUCTURE,
    Need.DETAIL,
    Need.COUNT,
    Need.REGION,
    Need.COORDINATES,
    Need.COMPARE,
)
_FORBID_ANY_SHRINK: Final = (Need.DETAIL, Need.COUNT, Need.COORDINATES, Need.COMPARE)


def unserved_by_low(needs: Needs) -> tuple[Need, ...]:
    """Return the needs that a small whole frame would not serve, because they are present or cannot be excluded.

    A region needs only what is asked about it, but where that is open the pixels stay; text, digits and structure need
    a measured text height, and detail, count, coordinates and comparison need every pixel.
    """
    return tuple(need for need in _NEEDS_PIXELS if not needs.excluded(need))


def wants_whole(needs: Needs) -> bool:
    """Whether the question is about the whole scene, or about nothing in the picture."""
    return needs.present(Need.GIST) or needs.present(Need.NONE)


def serves_gist(seen_edge: int, frame_edge: int, thresholds: Thresholds) -> bool:
    """Whether a frame whose long edge the model sees at `seen_edge` px, of `frame_edge` px before, serves the gist."""
    return seen_edge >= min(thresholds.gist_edge, frame_edge)


def serves_snap(needs: Needs) -> bool:
    """Whether a near-lossless shrink serves the question: not where every pixel was asked for."""
    return not any(needs.present(need) for need in _FORBID_ANY_SHRINK)
