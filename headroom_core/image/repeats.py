"""Pictures that repeat an earlier one: equal, changed within a rectangle, or scrolled, all to the pixel.

A perceptual hash cannot tell "the same" from "one digit changed", so none is used: every statement rests on digests
of all pixels.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from headroom_core.image import pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Box, Decoded, Size

__all__ = [
    "Fingerprint",
    "Likeness",
    "changed_note",
    "equal_note",
    "fingerprint",
    "likeness",
    "scrolled_note",
    "with_surroundings",
]

TILE: Final = 32
"""Side in pixels of the squares that are compared."""
CHANGED_SHARE: Final = 0.4
"""Above this share of the area, what is new is no longer worth telling from the whole picture."""
BAND: Final = 8 * TILE
"""Rows that are in memory as plain values at a time."""
ANCHORS: Final = 8
"""Rows that must stand in both pictures just once, and be shifted alike, before a scroll is believed."""
SMALLEST_SIDE: Final = 200
"""Pixels of a part that is shown by itself."""
_DIGEST: Final = 16


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one picture from another, to the pixel, in about 1 % of the bytes that its pixels take.

    Two pictures have equal fingerprints if and only if a viewer gets the same values for every pixel, whatever the
    file format; colours that a full transparency hides count for nothing. Digests are the first 128 bits of SHA-256,
    which most processors of today compute faster than any other safe hash.

    Attributes:
        size: Width and height in pixels, upright.
        pixels: Digest of the size, of all pixels and of the colour profile.
        profile: Digest of the colour profile, which gives the values their meaning; empty where there is none.
        tiles: Digests of the squares of 32 x 32 pixels, row by row.
        rows: Digests of the rows of pixels.
    """

    size: Size
    pixels: bytes
    profile: bytes = field(repr=False)
    tiles: bytes = field(repr=False)
    rows: bytes = field(repr=False)

    @property
    def weight(self) -> int:
        """Bytes that it takes to keep."""
        return len(self.pixels) + len(self.profile) + len(self.tiles) + len(self.rows)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a later picture repeats an earlier one of the same size.

    Attributes:
        relation: `equal`: every pixel is. `changed`: every pixel outside `box` is equal. `scrolled`: outside `box`, the
            rows of `moved` are those of the earlier picture `shift` rows further down, every other row is the earlier
            one in its place.
        box: What is new in the later picture, in pixels of the upright file: whole squares of 32 pixels, clipped to the
            picture; the new rows only of a scrolled one. None where they are equal.
        shift: By how many rows the content moved up; negative where it moved down, 0 where nothing was scrolled.
        moved: The rows of the later picture that moved, all of its width; None where nothing was scrolled.
    """

    relation: Literal["equal", "changed", "scrolled"]
    box: Box | None = None
    shift: int = 0
    moved: Box | None = None


def fingerprint(picture: Decoded) -> Fingerprint:
    """Take the fingerprint of a picture, in bands, so that little memory is needed.

    Raises:
        ValueError: The picture was decoded as a draft.
    """
    if picture.scale != 1.0:
        raise ValueError("a draft lacks pixels: decode without at_least")
    tiles: list[bytes] = []
    rows: list[bytes] = []
    width, height = picture.size
    for top in range(0, height, BAND):
        band = _Band.of(picture, (0, top, width, min(top + BAND, height)))
        tiles += band.tile_digests()
        rows += band.row_digests()
    profile = picture.stored.info.get("icc_profile")
    told = _digest(profile) if profile else b""
    whole = _digest(repr((width, height)).encode() + told.rjust(_DIGEST, b"\0") + b"".join(tiles))
    return Fingerprint((width, height), whole, told, b"".join(tiles), b"".join(rows))


def likeness(earlier: Fingerprint, later: Fingerprint) -> Likeness | None:
    """Tell how `later` repeats `earlier`.

    Returns:
        The likeness, whose box takes up at most 40 % of the area; None where more is new, or the sizes differ.
    """
    if earlier.size != later.size or earlier.profile != later.profile:
        return None
    if earlier.pixels == later.pixels:
        return Likeness("equal")
    box = _changed_box(earlier, later)
    if _is_worth(box, later.size):
        return Likeness("changed", box)
    return _scrolled(earlier, later, (box[0], box[2]))


def with_surroundings(box: Box, size: Size) -> Box:
    """Grow the box of what is new, so that no line of text is cut through and the part can be placed and read.

    Returns:
        The box with 32 pixels more on each side and no side under 200 pixels, inside the picture; a smaller picture may
        be seen worse (platform.claude.com, vision, 2026-11).
    """
    left, right = _grown(box[0], box[2], size[0])
    top, bottom = _grown(box[1], box[3], size[1])
    return left, top, right, bottom


def equal_note(number: int) -> str:
    """Say, in a line for the model, that a picture equals image `number`, which counts from 1."""
    return f"this picture is the same as image {number}, pixel by pixel; it is not repeated here"


def changed_note(number: int, box: Box, size: Size) -> str:
    """Say that a picture equals image `number` but for `box`, which is shown; both in pixels of the file."""
    return f"this picture is the same as image {number} except for this part, which is shown: {_rectangle(box, size)}"


def scrolled_note(number: int, like: Likeness, size: Size) -> str:
    """Say that a picture is image `number` scrolled, and which part of it is new and shown.

    Raises:
        ValueError: The likeness is not that of a scrolled picture.
    """
    if like.box is None or like.moved is None:
        raise ValueError(f"a scrolled picture was expected, not {like.relation!r}")
    _, top, _, bottom = like.moved
    way = "up" if like.shift > 0 else "down"
    return (
        f"this picture is image {number} scrolled: its rows {top + like.shift} to {bottom + like.shift} moved {way} by "
        f"{abs(like.shift)} px, to {top} to {bottom}; the rest is unchanged except for this part, which is shown: "
        f"{_rectangle(like.box, size)}"
    )


def _changed_box(earlier: Fingerprint, later: Fingerprint) -> Box:
    """The bounding box of the squares that differ, of which there is at least one."""
    across = -(-later.size[0] // TILE)
    pairs = zip(_split(earlier.tiles), _split(later.tiles), strict=True)
    changed = [index for index, (one, other) in enumerate(pairs) if one != other]
    columns = [index % across for index in changed]
    right, bottom = (max(columns) + 1) * TILE, (changed[-1] // across + 1) * TILE
    return min(columns) * TILE, changed[0] // across * TILE, min(right, later.size[0]), min(bottom, later.size[1])


def _is_worth(box: Box, size: Size) -> bool:
    left, top, right, bottom = box
    return (right - left) * (bottom - top) <= CHANGED_SHARE * size[0] * size[1]


def _scrolled(earlier: Fingerprint, later: Fingerprint, columns: tuple[int, int]) -> Likeness | None:
    """Tell a scroll; outside of `columns`, left and right, every pixel is equal."""
    before, after = _split(earlier.rows), _split(later.rows)
    shift, anchors = _anchors(before, after)
    if len(anchors) < ANCHORS:
        return None
    top, bottom = _moved(before, after, shift, anchors)
    fresh = [row for row, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    fresh = [row for row in fresh if not top <= row < bottom]
    if not fresh:  # blank rows followed: there is no part to show
        return None
    box = (columns[0], fresh[0], columns[1], fresh[-1] + 1)
    return Likeness("scrolled", box, shift, (0, top, later.size[0], bottom)) if _is_worth(box, later.size) else None


def _anchors(before: list[bytes], after: list[bytes]) -> tuple[int, list[int]]:
    """The shift that most rows have which stand in both pictures just once, and these rows of the later picture."""
    at, in_before, in_after = {row: index for index, row in enumerate(before)}, Counter(before), Counter(after)
    votes: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(after):
        if in_before[row] == 1 == in_after[row] and at[row] != index:
            votes[at[row] - index].append(index)
    # Of equally many, the shorter way, then up.
    shift = max(votes, key=lambda shift: (len(votes[shift]), -abs(shift), shift), default=0)
    return shift, votes[shift]


def _moved(before: list[bytes], after: list[bytes], shift: int, anchors: list[int]) -> tuple[int, int]:
    """The unbroken run of moved rows, top and bottom, that holds the most anchors."""
    first, last = max(0, -shift), min(len(after), len(after) - shift)
    runs: list[tuple[int, int, int]] = []
    for anchor in anchors:
        if runs and anchor < runs[-1][2]:
            runs[-1] = (runs[-1][0] + 1, *runs[-1][1:])
            continue
        top, bottom = anchor, anchor + 1
        while top > first and after[top - 1] == before[top - 1 + shift]:
            top -= 1
        while bottom < last and after[bottom] == before[bottom + shift]:
            bottom += 1
        runs.append((1, top, bottom))
    _, top, bottom = max(runs)
    return top, bottom


def _split(digests: bytes) -> list[bytes]:
    return [digests[at : at + _DIGEST] for at in range(0, len(digests), _DIGEST)]


class _Band(NamedTuple):
    """A part of a picture: all of its width, and some rows.

    Attributes:
        colour: Red, green and blue, of shape (rows, width, 3); 0 where nothing can be seen.
        alpha: Opacity, of shape (rows, width); None where all is opaque.
    """

    colour: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None

    @classmethod
    def of(cls, picture: Decoded, box: Box) -> _Band:
        import numpy as np

        values = np.asarray(pixels.in_full(picture, box))
        if values.shape[2] == 3 or values[..., 3].min() == 255:
            return cls(np.ascontiguousarray(values[..., :3]), None)
        alpha = np.ascontiguousarray(values[..., 3])
        return cls(values[..., :3] * (alpha > 0)[..., None], alpha)

    def tile_digests(self) -> list[bytes]:
        """The digests of the squares, row by row; what a square lacks at the edge counts as black."""
        alpha = None if self.alpha is None else _cut_up(self.alpha[..., None], blank=255)
        return _digests(_cut_up(self.colour), alpha)

    def row_digests(self) -> list[bytes]:
        """The digests of the rows from the top."""
        return _digests(self.colour, self.alpha)


def _cut_up(band: NDArray[np.uint8], *, blank: int = 0) -> NDArray[np.uint8]:
    """Cut a band of shape (rows, width, channels) into squares of shape (squares, 32, 32, channels), padded."""
    import numpy as np

    rows, width, channels = band.shape
    down, across = -(-rows // TILE), -(-width // TILE)
    if (rows, width) != (down * TILE, across * TILE):
        padded = np.full((down * TILE, across * TILE, channels), blank, np.uint8)
        padded[:rows, :width] = band
        band = padded
    return np.ascontiguousarray(band.reshape(down, TILE, across, TILE, channels).swapaxes(1, 2)).reshape(
        down * across, TILE, TILE, channels
    )


def _digests(colour: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> list[bytes]:
    """One digest for each place of the first axis, of colour alone where all of it is opaque."""
    number, values = len(colour), colour.data.cast("B")
    step = len(values) // number
    pieces = (values[at : at + step] for at in range(0, len(values), step))
    if alpha is None:
        return [_digest(piece) for piece in pieces]
    # A channel that hides nothing must change nothing.
    opaque = alpha.reshape(number, -1).min(axis=1) == 255
    tails = (b"" if plain else part.tobytes() for plain, part in zip(opaque, alpha, strict=True))
    return [_digest(piece, tail) for piece, tail in zip(pieces, tails, strict=True)]


def _digest(values: bytes | memoryview, tail: bytes = b"") -> bytes:
    digest = hashlib.sha256(values)
    digest.update(tail)
    return digest.digest()[:_DIGEST]


def _grown(start: int, end: int, limit: int) -> tuple[int, int]:
    grow = max(TILE, -(-(SMALLEST_SIDE - (end - start)) // 2))
    start, end = max(0, start - grow), min(limit, end + grow)
    # At an edge of the picture the other side gets what is missing.
    return max(0, min(start, end - SMALLEST_SIDE)), min(limit, max(end, start + SMALLEST_SIDE))


def _rectangle(box: Box, size: Size) -> str:
    left, top, right, bottom = box
    return f"left {left}, top {top}, width {right - left}, height {bottom - top} of {size[0]} x {size[1]} px"
