"""The two generations of RapidOCR: the models of their wheels, no network, the settings that were measured fastest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headroom_core.errors import UnsupportedImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Levels = NDArray[np.float32]

__all__ = ["LINE_HEIGHT", "NEWER", "OLDER", "Engine", "Generation", "failing"]

LINE_HEIGHT: Final = 48
"""Height in pixels of the lines that the recogniser is given."""
LEAST_WIDTH: Final = 96
"""Width in pixels that short words are padded to."""
MOST_SIDE: Final = 5_120
"""Far above what the detector is given, so that the engine does not resize once more."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Models that were loaded.

    Attributes:
        detect: Finds lines in pixels (height x width x 3, BGR): four corners each, clockwise from the top left.
        recognise: Reads one line: its words and the mean confidence of its characters.
    """

    detect: Callable[[Pixels], list[Any]]
    recognise: Callable[[Pixels], tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Generation:
    """One of the packages that RapidOCR has been published as.

    Attributes:
        package: The name that is imported.
        distribution: The name that is installed.
        models: Models that its wheel must hold: the detector and the recogniser.
        load_from: Loads them from their folder, with a number of threads.
    """

    package: str
    distribution: str
    models: tuple[str, str]
    load_from: Callable[[Path, int], Engine]

    def installed(self) -> bool:
        """Whether the package, its models, ONNX Runtime and OpenCV are there; nothing is imported."""
        if any(find_spec(name) is None for name in (self.package, "onnxruntime", "cv2")):
            return False
        return all((self._folder() / model).is_file() for model in self.models)

    def identity(self) -> str:
        """Name and version."""
        return f"{self.distribution} {metadata.version(self.distribution)}"

    def load(self, threads: int) -> Engine:
        """Load the models; nothing is downloaded."""
        return self.load_from(self._folder(), threads)

    def load_likely(self, threads: int) -> Callable[[Levels], Levels]:
        """Load the detector's model alone, without RapidOCR around it, which takes longer to import than it to load.

        What is returned tells how likely each pixel belongs to text, height x width in [0, 1], for pixels in BGR,
        height x width x 3 in [-1, 1], whose sides are multiples of 32.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4
        model = self._folder() / self.models[0]
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name

        def likely(pixels: Levels) -> Levels:
            found: Levels = session.run(None, {name: pixels.transpose(2, 0, 1)[None]})[0][0, 0]
            return found

        return likely

    def _folder(self) -> Path:
        found = find_spec(self.package)
        return Path((found and found.origin) or "").parent / "models"


@contextmanager
def failing() -> Iterator[None]:
    """Turn whatever an engine raises into a reason to leave the picture as it is."""
    try:
        yield
    except Exception as error:
        raise UnsupportedImage(f"not read: the reader failed ({type(error).__name__})") from error


def _newer(models: Path, threads: int) -> Engine:
    """RapidOCR 3: detector and recogniser each alone, so that no call changes the settings of another."""
    from rapidocr import RapidOCR

    shared = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
        "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
        "Det.limit_type": "max",
        "Det.limit_side_len": MOST_SIDE,
        "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
        "Rec.rec_batch_num": 1,
        "Rec.rec_img_shape": [3, LINE_HEIGHT, LEAST_WIDTH],
    }
    detector: Any = RapidOCR(params=shared | {"Global.use_rec": False})
    recogniser: Any = RapidOCR(params=shared | {"Global.use_det": False})

    def detect(pixels: Pixels) -> list[Any]:
        boxes = detector(pixels).boxes
        return [] if boxes is None else list(boxes)

    def recognise(line: Pixels) -> tuple[str, float]:
        said = recogniser(line)
        return (str(said.txts[0]), float(said.scores[0])) if said.txts else ("", 0.0)

    return Engine(detect, recognise)


def _older(models: Path, threads: int) -> Engine:
    """RapidOCR 1.4, a last resort: it loses spaces."""
    engine = import_module("rapidocr_onnxruntime").RapidOCR(
        intra_op_num_threads=threads,
        inter_op_num_threads=1,
        det_model_path=str(models / "ch_PP-OCRv4_det_infer.onnx"),
        det_limit_type="max",
        det_limit_side_len=MOST_SIDE,
        rec_model_path=str(models / "ch_PP-OCRv4_rec_infer.onnx"),
        rec_batch_num=1,
    )
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)

    def detect(pixels: Pixels) -> list[Any]:
        boxes, _ = engine.text_det(pixels)
        return [] if boxes is None else list(boxes)

    def recognise(line: Pixels) -> tuple[str, float]:
        said, _ = engine.text_rec([line])
        return (str(said[0][0]), float(said[0][1])) if said else ("", 0.0)

    return Engine(detect, recognise)


NEWER: Final = Generation("rapidocr", "rapidocr", ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"), _newer)
OLDER: Final = Generation(
    "rapidocr_onnxruntime",
    "rapidocr-onnxruntime",
    ("ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx"),
    _older,
)
