"""The values that counting gives back: what an image costs, how sure that is, and what a provider takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Cost", "Exactness", "Limits", "Size", "TokenCount"]

Size = tuple[int, int]
"""Width and height in pixels, after EXIF rotation."""


class Exactness(StrEnum):
    """How far a count can be trusted."""

    EXACT = "exact"
    """The provider publishes the rule, and its examples agree."""
    FITTED = "fitted"
    """The rule is inferred; it reproduces every measurement known."""
    CAP = "cap"
    """Only an upper bound is published."""
    APPROX = "approx"
    """The provider publishes rough figures, or another host's rule is used."""
    ASSUMED = "assumed"
    """The model is not listed: the count is that of its family, or of its provider's most careful row."""


class Cost(NamedTuple):
    """What a rule says of one image.

    Attributes:
        tokens: Tokens billed for the image alone.
        seen: Width and height that the model receives, None where that is unknown.
        rejected: Why the provider would refuse the image, else None.
    """

    tokens: int
    seen: Size | None = None
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class TokenCount:
    """What one image costs, and where that number comes from.

    Attributes:
        tokens: Tokens billed for the image alone, without the words around it.
        seen: Width and height that the model receives, None where that is unknown.
        exactness: How far `tokens` can be trusted.
        rule: Name of the rule that counted, e.g. `openai_tiles`.
        source: Page of the provider, or the measurement, behind the rule.
        as_of: Day on which the source was read, as an ISO date.
        rejected: Why the provider would refuse the image, else None.
    """

    tokens: int
    seen: Size | None
    exactness: Exactness
    rule: str
    source: str
    as_of: str
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider takes, tokens aside. None means that no limit is known.

    Attributes:
        image_bytes: Largest payload of one image, in bytes *as base64 text*.
        request_bytes: Largest request body, in bytes.
        side: Largest width or height in pixels; more is refused.
        patches: Largest number of patches; more is refused.
        images: Most images in one request.
        many_images: A request with more images than this falls under `many_images_side`.
        many_images_side: Largest side in pixels in such a request; more is refused.
        formats: Formats taken, in the spelling of Pillow.
    """

    image_bytes: int | None = None
    request_bytes: int | None = None
    side: int | None = None
    patches: int | None = None
    images: int | None = None
    many_images: int | None = None
    many_images_side: int | None = None
    formats: tuple[str, ...] = ("PNG", "JPEG", "WEBP", "GIF")
