"""Scans and their true words: where they come from, how a transcript agrees with them, and what passes."""

from __future__ import annotations

import csv
import io
import tarfile
import tomllib
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom.evals.__main__ import main
from headroom.evals.offline import scans, scans_command
from headroom.evals.offline.fetching import MissingTool
from headroom.evals.offline.scans import collect_scans, read_scans, scans_manifest
from headroom.evals.offline.scans_command import Finding, holds
from headroom.evals.offline.scans_fetching import debian_source, member, pypi_source
from headroom.evals.offline.scans_judged import Agreement, agreement, nearest, plain
from headroom_core.image.reading import Reader
from tests.core.image.reading.drawn import Paper

DATA = Path(scans.__file__).parent
TOLD = tomllib.loads((DATA / "scans.toml").read_text("utf-8"))
TRUE = ("The works were sold in 1851 for 12,500 pounds.", "Of 319 shares none was left.")
SAID = "[OCR] image 1\n│ Chapter 7\n│ The works were sold in 1851 for\n│ 12,500 pounds. Of 319 shares none was left."
KINDS = {"print", "table", "old type", "handwriting", "other script", "picture"}


def test_lines_are_found_wherever_they_break() -> None:
    assert agreement(SAID, TRUE) == Agreement(characters=74, errors=0, numbers=3, kept=3, lines=2, found=2)


def test_one_wrong_figure_is_one_error_and_one_number() -> None:
    told = agreement(SAID.replace("319", "519"), TRUE)
    assert (told.errors, told.kept, told.numbers, told.found) == (1, 2, 3, 2)
    assert told.cer == 1 / 74


def test_a_number_that_stands_elsewhere_is_not_kept() -> None:
    told = agreement(SAID.replace("Chapter 7", "Chapter 319 of the whole tale").replace("Of 319", "Of 31"), TRUE)
    assert (told.kept, told.numbers) == (2, 3)


def test_a_missing_line_is_not_found() -> None:
    told = agreement("[OCR from image]\n│ Of 319 shares none was left.", TRUE)
    assert (told.found, told.lines, told.kept) == (1, 2, 1)
    assert told.cer > 0.3


def test_quotes_dashes_and_spaces_before_marks_are_no_errors() -> None:
    assert plain("“So ,  he said — no’") == plain("\"So, he said - no'")


@settings(deadline=None)
@given(st.text("abc ", max_size=30), st.text("abcd ", max_size=12), st.text("abc ", max_size=30))
def test_words_that_stand_in_a_text_are_at_no_distance(before: str, words: str, after: str) -> None:
    assert nearest(before + words + after, words)[0] == 0
    assert nearest(before, words)[0] <= len(words)


def test_each_scan_is_told_whole() -> None:
    pages = {page["name"]: page for page in TOLD["page"]}
    assert len(pages) == len(TOLD["page"])
    for page in pages.values():
        assert page["kind"] in KINDS
        assert page["package"] in TOLD["package"]
        words = pages[page.get("same_as", page["name"])].get("lines", ())
        assert len(words) >= (5 if page["kind"] in ("print", "table") else 0), page["name"]


def test_the_manifest_is_of_the_same_scans() -> None:
    rows = list(csv.reader(io.StringIO((DATA / "scans_manifest.tsv").read_text("utf-8")), delimiter="\t"))[1:]
    packages = {name: f"{name} {package['version']}" for name, package in TOLD["package"].items()}
    told = [
        [page["name"], page["kind"], page["group"], str(page.get("turn", 0)), packages[page["package"]], page["path"]]
        for page in TOLD["page"]
    ]
    assert [row[:6] for row in rows] == told
    assert all(row[6] and len(bytes.fromhex(row[7])) == 32 for row in rows)
    same = Counter(page["path"] for page in TOLD["page"])
    assert len({row[7] for row in rows}) == len(same)


def test_a_file_is_taken_out_of_an_archive_whatever_its_folder_is_called(tmp_path: Path) -> None:
    archive = _packed(tmp_path / "a.tar.xz", {"prog/page.png": b"ink"}, "x:xz")
    assert member(archive, "prog/page.png") == b"ink"
    with pytest.raises(MissingTool, match=r"a\.tar\.xz holds no page\.png"):
        member(archive, "page.png")


