"""RapidOCR 3 as a reader: the models of its wheel, no network, the settings that were measured to be fastest."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headroom_core.errors import UnsupportedImage
from headroom_core.image.reading.canvas import Canvas, canvas
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
SMALL_EM: Final = 12.0
"""Below this em height, in pixels as the detector sees them, lines are missed: it is given twice as many pixels."""
EM_PER_BOX: Final = 0.72
"""Em height over the height of a box of this detector, the median of rendered pages."""
LINE_HEIGHT: Final = 48
"""Height in pixels that the recogniser is given. Lines keep their proportions: squeezing the width to 0.78 would save a
fifth of the time, and drop an `i` or an `l` in one line of fifteen with unchanged confidence."""
LEAST_WIDTH: Final = 96
"""Width in pixels that short words are padded to."""
MOST_WIDTH: Final = 3_200
"""Lines that would be wider are squeezed."""
DOUBTFUL: Final = 0.95
"""A short line below this is read once more, with more of its surroundings: single words hang on how they are cut."""
SHORT: Final = 16
LEAST_EXTENT: Final = 3.0
"""Boxes thinner than this, in pixels, hold no letters."""
LEAST_SLOPING: Final = 40.0
"""Shorter lines, in pixels, do not tell the slope of a page."""
STRAIGHT: Final = 0.02
"""A line whose ends differ in height by less than this share of its length is cut out as it stands."""
_DETECTOR: Final = "PP-OCRv6_det_small.onnx"
_RECOGNISER: Final = "PP-OCRv6_rec_small.onnx"


def rapid_reader(threads: int = 1) -> RapidReader | None:
    """The reader of this process, or None where RapidOCR 3, ONNX Runtime or the models of its wheel are missing."""
    return _reader(threads)


@lru_cache(maxsize=4)
def _reader(threads: int) -> RapidReader | None:
    if any(find_spec(name) is None for name in ("rapidocr", "onnxruntime", "cv2")):
        return None
    found = find_spec("rapidocr")
    models = Path(found.origin or "").parent / "models" if found else Path()
    if not all((models / name).is_file() for name in (_DETECTOR, _RECOGNISER)):
        return None
    return RapidReader(models, threads)


class RapidReader:
    """Reads with RapidOCR 3; models are loaded at the first use, sessions are shared by all threads.

    Args:
        models: The folder with the models; nothing is downloaded.
        threads: Threads of each model run, 1 or 2.
    """

    def __init__(self, models: Path, threads: int = 1) -> None:
        self._models = models
        self._threads = threads
        self._lock = threading.Lock()
        self._engines: tuple[Any, Any] | None = None

    @property
    def name(self) -> str:
        """Name and version."""
        return f"rapidocr {metadata.version('rapidocr')}"

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
        _, recogniser = self._loaded()
        with _engine():
            said = recogniser(line)
        if not said.txts:
            return "", 0.0
        return str(said.txts[0]), float(said.scores[0])

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

        detector, _ = self._loaded()
        width, height = (max(32, round(side * scale / 32) * 32) for side in sheet.size)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = (
            sheet.pixels
            if (width, height) == sheet.size
            else cv2.resize(sheet.pixels, (width, height), interpolation=way)
        )
        with _engine():
            boxes = detector(np.ascontiguousarray(small[..., ::-1])).boxes
        if boxes is None:
            return []
        ratio = np.array((sheet.size[0] / width, sheet.size[1] / height), dtype=np.float32)
        quads = (np.asarray(quad, dtype=np.float32) * ratio for quad in boxes)
        return [quad for quad in quads if float(np.ptp(quad, axis=0).min()) >= LEAST_EXTENT]

    def _loaded(self) -> tuple[Any, Any]:
        with self._lock:
            if self._engines is None:
                with _engine():
                    self._engines = _engines(self._models, self._threads)
            return self._engines


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


@contextmanager
def _engine() -> Iterator[None]:
    """Turn whatever the engine raises into a reason to leave the picture as it is."""
    try:
        yield
    except Exception as error:
        raise UnsupportedImage(f"not read: rapidocr failed ({type(error).__name__})") from error


def _engines(models: Path, threads: int) -> tuple[Any, Any]:
    """The detector and the recogniser of RapidOCR, each alone, so that no call changes the settings of another."""
    import logging

    from rapidocr import RapidOCR

    shared = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
        "Det.model_path": str(models / _DETECTOR),
        "Det.limit_type": "max",
        "Det.limit_side_len": 4 * DETECT_SIDE,
        "Rec.model_path": str(models / _RECOGNISER),
        "Rec.rec_batch_num": 1,
        "Rec.rec_img_shape": [3, LINE_HEIGHT, LEAST_WIDTH],
    }
    detector = RapidOCR(params=shared | {"Global.use_rec": False})
    recogniser = RapidOCR(params=shared | {"Global.use_det": False})
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return detector, recogniser


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
