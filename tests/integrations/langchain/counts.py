"""Prints what LangChain's standard suites say of each model class, bare and wrapped.

python -m tests.integrations.langchain.counts
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

SUITE = Path(__file__).parent / "test_standard.py"


class Counts:
    """Counts the outcomes of each class of tests."""

    def __init__(self) -> None:
        self.by_class: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in one test: its call, or a skip or an error before it."""
        if report.when == "call" or report.outcome != "passed":
            self.by_class[report.nodeid.split("::")[1]][report.outcome] += 1


def main() -> int:
    """Run the suites and print a line a class."""
    counts = Counts()
    status = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", str(SUITE)], plugins=[counts])
    print(f"\n{'suite':44} passed  failed  skipped")
    for name, found in sorted(counts.by_class.items()):
        print(f"{name:44} {found['passed']:6}  {found['failed']:6}  {found['skipped']:7}")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
