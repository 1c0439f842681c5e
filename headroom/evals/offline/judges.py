"""Machine readers as judges: whether a string can still be read in a picture. What was read is kept on disk."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from headroom.evals.offline.fetching import MissingTool, program, run
from headroom.evals.offline.keeping import keep, kept
from headroom.evals.offline.pages import Box
from headroom.evals.offline.questions import bare
from headroom_core.image.pixels import as_png

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Judge", "Rapid", "Sought", "Tesseract", "answers_read"]


@dataclass(frozen=True, slots=True)
class Sought:
    """A string that is looked for.

    Attributes:
        answer: The string.
        box: Where it stands in the picture that is read, in its pixels.
        em: Size of its font in the pixels of this picture.
    """

    answer: str
    box: Box
    em: float


class Judge(Protocol):
    """A reader."""

    @property
    def name(self) -> str:
        """Name and version, as results name it."""

    def lines(self, image: Image.Image, sought: Sequence[Sought]) -> list[str]:
        """What it reads where each of these stands, one string for each."""


def answers_read(judge: Judge, image: Image.Image, sought: Sequence[Sought], folder: Path) -> list[bool]:
    """Whether each string is read in the picture, by a reader that is pointed at its place.

    Pointed, because what is measured is whether the print is still legible, not whether a detector finds it.

    Args:
        judge: The reader.
        image: The picture as the model sees it.
        sought: The strings, each at most once on the picture.
        folder: Where to keep what was read: the same picture is not read twice.
    """
    lines = _remembered(judge, image, sought, folder)
    return [bare(one.answer) in bare(line) for one, line in zip(sought, lines, strict=True)]


def _remembered(judge: Judge, image: Image.Image, sought: Sequence[Sought], folder: Path) -> list[str]:
    asked = repr((judge.name, image.mode, image.size, [(one.answer, one.box, one.em) for one in sought]))
    key = sha256(asked.encode() + image.tobytes()).hexdigest()[:32]
    path = folder / "judges" / key[:2] / f"{key}.json"
    found = kept(path)
    if found is None:
        found = judge.lines(image, sought)
        keep(path, found)
    lines: list[str] = found
    return lines


class Tesseract:
    """Tesseract by its program, on one thread: the weaker of the two on small print."""

    def __init__(self, language: str = "eng", models: Path | None = None) -> None:
        """Find the program.

        Args:
            language: The model that it reads with.
            models: The folder of this model; that of the program if None.

        Raises:
            MissingTool: It is not installed.
        """
        self._program = program("tesseract", "tesseract-ocr")
        place: list[str | Path] = [] if models is None else ["--tessdata-dir", models]
        self._options: list[str | Path] = ["-l", language, *place, "--psm", "7"]
        self.name = run([self._program, "--version"]).decode().splitlines()[0]

    def lines(self, image: Image.Image, sought: Sequence[Sought]) -> list[str]:
        """The line around each answer."""
        with tempfile.TemporaryDirectory() as scratch:
            names = [Path(scratch) / f"{number}.png" for number in range(len(sought))]
            for name, one in zip(names, sought, strict=True):
                name.write_bytes(as_png(image.crop(stretch(one, image.size))))
            listed = Path(scratch) / "names.txt"
            listed.write_text("".join(f"{name}\n" for name in names), "utf-8")
            command: list[str | Path] = [self._program, listed, "stdout", *self._options]
            said = run(command, timeout=300, environment={"OMP_THREAD_LIMIT": "1"}).decode("utf-8")
        return said.split("\f")[: len(sought)]


class Rapid:
    """RapidOCR's recogniser with the model of its wheel, on one thread."""

    def __init__(self) -> None:
        """Find the package.

        Raises:
            MissingTool: It is not installed.
        """
        try:
            import rapidocr
        except ImportError:
            raise MissingTool("reading needs RapidOCR: pip install rapidocr onnxruntime") from None
        self.name = f"rapidocr {version(rapidocr.__name__)}"
        self._mine = threading.local()

    def lines(self, image: Image.Image, sought: Sequence[Sought]) -> list[str]:
        """The line around each answer."""
        return [self._read(image.crop(stretch(one, image.size))) for one in sought]

    def _read(self, line: Image.Image) -> str:
        import numpy as np

        pixels = np.asarray(line.convert("RGB"))[:, :, ::-1]
        return "".join(self._engine()(pixels, use_det=False, use_cls=False, use_rec=True).txts or ())

    def _engine(self) -> Any:
        """An engine of the thread's own, since it keeps options of the latest call."""
        if not hasattr(self._mine, "engine"):
            self._mine.engine = _new_engine()
        return self._mine.engine


def stretch(sought: Sought, size: tuple[int, int]) -> Box:
    """The part of a line of a picture of `size` that a reader is pointed at: the answer and three em on either side."""
    left, top, right, bottom = sought.box
    middle, half = (top + bottom) / 2, max(0.8 * sought.em, (bottom - top) / 2 + 1)
    around = 3 * sought.em
    return (
        max(0, floor(left - around)),
        max(0, floor(middle - half)),
        min(size[0], ceil(right + around)),
        min(size[1], ceil(middle + half)),
    )


def _new_engine() -> Any:
    from rapidocr import RapidOCR

    one_thread = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "critical", "Rec.rec_batch_num": 1, **one_thread})
