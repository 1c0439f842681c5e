"""The command itself: how it is started, and what it says of itself."""

from __future__ import annotations

import subprocess
import sys

import headroom as package
from tests.cli.conftest import Headroom


def test_the_module_is_the_command(headroom: Headroom) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "headroom", "tokens", "--size", "1024x1024", "-m", "gpt-4o"],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert "765" in ran.stdout.decode()


def test_a_terminal_without_arrows_gets_question_marks() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "headroom", "tokens", "--size", "8x8", "-m", "gpt-4o"],
        capture_output=True, check=False, timeout=60, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"8?8" in ran.stdout


def test_the_version_is_printed(headroom: Headroom) -> None:
    assert headroom("--version").out == f"headroom {package.__version__}\n"


def test_without_a_command_the_help_is_shown(headroom: Headroom) -> None:
    ran = headroom()
    assert "compress" in ran.out + ran.err
    assert "tokens" in ran.out + ran.err


def test_an_option_that_is_none_exits_with_2(headroom: Headroom) -> None:
    ran = headroom("compress", "--bogus")
    assert ran.code == 2
    assert "No such option" in ran.err
    assert "Traceback" not in ran.err


def test_without_its_extra_the_command_says_what_to_install(headroom: Headroom, monkeypatch: object) -> None:
    program = "import sys; sys.modules['typer'] = None; from headroom.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert b"needs the extra [cli]" in ran.stderr
    assert b"Traceback" not in ran.stderr
