"""The exceptions that callers of headroom can meet.

    HeadroomError
    ├── InvalidOption        an argument, a setting or a configuration file is wrong
    │   └── WrongType            what was handed over is not of a kind that headroom can wrap (also a TypeError)
    ├── MissingExtra         an optional dependency is not installed (also an ImportError)
    ├── RouterUnavailable    a trained router cannot be loaded; the engine then reads questions by word lists
    └── ImageError           an image cannot be read or rewritten; the engine turns it into a reason
        ├── UnreadablePayload    the base64 or data URL around the image is broken
        ├── UnsupportedImage     not PNG, JPEG, GIF or WebP, or a kind that is left alone (animation, CMYK, 16-bit)
        ├── ImageTooLarge        beyond a limit on bytes, pixels or sides
        ├── BrokenImage          the bytes do not decode
        └── BrokenModel          a trained file of the package is damaged or of another version

Requests never meet an `ImageError`: the engine leaves such an image as it was and reports the reason.
"""

from __future__ import annotations

__all__ = [
    "BrokenImage",
    "BrokenModel",
    "HeadroomError",
    "ImageError",
    "ImageTooLarge",
    "InvalidOption",
    "MissingExtra",
    "RouterUnavailable",
    "UnreadablePayload",
    "UnsupportedImage",
    "WrongType",
]


class HeadroomError(Exception):
    """The root of every exception that headroom raises on purpose."""


class InvalidOption(HeadroomError, ValueError):
    """An argument or a setting is not one that headroom knows; the message says what is."""


class WrongType(InvalidOption, TypeError):
    """An object was handed over that headroom cannot wrap; the message says what it can."""


class MissingExtra(HeadroomError, ImportError):
    """An optional dependency is missing; the message holds the line that installs it."""

    def __init__(self, needed_for: str, extra: str, *, package: str | None = None) -> None:
        """Name what needs the package, and the extra that brings it."""
        self.extra = extra
        named = f" ({package!r} could not be imported)" if package else ""
        line = f"pip install '.[{extra}]'"
        super().__init__(f"{needed_for} needs the extra [{extra}]{named}. Install it from the source tree: {line}")


class RouterUnavailable(HeadroomError):
    """A trained router cannot be loaded; the message says why."""


class ImageError(HeadroomError):
    """An image cannot be read or rewritten; its message is the reason shown in reports."""


class UnreadablePayload(ImageError):
    """The base64 text or data URL around an image is broken."""


class UnsupportedImage(ImageError):
    """The image is of a format or kind that is left alone."""


class ImageTooLarge(ImageError):
    """The image is beyond a limit on bytes, pixels or sides."""


class BrokenImage(ImageError):
    """The image's bytes do not decode."""


class BrokenModel(ImageError):
    """A trained file that comes with the package is damaged or of another version; the message says which."""
