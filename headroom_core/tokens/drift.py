"""How far estimates lie from what providers bill, per model."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from headroom_core.errors import InvalidOption

__all__ = ["Drift", "DriftFigure"]


@dataclass(frozen=True, slots=True)
class DriftFigure:
    """Estimate against bill for one model.

    Attributes:
        model: The model's name as observed.
        observations: How many requests the figure rests on.
        ratio: Billed tokens for each estimated token over all of them; 1.0 is a perfect estimate.
        lowest: The smallest ratio of a single request.
        highest: The largest ratio of a single request.
    """

    model: str
    observations: int
    ratio: float
    lowest: float
    highest: float

    @property
    def words(self) -> str:
        """The figure for a person, e.g. `billed / estimated = 1.02 over 5 requests (0.99 to 1.05)`."""
        requests = f"{self.observations:,} request{'' if self.observations == 1 else 's'}"
        said = f"billed / estimated = {_ratio(self.ratio)} over {requests}"
        if self.lowest == self.highest:
            return said
        return f"{said} ({_ratio(self.lowest)} to {_ratio(self.highest)})"


@dataclass(slots=True)
class _Sums:
    observations: int = 0
    estimated: int = 0
    billed: int = 0
    lowest: float = float("inf")
    highest: float = 0.0


class Drift:
    """Gathers what was estimated and what was billed. Bounded in memory, and safe to share between threads.

    >>> drift = Drift()
    >>> drift.observe("gpt-4o", estimated=765, billed=765)
    >>> drift.report()
    (DriftFigure(model='gpt-4o', observations=1, ratio=1.0, lowest=1.0, highest=1.0),)
    """

    __slots__ = ("_lock", "_models", "_most")

    def __init__(self, *, models: int = 256) -> None:
        """Keep figures for at most `models` models; the one unseen for longest goes first."""
        if models < 1:
            raise InvalidOption(f"drift needs room for at least one model, got {models!r}")
        self._most = models
        self._models: OrderedDict[str, _Sums] = OrderedDict()
        self._lock = Lock()

    def observe(self, model: str, estimated: int, billed: int) -> None:
        """Add one request; one without a positive estimate or bill says nothing and is left out."""
        if estimated <= 0 or billed <= 0:
            return
        ratio = billed / estimated
        with self._lock:
            sums = self._models.setdefault(model, _Sums())
            self._models.move_to_end(model)
            sums.observations += 1
            sums.estimated += estimated
            sums.billed += billed
            sums.lowest, sums.highest = min(sums.lowest, ratio), max(sums.highest, ratio)
            if len(self._models) > self._most:
                self._models.popitem(last=False)

    def report(self) -> tuple[DriftFigure, ...]:
        """The figures by name of the model."""
        with self._lock:
            return tuple(
                DriftFigure(name, sums.observations, sums.billed / sums.estimated, sums.lowest, sums.highest)
                for name, sums in sorted(self._models.items())
            )


def _ratio(value: float) -> str:
    return f"{round(value, 3):g}"
