"""The work on the pixels of one image, done once: look, resize, cut out, read, compare."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from headroom_core.errors import BrokenImage, ImageError
from headroom_core.formats import payload_bytes
from headroom_core.image import pixels, signals

if TYPE_CHECKING:
    from headroom_core.blocks import ImageBlock
    from headroom_core.image.header import Header
    from headroom_core.image.memo import Memo
    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.reading import Reader, ReadLine, Refusal, Transcript
    from headroom_core.image.repeats import Fingerprint
    from headroom_core.image.signals import Signals

__all__ = ["Desk", "Made", "Takes", "Work"]

Size = tuple[int, int]
Found = TypeVar("Found")

DESK: Final = 12_000_000
"""Decoded pixels that lie ready in all, but for one larger picture: two screens of six megapixels can be compared."""
_OVERHEAD: Final = 1024
_LINE: Final = 256


@dataclass(frozen=True, slots=True)
class Takes:
    """What the receiver takes.

    Attributes:
        types: Media types, sorted.
        max_bytes: The most bytes of one picture, or None.
    """

    types: tuple[str, ...]
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A picture made from another, or the other itself.

    Attributes:
        data: The bytes made; None where the file can stay as it is.
        media_type: Their type.
    """

    data: bytes | None = field(default=None, repr=False)
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class _Failed:
    """What cannot be done stays so: remembered like a result."""

    reason: str


class Desk:
    """The pictures that were decoded last, for the works of one request: none is decoded twice in a row."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[tuple[bytes, int], Decoded] = OrderedDict()

    def get(self, key: tuple[bytes, int], size: Size, decode: Callable[[], Decoded]) -> Decoded:
        """Return the picture of `key`, of about `size` pixels; decoded if need be, in the place of earlier ones."""
        picture = self._pictures.pop(key, None)
        if picture is None:
            while self._pictures and self._pixels() + size[0] * size[1] > DESK:
                self._pictures.popitem(last=False)
            picture = decode()
        self._pictures[key] = picture
        return picture

    def _pixels(self) -> int:
        return sum(picture.size[0] * picture.size[1] for picture in self._pictures.values())


class Work:
    """The pixels of one image. What is found is remembered by content; the decoded picture lies on the desk.

    Every method raises ImageError where the picture cannot be worked on.
    """

    def __init__(
        self,
        block: ImageBlock,
        header: Header,
        takes: Takes,
        memo: Memo[Any],
        look: Callable[[Decoded], Signals] | None = None,
        desk: Desk | None = None,
    ) -> None:
        """Prepare the work on `block`; nothing is decoded before it is needed.

        Args:
            block: The image; it has a payload.
            header: Its header.
            takes: What the receiver takes.
            memo: Remembers what was found; always used with the same `look`.
            look: Measures a picture; `signals.measure` by default.
            desk: Where decoded pictures lie; one of its own by default.
        """
        self.block = block
        self.header = header
        self.takes = takes
        self._memo = memo
        self._look = look
        self._desk = desk or Desk()

    def signals(self, seen: Size) -> Signals:
        """Measure the picture, decoded no smaller than `seen`, the size at which the model sees it."""
        look = self._look or signals.measure
        return self._once(("signals", self._looked_at(seen)), lambda: look(self._at_least(self._looked_at(seen))))

    def whole(self, size: Size) -> Made:
        """Resize the whole picture. The size it has leaves the file as it is, where the receiver takes its type."""
        if size == self.header.size and self.header.media_type in self.takes.types:
            return Made()
        return self._once(("whole", size, self.takes), lambda: self._render(size))

    def part(self, box: Box, size: Size | None = None) -> Made:
        """Cut `box` out, at full resolution or resized to `size`."""
        return self._once(("part", box, size, self.takes), lambda: self._render_part(box, size))

    def fingerprint(self) -> Fingerprint:
        """What tells this picture from another, to the pixel."""
        from headroom_core.image.repeats import fingerprint

        return self._once(("fingerprint",), lambda: fingerprint(self._at_least(None)))

    def lines(self, reader: Reader) -> tuple[ReadLine, ...]:
        """Read the lines of text in the picture."""
        return self._once(("lines", reader.name), lambda: reader.read(self._at_least(None)))

    def transcript(self, reader: Reader, measured: Signals, **wanted: Any) -> Transcript | Refusal:
        """Write out the text of the picture; arguments and result as `reading.transcribe`."""
        from headroom_core.image.reading import transcribe

        key = ("transcript", reader.name, tuple(sorted(wanted.items())))
        return self._once(key, lambda: transcribe(self._at_least(None), measured, reader, **wanted))

    def _render(self, size: Size) -> Made:
        picture = self._at_least(size)
        return Made(*pixels.render(picture, size, takes=self.takes.types, max_bytes=self.takes.max_bytes))

    def _render_part(self, box: Box, size: Size | None) -> Made:
        picture = self._at_least(None)
        return Made(*pixels.render_crop(picture, box, size, takes=self.takes.types, max_bytes=self.takes.max_bytes))

    def _looked_at(self, seen: Size) -> Size:
        # A JPEG is decoded at twice what is asked for or more, which shows at least what the model sees.
        return max(1, seen[0] // 2), max(1, seen[1] // 2)

    def _at_least(self, size: Size | None) -> Decoded:
        """The picture decoded for `size`. Only a JPEG can be decoded smaller than it is.

        A JPEG that was decoded at another shrink is not used, though it might do: what comes out may depend on what is
        asked for alone, never on what was asked for before.
        """
        factor = pixels.shrink(self.header, size)
        return self._desk.get(
            (self._digest, factor),
            (self.header.width // factor, self.header.height // factor),
            lambda: pixels.decode(payload_bytes(self.block), self.header, at_least=size),
        )

    @cached_property
    def _digest(self) -> bytes:
        payload = self.block.payload or b""
        text = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
        return hashlib.sha256(type(payload).__name__.encode() + text).digest()

    def _once(self, what: tuple[object, ...], make: Callable[[], Found]) -> Found:
        key = hashlib.sha256(self._digest + repr(what).encode()).digest()
        found = self._memo.get(key)
        if found is None:
            try:
                found = make()
            except ImageError as error:
                found = _Failed(f"{error}")
            self._memo.put(key, found, _size_of(found))
        if isinstance(found, _Failed):
            raise BrokenImage(found.reason)
        result: Found = found
        return result


def _size_of(found: object) -> int:
    """About how many bytes it takes to keep."""
    data, weight, lines = (getattr(found, name, None) for name in ("data", "weight", "lines"))
    counted = len(data) if isinstance(data, bytes) else weight if isinstance(weight, int) else 0
    return _OVERHEAD + counted + (_LINE * len(lines) if isinstance(lines, tuple) else 0)
