"""The image files that a command line names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from headroom_core.errors import InvalidOption

__all__ = ["SUFFIXES", "ImageFile", "image_files", "reason_of"]

SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file to look at.

    Attributes:
        path: Where it lies.
        inside: Its path from the folder that was named, or its bare name: what it is called where results are written.
        name: The shortest name that tells it from the other files.
    """

    path: Path
    inside: Path
    name: str


def image_files(paths: Iterable[Path], *, without: Path | None = None) -> list[ImageFile]:
    """Return the files named, and the images in the folders named, in order and without repeats.

    Args:
        paths: Files and folders.
        without: A folder to pass over inside the folders named: where results are written.

    Raises:
        InvalidOption: A path does not exist, or a folder holds no image or cannot be read.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file, inside in _files_at(path, without):
            found.setdefault(file, inside)
    shared = Counter(file.name for file in found)
    return [
        ImageFile(file, inside, file.name if shared[file.name] == 1 else str(file)) for file, inside in found.items()
    ]


def reason_of(error: OSError) -> str:
    """Say what the operating system refused, without the path that the reader has just named."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def _files_at(path: Path, without: Path | None) -> Iterator[tuple[Path, Path]]:
    try:
        if not path.is_dir():
            if not path.exists():
                raise InvalidOption(f"there is no file {str(path)!r}")
            yield path, Path(path.name)
            return
        inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
    except OSError as error:
        raise InvalidOption(f"cannot look at {str(path)!r}: {reason_of(error)}") from error
    if without is not None and without.resolve() != path.resolve():
        inside = [file for file in inside if not file.resolve().is_relative_to(without.resolve())]
    if not inside:
        raise InvalidOption(f"the folder {str(path)!r} holds no image ({', '.join(sorted(SUFFIXES))})")
    yield from ((file, file.relative_to(path)) for file in inside)
