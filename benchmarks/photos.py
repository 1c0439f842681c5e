"""A picture that costs decoders and encoders what a photo costs them."""

from __future__ import annotations

from PIL import Image


def photo(size: tuple[int, int]) -> Image.Image:
    """A picture of this width and height with a photo's mix of broad gradients and fine grain."""
    bands = []
    for seed in range(3):
        broad = Image.effect_noise((9 + seed, 7 + seed), 90).resize(size, Image.Resampling.BICUBIC)
        middle = Image.effect_noise((size[0] // 12, size[1] // 12), 40).resize(size, Image.Resampling.BICUBIC)
        bands.append(Image.blend(broad, middle, 0.35))
    grain = Image.effect_noise(size, 12)
    return Image.blend(Image.merge("RGB", bands), Image.merge("RGB", (grain,) * 3), 0.15)
