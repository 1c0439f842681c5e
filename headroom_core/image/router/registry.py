"""Which router reads questions: the one named, else the one that ships, else the word lists."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from headroom_core.blocks import Query
from headroom_core.errors import RouterUnavailable
from headroom_core.image.memo import Memo
from headroom_core.image.router.needs import Needs, Router
from headroom_core.image.router.onnx import WEIGHTS, OnnxRouter
from headroom_core.image.router.rules import RuleRouter
from headroom_core.image.router.siglip import SIGLIP, Siglip
from headroom_core.image.router.torch import TorchRouter

__all__ = ["MODELS", "DefaultRouter", "ModelCard", "default_router", "default_siglip", "identity_of"]

_log = logging.getLogger("headroom")

_REMEMBERED: Final = 2_000
"""Questions whose needs are remembered."""
_NEEDS_BYTES: Final = 2_048


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model that is known by name.

    Attributes:
        model_id: Name on the Hugging Face hub, or `headroom` for the one in the package.
        reads: What it reads: `question` or `picture`.
        ships: It is in the package.
    """

    model_id: str
    reads: str
    ships: bool = False


MODELS: Final[dict[str, ModelCard]] = {
    "router": ModelCard("headroom", "question", ships=True),
    "technique-router": ModelCard("chopratejas/technique-router", "question"),
    "siglip": ModelCard(SIGLIP, "picture"),
}
"""The models that headroom knows by name. Any other hub name or folder may be given as `model_id` as well."""


class DefaultRouter:
    """Chooses a router at its first use, once, and routes by it. Thread-safe; needs no network."""

    def __init__(self, model_id: str | None = None, *, device: str = "auto") -> None:
        """Take the arguments of `default_router`; nothing is looked at yet."""
        self.model_id, self.device = model_id, device
        self._lock = threading.Lock()
        self._chosen: Router | None = None
        self._read = Memo[Needs](_REMEMBERED * _NEEDS_BYTES)

    @property
    def identity(self) -> str:
        """What routes; chooses and loads it."""
        return identity_of(self._router())

    def route(self, query: Query) -> Needs:
        """What the question needs. Never raises for any text."""
        # Every turn of a conversation asks again what its earlier questions need.
        key = hashlib.sha256(repr(query).encode("utf-8", "surrogatepass")).digest()
        needs = self._read.get(key)
        if needs is None:
            needs = self._router().route(query)
            self._read.put(key, needs, _NEEDS_BYTES)
        return needs

    def warm(self) -> str:
        """Load now; a hub model that is not at hand is downloaded if the hub answers within 2 s.

        Returns:
            The identity of what routes from now on.
        """
        named = None if self.model_id is None else _named(self.model_id, self.device)
        if isinstance(named, TorchRouter) and not named.is_at_hand():
            try:
                named.fetch()
            except RouterUnavailable as failure:
                _log.warning("%s", failure)
            else:
                self.close()
        return self.identity

    def close(self) -> None:
        """Free what was loaded. The router stays usable and chooses again at its next use."""
        with self._lock:
            chosen, self._chosen = self._chosen, None
            self._read.clear()
        if isinstance(chosen, (OnnxRouter, TorchRouter)):
            chosen.close()

    def _router(self) -> Router:
        with self._lock:
            if self._chosen is None:
                self._chosen = default_router(self.model_id, device=self.device)
            return self._chosen


def default_router(model_id: str | None = None, *, device: str = "auto") -> Router:
    """Return the best router that is at hand, loaded.

    Args:
        model_id: A folder (of this package's own format, or one that `save_pretrained` wrote) or a hub name. A hub name
            is looked up in the local cache alone. None takes what ships.
        device: Where a `transformers` model runs: `auto`, `cpu`, `cuda` or `mps`.

    Returns:
        The named model if it loads, else the one that ships where onnxruntime and tokenizers (extra `ml`) are at hand,
        else the rule router, which reads better than a part of the model would. Each is made once per process.
    """
    candidates = [_shipped(WEIGHTS)] if (WEIGHTS / "manifest.json").is_file() and _runs_models() else []
    if model_id is not None:
        candidates.insert(0, _named(model_id, device))
    for candidate in candidates:
        try:
            candidate.load()
        except RouterUnavailable as failure:
            _log.warning("not used: %s", failure)
        else:
            return candidate
    return RuleRouter()


def _runs_models() -> bool:
    return find_spec("onnxruntime") is not None and find_spec("tokenizers") is not None


@cache
def default_siglip(device: str = "auto") -> Siglip:
    """Return the SigLIP that joins the measured signals, made once per process."""
    return Siglip(device=device)


def identity_of(router: Router) -> str:
    """Return a stable name of a router for cache keys: its own `identity`, else the name of its class."""
    named: Any = getattr(router, "identity", None)
    return named if isinstance(named, str) else f"{type(router).__module__}.{type(router).__qualname__}"


@cache
def _shipped(folder: Path) -> OnnxRouter | TorchRouter:
    return OnnxRouter(folder)


@cache
def _named(model_id: str, device: str) -> OnnxRouter | TorchRouter:
    folder = Path(model_id)
    return OnnxRouter(folder) if (folder / "manifest.json").is_file() else TorchRouter(model_id, device=device)
