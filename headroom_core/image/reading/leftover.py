"""What a page shows beside the lines that were read: text that was missed, pictures, drawings, marks."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from headroom_core.image.reading.canvas import canvas
from headroom_core.image.reading.script import script_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.reading.canvas import Canvas
    from headroom_core.image.reading.lines import ReadLine

    Mask = NDArray[np.bool_]
    Tiles = set[tuple[int, int]]

__all__ = ["Rest", "left_over"]

PIXELS: Final = 1_500_000
"""Pixels that are looked at, where the em is still `EM` in them."""
EM: Final = 10.0
CONTRAST: Final = 40
"""Grey levels over two pixels that make a step."""
RULE: Final = 1.6
"""Straight edges of this length in em are rules and frames, not strokes."""
UPRIGHT: Final = 2.5
"""An upright rule has at least this length in em."""
STROKE_SHARE: Final = 0.05
"""Share of the steps that may stand outside the lines."""
TILE_STEPS: Final = 0.10
"""A tile of half an em with this share of steps bears strokes."""
MARK: Final = (0.5, 1.7)
"""Least and greatest side in em of a mark, such as a tick box."""
MARKS: Final = 2
"""From this number of marks on, they mean something."""
CHARACTER: Final = 1.0
"""A mark up to this height in em may be a character that was missed; higher ones are icons, unless a line is near."""
NEAR: Final = 2.5
"""A mark this near to the end of a line, in em, belongs to it."""
FRAME: Final = (0.72, 1.7)
"""Least and greatest side in em of the frame of a tick box."""
LEAST_FRAME: Final = 10
"""Pixels below which a letter looks like a frame."""
MOST_CORNERS: Final = 4_000
DRAWING: Final = (2.5, 6.0)
"""Strokes of this height and width in em, outside the lines, are a drawing, a picture, a signature."""
COLOUR: Final = 24
"""Grey levels, in any channel, by which an area differs from the paper under every line."""
COLOURED_SHARE: Final = 0.012
"""Share of the page that such areas may cover."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What a picture shows beside its lines.

    Attributes:
        why: Why the lines do not stand for all of it, or None.
        frames: There are upright rules, as in ruled tables, diagrams and windows.
    """

    why: str | None
    frames: bool = False


def left_over(picture: Decoded, lines: Sequence[ReadLine], box: Box | None, *, sign: bool) -> Rest:
    """Look at what the picture shows beside the lines. A sign may stand in any scene.

    Steps between neighbouring pixels are counted inside and outside the boxes of the lines, rules and frames left
    aside; what stands outside is looked at in tiles of half an em.
    """
    import numpy as np

    if sign:
        return Rest(None)
    sheet = _sheet(picture, lines, box)
    em = max(4.0, median(line.em for line in lines) * sheet.scale)
    grey = (sheet.pixels.astype(np.uint16).sum(axis=2) // 3).astype(np.int16)
    across, down = _steps(grey), _steps(grey.T).T
    steps = (across | down) & ~_rules(across, down, em)
    inside = _inside(sheet, lines, em)
    outside = steps & ~inside
    if outside.sum() > STROKE_SHARE * max(1, steps.sum()):
        return Rest("more than text: strokes outside the lines that were read")
    spots = [_on_sheet(sheet, line) for line in lines]
    why = _shapes(outside, spots, em) or _boxes(grey, lines, em) or _areas(sheet, lines, inside, em)
    return Rest(why, _framed_by(across & ~inside, em))


def _framed_by(across: Mask, em: float) -> bool:
    import numpy as np

    columns = _runs(across, max(8, round(UPRIGHT * em))).any(axis=0).astype(np.int8)
    return int((np.diff(columns, prepend=0) == 1).sum()) >= 2


def _sheet(picture: Decoded, lines: Sequence[ReadLine], box: Box | None) -> Canvas:
    sheet = canvas(picture, box, most_pixels=PIXELS)
    small = median(line.em for line in lines) * sheet.scale < EM
    return canvas(picture, box, most_pixels=3 * PIXELS) if small and sheet.scale < 1 else sheet


def _steps(grey: NDArray[np.int16]) -> Mask:
    """Where the pixels at the left and at the right differ."""
    import numpy as np

    steps = np.zeros(grey.shape, dtype=bool)
    steps[:, 1:-1] = np.abs(grey[:, 2:] - grey[:, :-2]) >= CONTRAST
    return steps


def _rules(across: Mask, down: Mask, em: float) -> Mask:
    """Long straight edges, and the pixels beside them."""
    length = max(8, round(RULE * em))
    return _grown(_runs(across, length) | _runs(down.T, length).T)


def _runs(mask: Mask, length: int) -> Mask:
    """The part of a mask that lies in vertical runs of at least this length."""
    import numpy as np

    if mask.shape[0] <= length:
        return np.zeros_like(mask)
    sums = np.cumsum(np.pad(mask, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    full = sums[length:] - sums[:-length] >= length
    covered = np.cumsum(np.pad(full, ((length, length - 1), (0, 0))), axis=0, dtype=np.int32)
    runs: Mask = covered[length:] > covered[:-length]
    return runs


def _grown(mask: Mask) -> Mask:
    """A mask and the pixels beside it."""
    grown = mask.copy()
    for shift in (1, 2):
        grown[shift:] |= mask[:-shift]
        grown[:-shift] |= mask[shift:]
        grown[:, shift:] |= mask[:, :-shift]
        grown[:, :-shift] |= mask[:, shift:]
    return grown


def _inside(sheet: Canvas, lines: Sequence[ReadLine], em: float) -> Mask:
    import numpy as np

    width, height = sheet.size
    inside = np.zeros((height, width), dtype=bool)
    for line in lines:
        left, top, right, bottom = _on_sheet(sheet, line)
        beside, above = round(0.35 * em), round(0.25 * em)
        inside[max(0, top - above) : bottom + above, max(0, left - beside) : right + beside] = True
    return inside


def _on_sheet(sheet: Canvas, line: ReadLine) -> Box:
    left, top, right, bottom = line.box
    scale = sheet.scale
    return (
        round((left - sheet.left) * scale),
        round((top - sheet.top) * scale),
        round((right - sheet.left) * scale),
        round((bottom - sheet.top) * scale),
    )


def _shapes(outside: Mask, lines: Sequence[Box], em: float) -> str | None:
    """What the strokes outside the lines make up: marks, or a drawing."""
    tile = max(3, round(em / 2))
    shares = _shares(outside, tile)
    marks = 0
    for shape in _connected(_tiles(shares >= TILE_STEPS)):
        left, top, right, bottom = ink = _ink(outside, shape, tile)
        wide, high = (right - left) / em, (bottom - top) / em
        if high >= DRAWING[0] or wide >= DRAWING[1]:
            return "more than text: a drawing, a picture or handwriting"
        letter = MARK[0] <= high <= MARK[1] and MARK[0] <= wide <= MARK[1]
        marks += letter and (high <= CHARACTER or any(_beside(ink, line, NEAR * em) for line in lines))
    return "more than text: marks or tick boxes" if marks >= MARKS else None


def _beside(ink: Box, line: Box, reach: float) -> bool:
    """Whether a mark stands on the height of a line, near one of its ends."""
    level = min(ink[3], line[3]) - max(ink[1], line[1]) > 0
    return level and max(line[0] - ink[2], ink[0] - line[2]) < reach


def _shares(mask: Mask, tile: int) -> NDArray[np.float64]:
    """Share of each tile that a mask covers; what is left at the right and the bottom is not looked at."""
    rows, columns = mask.shape[0] // tile, mask.shape[1] // tile
    tiles = mask[: rows * tile, : columns * tile].reshape(rows, tile, columns, tile)
    shares: NDArray[np.float64] = tiles.mean(axis=(1, 3))
    return shares


def _tiles(mask: Mask) -> Tiles:
    """Row and column of the tiles of a mask."""
    import numpy as np

    return {(int(row), int(column)) for row, column in np.argwhere(mask)}


def _connected(tiles: Tiles) -> Iterator[Tiles]:
    """The connected shapes of a set of tiles, corners included."""
    waiting = set(tiles)
    while waiting:
        shape, edge = set(), [min(waiting)]
        waiting.discard(edge[0])
        while edge:
            row, column = edge.pop()
            shape.add((row, column))
            near = {(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & waiting
            waiting -= near
            edge.extend(near)
        yield shape


def _ink(mask: Mask, shape: Tiles, tile: int) -> Box:
    """The box around the ink of a shape."""
    import numpy as np

    top, left = min(row for row, _ in shape) * tile, min(column for _, column in shape) * tile
    part = mask[top : (max(row for row, _ in shape) + 1) * tile, left : (max(c for _, c in shape) + 1) * tile]
    down, across = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    return left + int(across[0]), top + int(down[0]), left + int(across[-1]) + 1, top + int(down[-1]) + 1


def _boxes(grey: NDArray[np.int16], lines: Sequence[ReadLine], em: float) -> str | None:
    """Frames as small as letters, inside the lines too: tick boxes. In ideographs such frames are parts of letters."""
    import numpy as np

    if script_of("".join(line.text for line in lines)) != "Latin":
        return None
    ink = np.abs(grey - np.int16(np.median(grey))) >= CONTRAST
    least = max(LEAST_FRAME, round(FRAME[0] * em))
    upright, level = _runs(ink, least), _runs(ink.T, least).T
    frames = 0
    for row, column in _corners(upright, level):
        high, wide = _run(upright[row:, column]), _run(level[row, column:])
        if max(high, wide) > FRAME[1] * em or min(high, wide) < 0.7 * max(high, wide):
            continue
        frames += _framed(ink, (row, column, row + high, column + wide), max(2, round(em / 7)))
    return "more than text: tick boxes" if frames >= MARKS else None


def _framed(ink: Mask, corners: Box, slack: int) -> bool:
    """Whether a floor and a right wall close the frame, and nothing stands close around it, as letters do."""
    top, left, bottom, right = corners
    if top < slack or left < slack:
        return False
    floor = ink[bottom - slack : bottom + slack, left:right].mean(axis=1).max(initial=0)
    wall = ink[top:bottom, right - slack : right + slack].mean(axis=0).max(initial=0)
    around = ink[top - slack : bottom + 2 * slack, left - slack : right + 2 * slack]
    ring = around.sum() - around[slack - 1 : -slack + 1, slack - 1 : -slack + 1].sum()
    return bool(min(floor, wall) > 0.9 and ring == 0)


def _corners(upright: Mask, level: Mask) -> Iterator[tuple[int, int]]:
    """Where an upright and a level edge begin together: upper left corners, one for each edge."""
    import numpy as np

    both = upright & level
    starts = both.copy()
    starts[1:] &= ~upright[:-1]
    starts[:, 1:] &= ~level[:, :-1]
    for row, column in np.argwhere(starts)[:MOST_CORNERS]:
        yield int(row), int(column)


def _run(mask: NDArray[np.bool_]) -> int:
    """Length of the run that a row or column begins with."""
    import numpy as np

    gaps = np.flatnonzero(~mask)
    return int(gaps[0]) if gaps.size else int(mask.size)


def _areas(sheet: Canvas, lines: Sequence[ReadLine], inside: Mask, em: float) -> str | None:
    """Areas whose colour is under no line: bars, pictures without edges."""
    import numpy as np

    papers = {_paper(sheet, line) for line in lines} | _margins(sheet)
    tile = max(3, round(em))
    height, width = (side // tile * tile for side in inside.shape)
    if not height or not width:
        return None
    blocks = sheet.pixels[:height, :width].reshape(height // tile, tile, width // tile, tile, 3)
    colours = np.median(blocks, axis=(1, 3)).astype(np.int16)
    strange = _shares(inside, tile) < 0.2
    for paper in papers:
        strange &= np.abs(colours - np.array(paper, dtype=np.int16)).max(axis=2) > COLOUR
    covered = sum(len(shape) for shape in _connected(_tiles(strange)) if _thick(shape))
    return "more than text: areas of colour" if covered > COLOURED_SHARE * strange.size else None


def _thick(shape: Tiles) -> bool:
    """Whether a shape is more than a rule: it has a square of four tiles."""
    return any({(row + 1, column), (row, column + 1), (row + 1, column + 1)} <= shape for row, column in shape)


def _margins(sheet: Canvas) -> set[tuple[int, ...]]:
    """The colours of the four corners: what surrounds a panel that all lines stand on."""
    corners = sheet.pixels[[1, 1, -2, -2], [1, -2, 1, -2]]
    return {tuple(int(value) // 8 * 8 + 4 for value in corner) for corner in corners}


def _paper(sheet: Canvas, line: ReadLine) -> tuple[int, ...]:
    """The colour that a line stands on, in steps of eight: the median, for letters cover less than half of a line."""
    import numpy as np

    left, top, right, bottom = _on_sheet(sheet, line)
    part = sheet.pixels[max(0, top) : bottom, max(0, left) : right].reshape(-1, 3)
    return tuple(int(value) // 8 * 8 + 4 for value in np.median(part, axis=0)) if part.size else (255, 255, 255)
