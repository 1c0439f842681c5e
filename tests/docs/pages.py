"""The pages of the documentation: their text, their code, their links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SNIPPET = re.compile(r'^--8<-- "([^"]+)"$', re.MULTILINE)

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_RUNNABLE = re.compile(r"^<!-- run -->\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def pages() -> list[Path]:
    """The README and every page, as far as they stand beside these tests."""
    return [page for page in (ROOT / "README.md", *sorted(DOCS.rglob("*.md"))) if page.exists()]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The text without its code: what stands in a fence is no link, no heading, and no example to compare."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def sessions(page: Path) -> str:
    """The interactive sessions of a page, in fences or bare, as one text."""
    fenced = (code for language, code in _FENCE.findall(page.read_text(encoding="utf-8")) if language == "pycon")
    return "\n".join((*fenced, prose(page)))


def runnable(page: Path) -> str | None:
    """The examples marked `<!-- run -->` as one program, for a later one may use the names of an earlier one."""
    found = _RUNNABLE.findall(page.read_text(encoding="utf-8"))
    return "\n".join(found) or None


def python_blocks(page: Path) -> Iterator[str]:
    """Every block of Python, marked or not."""
    return (code for language, code in _FENCE.findall(page.read_text(encoding="utf-8")) if language == "python")


def links(page: Path) -> list[str]:
    """The targets of all links within the repository."""
    text = prose(page) if page.suffix == ".md" else page.read_text(encoding="utf-8")
    return [target for target in _LINK.findall(text) if "://" not in target and not target.startswith("mailto:")]


def anchors(page: Path) -> set[str]:
    """The anchors of all headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in _HEADING.findall(prose(page))
    }