def test_packages_that_are_at_hand_are_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    packed = _packed(tmp_path / "debian-source" / "ink-1" / "ink.tar.gz", {})
    assert debian_source("ink", "1", "ink.tar.gz", tmp_path) == packed
    wheel = _packed(tmp_path / "pypi-source" / "ink-2" / "ink-2.tar.gz", {})
    assert pypi_source("ink", "2", tmp_path) == wheel
    with pytest.raises(MissingTool, match="apt"):
        debian_source("ink", "3", "ink.tar.gz", tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with packages of which one holds a page."""
    out = BytesIO()
    Image.linear_gradient("L").resize((60, 40)).save(out, "JPEG")
    for name, package in TOLD["package"].items():
        files = {"prog/lucasta.047.jpg": out.getvalue()} if name == "leptonlib" else {}
        if "archive" in package:
            place = tmp_path / "packages" / "debian-source" / f"{name}-{package['version']}" / package["archive"]
        else:
            place = tmp_path / "packages" / "pypi-source" / f"{name}-{package['version']}" / f"{name}.tar.gz"
        _packed(place, files)
    return tmp_path


def test_scans_are_taken_out_of_their_packages_and_turned(folder: Path) -> None:
    missing: list[str] = []
    upright, turned = collect_scans(folder, report=missing.append)
    assert (upright.name, turned.name, turned.turn) == ("lucasta", "lucasta-turned", 1)
    assert turned.lines == upright.lines
    assert upright.picture.startswith(b"\xff\xd8")
    with Image.open(BytesIO(upright.picture)) as one, Image.open(BytesIO(turned.picture)) as other:
        assert one.rotate(-90, expand=True).tobytes() == other.tobytes()
    assert len(missing) == len(TOLD["page"]) - 2
    assert "county-table: leptonlib_1.82.0.orig.tar.gz holds no prog/table.150.png" in missing
    assert [row.split("\t")[0] for row in scans_manifest([upright, turned]).splitlines()[1:]] == [
        "lucasta",
        "lucasta-turned",
    ]


def test_a_right_transcript_passes_and_a_wrong_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (words,) = (page["lines"] for page in TOLD["page"] if page["name"] == "lucasta")
    paper = Paper(size=(900, 1200), em=24).prose(lines=words)
    paper.image.save(tmp_path / "lucasta.png")
    command = ["scans", "--pages", str(tmp_path), "--json", str(tmp_path / "out.json")]
    _use(monkeypatch, paper.reader())
    assert main(command) == 0, capsys.readouterr()
    assert "CER 0.00%" in capsys.readouterr().out
    assert '"cer"' not in (tmp_path / "out.json").read_text()
    paper.lines = [replace(line, text=line.text.replace("o", "c")) for line in paper.lines]
    for file in (tmp_path / "read").rglob("*.json"):
        file.unlink()
    _use(monkeypatch, paper.reader())
    assert main(command) == 1
    assert "\n! lucasta" in "\n" + capsys.readouterr().out


def test_without_scans_or_without_a_reader_nothing_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scans", "--pages", str(tmp_path)]) == 2
    assert "--collect" in capsys.readouterr().err
    Paper().prose().image.save(tmp_path / "lucasta.png")
    assert [one.name for one in read_scans(tmp_path)] == ["lucasta"]
    _use(monkeypatch, None)
    assert main(["scans", "--pages", str(tmp_path)]) == 2
    assert "headroom-ai[ocr]" in capsys.readouterr().err


FINDING = Finding(
    "p", "print", "book", "document", "words", "balanced", None, Agreement(100, 2, 3, 3, 9, 9), ("preserve", 9, 9)
)


@pytest.mark.parametrize(
    ("finding", "passes"),
    [
        (FINDING, True),
        (replace(FINDING, agrees=Agreement(100, 3, 3, 3, 9, 9)), False),
        (replace(FINDING, agrees=Agreement(100, 0, 3, 2, 9, 9)), False),
        (replace(FINDING, agrees=None), False),
        (replace(FINDING, kind="handwriting"), False),
        (replace(FINDING, kind="handwriting", refused="no", agrees=None), True),
        (replace(FINDING, kind="old type"), True),
    ],
)
def test_what_is_written_down_must_be_right_and_what_cannot_be_read_refused(finding: Finding, passes: bool) -> None:
    assert finding.passed is passes
    assert holds([FINDING, finding]) is passes


def _use(monkeypatch: pytest.MonkeyPatch, reader: Reader | None) -> None:
    monkeypatch.setattr(scans_command, "reader_at_hand", lambda: reader)


def _packed(archive: Path, files: dict[str, bytes], mode: str = "w:gz") -> Path:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, mode.replace("x:", "w:")) as packed:  # type: ignore[call-overload]
        for name, data in files.items():
            told = tarfile.TarInfo(f"top/{name}")
            told.size = len(data)
            packed.addfile(told, BytesIO(data))
    return archive
