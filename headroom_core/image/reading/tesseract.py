"""Tesseract as a reader, where its program is installed: pixels in and words out through pipes, no file, one thread."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from headroom_core.errors import UnsupportedImage
from headroom_core.image.reading.canvas import Canvas, canvas
from headroom_core.image.reading.ink import em_of
from headroom_core.image.reading.lines import ReadLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Box, Decoded

__all__ = ["TesseractReader", "tesseract_reader"]

MOST_PIXELS: Final = 4_000_000
"""Pixels of what the program is given; it works on every one of them."""
TIMEOUT: Final = 60.0
"""Seconds after which the program is ended: a kill switch, far above the 4 CPU seconds of a full page."""
PASSED_ON: Final = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What the program is told of this process's environment, which may hold keys."""
LANGUAGES: Final = {
    "eng": "the of and to in is for that with be are by as or on not this from it shall",
    "deu": "der die und das in den von zu mit ist des im dem nicht ein eine auf für sich als",
    "fra": "de la le et les des en du un une est que pour dans par sur ne pas au aux qui ou",
    "spa": "de la el y en los que a las del un una por con no se para es su al o como",
    "ita": "di e il la che in a per è del un le dei una con non si della da al sono i",
    "por": "de a o e que do da em um para com não uma os no se na por as dos ao à",
}
"""Language packs that are used where they are installed, all of Latin script, and words that every page in them holds.
More packs make reading slower."""
KNOWN_WORDS: Final = 0.12
"""Share of such words that a page must hold: in another language the accents that no pack knows are lost, and the
program remains confident."""
LEAST_WORDS: Final = 20
"""With fewer words, such as in a table, the share says nothing."""


@lru_cache(maxsize=1)
def tesseract_reader() -> TesseractReader | None:
    """The reader of this machine, or None where the program or its English pack is missing."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        version = _output(program, "--version").split("\n", 1)[0].removeprefix("tesseract").strip()
        installed = set(_output(program, "--list-langs").split())
    except (OSError, subprocess.SubprocessError):
        return None
    packs = tuple(pack for pack in LANGUAGES if pack in installed)
    return TesseractReader(program, version, packs) if "eng" in packs else None


@dataclass(frozen=True, slots=True)
class TesseractReader:
    """Reads with the program `tesseract`; each page is a process of its own.

    Attributes:
        program: Path of the program.
        version: Its version.
        packs: The language packs that it reads with.
    """

    program: str
    version: str
    packs: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name, version and language packs."""
        return f"tesseract {self.version} {'+'.join(self.packs)}"

    @property
    def scripts(self) -> frozenset[str]:
        """The scripts that it reads, by their Unicode names."""
        return frozenset({"Latin"})

    def find(self, picture: Decoded, box: Box | None = None) -> TesseractPage:
        """Find the lines and read them: this program does both at once."""
        return TesseractPage(self.read(picture, box))

    def read(self, picture: Decoded, box: Box | None = None) -> tuple[ReadLine, ...]:
        """Find and read all lines.

        Raises:
            UnsupportedImage: The part is too thin to be read, the program failed, or the page is in a language that
                none of the installed packs is for.
        """
        sheet = canvas(picture, box, most_pixels=MOST_PIXELS)
        lines = tuple(_lines(self._said(sheet.pixels), sheet))
        if not self._knows(" ".join(line.text for line in lines)):
            raise UnsupportedImage("not read: a language that no installed pack of tesseract is for")
        return lines

    def _knows(self, text: str) -> bool:
        words = re.findall(r"[^\W\d_]+", text.lower())
        known = {word for pack in self.packs for word in LANGUAGES[pack].split()}
        return len(words) < LEAST_WORDS or sum(word in known for word in words) >= KNOWN_WORDS * len(words)

    def _said(self, pixels: NDArray[np.uint8]) -> str:
        grey = _grey(pixels)
        head = f"P5 {grey.shape[1]} {grey.shape[0]} 255\n".encode()
        command = [self.program, "stdin", "stdout", "-l", "+".join(self.packs), "--psm", "3", "tsv"]
        # Without the limit its threads wait for one another: eight times the time on two cores.
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"OMP_THREAD_LIMIT": "1"}
        try:
            done = subprocess.run(  # noqa: S603
                command, input=head + grey.tobytes(), capture_output=True, timeout=TIMEOUT, check=True, env=environment
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise UnsupportedImage(f"tesseract failed ({type(error).__name__})") from error
        return done.stdout.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class TesseractPage:
    """Lines that Tesseract has read."""

    lines: tuple[ReadLine, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where the lines stand, in pixels of the upright file."""
        return tuple(line.box for line in self.lines)

    def read(self, chosen: Sequence[int]) -> tuple[ReadLine, ...]:
        """Some of the lines."""
        return tuple(self.lines[index] for index in chosen)


@dataclass(frozen=True, slots=True)
class _Word:
    line: tuple[str, ...]
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    text: str


def _lines(table: str, sheet: Canvas) -> Iterator[ReadLine]:
    for _, group in groupby(_words(table), key=lambda word: word.line):
        for words in _segments(list(group)):
            text = " ".join(word.text for word in words)
            left, top = min(word.left for word in words), min(word.top for word in words)
            right, bottom = max(word.right for word in words), max(word.bottom for word in words)
            letters = sum(len(word.text) for word in words)
            confidence = sum(word.confidence * len(word.text) for word in words) / letters
            em = em_of(sheet.pixels[top:bottom, left:right], text) / sheet.scale
            yield ReadLine(text, sheet.in_file(left, top, right, bottom), confidence, em)


def _segments(words: list[_Word]) -> Iterator[list[_Word]]:
    """Split a line where it leaves a gap of two line heights: cells of a table, columns of a page."""
    height = max(word.bottom - word.top for word in words)
    segment = words[:1]
    for last, word in pairwise(words):
        if word.left - last.right > 2 * height:
            yield segment
            segment = []
        segment.append(word)
    yield segment


def _words(table: str) -> Iterator[_Word]:
    """The words of a TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            left, top, width, height = (int(cell) for cell in cells[6:10])
            text = re.sub(r"\s+", " ", cells[11]).strip()
            sure = max(0.0, float(cells[10]) / 100)
            yield _Word(tuple(cells[1:5]), left, top, left + width, top + height, sure, text)


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma, as ITU-R BT.601 weighs it."""
    import numpy as np

    weights = np.array((77, 150, 29), dtype=np.uint32)
    return ((pixels @ weights) >> 8).astype(np.uint8)


def _output(program: str, flag: str) -> str:
    return subprocess.run(  # noqa: S603
        [program, flag], capture_output=True, timeout=TIMEOUT, check=True, text=True
    ).stdout
