"""The documented import path of the image compressor; everything here lives in `headroom_core.image`."""

from headroom_core.image import (
    Compressed,
    CompressedImage,
    CompressionResult,
    ImageCompressor,
    Outcome,
    Policy,
    RouteDecision,
    Technique,
    compress_image,
    compress_images,
)

__all__ = [
    "Compressed",
    "CompressedImage",
    "CompressionResult",
    "ImageCompressor",
    "Outcome",
    "Policy",
    "RouteDecision",
    "Technique",
    "compress_image",
    "compress_images",
]
