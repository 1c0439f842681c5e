"""Results written to disk, in place of nothing that is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from headroom.cli.files import reason_of
from headroom_core.blocks import Picture, Text
from headroom_core.errors import InvalidOption
from headroom_core.image import CompressedImage
from headroom_core.image.sent import Form, sent_parts

__all__ = ["make_folder", "replacing", "write_parts"]

_SUFFIXES: Final = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
}


def make_folder(folder: Path) -> None:
    """Make a folder for results, with its parents.

    Raises:
        InvalidOption: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidOption(f"cannot make the folder {str(folder)!r}: {reason_of(error)}") from error


def write_parts(image: CompressedImage, inside: Path, folder: Path) -> list[Path | None]:
    """Write what is sent for a picture at its place inside a folder, and return where: None for a note.

    A picture that is sent whole keeps its name, which ends as its bytes are; a part is called `NAME-part`, the overview
    beside it `NAME-overview`, and text that was read `NAME.txt`. A file that is there already stays: with the same
    bytes it serves, else the new one gets a number.

    Raises:
        OSError: It cannot be written.
    """
    written: list[Path | None] = []
    for part, form in zip(image.parts, _forms(image), strict=True):
        if isinstance(part, Text):
            text = folder / inside.with_suffix(".txt")
            written.append(_write(text, f"{part.text}\n".encode()) if form is Form.TEXT else None)
        else:
            path = folder / inside.with_suffix(_suffix(part, inside))
            named = path if form is Form.WHOLE else path.with_stem(f"{path.stem}-{form.value}")
            written.append(_write(named, part.data or b""))
    return written


def _forms(image: CompressedImage) -> tuple[Form, ...]:
    if image.outcome.replacement is None:
        return (Form.WHOLE,)
    return tuple(part.form for part in sent_parts(image.outcome))


def _suffix(picture: Picture, inside: Path) -> str:
    suffixes = _SUFFIXES.get(picture.media_type or "", (inside.suffix,))
    return inside.suffix if inside.suffix.lower() in suffixes else suffixes[0]


def _write(first: Path, data: bytes) -> Path:
    first.parent.mkdir(parents=True, exist_ok=True)
    for path in _numbered(first):
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            if not (path.is_file() and path.read_bytes() == data):
                continue
        return path
    raise AssertionError("numbers do not end")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes the place of `path` only once it is complete.

    Raises:
        InvalidOption: It cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        file = NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115 - it outlives this block
    except OSError as error:
        raise InvalidOption(f"cannot write {str(path)!r}: {reason_of(error)}") from error
    try:
        with file:
            yield file
        Path(file.name).chmod(0o666 & ~_umask())
        Path(file.name).replace(path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_stem(f"{path.stem}-{number}")
        number += 1


def _umask() -> int:
    # There is no way to ask without setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
