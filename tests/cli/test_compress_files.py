"""`headroom compress PATH...`."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from headroom_core.tokens import resolve
from tests.cli.conftest import GIST, Headroom
from tests.core.pictures import as_data_url

CLAUDE = ("-m", "claude-opus-5-5")


def test_each_picture_gets_a_line_with_its_decision_and_its_reason(
    headroom: Headroom, photo: Path, letter: Path
) -> None:
    ran = headroom("compress", photo, letter, "-q", GIST, *CLAUDE)
    assert ran.code == 0
    assert ran.err == ""
    words = ran.out.split()
    assert {"photo.jpg", "full_low", "letter.png", "preserve"} <= set(words)
    assert "1 of 2 left alone." in ran.out


@pytest.mark.parametrize("columns", [40, 60, 72, 80, 140])
def test_nothing_is_wider_than_the_terminal(headroom: Headroom, photo: Path, letter: Path, columns: int) -> None:
    long = letter.rename(letter.with_name(f"{'a long name of a picture ' * 3}.png"))
    ran = headroom("compress", photo, long, "-q", GIST, *CLAUDE, columns=columns)
    assert max(len(line.rstrip()) for line in ran.out.splitlines()) <= columns
    assert "1 of 2 left alone." in " ".join(ran.out.split())


def test_the_same_run_prints_the_same_text(headroom: Headroom, photo: Path, letter: Path) -> None:
    runs = {headroom("compress", photo, letter, "-q", GIST, *CLAUDE).out for _ in range(2)}
    assert len(runs) == 1


def test_names_that_look_like_markup_or_move_the_cursor_are_shown_as_text(
    headroom: Headroom, tmp_path: Path, photo_bytes: bytes
) -> None:
    (tmp_path / "[red]bold :smile:.jpg").write_bytes(photo_bytes)
    (tmp_path / "x\x1b[31m\n.jpg").write_bytes(photo_bytes)
    ran = headroom("compress", tmp_path, "-q", GIST, *CLAUDE, columns=200)
    assert "[red]bold :smile:.jpg" in ran.out
    assert "x�[31m�.jpg" in ran.out
    assert "\x1b" not in ran.out


def test_files_of_one_name_in_two_folders_are_told_apart(
    headroom: Headroom, tmp_path: Path, photo_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "b"):
        Path(folder).mkdir()
        Path(folder, "same.jpg").write_bytes(photo_bytes)
    ran = headroom("compress", "a", "b", "-q", GIST, *CLAUDE)
    assert "a/same.jpg" in ran.out
    assert "b/same.jpg" in ran.out


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.png", b"", "there are no bytes"),
        ("note.txt", b"a note", "not a PNG, JPEG, GIF or WebP file"),
        ("deed.pdf", b"%PDF-1.7", "PDF, not PNG, JPEG, GIF or WebP"),
        ("cut.png", b"\x89PNG\r\n\x1a\n", "the file ends inside its header"),
    ],
)
def test_what_is_no_picture_fails_with_its_reason_and_the_rest_goes_on(
    headroom: Headroom, tmp_path: Path, photo: Path, name: str, content: bytes, reason: str
) -> None:
    other = tmp_path / name
    other.write_bytes(content)
    ran = headroom("compress", other, photo, "-q", GIST, *CLAUDE, "-o", tmp_path / "out")
    assert ran.code == 1
    assert ran.err == f"{name}: {reason}\n"
    assert "photo.jpg" in ran.out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["photo.jpg"]


def test_a_file_that_cannot_be_read_fails_with_its_reason(headroom: Headroom, tmp_path: Path, photo: Path) -> None:
    unreadable = Path("/proc/self/mem")  # reading it from its start fails, for every user
    ran = headroom("compress", unreadable, photo, "-q", GIST, *CLAUDE)
    assert (ran.code, ran.err) == (1, "mem: input/output error\n")
    assert "photo.jpg" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name an image file or a folder"),
        (("--provider", "nobody"), "--provider 'nobody' is not known"),
        (("nothing.jpg",), "there is no file 'nothing.jpg'"),
        (("empty",), "the folder 'empty' holds no image"),
        (("photo.jpg", "--policy", "wild"), "policy='wild' is not known"),
        (("photo.jpg", "-o", "photo.jpg"), "cannot make the folder 'photo.jpg': file exists"),
        (("photo.jpg", "--report", "empty"), "cannot write the report to 'empty': it is a folder"),
        (("photo.jpg", "--report", "photo.jpg/x.html"), "cannot make the folder 'photo.jpg'"),
    ],
)
def test_wrong_use_is_one_line_on_the_error_stream_and_exits_with_2(
    headroom: Headroom, photo: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(photo.parent)
    Path("empty").mkdir()
    arguments = ("photo.jpg", *arguments) if "--provider" in arguments else (*arguments, *CLAUDE)
    ran = headroom("compress", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"headroom: {words}")
    assert ran.err.count("\n") == 1


def test_a_job_for_nobody_is_wrong_use(headroom: Headroom, photo: Path) -> None:
    ran = headroom("compress", photo)
    assert (ran.code, ran.err) == (
        2,
        "headroom: say what the pictures are for: --model gpt-4o, or at least --provider openai\n",
    )


def test_a_provider_alone_says_what_is_counted(headroom: Headroom, photo: Path) -> None:
    assert "google, counted as gemini-" in headroom("compress", photo, "--provider", "google").out


def test_json_is_all_that_stands_on_the_output_stream(headroom: Headroom, photo: Path, letter: Path) -> None:
    ran = headroom("compress", photo, letter, letter.with_name("photo.jpg"), "-q", GIST, *CLAUDE, "--json")
    facts = json.loads(ran.out)
    assert [Path(one["image"]).name for one in facts] == ["photo.jpg", "letter.png"]
    assert facts[0]["tokens_before"] > facts[0]["tokens_after"]
    assert facts[1]["technique"] == "preserve"
    assert facts[1]["reason"]


class TestWriting:
    """`-o FOLDER`."""

    def test_pictures_that_stay_are_written_byte_for_byte(self, headroom: Headroom, photo: Path, letter: Path) -> None:
        out = photo.parent / "new" / "folder"
        headroom("compress", photo, letter, "-q", GIST, *CLAUDE, "-o", out)
        assert (out / "letter.png").read_bytes() == letter.read_bytes()
        assert 0 < len((out / "photo.jpg").read_bytes()) < len(photo.read_bytes())

    def test_the_source_is_never_overwritten(self, headroom: Headroom, photo: Path, letter: Path) -> None:
        before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (photo, letter)}
        headroom("compress", photo, letter, "-q", GIST, *CLAUDE, "-o", photo.parent)
        assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
        assert (photo.parent / "photo-2.jpg").exists()
        assert not (photo.parent / "letter-2.png").exists()

    def test_no_result_takes_the_place_of_another(
        self, headroom: Headroom, tmp_path: Path, photo_bytes: bytes, page_bytes: bytes
    ) -> None:
        for folder, content in (("a", photo_bytes), ("b", page_bytes)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "same.png").write_bytes(content)
        out = tmp_path / "out"
        ran = headroom(
            "compress",
            tmp_path / "a/same.png",
            tmp_path / "b/same.png",
            *CLAUDE,
            "--policy",
            "off",
            "-o",
            out,
            "--json",
        )
        written = [Path(one["written"]).read_bytes() for one in json.loads(ran.out)]
        assert written == [photo_bytes, page_bytes]
        assert len(list(out.iterdir())) == 2

    def test_folders_keep_their_shape(self, headroom: Headroom, tmp_path: Path, page_bytes: bytes) -> None:
        for folder in ("one", "one/two"):
            (tmp_path / "in" / folder).mkdir(parents=True)
            (tmp_path / "in" / folder / "same.png").write_bytes(page_bytes)
        out = tmp_path / "out"
        headroom("compress", tmp_path / "in", *CLAUDE, "-o", out)
        assert sorted(str(path.relative_to(out)) for path in out.rglob("*.png")) == ["one/same.png", "one/two/same.png"]

    def test_results_inside_the_folder_are_no_new_pictures(self, headroom: Headroom, photo: Path) -> None:
        here = photo.parent
        runs = [headroom("compress", here, "-q", GIST, *CLAUDE, "-o", here / "out", "--json") for _ in range(2)]
        assert [len(json.loads(ran.out)) for ran in runs] == [1, 1]
        assert [path.name for path in (here / "out").iterdir()] == ["photo.jpg"]

    def test_a_dry_run_writes_nothing(self, headroom: Headroom, photo: Path) -> None:
        ran = headroom("compress", photo, "-q", GIST, *CLAUDE, "-o", photo.parent / "out", "--dry-run")
        assert ran.code == 0
        assert not (photo.parent / "out").exists()


def test_hundreds_of_files_leave_the_error_stream_empty(headroom: Headroom, tmp_path: Path, page_bytes: bytes) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.png").write_bytes(page_bytes)
    ran = headroom("compress", folder, "-q", "What is the total?", *CLAUDE)
    assert (ran.code, ran.err) == (0, "")
    assert "300 of 300 left alone." in ran.out


def test_a_rule_read_over_a_year_ago_is_noted_under_the_table_and_in_json(
    headroom: Headroom, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = tmp_path / "request.json"
    content = [{"type": "image_url", "image_url": {"url": as_data_url(photo.read_bytes())}}]
    request.write_text(json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}))
    runs = (("compress", photo, "-m", "gpt-4o"), ("compress", "--request", request, "--dry-run"))
    fresh = [headroom(*run).out for run in runs]
    assert not any("over a year ago" in out for out in fresh)

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2031, 1, 1, tzinfo=tz)

    monkeypatch.setattr("headroom.cli.job.datetime", Later)
    as_of = resolve("gpt-4o").as_of
    for run in runs:
        assert f"gpt-4o: its rule was read on {as_of}, over a year ago" in " ".join(headroom(*run).out.split())
        (fact,) = json.loads(headroom(*run, "--json").out)
        assert (fact["as_of"], fact["stale"]) == (as_of, True)
    report = tmp_path / "report.html"
    headroom("compress", photo, "-m", "gpt-4o", "--report", report)
    assert "more than a year ago: check it" in report.read_text()
