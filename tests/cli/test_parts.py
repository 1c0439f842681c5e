"""Crops, overviews, text, repeats and attachments on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headroom_core.blocks import Picture, Text
from headroom_core.image import CompressedImage, compress_image
from headroom_core.image.header import read_header
from tests.cli.conftest import GIST, Headroom, Ran
from tests.core.parts import BESIDE, CORNER, PAGE, READ, SCREEN, changed_screen, knowing, talk

MODEL = "claude-opus-5-5"


@pytest.fixture
def knowingly(headroom: Headroom, monkeypatch: pytest.MonkeyPatch) -> Headroom:
    """Runs the command with a compressor that knows what the questions need."""

    def run(*arguments: str | Path, **options: Any) -> Ran:
        with monkeypatch.context() as patch:
            patch.setattr("headroom.cli.job.ImageCompressor", knowing)
            return headroom(*arguments, **options)

    return run


@pytest.fixture
def screen(tmp_path: Path) -> Path:
    path = tmp_path / "screen.png"
    path.write_bytes(SCREEN)
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.png"
    path.write_bytes(PAGE)
    return path


def sent(data: bytes, question: str) -> CompressedImage:
    return compress_image(data, question, model=MODEL, compressor=knowing())


def pictures(image: CompressedImage) -> list[bytes]:
    return [part.data or b"" for part in image.parts if isinstance(part, Picture)]


def asked(request: Any, folder: Path) -> Path:
    path = folder / "request.json"
    path.write_text(json.dumps(request))
    return path


def test_a_crop_is_shown_with_its_size_and_its_overview(knowingly: Headroom, screen: Path) -> None:
    cut, beside = (knowingly("compress", screen, "-q", question, "-m", MODEL).out for question in (CORNER, BESIDE))
    part, (first, overview) = pictures(sent(SCREEN, CORNER))[0], pictures(sent(SCREEN, BESIDE))
    sizes = ["{}×{}".format(*read_header(data).size) for data in (part, first, overview)]
    assert f"→ {sizes[0]}" in cut
    assert "overview" not in cut
    assert f"→ {sizes[1]}" in beside
    assert f"+ {sizes[2]}" in beside
    assert "+ overview" in beside


def test_text_is_shown_with_its_number_of_lines(knowingly: Headroom, sheet: Path) -> None:
    out = knowingly("compress", sheet, "-q", READ, "-m", MODEL).out
    assert "transcode" in out
    assert "→ 27 lines" in out


def test_nothing_is_read_where_that_is_not_wanted(knowingly: Headroom, sheet: Path) -> None:
    out = knowingly("compress", sheet, "-q", READ, "-m", MODEL, "--no-read-text").out
    assert "transcode" not in out


def test_what_would_be_sent_is_shown_without_being_made(knowingly: Headroom, sheet: Path, screen: Path) -> None:
    read = knowingly("compress", sheet, "-q", READ, "-m", MODEL, "--policy", "observe").out
    cut = knowingly("compress", screen, "-q", CORNER, "-m", MODEL, "--policy", "observe").out
    assert "→ text" in read
    assert "→ {}×{}".format(*read_header(pictures(sent(SCREEN, CORNER))[0]).size) in cut


@pytest.mark.parametrize("columns", [40, 60, 72, 80, 140])
def test_no_part_is_wider_than_the_terminal(knowingly: Headroom, screen: Path, sheet: Path, columns: int) -> None:
    for path, question in ((screen, BESIDE), (sheet, READ)):
        out = knowingly("compress", path, "-q", question, "-m", MODEL, columns=columns).out
        assert max(len(line.rstrip()) for line in out.splitlines()) <= columns


class TestWriting:
    """`-o FOLDER`."""

    def test_a_part_and_its_overview_are_files_of_their_own(
        self, knowingly: Headroom, screen: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "out"
        (fact,) = json.loads(knowingly("compress", screen, "-q", BESIDE, "-m", MODEL, "-o", out, "--json").out)
        written = [path and Path(path) for path in (part["written"] for part in fact["parts"])]
        part, overview = pictures(sent(SCREEN, BESIDE))
        assert [path and path.stem for path in written] == [None, "screen-part", "screen-overview"]
        assert [path.read_bytes() for path in written if path] == [part, overview]
        assert fact["written"] == str(written[1])
        assert sorted(out.iterdir()) == sorted(path for path in written if path)

    def test_text_is_a_text_file(self, knowingly: Headroom, sheet: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        for _ in range(2):
            knowingly("compress", sheet, "-q", READ, "-m", MODEL, "-o", out)
        assert [path.name for path in out.iterdir()] == ["sheet.txt"]
        assert (out / "sheet.txt").read_text() == f"{sent(PAGE, READ).text}\n"

    def test_a_text_file_of_the_user_stays(self, knowingly: Headroom, sheet: Path, tmp_path: Path) -> None:
        (tmp_path / "sheet.txt").write_text("my own notes")
        knowingly("compress", sheet, "-q", READ, "-m", MODEL, "-o", tmp_path)
        assert (tmp_path / "sheet.txt").read_text() == "my own notes"
        assert (tmp_path / "sheet-2.txt").read_text().startswith("[OCR from image]")


class TestJson:
    """`--json`."""

    def test_a_part_is_told_with_its_rectangle_and_all_that_is_sent(self, knowingly: Headroom, screen: Path) -> None:
        (fact,) = json.loads(knowingly("compress", screen, "-q", BESIDE, "-m", MODEL, "--json").out)
        image = sent(SCREEN, BESIDE)
        note = next(part.text for part in image.parts if isinstance(part, Text))
        assert fact["box"] == list(image.outcome.decision.box or ())
        assert (fact["overview"], fact["serves"], fact["text"]) == (True, ["none"], None)
        assert [part["form"] for part in fact["parts"]] == ["note", "part", "overview"]
        assert fact["parts"][0]["text"] == note
        assert [part["size"] for part in fact["parts"][1:]] == [
            list(read_header(data).size) for data in pictures(image)
        ]
        assert [part["bytes"] for part in fact["parts"][1:]] == [len(data) for data in pictures(image)]

    def test_text_is_told_whole(self, knowingly: Headroom, sheet: Path) -> None:
        (fact,) = json.loads(knowingly("compress", sheet, "-q", READ, "-m", MODEL, "--json").out)
        assert fact["text"] == sent(PAGE, READ).text
        assert fact["serves"][0] == "text"
        assert fact["box"] is None

    def test_every_entry_has_the_same_keys(self, knowingly: Headroom, tmp_path: Path, photo_bytes: bytes) -> None:
        body = talk((GIST, photo_bytes), ("How many leaves are there?", None), (READ, PAGE), (READ, PAGE))
        entries = json.loads(knowingly("compress", "--request", asked(body, tmp_path), "--dry-run", "--json").out)
        assert len({tuple(entry) for entry in entries}) == 1
        assert [entry["kind"] for entry in entries] == ["image", "image", "image", "attachment"]
        assert all(isinstance(entry["image"], str) for entry in entries)
        small, _, repeat, again = entries
        assert repeat["same_as"] == 1
        assert (again["image"], again["original"]) == ("image 1", small["place"])
        assert (again["tokens_before"], again["tokens_after"]) == (0, small["tokens_before"])
        assert again["tokens_saved"] == -again["tokens_after"]
        assert [part["form"] for part in again["parts"]] == ["note", "whole"]


class TestRequests:
    """`--request FILE`."""

    def test_a_repeat_says_which_picture_it_repeats(self, knowingly: Headroom, tmp_path: Path) -> None:
        body = talk((GIST, SCREEN), ("And now?", SCREEN), ("And now?", changed_screen()))
        out = " ".join(knowingly("compress", "--request", asked(body, tmp_path), "--dry-run", columns=60).out.split())
        assert "same as image 1: 1920×1200 → a note" in out
        assert "crop, rest as image 1: 1920×1200 → " in out

    def test_what_comes_again_is_a_line_with_its_cost_and_may_make_the_sum_negative(
        self, knowingly: Headroom, tmp_path: Path, photo_bytes: bytes
    ) -> None:
        path = asked(talk((GIST, photo_bytes), ("How many leaves are there?", None)), tmp_path)
        out = " ".join(knowingly("compress", "--request", path, "--dry-run").out.split())
        assert "Attached again: image 1, whole, with the question in turn 2, 765 tokens." in out
        assert "gpt-4o: 765 → 850 image tokens, 11% more; 0 of 1 left alone." in out
        assert (
            "1 comes again with a later question, for 765 tokens, counted here: more than the small form saved." in out
        )
