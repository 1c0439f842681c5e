"""Requests that a provider would refuse: why, and the size at which it takes the picture."""

from __future__ import annotations

from headroom_core.tokens import VisionProfile
from headroom_core.tokens.search import same_shape

__all__ = ["acceptable_size", "is_crowded", "refusal"]

Size = tuple[int, int]


def refusal(profile: VisionProfile, media_type: str | None, size: Size, encoded_length: int, images: int) -> str | None:
    """Return why the provider would refuse the image, or None where it takes it.

    Of a model that is not known only the limits of its provider are believed, not those of its row.

    Args:
        profile: The model's row.
        media_type: The type of the image's bytes, e.g. `image/gif`.
        size: Width and height in pixels.
        encoded_length: Length of the image in base64 characters.
        images: Number of images in the whole request.
    """
    limits = profile.limits
    kind = (media_type or "").removeprefix("image/").upper()
    if not profile.assumed and kind not in limits.formats:
        return f"{profile.provider} takes no {kind}"
    if limits.image_bytes is not None and encoded_length > limits.image_bytes:
        return f"{profile.provider} takes no image over {limits.image_bytes / 1e6:.0f} MB in base64"
    side = _side_limit(profile, images)
    if side is not None and max(size) > side:
        crowd = f" among more than {limits.many_images} images" if is_crowded(profile, images) else ""
        return f"{profile.provider} takes no image over {side} px{crowd}"
    return None if profile.assumed else profile.count(*size).rejected


def acceptable_size(profile: VisionProfile, size: Size, images: int) -> Size:
    """Return the largest size of the same shape that the provider takes, but none above what the model sees of it."""
    # Above what the model sees, pixels only make the request larger.
    limit = _side_limit(profile, images)
    edge = max(size) if limit is None else min(max(size), limit)
    fits = same_shape(*size, edge)
    while edge > 1 and profile.count(*fits).rejected is not None:
        edge = edge * 15 // 16
        fits = same_shape(*size, edge)
    seen = profile.count(*fits).seen
    return same_shape(*size, max(seen)) if seen is not None and max(seen) < edge else fits


def is_crowded(profile: VisionProfile, images: int) -> bool:
    """Whether a request of so many images falls under the provider's stricter limit on sides."""
    return profile.limits.many_images is not None and images > profile.limits.many_images


def _side_limit(profile: VisionProfile, images: int) -> int | None:
    limits = profile.limits
    sides = [limits.side, limits.many_images_side if is_crowded(profile, images) else None]
    return min((side for side in sides if side is not None), default=None)
