"""The savings of each run, as far back as somebody may still ask for them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from headroom_core.image import CompressionResult

__all__ = ["Runs"]

_REMEMBERED: Final = 256


class Runs:
    """Results by run. Thread-safe; copies share it, as Agno copies models for background work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: OrderedDict[str, list[CompressionResult]] = OrderedDict()

    def note(self, run: str | None, result: CompressionResult) -> None:
        """Add the result of one request of a run."""
        if run is None:
            return
        with self._lock:
            self._results.setdefault(run, []).append(result)
            self._results.move_to_end(run)
            while len(self._results) > _REMEMBERED:
                self._results.popitem(last=False)

    def of(self, run: str | None) -> tuple[CompressionResult, ...]:
        """Return the results of a run, one per request with images; none for an unknown run."""
        with self._lock:
            return tuple(self._results.get(run or "", ()))

    def __copy__(self) -> Runs:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Runs:
        return self

    def __reduce__(self) -> tuple[type[Runs], tuple[()]]:
        return Runs, ()
