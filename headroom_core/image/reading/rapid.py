"""RapidOCR as a reader: lines are found on a small copy, and cut out of the whole one by one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from headroom_core.image.reading.canvas import Canvas, canvas
from headroom_core.image.reading.engines import LINE_HEIGHT, NEWER, Engine, Generation, failing
from headroom_core.image.reading.ink import em_of
from headroom_core.image.reading.lines import ReadLine
from headroom_core.image.reading.script import TRUSTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Box, Decoded

    Quad = NDArray[np.float32]
    """Four corners, clockwise from the top left: 4 x 2, in pixels of a canvas."""

__all__ = ["RapidReader", "rapid_reader"]

DETECT_SIDE: Final = 1280
"""Longest side of what the detector is given: 0.76 of the time of RapidOCR's own 736 for the shorter side, and no line
less on rendered pages."""
DETECT_PIXELS: Final = 2_000_000
"""The most pixels that the detector is ever given."""
SMALL_EM: Final = 10.0
"""Below this em height, in pixels as the detector sees them, lines are missed: it is given twice as many pixels."""
EM_PER_BOX: Final = 0.72
"""Em height over the height of a box of this detector, the median of rendered pages."""
MOST_WIDTH: Final = 3_200
"""Lines that would be wider are squeezed. Others keep their proportions: squeezing all to 0.78 would save a fifth of
the time, and drop an `i` or an `l` in one line of fifteen with unchanged confidence."""
DOUBTFUL: Final = 0.95
"""A short line below this is read once more, with more of its surroundings: single words hang on how they are cut."""
SHORT: Final = 16
LEAST_EXTENT: Final = 3.0
"""Boxes thinner than this, in pixels, hold no letters."""
LEAST_SLOPING: Final = 40.0
"""Shorter lines, in pixels, do not tell the slope of a page."""
STRAIGHT: Final = 0.02
"""A line whose ends differ in height by less than this share of its length is cut out as it stands."""


def rapid_reader(threads: int = 1, generation: Generation = NEWER) -> RapidReader | None:
    """The reader of this process with one generation of RapidOCR, or None where that is not installed."""
    return _reader(threads, generation)


@lru_cache(maxsize=4)
def _reader(threads: int, generation: Generation) -> RapidReader | None:
    return RapidReader(generation, threads) if generation.installed() else None


class RapidReader:
    """Reads with RapidOCR; models are loaded at the first use, sessions are shared by all threads.

    Args:
        generation: Which RapidOCR.
        threads: Threads of each model run, 1 or 2.
    """

    def __init__(self, generation: Generation, threads: int = 1) -> None:
        self._generation = generation
        self._threads = threads
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @property
    def name(self) -> str:
        """Name and version."""
        return self._generation.identity()

    @property
    def scripts(self) -> frozenset[str]:
        """The scripts that the models of the wheel read well, by their Unicode names."""
        return TRUSTED

    def find(self, picture: Decoded, box: Box | None = None) -> RapidPage:
        """Find the lines; raises `UnsupportedImage` where the part is too thin to be read."""
        sheet = canvas(picture, box)
        quads = self._detect(sheet)
        return RapidPage(self, sheet, quads)

    def read(self, picture: Decoded, box: Box | None = None) -> tuple[ReadLine, ...]:
        """Find and read all lines."""
        page = self.find(picture, box)
        return page.read(range(len(page.boxes)))

    def recognise(self, line: NDArray[np.uint8]) -> tuple[str, float]:
        """Read one line, given as height x width x 3 in BGR: its words and the mean confidence of its characters."""
        recognise = self._loaded().recognise
        with failing():
            return recognise(line)

    def _detect(self, sheet: Canvas) -> list[Quad]:
        width, height = sheet.size
        scale = min(1.0, DETECT_SIDE / max(width, height))
        quads = self._detect_at(sheet, scale)
        if not quads or scale * _middle_em(quads) >= SMALL_EM:
            return quads
        larger = min(2.0 * scale, 2.0, (DETECT_PIXELS / (width * height)) ** 0.5)
        return self._detect_at(sheet, larger) if larger > 1.1 * scale else quads

    def _detect_at(self, sheet: Canvas, scale: float) -> list[Quad]:
        import cv2
        import numpy as np

        width, height = (max(32, int(side * scale / 32) * 32) for side in sheet.size)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = sheet.pixels
        if (width, height) != sheet.size:
            small = np.asarray(cv2.resize(small, (width, height), interpolation=way), dtype=np.uint8)
        detect = self._loaded().detect
        with failing():
            boxes = detect(np.ascontiguousarray(small[..., ::-1]))
        ratio = np.array((sheet.size[0] / width, sheet.size[1] / height), dtype=np.float32)
        quads = (np.asarray(quad, dtype=np.float32) * ratio for quad in boxes)
        return [quad for quad in quads if float(np.ptp(quad, axis=0).min()) >= LEAST_EXTENT]

    def _loaded(self) -> Engine:
        with self._lock:
            if self._engine is None:
                with failing():
                    self._engine = self._generation.load(self._threads)
            return self._engine


@dataclass(frozen=True, slots=True, eq=False)
class RapidPage:
    """Lines that RapidOCR found."""

    reader: RapidReader
    sheet: Canvas
    quads: list[Quad]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where the lines stand, in pixels of the upright file."""
        return tuple(_box(self.sheet, quad) for quad in self.quads)

    def read(self, chosen: Sequence[int]) -> tuple[ReadLine, ...]:
        """Read some of the lines."""
        return tuple(self._read(chosen))

    def _read(self, chosen: Sequence[int]) -> Iterator[ReadLine]:
        for index in chosen:
            quad = self.quads[index]
            strip = _cut(self.sheet.pixels, quad)
            text, confidence = self.reader.recognise(_fitted(strip))
            if confidence < DOUBTFUL and len(text) <= SHORT:
                again = self.reader.recognise(_fitted(_cut(self.sheet.pixels, _wider(quad))))
                # The same words twice are as sure as the surer of both; other words leave the doubt as it is.
                confidence = max(confidence, again[1]) if again[0] == text else confidence
            if text.strip():
                em = em_of(strip, text) / self.sheet.scale
                yield ReadLine(text.strip(), _box(self.sheet, quad), confidence, em, _slope(quad))


