"""Headroom makes requests to vision language models smaller without making the answers worse.

>>> from headroom import compress_images, image_tokens
>>> image_tokens("gpt-4o", 1024, 1024).tokens
765
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headroom_core.errors import HeadroomError, InvalidOption, MissingExtra
    from headroom_core.image import (
        Compressed,
        CompressionResult,
        ImageCompressor,
        Technique,
        compress_image,
        compress_images,
    )
    from headroom_core.tokens import TokenCount, image_tokens, largest_within

__all__ = [
    "Compressed",
    "CompressionResult",
    "HeadroomError",
    "ImageCompressor",
    "InvalidOption",
    "MissingExtra",
    "Technique",
    "TokenCount",
    "compress_image",
    "compress_images",
    "image_tokens",
    "largest_within",
]

_HOME = {
    "HeadroomError": "headroom_core.errors",
    "InvalidOption": "headroom_core.errors",
    "MissingExtra": "headroom_core.errors",
    "TokenCount": "headroom_core.tokens",
    "image_tokens": "headroom_core.tokens",
    "largest_within": "headroom_core.tokens",
}


def __getattr__(name: str) -> Any:
    # Importing headroom must cost next to nothing: what stands behind a name is loaded at its first use (PEP 562).
    if name == "__version__":
        from importlib.metadata import version  # 40 ms that only a caller who asks for the version shall pay

        return version("headroom-ai")
    if name not in __all__:
        raise AttributeError(f"module 'headroom' has no attribute {name!r}")
    value = getattr(import_module(_HOME.get(name, "headroom_core.image")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
