"""`headroom compress PATH...`: what would be sent for each picture, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from headroom.cli.account import Row, Tally, show
from headroom.cli.entries import image_entry
from headroom.cli.files import ImageFile, image_files, reason_of
from headroom.cli.job import Job
from headroom.cli.reporting import ReportFile
from headroom.cli.terminal import NARROW, complain, errors, json_out, output
from headroom.cli.writing import make_folder, write_parts
from headroom_core.errors import ImageError, InvalidOption
from headroom_core.image import ImageCompressor, compress_image
from headroom_core.image.header import read_header

__all__ = ["run"]

_MANY: Final = 12
"""From this many files on a bar shows how far it is."""


@dataclass(frozen=True, slots=True)
class _Done:
    file: ImageFile
    row: Row
    media_type: str | None
    written: list[Path | None] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        facts = image_entry(f"{self.file.path}", self.row)
        for key in ("kind", "place", "shape", "turn", "changed", "same_as", "original"):
            del facts[key]
        paths = [str(path) if path else None for path in self.written] or [None] * len(facts["parts"])
        parts = [{**part, "written": path} for part, path in zip(facts["parts"], paths, strict=True)]
        written = next((path for path in paths if path), None)
        return {**facts, "media_type": self.media_type, "written": written, "parts": parts}


def run(paths: list[Path], job: Job, *, folder: Path | None, report: Path | None, as_json: bool) -> int:
    """Print the decisions, write the pictures and the report; return the exit code.

    Raises:
        InvalidOption: The command was used wrongly.
    """
    files = _checked(paths, job, folder)
    page = ReportFile(report, job) if report else None
    with job.compressor() as compressor:
        if folder:
            make_folder(folder)
        done = list(_compress_all(files, job, compressor, folder, page, quiet=as_json))
    if as_json:
        json_out([{**one.as_dict(), **job.rule_age()} for one in done])
    elif done:
        _show(done, job, folder)
    if page:
        page.write()
    return 0 if len(done) == len(files) else 1


def _checked(paths: list[Path], job: Job, folder: Path | None) -> list[ImageFile]:
    if job.model is None and job.provider is None:
        raise InvalidOption("say what the pictures are for: --model gpt-4o, or at least --provider openai")
    if not paths:
        raise InvalidOption(
            "name an image file or a folder: headroom compress photo.jpg -q 'What is this?' --model gpt-4o"
        )
    return image_files(paths, without=folder)


def _compress_all(
    files: list[ImageFile],
    job: Job,
    compressor: ImageCompressor,
    folder: Path | None,
    page: ReportFile | None,
    *,
    quiet: bool,
) -> Iterator[_Done]:
    columns = (TextColumn("compressing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = errors()
    hidden = quiet or len(files) < _MANY or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        for file in progress.track(files):
            done = _compress(file, job, compressor, folder, page)
            if isinstance(done, _Done):
                yield done
            else:
                complain(file.name, done, console=progress.console)
                if page:
                    page.add_failure(file.name, done)


def _compress(
    file: ImageFile, job: Job, compressor: ImageCompressor, folder: Path | None, page: ReportFile | None
) -> _Done | str:
    """Compress one file; the reason where that failed."""
    try:
        data = file.path.read_bytes()
        read_header(data)  # a text file, a PDF or an empty file is no picture that could be sent
        image = compress_image(data, job.question, model=job.model, provider=job.provider, compressor=compressor)
        written = write_parts(image, file.inside, folder) if folder else []
    except OSError as error:
        return reason_of(error)
    except ImageError as error:
        return str(error).removeprefix("left alone: ")
    if page:
        page.add(file.name, job.question, data, image.outcome)
    return _Done(file, Row.of(file.name, image.outcome), image.media_type, written)


def _show(done: list[_Done], job: Job, folder: Path | None) -> None:
    tally, console = Tally(), output()
    for one in done:
        tally.add(one.row.outcome)
    show(console, [one.row for one in done])
    console.print(tally.words(job.target()))
    for note in job.notes():
        console.print(note, soft_wrap=console.width < NARROW)
    if folder:
        console.print(f"Written to {folder}.", soft_wrap=True)
