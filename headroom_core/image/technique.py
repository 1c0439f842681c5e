"""The four ways in which a decision about an image is reported."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Technique"]


class Technique(StrEnum):
    """What the model receives in place of the image as the user sent it."""

    FULL_LOW = "full_low"
    """The whole picture, small: enough for the scene, not for its text."""
    PRESERVE = "preserve"
    """The whole picture with all that the question needs: as sent, or smaller with its text still legible."""
    CROP = "crop"
    """One rectangle at full resolution, perhaps beside a small overview."""
    TRANSCODE = "transcode"
    """The recognised text in place of the pixels."""
