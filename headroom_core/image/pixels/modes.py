"""The modes of pictures: brought to one that can be resized, to grey, onto white, to sRGB."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["bare", "grey", "in_srgb", "on_white", "plain"]


def plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized: L, LA, RGB or RGBA."""
    if image.mode == "LA" or (image.mode == "L" and "transparency" not in image.info):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def grey(image: Image.Image) -> Image.Image:
    """The picture in grey, what is transparent on white."""
    if image.mode == "L":
        return image
    if image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("L")
    return (image if image.mode == "RGB" and "transparency" not in image.info else on_white(plain(image))).convert("L")


def bare(image: Image.Image) -> Image.Image:
    """The picture without metadata, and without an alpha channel that hides nothing."""
    if image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert(image.mode[:-1])
    image.info.clear()
    return image


def on_white(image: Image.Image) -> Image.Image:
    """The picture without alpha: what is transparent shows white."""
    from PIL import Image

    if image.mode not in ("LA", "RGBA"):
        return image
    if image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


_SRGB_NAMES: Final = ("srgb", "c2")
"""How profiles that hold sRGB describe themselves; c2 is the compact profile of Facebook's and Google's encoders."""


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB; as it is where the profile is unreadable, or not for its kind of pixels."""
    if not profile:
        return image
    from PIL import ImageCms

    space = "GRAY" if image.mode in ("L", "LA") else "RGB "
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = (opened.profile.profile_description or "").lower()
        if opened.profile.xcolor_space != space or space == "GRAY" or name.startswith(_SRGB_NAMES):
            return image
        converted = ImageCms.profileToProfile(
            image, opened, ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return image if converted is None else converted
