"""The kinds of pictures."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PictureKind"]


class PictureKind(StrEnum):
    """The kinds of pictures that are told apart."""

    PHOTO = "photo"
    DOCUMENT = "document"
    """A page of text, scanned, photographed or rendered, a receipt, a form."""
    SCREENSHOT = "screenshot"
    """The screen of a computer or telephone, or a part of it."""
    CHART = "chart"
    """A chart, plot, map or diagram."""
    SCENE_TEXT = "scene_text"
    """A sign, label or poster, or a scene with one."""
    DRAWING = "drawing"
    """Art, a cartoon, an icon, a texture."""
