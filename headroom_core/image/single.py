"""Compress one picture that is not in a request: bytes, a file or a Pillow image."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from headroom_core.blocks import Part, Picture, Query, Text
from headroom_core.errors import ImageError, InvalidOption
from headroom_core.image import notebook, pixels
from headroom_core.image.compressor import ImageCompressor
from headroom_core.image.header import read_header
from headroom_core.image.outcome import Outcome
from headroom_core.image.sent import Form, SentPart, is_transcription, sent_parts

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["CompressedImage", "compress_image"]

_THUMBNAIL: Final = 360
"""The longest side of a small copy in a notebook, in pixels."""
_CAPTIONS: Final = {
    Form.WHOLE: "the picture that is sent",
    Form.PART: "the part that is sent",
    Form.OVERVIEW: "the overview that is sent with it",
}


@dataclass(frozen=True, slots=True)
class CompressedImage:
    """What to send for one picture.

    Attributes:
        data: The bytes of the first picture to send: the very same object if the pixels stay. Where the picture is sent
            as text alone, the caller's own bytes, for whoever can send no text.
        media_type: The type of `data`, e.g. `image/png`; None if it could not be told.
        setting: The provider's own setting to send with it (`detail`, a media resolution), or None.
        outcome: What was decided, why, and the tokens before and after.
        parts: All that is to be sent, in order: pictures, each with its bytes, notes, or the text that was read.
        text: The text that is sent instead of the picture, or None.
    """

    data: bytes = field(repr=False)
    media_type: str | None
    setting: str | None
    outcome: Outcome
    parts: tuple[Part, ...] = field(default=(), repr=False)
    text: str | None = field(default=None, repr=False)

    def _repr_html_(self) -> str:
        """Return all that is sent and its account, as a notebook shows them."""
        outcome = self.outcome
        table = notebook.as_table((outcome,), total=f"{outcome.savings_percent:.0f} % of the image tokens saved")
        whole = (SentPart(Form.WHOLE, outcome.size_before),)
        shown = zip(self.parts, sent_parts(outcome) if outcome.replacement else whole, strict=True)
        return table + "".join(_shown(part, described) for part, described in shown)


def compress_image(
    source: bytes | str | Path | Image,
    question: str = "",
    *,
    provider: str | None = None,
    model: str | None = None,
    compressor: ImageCompressor | None = None,
) -> CompressedImage:
    """Return the cheapest form of one picture that still answers the question.

    Args:
        source: The bytes of an image file, the path of one, or a Pillow image (which is taken as a PNG).
        question: What will be asked about it.
        provider: Who bills; told by the model if that is given.
        model: The model that it goes to.
        compressor: The compressor to use; one of its own by default.

    Raises:
        InvalidOption: Neither a model nor a provider is given, or the source is none of the above.
        OSError: The file cannot be read.
    """
    if model is None and provider is None and (compressor is None or compressor.model is None):
        raise InvalidOption("say what the picture is for: model='gpt-4o', or at least provider='openai'")
    data = _bytes_of(source)
    owner = compressor if compressor is not None else ImageCompressor()
    outcome = owner.outcome_of(data, Query(text=question), provider=provider, model=model)
    return _sent(data, outcome)


def _sent(data: bytes, outcome: Outcome) -> CompressedImage:
    own = Picture(data, _media_type(data), outcome.decision.setting)
    made = outcome.replacement.parts if outcome.replacement else (own,)
    parts = tuple(_with_bytes(part, own) for part in made)
    first = next((part for part in parts if isinstance(part, Picture)), own)
    texts = [part.text for part in parts if isinstance(part, Text) and is_transcription(part.text)]
    return CompressedImage(
        first.data or data, first.media_type, first.setting, outcome, parts, texts[0] if texts else None
    )


def _with_bytes(part: Part, own: Picture) -> Part:
    """The part, with the caller's bytes where it leaves them as they are."""
    return replace(own, setting=part.setting) if isinstance(part, Picture) and part.data is None else part


def _shown(part: Part, described: SentPart) -> str:
    if isinstance(part, Text):
        return notebook.as_text(part.text)
    size = f", {described.size[0]} × {described.size[1]} px" if described.size else ""
    return notebook.as_thumbnail(_thumbnail(part.data or b""), f"{_CAPTIONS[described.form]}{size}")


def _media_type(data: bytes) -> str | None:
    try:
        return read_header(data).media_type
    except ImageError:
        return None


def _bytes_of(source: bytes | str | Path | Image) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, (str, Path)):
        return Path(source).read_bytes()
    if hasattr(source, "save") and hasattr(source, "mode"):
        return pixels.as_png(source)
    raise InvalidOption(f"expected bytes, a path or a Pillow image, not {type(source).__name__!r}")


def _thumbnail(data: bytes) -> bytes | None:
    try:
        header = read_header(data)
        factor = min(1.0, _THUMBNAIL / max(header.size))
        size = (max(1, round(header.size[0] * factor)), max(1, round(header.size[1] * factor)))
        return pixels.preview(pixels.decode(data, header, at_least=size), size)
    except ImageError:
        return None
