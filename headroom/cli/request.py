"""`headroom compress --request FILE`: whole request bodies, and batch files line by line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from headroom.cli.account import Row, Tally, show
from headroom.cli.entries import attachment_entry, image_entry
from headroom.cli.files import reason_of
from headroom.cli.job import Job
from headroom.cli.json_text import respelled
from headroom.cli.reporting import ReportFile
from headroom.cli.terminal import NARROW, complain, errors, json_out, output, printable
from headroom.cli.writing import replacing
from headroom_core.errors import ImageError, InvalidOption
from headroom_core.formats import find, payload_bytes
from headroom_core.formats.walk import body_of
from headroom_core.image import CompressionResult, ImageCompressor

__all__ = ["Errand", "run"]

_LINES: Final = frozenset({".jsonl", ".ndjson"})
_ROWS: Final = 40
"""Pictures of a batch that the table shows; all of them count in its total, in the report and in JSON."""
_BOM: Final = "\ufeff"
_NAMELESS: Final = "it names no model; say --model gpt-4o, or at least --provider openai"


@dataclass(frozen=True, slots=True)
class Errand:
    """Where a request comes from, and what is to be written.

    Attributes:
        source: The file of the request, or `-` for the input stream.
        to: The file to write, or None for the output stream.
        report: The page to write, or None.
        dry_run: Write no request.
        as_json: Print the account as JSON.
    """

    source: Path
    to: Path | None
    report: Path | None
    dry_run: bool
    as_json: bool

    @property
    def silent(self) -> bool:
        """Whether the output stream is free, because the request goes elsewhere."""
        return self.dry_run or self.to is not None


def run(errand: Errand, job: Job) -> int:
    """Compress the request, write it, and print the account; return the exit code.

    Raises:
        InvalidOption: The command was used wrongly, or the file holds no request.
    """
    _check(errand)
    page = ReportFile(errand.report, job) if errand.report else None
    with job.compressor() as compressor, _sink(errand) as write:
        work = _Work(job, compressor, page)
        for piece in _pieces(errand.source, work):
            write(piece)
    if errand.as_json:
        json_out(work.facts)
    else:
        _show(errand, job, work)
    if page:
        page.write()
    return 1 if work.failed else 0


def _check(errand: Errand) -> None:
    if errand.as_json and not errand.silent:
        raise InvalidOption("--json and the request cannot both go to the output stream: add -o FILE or --dry-run")
    if errand.to is not None and errand.to.exists() and errand.source.exists() and errand.to.samefile(errand.source):
        raise InvalidOption(f"{str(errand.to)!r} is the request itself; write to another file")


@dataclass(slots=True)
class _Work:
    """What was done so far."""

    job: Job
    compressor: ImageCompressor
    page: ReportFile | None
    tally: Tally = field(default_factory=Tally)
    shown: list[Row] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    models: dict[str | None, None] = field(default_factory=dict)
    failed: int = 0

    def compressed(self, request: Any, label: str) -> Any:
        """Compress one request and account for it.

        Raises:
            InvalidOption: It is not known what model it is for.
        """
        _, body = body_of(request)
        named = body.get("model")
        model = self.job.model or (named if isinstance(named, str) else None)
        if model is None and self.job.provider is None:
            raise InvalidOption(_NAMELESS)
        done = self.compressor.run(request, self.job.provider, model=model)
        self._account(request, done.result, label, model)
        return done.messages

    def fail(self, name: str, reason: str) -> None:
        """Note what could not be read; it goes on as it came."""
        self.failed += 1
        complain(name, reason)
        if self.page:
            self.page.add_failure(name, reason)

    def _account(self, request: Any, result: CompressionResult, label: str, model: str | None) -> None:
        outcomes, age = result.outcomes, self.job.rule_age(model)
        if outcomes:
            self.models.setdefault(model)
        rows = {one.place: Row.of(f"{label}image {number}", one) for number, one in enumerate(outcomes, 1)}
        for row in rows.values():
            self.tally.add(row.outcome)
            self.facts.append({**image_entry(row.name, row), **age})
        for attachment in result.attachments:
            original = rows[attachment.image]
            self.tally.attach(attachment)
            self.again.append(attachment.words(original.name))
            self.facts.append({**attachment_entry(original.name, attachment, original), **age})
        self.shown += list(rows.values())[: _ROWS - len(self.shown)]
        if self.page and outcomes:
            self._picture(self.page, request, result, label, model)

    def _picture(
        self, page: ReportFile, request: Any, result: CompressionResult, label: str, model: str | None
    ) -> None:
        blocks = {block.place: block for block in find(request)}
        for number, outcome in enumerate(result.outcomes, 1):
            block, same_as = blocks[outcome.place], outcome.decision.same_as
            twin = None if same_as is None else blocks[result.outcomes[same_as].place]
            page.add(
                f"{label}image {number}",
                block.query.text,
                _payload(block),
                outcome,
                model=model,
                attached=tuple(one for one in result.attachments if one.image == outcome.place),
                earlier=None if twin is None or same_as is None else (f"image {same_as + 1}", _payload(twin)),
            )


def _payload(block: Any) -> bytes | None:
    try:
        return payload_bytes(block) if block.payload is not None else None
    except ImageError:
        return b""  # the reason stands in the outcome


def _pieces(source: Path, work: _Work) -> Iterator[bytes]:
    try:
        if source.suffix.lower() in _LINES:
            with source.open("rb") as file:
                yield from (_line(line, number, work) for number, line in enumerate(file, 1))
        else:
            data = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
            yield _document(data, str(source), work)
    except OSError as error:
        raise InvalidOption(f"cannot read {str(source)!r}: {reason_of(error)}") from error


def _line(line: bytes, number: int, work: _Work) -> bytes:
    body = line.rstrip(b"\r\n")
    if not body.strip():
        return line
    try:
        text, request = _parsed(body)
        done = work.compressed(request, f"{_label(request, number)}, ")
    except InvalidOption as error:
        work.fail(f"line {number}", f"{error}; it stays as it is")
        return line
    return line if done is request else respelled(text, request, done).encode() + line[len(body) :]


def _label(request: Any, number: int) -> str:
    for key in ("custom_id", "key"):
        if isinstance(request, dict) and isinstance(request.get(key), str):
            return str(request[key])
    return f"line {number}"


def _document(data: bytes, name: str, work: _Work) -> bytes:
    try:
        text, request = _parsed(data)
        done = _batch(request, work) if _is_batch(request) else work.compressed(request, "")
    except InvalidOption as error:
        raise InvalidOption(f"{name!r}: {error}") from error
    if done is request:
        return data
    bom = _BOM.encode() if data.startswith(_BOM.encode()) else b""
    return bom + respelled(text, request, done).encode()


def _is_batch(request: Any) -> bool:
    """Whether this is the body of Anthropic's `POST /v1/messages/batches`."""
    return isinstance(request, dict) and isinstance(request.get("requests"), list) and "messages" not in request


