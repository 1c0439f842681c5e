"""The guard around every call of Pillow: its errors become the engine's, its warnings stay inside."""

from __future__ import annotations

import logging
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from headroom_core.errors import BrokenImage, ImageError, ImageTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["decoder"]


class _Silence(logging.Filter):
    """Keeps Pillow's warnings down while at least one thread is inside: the filters belong to the whole process.

    From a thread that is inside, Pillow logs no metadata either: at DEBUG it writes out what EXIF says, such as places.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._inside = 0
        self._threads = threading.local()
        self._filters = warnings.catch_warnings()

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        """Let pass what other threads, and callers of their own, have Pillow do."""
        return not getattr(self._threads, "depth", 0)

    def __enter__(self) -> None:
        self._threads.depth = getattr(self._threads, "depth", 0) + 1
        with self._lock:
            if not self._inside:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        self._threads.depth -= 1
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._filters.__exit__(None, None, None)


_SILENCE: Final = _Silence()
logging.getLogger("PIL.TiffImagePlugin").addFilter(_SILENCE)


@contextmanager
def decoder() -> Iterator[None]:
    """Turn whatever Pillow raises into the engine's errors, and keep its warnings from the user."""
    try:
        with _SILENCE:
            yield
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageTooLarge("memory does not suffice to decode it") from error
    except Exception as error:
        # Pillow's security notes: hostile files may raise any exception, not OSError alone.
        if type(error).__name__ == "DecompressionBombError":
            raise ImageTooLarge("a decompression bomb") from error
        raise BrokenImage(f"it does not decode ({type(error).__name__})") from error
