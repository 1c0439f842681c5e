"""Pages as a scanner or a telephone would have taken them: drawn with a seed, the boxes of the words carried along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import hypot
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from headroom.evals.offline.fetching import MissingTool
from headroom.evals.offline.pages import Box, Page, Word, lot, write_page
from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode, in_colour

__all__ = ["CLEAN", "CONDITIONS", "degraded"]

Pixels = NDArray[np.floating[Any]]
Matrix = NDArray[np.float64]

CLEAN: Final = "clean"


@dataclass(frozen=True, slots=True)
class _Taken:
    """A picture of a page.

    Attributes:
        pixels: Red, green and blue, from 0 to 255.
        matrix: From pixels of the page to those of the picture, in homogeneous coordinates.
        quality: Of the JPEG file.
    """

    pixels: Pixels
    matrix: Matrix
    quality: int


def degraded(page: Page, condition: str, folder: Path, *, seed: int = 1) -> Page:
    """Take a picture of a page and write it into a folder; the same seed takes the same picture.

    Args:
        page: The page.
        condition: `scan` or `phone`; `clean` is the page itself.
        folder: Where the picture goes, under the page's name.
        seed: By which it is drawn how the page lies, and what is wrong with the picture.

    Raises:
        MissingTool: OpenCV is not installed.
        KeyError: There is no such condition.
    """
    if condition == CLEAN:
        return page
    draw = np.random.default_rng(lot(seed, condition, page.name).getrandbits(64))
    sheet = np.asarray(in_colour(decode(page.picture, read_header(page.picture))).convert("RGB"), dtype=np.float32)
    taken = _TAKES[condition](sheet, draw)
    height, width = taken.pixels.shape[:2]
    words = tuple(_carried(word, taken.matrix) for word in page.words)
    made = replace(page, words=words, size=(width, height), folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_page(made, _jpeg(taken))
    return made


# The scanner: a sheet that lies slightly askew on the glass, its other side shining through.


def _scanned(sheet: Pixels, draw: np.random.Generator) -> _Taken:
    height, width = sheet.shape[:2]
    behind = 255 - _blurred(sheet[:, ::-1], 2.5)
    inked = np.clip(sheet - draw.uniform(0.03, 0.08) * behind, 0, 255)
    paper = draw.uniform(215, 242) + draw.uniform(-4, 4, 3).astype(np.float32)
    black = draw.uniform(20, 50)
    toned = black + inked / 255 * (paper - black)
    angle = draw.uniform(0.3, 1.5) * draw.choice((-1, 1))
    matrix = np.vstack([_cv().getRotationMatrix2D((width / 2, height / 2), angle, 1.0), (0, 0, 1)])
    turned = _warped(toned, matrix, (width, height), paper)
    uneven = turned * (1 + 0.04 * _clouds((width, height), 6, draw))
    seen = _blurred(uneven, draw.uniform(0.5, 0.9))
    grain = draw.normal(0, draw.uniform(3, 7), (height, width, 1))
    return _Taken(_dusty((seen + grain).astype(np.float32), draw), matrix, int(draw.integers(40, 71)))


def _dusty(pixels: Pixels, draw: np.random.Generator) -> Pixels:
    height, width = pixels.shape[:2]
    dotted = pixels.copy()
    for _ in range(int(draw.integers(40, 160))):
        place = int(draw.integers(width)), int(draw.integers(height))
        level = float(draw.choice((draw.uniform(30, 110), 250)))
        _cv().circle(dotted, place, int(draw.integers(0, 2)), (level, level, level), -1)
    return dotted


# The telephone: a sheet on a table, seen from slightly aside, in a room with one lamp and somebody's shadow.


def _photographed(sheet: Pixels, draw: np.random.Generator) -> _Taken:
    height, width = sheet.shape[:2]
    margins = draw.uniform(0.04, 0.10, 2) * (width, height)
    size = round(width + 2 * margins[0]), round(height + 2 * margins[1])
    matrix = _aside((width, height), margins, draw)
    paper = np.asarray((250, 247, 240), dtype=np.float32)
    toned = 35 + sheet / 255 * (paper - 35)
    lies = _warped(np.ones((height, width, 1), np.float32), matrix, size, np.zeros(1))[..., None]
    table = _table(size, draw)
    scene = lies * _warped(toned, matrix, size, paper) + (1 - lies) * table
    lit = scene * _light(size, draw)[..., None]
    seen = _blurred(lit, draw.uniform(0.6, 1.1))
    noise = draw.normal(0, draw.uniform(3, 7), seen.shape)
    return _Taken((seen + noise).astype(np.float32), matrix, int(draw.integers(60, 81)))


def _aside(size: tuple[int, int], margins: NDArray[np.float64], draw: np.random.Generator) -> Matrix:
    """The view from aside: each corner of the sheet is moved by up to 3 % of its shorter side."""
    width, height = size
    corners = np.asarray([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    moved = corners + margins + draw.uniform(-0.03, 0.03, (4, 2)) * min(size)
    found: Matrix = _cv().getPerspectiveTransform(corners, moved.astype(np.float32))
    return found


def _table(size: tuple[int, int], draw: np.random.Generator) -> Pixels:
    colour = draw.uniform((70, 50, 35), (150, 120, 100))
    return (colour * (1 + 0.15 * _clouds(size, 60, draw))).astype(np.float32)


def _light(size: tuple[int, int], draw: np.random.Generator) -> Pixels:
    """How bright each pixel is: it falls off to one side, and lies in a soft shadow on one side of a line."""
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    towards, edge = draw.uniform(0, 2 * np.pi, 2)
    slope = across * np.cos(towards) + down * np.sin(towards)
    beside = across * np.cos(edge) + down * np.sin(edge) - draw.uniform(-0.3, 0.5)
    shadow = draw.uniform(0.2, 0.4) / (1 + np.exp(-beside / draw.uniform(0.03, 0.12)))
    lit: Pixels = ((0.86 + draw.uniform(0.06, 0.14) * slope) * (1 - shadow)).astype(np.float32)
    return lit


# What both do.


def _carried(word: Word, matrix: Matrix) -> Word:
    left, top, right, bottom = word.box
    corners = _moved([(left, top), (right, top), (right, bottom), (left, bottom)], matrix)
    middle = (left + right) / 2
    head, foot = _moved([(middle, top), (middle, bottom)], matrix)
    em = word.em * hypot(foot[0] - head[0], foot[1] - head[1]) / max(1, bottom - top)
    box: Box = (
        int(np.floor(min(x for x, _ in corners))),
        int(np.floor(min(y for _, y in corners))),
        int(np.ceil(max(x for x, _ in corners))),
        int(np.ceil(max(y for _, y in corners))),
    )
    return replace(word, box=box, em=round(em, 2))


def _moved(points: Sequence[tuple[float, float]], matrix: Matrix) -> list[tuple[float, float]]:
    found = [matrix @ (x, y, 1.0) for x, y in points]
    return [(float(x / w), float(y / w)) for x, y, w in found]


def _clouds(size: tuple[int, int], cells: int, draw: np.random.Generator) -> Pixels:
    """Smooth unevenness around 0, of deviation 1 before it is smoothed."""
    coarse = draw.normal(0, 1, (cells, cells)).astype(np.float32)
    found: Pixels = _cv().resize(coarse, size, interpolation=_cv().INTER_CUBIC)
    return found[..., None]


def _warped(pixels: Pixels, matrix: Matrix, size: tuple[int, int], border: NDArray[Any]) -> Pixels:
    cv = _cv()
    found: Pixels = cv.warpPerspective(
        pixels, matrix, size, flags=cv.INTER_CUBIC, borderMode=cv.BORDER_CONSTANT, borderValue=tuple(map(float, border))
    )
    return found


def _blurred(pixels: Pixels, deviation: float) -> Pixels:
    found: Pixels = _cv().GaussianBlur(np.ascontiguousarray(pixels), (0, 0), deviation)
    return found


def _jpeg(taken: _Taken) -> bytes:
    levels = np.clip(taken.pixels, 0, 255).astype(np.uint8)
    done, file = _cv().imencode(".jpg", levels[:, :, ::-1], [_cv().IMWRITE_JPEG_QUALITY, taken.quality])
    if not done:
        raise MissingTool("OpenCV does not write JPEG files here")
    return bytes(file)


def _cv() -> Any:
    # Loaded by name, when a picture is taken: clean pages do without it.
    try:
        return import_module("cv2")
    except ImportError:
        raise MissingTool("degrading pages needs OpenCV: pip install opencv-python-headless") from None


_TAKES: Final[dict[str, Callable[[Pixels, np.random.Generator], _Taken]]] = {"scan": _scanned, "phone": _photographed}
CONDITIONS: Final = (CLEAN, *_TAKES)
