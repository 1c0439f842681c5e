"""A callback handler that adds up what compression saved and what the provider counted."""

from __future__ import annotations

import threading
from collections import Counter
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from langchain_core.outputs import LLMResult

    from headroom_core.image import CompressionResult

__all__ = ["HeadroomCallbackHandler", "started", "tell"]


class _Ticket:
    """A model run whose request has not yet passed the engine."""

    __slots__ = ("handler", "open")

    def __init__(self, handler: HeadroomCallbackHandler) -> None:
        self.handler = handler
        self.open = True


_tickets: ContextVar[tuple[_Ticket, ...]] = ContextVar("headroom_tickets", default=())


class HeadroomCallbackHandler(BaseCallbackHandler):
    """Adds up savings for the runs that it is handed to: `model.invoke(messages, {"callbacks": [handler]})`.

    One handler serves any number of threads. What the provider counted is `input_tokens` and `output_tokens`, so that
    the savings stand beside the bill.

    Attributes:
        requests: Requests that went through the engine.
        images: Images in them.
        images_changed: Images that were sent in another form.
        tokens_before: Tokens of the images as they were.
        tokens_after: Tokens of the images as they were sent.
        techniques: How often each technique was chosen.
        input_tokens: Input tokens that the provider reported, words included.
        output_tokens: Output tokens that the provider reported.
    """

    run_inline = True  # in the context of the run, also where that is asynchronous

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._runs: dict[UUID, _Ticket] = {}
        self.requests = self.images = self.images_changed = 0
        self.tokens_before = self.tokens_after = 0
        self.input_tokens = self.output_tokens = 0
        self.techniques: Counter[str] = Counter()

    @property
    def tokens_saved(self) -> int:
        """Image tokens that were not sent."""
        return self.tokens_before - self.tokens_after

    def on_images_compressed(self, result: CompressionResult) -> None:
        """Take in the account of one request."""
        with self._lock:
            self.requests += 1
            for outcome in result.outcomes:
                before = outcome.tokens_before or 0
                self.images += 1
                self.images_changed += outcome.changed
                self.tokens_before += before
                self.tokens_after += (outcome.tokens_after or 0) if outcome.changed else before
                self.techniques[outcome.technique.value] += 1

    def on_chat_model_start(self, serialized: object, messages: object, *, run_id: UUID, **kwargs: Any) -> None:  # noqa: ARG002
        """Expect the account of this run's request."""
        ticket = self._runs[run_id] = _Ticket(self)
        _tickets.set((*(earlier for earlier in _tickets.get() if earlier.open), ticket))

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:  # noqa: ARG002
        """Expect nothing more from this run."""
        self._close(run_id)

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:  # noqa: ARG002
        """Take in what the provider counted."""
        self._close(run_id)
        messages = [getattr(generation, "message", None) for batch in response.generations for generation in batch]
        usages = [m.usage_metadata for m in messages if isinstance(m, AIMessage) and m.usage_metadata]
        with self._lock:
            self.input_tokens += sum(usage["input_tokens"] for usage in usages)
            self.output_tokens += sum(usage["output_tokens"] for usage in usages)

    def _close(self, run_id: UUID) -> None:
        if ticket := self._runs.pop(run_id, None):
            ticket.open = False

    def summary(self) -> dict[str, Any]:
        """Return all figures as JSON-like data."""
        with self._lock:
            return {
                "requests": self.requests,
                "images": self.images,
                "images_changed": self.images_changed,
                "tokens_before": self.tokens_before,
                "tokens_after": self.tokens_after,
                "tokens_saved": self.tokens_saved,
                "techniques": dict(self.techniques),
                "input_tokens": self.input_tokens,
                "output_tokens": self.output_tokens,
            }


def started() -> list[HeadroomCallbackHandler]:
    """Return the handlers of the model run that has just started in this context, once for each run.

    LangChain hands the callbacks of a run to its model only where it does not stream; so the handlers say themselves
    that a run has started. The tickets are shared between contexts: a task of its own works on a copy of the context.
    """
    handlers: list[HeadroomCallbackHandler] = []
    for ticket in _tickets.get():
        if ticket.open and ticket.handler not in handlers:
            ticket.open = False
            handlers.append(ticket.handler)
    return handlers


def tell(callbacks: object, result: CompressionResult) -> None:
    """Tell the handlers of this kind among `callbacks`, a list of handlers or a manager of LangChain's."""
    handlers: Iterable[Any] = callbacks if isinstance(callbacks, list) else getattr(callbacks, "handlers", ())
    for handler in handlers:
        if isinstance(handler, HeadroomCallbackHandler):
            handler.on_images_compressed(result)
