"""What the documentation shows is run."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, name, pages, python_blocks, runnable, sessions

WITH_SESSIONS = [page for page in pages() if ">>> " in sessions(page)]
WITH_PROGRAMS = [page for page in pages() if runnable(page)]


def test_there_are_examples_to_run() -> None:
    assert len(WITH_SESSIONS) >= 3
    assert len(WITH_PROGRAMS) >= 4


@pytest.mark.parametrize("page", WITH_SESSIONS, ids=name)
def test_a_session_shows_what_python_answers(page: Path) -> None:
    examples = doctest.DocTestParser().get_doctest(sessions(page), {}, name(page), str(page), 0)
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert results.attempted > 0
    assert results.failed == 0, "".join(said)


@pytest.mark.parametrize("page", WITH_PROGRAMS, ids=name)
def test_a_program_runs(page: Path) -> None:
    program = runnable(page)
    assert program is not None
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", [page for page in pages() if any(python_blocks(page))], ids=name)
def test_every_block_of_python_imports_names_that_exist(page: Path) -> None:
    for block in python_blocks(page):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("headroom", "tests.")):
                module = import_module(node.module or "")
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []
