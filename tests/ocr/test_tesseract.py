"""Tesseract reads where its program is installed, through pipes and with one thread."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from headroom_core.errors import UnsupportedImage
from headroom_core.image.reading import Refusal, Transcript, transcribe
from headroom_core.image.reading.tesseract import TesseractReader, tesseract_reader

from .pages import LETTER, decoded, letter

PAGE = SimpleNamespace(kind="document", text_height=22.0)
TSV = "\t".join(
    [
        "level",
        "page_num",
        "block_num",
        "par_num",
        "line_num",
        "word_num",
        "left",
        "top",
        "width",
        "height",
        "conf",
        "text",
    ]
)
installed = pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")


def program(folder: Path, script: str) -> TesseractReader:
    """A program of the same name that says what a test wants."""
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return TesseractReader(str(path), "5.0", ("eng",))


@installed
def test_a_letter_becomes_a_transcript() -> None:
    reader = tesseract_reader()
    assert reader is not None
    answer = transcribe(decoded(letter()), PAGE, reader, digits=False, structure=False)
    assert isinstance(answer, Transcript), answer
    assert answer.text.split("\n")[1:] == [f"│ {line}" for line in LETTER]


@installed
def test_a_language_without_its_pack_is_refused() -> None:
    reader = tesseract_reader()
    assert reader is not None
    said = "vsichni lide rodi svobodni sobe rovni dustojnosti prav jsou nadani rozumem svedomim maji spolu jednat duchu"
    said += " bratrstvi kazdy ma vsechna prava svobody stanovene"
    assert not replace(reader, packs=("eng",))._knows(said)
    assert replace(reader, packs=("eng",))._knows(" ".join(LETTER))


def test_words_far_apart_are_segments_of_their_own(tmp_path: Path) -> None:
    rows = [
        "5\t1\t1\t1\t1\t1\t10\t10\t60\t20\t96.5\tTotal",
        "5\t1\t1\t1\t1\t2\t76\t10\t40\t20\t90\tsum",
        "5\t1\t1\t1\t1\t3\t300\t10\t60\t20\t80\t12.40",
        "4\t1\t1\t1\t2\t0\t10\t40\t60\t20\t-1\t",
    ]
    reader = program(tmp_path, "cat > /dev/null; printf '%s\\n' '" + "' '".join([TSV, *rows]) + "'")
    lines = reader.read(decoded(Image.new("RGB", (400, 100), "white")))
    assert [(line.text, line.box) for line in lines] == [
        ("Total sum", (10, 10, 116, 30)),
        ("12.40", (300, 10, 360, 30)),
    ]
    assert lines[0].confidence == pytest.approx((5 * 0.965 + 3 * 0.9) / 8)


def test_it_is_given_one_thread_and_pixels_through_a_pipe_and_no_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    said = "$OMP_THREAD_LIMIT:$1:$2:$(($n)):${SOME_API_KEY:-nothing}"
    row = "5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t90"
    reader = program(tmp_path, f'n=$(wc -c); printf "x\\n{row}\\t{said}\\n"')
    (line,) = reader.read(decoded(Image.new("RGB", (400, 100), "white")))
    assert line.text == f"1:stdin:stdout:{len('P5 400 100 255 ') + 400 * 100}:nothing"


@pytest.mark.parametrize("script", ["exit 3", "cat > /dev/null; exit 1", "kill -9 $$"])
def test_a_program_that_fails_leaves_the_picture(tmp_path: Path, script: str) -> None:
    answer = transcribe(decoded(letter()), PAGE, program(tmp_path, script), digits=False, structure=False)
    assert isinstance(answer, Refusal)
    assert "tesseract failed" in answer.reason


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headroom_core.image.reading.tesseract.TIMEOUT", 0.3)
    with pytest.raises(UnsupportedImage, match="TimeoutExpired"):
        program(tmp_path, "exec sleep 30").read(decoded(letter()))


def test_thin_pictures_never_reach_it(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedImage, match="too thin"):
        program(tmp_path, "exit 3").read(decoded(Image.new("RGB", (10, 300), "white")))
