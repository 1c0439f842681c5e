"""Image files inside the allowed directories, and nothing else of the file system."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from headroom_core.errors import HeadroomError, InvalidOption
from headroom_core.formats.payload import PAYLOAD_LIMIT

__all__ = ["AllowedFiles", "FileRefused"]

# A symbolic link is not followed, a pipe or a terminal does not block. Where a flag is missing (Windows has neither),
# the checks on the open file still hold.
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_OPEN_FILES: Final = Path("/proc/self/fd")


class FileRefused(HeadroomError):
    """A file may not be read, or is not there: the message does not tell which, and names no path."""

    def __init__(self) -> None:
        """Say what can be read."""
        super().__init__(
            "no such image: only PNG, JPEG, GIF and WebP files up to 20 MB inside the allowed directories can be opened"
        )


class AllowedFiles:
    """Reads regular image files that lie inside one of the allowed directories.

    A file is opened first and checked afterwards, so that nothing can be put in its place between check and use. A hard
    link inside an allowed directory is a file of that directory: who can make one there could as well copy it there.
    """

    def __init__(self, directories: Sequence[str | Path], *, open_files: Path = _OPEN_FILES) -> None:
        """Allow the files below `directories`.

        Args:
            directories: Directories that exist.
            open_files: Where the system shows a process its open files as links.

        Raises:
            InvalidOption: One of them is not a directory.
        """
        self.directories = tuple(os.path.realpath(Path(directory).expanduser()) for directory in directories)
        for given, real in zip(directories, self.directories, strict=True):
            if not Path(real).is_dir():
                raise InvalidOption(f"--allow {str(given)!r}: there is no such directory")
        self._open_files = open_files

    def read(self, path: str) -> bytes:
        """Return the bytes of an image file; a path that is not absolute is looked for in each allowed directory.

        Raises:
            FileRefused: Whatever the reason.
        """
        for candidate in self._candidates(path):
            # ValueError: a NUL in the path; on Windows also paths on two drives.
            with suppress(OSError, ValueError), _opened(candidate) as file:
                content = self._content(file, candidate)
                if content is not None:
                    return content
        raise FileRefused

    def _candidates(self, path: str) -> list[str]:
        if Path(path).is_absolute():
            return [path]
        return [str(Path(directory, path)) for directory in self.directories]

    def _content(self, file: int, path: str) -> bytes | None:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > PAYLOAD_LIMIT or not self._is_inside(file, path):
            return None
        content = _read_at_most(file, PAYLOAD_LIMIT + 1)
        return content if len(content) <= PAYLOAD_LIMIT and is_image(content) else None

    def _is_inside(self, file: int, path: str) -> bool:
        real = self._real_path(file, path)
        return real is not None and any(os.path.commonpath([real, root]) == root for root in self.directories)

    def _real_path(self, file: int, path: str) -> str | None:
        link = self._open_files / str(file)
        if link.exists():
            return os.path.realpath(link)
        # Without a view of open files: the path, if it still leads to the very file that is open.
        real = os.path.realpath(path)
        return real if os.path.samestat(os.stat(real), os.fstat(file)) else None  # noqa: PTH116


def is_image(content: bytes) -> bool:
    """Tell by its first bytes whether a file claims to be PNG, JPEG, GIF or WebP."""
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )


@contextmanager
def _opened(path: str) -> Iterator[int]:
    file = os.open(path, _FLAGS)
    try:
        yield file
    finally:
        os.close(file)


def _read_at_most(file: int, most: int) -> bytes:
    """Read a file that may grow while it is read."""
    chunks, left = [], most
    while left > 0 and (chunk := os.read(file, min(left, 1 << 20))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)
