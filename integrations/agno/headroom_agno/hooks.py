"""Hooks that keep the account of each run of an agent or a team."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from headroom_agno.runs import Runs

if TYPE_CHECKING:
    from agno.run.agent import RunInput, RunOutput
    from agno.run.team import TeamRunInput, TeamRunOutput

    from headroom_core.image import CompressionResult

__all__ = ["PostHook", "PreHook", "RunSavings", "create_headroom_hooks"]

_RECENT: Final = 256
_MODELS: Final = ("model", "output_model", "parser_model", "reasoning_model")


@dataclass(frozen=True, slots=True)
class RunSavings:
    """What one run cost.

    Attributes:
        run_id: Agno's id of the run.
        images: Images handed to the run; tools and history may bring more.
        requests: Requests with images that the run sent. A tool loop sends an image again in every round.
        tokens_before: Image tokens that these requests would have cost.
        tokens_after: Image tokens that they cost.
        input_tokens: Tokens that the provider billed for input, as Agno reports them; text included.
        output_tokens: Tokens that the provider billed for output.
    """

    run_id: str | None
    images: int
    requests: int
    tokens_before: int
    tokens_after: int
    input_tokens: int
    output_tokens: int

    @property
    def tokens_saved(self) -> int:
        """Image tokens that the run no longer cost."""
        return self.tokens_before - self.tokens_after


class PreHook:
    """Goes into `pre_hooks`: notes what is handed to each run. It changes nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._images: OrderedDict[str, int] = OrderedDict()
        self._started = 0

    def __call__(self, run_input: RunInput | TeamRunInput, run_context: Any = None) -> None:
        """Note the images of a run that begins."""
        run_id = getattr(run_context, "run_id", None)
        with self._lock:
            self._started += 1
            if run_id is not None:
                self._images[run_id] = len(run_input.images or ())
                while len(self._images) > _RECENT:
                    self._images.popitem(last=False)

    @property
    def runs_started(self) -> int:
        """Runs that began."""
        return self._started

    def images_of(self, run_id: str | None) -> int:
        """Return the number of images handed to a run, and forget it."""
        with self._lock:
            return self._images.pop(run_id or "", 0)


class PostHook:
    """Goes into `post_hooks`: adds up what each run saved. It changes nothing."""

    def __init__(self, before: PreHook) -> None:
        self._before = before
        self._lock = threading.Lock()
        self._recent: deque[RunSavings] = deque(maxlen=_RECENT)
        self._saved = 0

    def __call__(self, run_output: RunOutput | TeamRunOutput, agent: Any = None, team: Any = None) -> None:
        """Take the account of a run that ended."""
        owner = agent if agent is not None else team
        results = _results(owner, run_output.run_id)
        before = sum(result.original_tokens for result in results)
        run = RunSavings(
            run_id=run_output.run_id,
            images=self._before.images_of(run_output.run_id),
            requests=len(results),
            tokens_before=before,
            tokens_after=before - sum(result.tokens_sent_less for result in results),
            input_tokens=getattr(run_output.metrics, "input_tokens", 0) or 0,
            output_tokens=getattr(run_output.metrics, "output_tokens", 0) or 0,
        )
        with self._lock:
            self._recent.append(run)
            self._saved += run.tokens_saved

    @property
    def runs(self) -> tuple[RunSavings, ...]:
        """The latest runs, oldest first; a bounded number of them."""
        with self._lock:
            return tuple(self._recent)

    @property
    def total_tokens_saved(self) -> int:
        """Image tokens saved by all runs that ended."""
        return self._saved


def create_headroom_hooks() -> tuple[PreHook, PostHook]:
    """Return a pair for `Agent(pre_hooks=[pre], post_hooks=[post])`; one pair serves many agents and teams."""
    before = PreHook()
    return before, PostHook(before)


def _results(owner: Any, run_id: str | None) -> list[CompressionResult]:
    """Collect what the wrapped models of an agent did in a run; models that share an account are asked once."""
    ledgers = [getattr(getattr(owner, name, None), "headroom_runs", None) for name in _MODELS]
    distinct = {id(runs): runs for runs in ledgers if isinstance(runs, Runs)}
    return [result for runs in distinct.values() for result in runs.of(run_id)]