def _middle_em(quads: list[Quad]) -> float:
    heights = sorted(float(quad[3, 1] - quad[0, 1] + quad[2, 1] - quad[1, 1]) / 2 for quad in quads)
    return EM_PER_BOX * heights[len(heights) // 2]


def _box(sheet: Canvas, quad: Quad) -> Box:
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return sheet.in_file(float(left), float(top), float(right), float(bottom))


def _slope(quad: Quad) -> float:
    """How far the upper edge sinks for each pixel to the right; 0 where it is too short to tell."""
    wide, sunk = float(quad[1, 0] - quad[0, 0]), float(quad[1, 1] - quad[0, 1])
    return sunk / wide if wide >= LEAST_SLOPING else 0.0


def _wider(quad: Quad) -> Quad:
    """The corners of a line with room of a third of its height at either end."""
    import numpy as np

    along = (quad[1] - quad[0]) / max(1.0, float(np.linalg.norm(quad[1] - quad[0])))
    room = along * float(np.linalg.norm(quad[3] - quad[0])) / 3
    return quad + np.array((-room, room, room, -room), dtype=np.float32)


def _cut(pixels: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """Cut a line out, upright, in BGR."""
    import numpy as np

    quad = np.clip(quad, 0, (pixels.shape[1], pixels.shape[0])).astype(np.float32)
    if abs(_slope(quad)) >= STRAIGHT:
        from rapidocr.utils.process_img import get_rotate_crop_image

        turned: NDArray[np.uint8] = get_rotate_crop_image(pixels, quad.copy())
        return np.ascontiguousarray(turned[..., ::-1])
    (left, top), (right, bottom) = np.floor(quad.min(axis=0)).astype(int), np.ceil(quad.max(axis=0)).astype(int)
    strip = pixels[top:bottom, left:right, ::-1]
    if strip.shape[0] >= 1.5 * strip.shape[1]:
        strip = np.rot90(strip)
    return np.ascontiguousarray(strip)


def _fitted(strip: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    height, width = strip.shape[:2]
    wide = max(8, min(MOST_WIDTH, round(width * LINE_HEIGHT / height)))
    way = cv2.INTER_AREA if height > LINE_HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(strip, (wide, LINE_HEIGHT), interpolation=way), dtype=np.uint8)
