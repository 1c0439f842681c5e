"""Files are opened only below the allowed directories, whatever path is asked for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from headroom_core.errors import InvalidOption
from headroom_mcp.files import AllowedFiles, FileRefused

NO_PROC = Path("/no/such/place")
REFUSAL = "no such image: only PNG, JPEG, GIF and WebP files up to 20 MB inside the allowed directories can be opened"


@pytest.fixture(params=["with /proc", "without /proc"])
def files(request: pytest.FixtureRequest, allowed: Path) -> AllowedFiles:
    return AllowedFiles([allowed]) if request.param == "with /proc" else AllowedFiles([allowed], open_files=NO_PROC)


def refuses(files: AllowedFiles, path: str | Path) -> None:
    with pytest.raises(FileRefused) as caught:
        files.read(str(path))
    # The same words for everything: nothing tells absent from forbidden, and no path is repeated.
    assert str(caught.value) == REFUSAL


def test_an_image_in_an_allowed_directory_is_read(files: AllowedFiles, allowed: Path, photo: bytes) -> None:
    assert files.read(str(allowed / "photo.png")) == photo


def test_a_relative_path_is_looked_for_in_the_allowed_directories(files: AllowedFiles, photo: bytes) -> None:
    assert files.read("photo.png") == photo


def test_a_subdirectory_is_allowed(files: AllowedFiles, allowed: Path, photo: bytes) -> None:
    (allowed / "deep" / "er").mkdir(parents=True)
    (allowed / "deep" / "er" / "one.png").write_bytes(photo)
    assert files.read("deep/er/one.png") == photo


def test_dots_that_stay_inside_are_allowed(files: AllowedFiles, allowed: Path, photo: bytes) -> None:
    assert files.read(f"{allowed}/../{allowed.name}/photo.png") == photo


def test_an_allowed_directory_may_itself_be_reached_by_a_link(tmp_path: Path, allowed: Path, photo: bytes) -> None:
    (tmp_path / "alias").symlink_to(allowed)
    assert AllowedFiles([tmp_path / "alias"]).read(str(tmp_path / "alias" / "photo.png")) == photo


@pytest.mark.parametrize(
    "path",
    [
        "../pictures-secret/photo.png",
        "./../pictures-secret/photo.png",
        "x/../../pictures-secret/photo.png",
        "..%2fpictures-secret%2fphoto.png",
        "%2e%2e/pictures-secret/photo.png",
        "..\\pictures-secret\\photo.png",
        "photo.png\0.txt",
        "\0",
        "",
        ".",
        "absent.png",
        "~/photo.png",
        "/etc/passwd",
        "/dev/zero",
        "/dev/stdin",
        "/dev/fd/0",
        "/proc/self/environ",
        "/proc/self/mem",
        "/proc/self/root/etc/passwd",
        "/proc/self/fd/0",
        "x" * 5000,
        "\ud800",
        "file:///etc/passwd",
    ],
)
def test_an_escape_is_refused(files: AllowedFiles, path: str) -> None:
    refuses(files, path)


def test_a_sibling_whose_name_begins_alike_is_refused(files: AllowedFiles, tmp_path: Path) -> None:
    refuses(files, tmp_path / "pictures-secret" / "photo.png")


def test_a_link_to_a_file_outside_is_refused(files: AllowedFiles, allowed: Path, tmp_path: Path) -> None:
    (allowed / "link.png").symlink_to(tmp_path / "pictures-secret" / "photo.png")
    refuses(files, "link.png")


def test_a_link_to_a_file_inside_is_refused_as_well(files: AllowedFiles, allowed: Path) -> None:
    (allowed / "link.png").symlink_to(allowed / "photo.png")
    refuses(files, "link.png")


def test_a_linked_directory_is_refused(files: AllowedFiles, allowed: Path, tmp_path: Path) -> None:
    (allowed / "door").symlink_to(tmp_path / "pictures-secret")
    refuses(files, "door/photo.png")


def test_dots_after_a_linked_directory_are_refused(files: AllowedFiles, allowed: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures-secret" / "inner").mkdir()
    (allowed / "door").symlink_to(tmp_path / "pictures-secret" / "inner")
    refuses(files, "door/../photo.png")


def test_a_pipe_is_refused_and_does_not_block(files: AllowedFiles, allowed: Path) -> None:
    os.mkfifo(allowed / "pipe.png")
    refuses(files, "pipe.png")


def test_a_socket_is_refused(files: AllowedFiles, allowed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(allowed)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.png")
        refuses(files, "s.png")


def test_a_directory_is_refused(files: AllowedFiles, allowed: Path) -> None:
    (allowed / "album.png").mkdir()
    refuses(files, "album.png")


def test_a_sparse_file_of_5_gb_is_refused_unread(files: AllowedFiles, allowed: Path, photo: bytes) -> None:
    with (allowed / "huge.png").open("wb") as file:
        file.write(photo)
        file.truncate(5 * 2**30)
    refuses(files, "huge.png")


@pytest.mark.parametrize(
    "content", [b"", b"root:x:0:0:root", b"<svg xmlns='x'/>", b"%PDF-1.7", b"RIFF\0\0\0\0WAVEfmt "]
)
def test_a_file_that_is_no_image_is_refused(files: AllowedFiles, allowed: Path, content: bytes) -> None:
    (allowed / "renamed.png").write_bytes(content)
    refuses(files, "renamed.png")


def test_a_file_that_may_not_be_read_is_refused(files: AllowedFiles, allowed: Path) -> None:
    (allowed / "locked.png").write_bytes(b"not an image: root reads it all the same")
    (allowed / "locked.png").chmod(0)
    refuses(files, "locked.png")


def test_a_hard_link_is_a_file_of_the_directory_that_holds_it(
    files: AllowedFiles, allowed: Path, tmp_path: Path, photo: bytes
) -> None:
    os.link(tmp_path / "pictures-secret" / "photo.png", allowed / "hard.png")
    assert files.read("hard.png") == photo


def test_a_path_that_leads_elsewhere_after_it_was_opened_is_refused(
    allowed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a view of open files the path is asked again; a swap in between must not help."""
    outside, inside = tmp_path / "pictures-secret" / "photo.png", allowed / "photo.png"
    real_open = os.open

    def swapped(path: str, flags: int) -> int:
        return real_open(outside, flags) if path == str(inside) else real_open(path, flags)

    monkeypatch.setattr("headroom_mcp.files.os.open", swapped)
    for files in (AllowedFiles([allowed]), AllowedFiles([allowed], open_files=NO_PROC)):
        refuses(files, inside)


def test_no_file_is_left_open(files: AllowedFiles, allowed: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    files.read("photo.png")
    refuses(files, "absent.png")
    refuses(files, "/etc/passwd")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_allowed_directory_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="no such directory"):
        AllowedFiles([tmp_path / "absent"])
