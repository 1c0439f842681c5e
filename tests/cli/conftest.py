"""The command run as a user runs it, and pictures to run it on."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from headroom.cli import main
from tests.core.pictures import as_bytes, page, scene

GIST = "What is in this picture?"


@dataclass(frozen=True)
class Ran:
    """What one run of the command left."""

    code: int
    out: str
    err: str


Headroom = Callable[..., Ran]


@pytest.fixture
def headroom(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Headroom:
    """Runs `headroom ARGUMENTS` in a terminal of so many columns that shows no colour."""

    def run(*arguments: str | Path, columns: int = 80, stdin: bytes = b"") -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["headroom", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsysbinary.readouterr()
        return Ran(int(ended.value.code or 0), out.decode(), err.decode())

    return run


@pytest.fixture(scope="session")
def photo_bytes() -> bytes:
    """A photo without text, of 1600x1200."""
    return as_bytes(scene())


@pytest.fixture(scope="session")
def page_bytes() -> bytes:
    """A page of small text, of 1240x1754."""
    return as_bytes(page(font_px=12), "PNG")


@pytest.fixture
def photo(tmp_path: Path, photo_bytes: bytes) -> Path:
    """A photo of 1600x1200 as a file."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo_bytes)
    return path


@pytest.fixture
def letter(tmp_path: Path, page_bytes: bytes) -> Path:
    """A page of small text as a file."""
    path = tmp_path / "letter.png"
    path.write_bytes(page_bytes)
    return path