def _batch(request: dict[str, Any], work: _Work) -> dict[str, Any]:
    lines = request["requests"]
    done = [work.compressed(line, f"{_label(line, number)}, ") for number, line in enumerate(lines, 1)]
    changed = any(new is not old for new, old in zip(done, lines, strict=True))
    return {**request, "requests": done} if changed else request


def _parsed(data: bytes) -> tuple[str, Any]:
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
        request = json.loads(text)
    except UnicodeDecodeError as error:
        raise InvalidOption("it is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise InvalidOption(f"it is not JSON: {error}") from error
    if not isinstance(request, dict | list):
        raise InvalidOption("it is JSON, but no request: expected an object, or a list of messages")
    return text, request


@contextmanager
def _sink(errand: Errand) -> Iterator[Callable[[bytes], object]]:
    if errand.dry_run:
        yield len
    elif errand.to is not None:
        with replacing(errand.to) as file:
            yield file.write
    else:
        sys.stdout.flush()
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()


def _show(errand: Errand, job: Job, work: _Work) -> None:
    console = output() if errand.silent else errors()
    if not work.tally.images:
        console.print("No pictures were looked at; the request stays as it is.")
        return
    show(console, work.shown, work.again[:_ROWS])
    more = work.tally.images - len(work.shown)
    if more:
        console.print(f"… and {more:,} more pictures; --json lists them all.")
    target = job.target(next(iter(work.models))) if len(work.models) == 1 else f"{len(work.models)} models"
    console.print(work.tally.words(target))
    for note in job.notes(work.models):
        console.print(note, soft_wrap=console.width < NARROW)
    if errand.to is not None and not errand.dry_run:
        console.print(f"Written to {printable(str(errand.to))}.", soft_wrap=True)
