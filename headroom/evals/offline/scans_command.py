"""`python -m headroom.evals scans`: what is transcribed of real scans, and whether it says what they say."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from statistics import median

from headroom.evals.offline.fetching import MissingTool
from headroom.evals.offline.forms import opened
from headroom.evals.offline.keeping import KeptReader
from headroom.evals.offline.scans import Scanned, collect_scans, read_scans, scans_folder, scans_manifest
from headroom.evals.offline.scans_judged import Agreement, agreement
from headroom_core.blocks import Query
from headroom_core.errors import HeadroomError
from headroom_core.image import ImageCompressor, Needs
from headroom_core.image.policy import THRESHOLDS, Policy
from headroom_core.image.reading import Refusal, Transcript, reader_at_hand, transcribe
from headroom_core.image.signals import glancer_at_hand, measure

__all__ = ["Finding", "add_arguments", "holds", "run"]

PASSED, FAILED, UNREADABLE = 0, 1, 2
MOST_ERRORS = 0.02
"""What a transcript may get wrong of the characters."""
_READ = ("print", "table")
_POLICIES = ("balanced", "aggressive")
_QUESTIONS = {"words": "What does it say?", "exact": "Copy every number of it."}


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a scan.

    Attributes:
        scan: Its name.
        kind: Its kind, see `Scanned`.
        group: What it is.
        seen: What the engine takes the picture for.
        asked: `words`, or `exact` where exact strings are asked for.
        policy: Under which policy: it says how sure the lines must be.
        refused: Why it is not transcribed, or None.
        agrees: How the transcript agrees with the truth; None where there is no transcript or no truth.
        sent: What the rule sends, and its tokens before and after.
    """

    scan: str
    kind: str
    group: str
    seen: str
    asked: str
    policy: str
    refused: str | None
    agrees: Agreement | None
    sent: tuple[str, int, int]

    @property
    def passed(self) -> bool:
        """Whether it may be so: what cannot be read is refused; what is written down is right, with all numbers."""
        if self.refused is not None:
            return True
        agrees = self.agrees
        return (
            self.kind in (*_READ, "old type")
            and agrees is not None
            and agrees.cer <= MOST_ERRORS
            and agrees.kept == agrees.numbers
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--pages", type=Path, metavar="DIR", help="where the scans lie; the user's cache if none")
    parser.add_argument("--collect", action="store_true", help="fetch the packages and take the scans out of them")
    parser.add_argument("--manifest", type=Path, metavar="TSV", help="write what the scans are, with their licences")
    parser.add_argument("--only", action="append", metavar="NAME", help="a scan; may be given several times")
    parser.add_argument("--model", default="gpt-4o", help="the model that the rule sends to")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the findings as JSON")


def run(asked: argparse.Namespace) -> int:
    """Run the command; returns 0, 1 if a transcript is wrong, 2 if there are no scans or no reader."""
    try:
        findings = list(_findings(asked))
    except (OSError, HeadroomError) as error:
        sys.stderr.write(f"{error}\n")
        return UNREADABLE
    sys.stdout.write(_as_text(findings))
    if asked.json is not None:
        asked.json.write_text(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1), "utf-8")
    return PASSED if holds(findings) else FAILED


def holds(findings: Sequence[Finding]) -> bool:
    """Whether no transcript is wrong."""
    return all(one.passed for one in findings)


def _findings(asked: argparse.Namespace) -> Iterator[Finding]:
    folder = asked.pages or scans_folder()
    if asked.collect or not folder.is_dir():
        collect_scans(folder, report=lambda line: sys.stderr.write(f"{line}\n"))
    scans = [one for one in read_scans(folder) if asked.only is None or one.name in asked.only]
    if not scans:
        raise MissingTool("there are no such scans: collect them with --collect")
    if asked.manifest is not None:
        asked.manifest.write_text(scans_manifest(scans), "utf-8")
    found = reader_at_hand()
    if found is None:
        raise MissingTool("no reader is installed: pip install 'headroom-ai[ocr]'")
    reader = KeptReader(found, folder / "read")
    engines = _engines(reader)
    for number, one in enumerate(scans, 1):
        picture = opened(one.picture)
        seen = measure(picture, glance=glancer_at_hand())
        for question, policy in product(_QUESTIONS, _POLICIES):
            needed = THRESHOLDS[Policy(policy)].reading_confidence
            exact = question == "exact"
            answer = transcribe(picture, seen, reader, digits=exact, structure=False, min_confidence=needed)
            sent = _sent(one, question, engines[policy], asked.model)
            yield _finding(one, str(seen.kind), question, policy, answer, sent)
        sys.stderr.write(f"{number}/{len(scans)} {one.name}\n")


def _finding(
    scan: Scanned, seen: str, asked: str, policy: str, answer: Transcript | Refusal, sent: tuple[str, int, int]
) -> Finding:
    told = scan.name, scan.kind, scan.group, seen, asked, policy
    if not isinstance(answer, Transcript):
        return Finding(*told, answer.reason, None, sent)
    return Finding(*told, None, agreement(answer.text, scan.lines) if scan.lines else None, sent)


class _Told:
    """A router that knows what the two questions need."""

    def route(self, query: Query) -> Needs:
        """Return the needs of the question."""
        digits = float(query.text == _QUESTIONS["exact"])
        return Needs(
            text=1.0, digits=digits, structure=0.0, detail=0.0, count=0.0, region=0.0, gist=0.0, coordinates=0.0,
            compare=0.0, none=0.0,
        )  # fmt: skip


def _engines(reader: KeptReader) -> dict[str, ImageCompressor]:
    """The engine under each policy."""
    return {
        policy: ImageCompressor(router=_Told(), policy=policy, use_siglip=False, read_text=reader)
        for policy in _POLICIES
    }


def _sent(scan: Scanned, asked: str, engine: ImageCompressor, model: str) -> tuple[str, int, int]:
    outcome = engine.outcome_of(scan.picture, Query(text=_QUESTIONS[asked]), model=model)
    before = outcome.tokens_before or 0
    return outcome.technique.value, before, before if outcome.tokens_after is None else outcome.tokens_after


def _as_text(findings: Sequence[Finding]) -> str:
    rows = [_row(one) for one in findings]
    kinds = dict.fromkeys((one.policy, one.asked, one.kind) for one in findings)
    groups = [_sum(kind, [one for one in findings if (one.policy, one.asked, one.kind) == kind]) for kind in kinds]
    return "\n".join([*rows, "", *groups, ""])


def _row(one: Finding) -> str:
    came = one.refused or "transcribed"
    if one.refused is None and one.agrees is not None:
        a = one.agrees
        came = f"CER {a.cer:.2%}, numbers {a.kept}/{a.numbers}, lines {a.found}/{a.lines}"
    what, before, after = one.sent
    mark = "  " if one.passed else "! "
    known = f"{one.scan:24}{one.kind:13}{one.seen:11}{one.asked:6}{one.policy:11}"
    return f"{mark}{known}{came} | {what} {before}>{after}"


def _sum(kind: tuple[str, str, str], findings: Sequence[Finding]) -> str:
    written = [one for one in findings if one.refused is None]
    agreed = [one.agrees for one in written if one.agrees is not None]
    wrong = sum(not one.passed for one in findings)
    said = f"{', '.join(kind)}: {len(written)} of {len(findings)} transcribed, {wrong} wrong"
    if not agreed:
        return said
    numbers = f"{sum(a.kept for a in agreed)}/{sum(a.numbers for a in agreed)}"
    errors = [one.cer for one in agreed]
    return f"{said}; CER {median(errors):.2%} median, {max(errors):.2%} worst; numbers {numbers}"
