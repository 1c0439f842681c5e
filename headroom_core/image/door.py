"""What every adapter needs of the engine: compress, never raise, keep the account."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from headroom_core.image.holdout import held_out, share_of
from headroom_core.image.policy import Policy

if TYPE_CHECKING:
    from headroom_core.image.compressor import ImageCompressor
    from headroom_core.image.outcome import Outcome
    from headroom_core.image.result import Compressed, CompressionResult

__all__ = ["Door"]

_log = logging.getLogger("headroom")

_RECENT: Final = 256


class Door:
    """The way of a framework's requests into the engine and back. Thread-safe; deep copies share it.

    The engine is loaded by the first request, so that importing an adapter and wrapping a model cost next to nothing.

    Attributes:
        model: Name that prices requests, in place of the one that the framework knows.
        policy: Policy in place of the compressor's own.
        holdout: Share of conversations that is left alone, in [0, 1].
    """

    def __init__(
        self,
        compressor: ImageCompressor | None = None,
        *,
        model: str | None = None,
        policy: Policy | str | None = None,
        holdout: float = 0.0,
    ) -> None:
        """Open a door to `compressor`, or to an engine of its own.

        Raises:
            InvalidOption: There is no such policy, or `holdout` is not a share.
        """
        self._compressor = compressor
        self.model = model
        self.policy = None if policy is None else Policy.named(policy)
        self.holdout = share_of(holdout)
        self._start()

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._recent: deque[Outcome] = deque(maxlen=_RECENT)
        self._last: CompressionResult | None = None
        self._saved = 0
        self._held = 0

    @property
    def compressor(self) -> ImageCompressor:
        """The engine behind the door, shared if it was given."""
        with self._lock:
            if self._compressor is None:
                from headroom_core.image.compressor import ImageCompressor  # all of the engine

                self._compressor = ImageCompressor()
            return self._compressor

    def compress(
        self, request: Any, *, provider: str | None, model: str | None = None, policy: Policy | str | None = None
    ) -> Any:
        """Return the compressed request; the very same object if nothing changed or anything at all went wrong.

        Args:
            request: A list of messages or a request body, in any wire shape.
            provider: Who bills.
            model: The real model of this call, if the framework knows it.
            policy: The policy of this call, in place of the door's.
        """
        return self.run(request, provider=provider, model=model, policy=policy).messages

    def run(
        self,
        request: Any,
        *,
        provider: str | None,
        model: str | None = None,
        named: str | None = None,
        policy: Policy | str | None = None,
        translated: bool = False,
    ) -> Compressed:
        """Do what `compress` does, and return with the request the account of this very call.

        A model that the caller himself `named` for this call counts before the door's. A framework that carries
        OpenAI's shape into the provider's own, `detail` included, says `translated`.
        """
        try:
            held = held_out(request, self.holdout)
            compressed = self.compressor.run(
                request,
                provider,
                model=named or self.model or model,
                policy=policy or self.policy,
                dry_run=held,
                translated=translated,
            )
        except Exception:  # noqa: BLE001
            # An adapter must not break the framework's call, whatever the engine or the framework's objects do.
            _log.exception("a request could not be compressed and goes out as it came")
            return _untouched(request)
        self._account(compressed.result, held=held)
        return compressed

    def _account(self, result: CompressionResult, *, held: bool) -> None:
        saved = result.tokens_sent_less
        with self._lock:
            self._last = result
            self._recent.extend(result.outcomes)
            self._saved += saved
            self._held += held

    @property
    def total_tokens_saved(self) -> int:
        """Tokens saved by all requests through this door."""
        return self._saved

    @property
    def held_out_requests(self) -> int:
        """Requests that were left alone because their conversation is held out."""
        return self._held

    @property
    def last_result(self) -> CompressionResult | None:
        """The result of the latest request, or None before any."""
        return self._last

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The latest outcomes, oldest first; a bounded number of them."""
        with self._lock:
            return tuple(self._recent)

    def signature(self) -> str:
        """Return a stable text of everything that answers depend on, for cache keys."""
        return f"{self.compressor.signature()}/{self.model}/{self.policy}/{self.holdout}"

    def __deepcopy__(self, memo: dict[int, Any]) -> Door:
        return self

    def __copy__(self) -> Door:
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {"_compressor": self._compressor, "model": self.model, "policy": self.policy, "holdout": self.holdout}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()


def _untouched(request: Any) -> Compressed:
    from headroom_core.image.result import Compressed, CompressionResult  # loaded with the engine

    return Compressed(request, CompressionResult())
