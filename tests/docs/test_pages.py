"""The pages are up to date, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, SNIPPET, anchors, links, name, pages


def test_generated_tables_are_up_to_date() -> None:
    checked = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert checked.returncode == 0, checked.stderr


def test_a_stale_table_is_noticed(tmp_path: Path) -> None:
    copy = tmp_path / "docs"
    copy.mkdir()
    for file in (DOCS / "generate.py", DOCS / "decision.md"):
        (copy / file.name).write_text(file.read_text(encoding="utf-8").replace("| 512 |", "| 511 |"), encoding="utf-8")
    command = [sys.executable, str(copy / "generate.py")]
    checked = subprocess.run([*command, "--check"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert checked.returncode == 1
    assert "decision.md" in checked.stderr
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120)
    assert (copy / "decision.md").read_text(encoding="utf-8") == (DOCS / "decision.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*pages(), DOCS / "llms.txt"], ids=name)
def test_every_link_within_the_repository_resolves(page: Path) -> None:
    lost = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_no_link_leads_out_of_the_site(page: Path) -> None:
    outside = [
        target for target in links(page) if not (page.parent / target.partition("#")[0]).resolve().is_relative_to(DOCS)
    ]
    assert outside == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_every_included_file_exists(page: Path) -> None:
    included = SNIPPET.findall(page.read_text(encoding="utf-8"))
    assert [file for file in included if not (ROOT / file).is_file()] == []


def test_the_navigation_lists_every_page() -> None:
    listed = re.findall(r"(\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
    told = {target.partition("#")[0] for target in links(DOCS / "llms.txt")}
    assert told == set(listed)
