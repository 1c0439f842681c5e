"""SigLIP's view of a picture: four estimates that join the measured ones where its weights are at hand."""

from __future__ import annotations

import logging
import math
import threading
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from headroom_core.errors import RouterUnavailable
from headroom_core.image import pixels
from headroom_core.image.router import hub
from headroom_core.image.signals import ImageSignals

if TYPE_CHECKING:
    from headroom_core.image.pixels import Decoded

__all__ = ["SIGLIP", "Siglip", "joined"]

_log = logging.getLogger("headroom")

SIGLIP: Final = "google/siglip-base-patch16-224"
"""The model whose weights are looked for: Apache-2.0, 0.2 billion parameters (its hub page, 2026-11-21)."""

_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class _Estimate:
    """How likeness to words becomes one estimate; see `siglip.toml`."""

    name: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    scale: float
    bias: float


@dataclass(frozen=True, slots=True, eq=False)
class _Loaded:
    """A model, its image processor and what it makes of the words, as unit rows per estimate."""

    model: Any
    processor: Any
    words: tuple[tuple[_Estimate, Any, Any], ...]
    device: str


class Siglip:
    """Scores pictures by a SigLIP model that is on this machine. Thread-safe; loads at its first use, never by network.

    What cannot be loaded is logged once, and from then on `score` has no answer.
    """

    def __init__(self, model_id: str = SIGLIP, *, device: str = "auto") -> None:
        """Name a folder that `save_pretrained` wrote, or a hub model in the local cache."""
        self.model_id, self.device = model_id, hub.known_device(device)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._failure: RouterUnavailable | None = None

    def is_at_hand(self) -> bool:
        """Whether the packages and the weights are on this machine. Looks at folders alone."""
        if find_spec("torch") is None or find_spec("transformers") is None:
            return False
        return hub.local_folder(self.model_id) is not None

    def load(self) -> None:
        """Load the model.

        Raises:
            RouterUnavailable: A package is missing, or the weights are not on this machine.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._loaded is None:
                try:
                    self._loaded = _load(self)
                except RouterUnavailable as failure:
                    self._failure = failure
                    raise

    def score(self, picture: Decoded) -> ImageSignals | None:
        """Return the four estimates of a decoded picture, or None where SigLIP is not at hand."""
        if self._failure is None:
            try:
                self.load()
            except RouterUnavailable as failure:
                _log.info("pictures are measured alone: %s", failure)
        loaded = self._loaded
        return None if loaded is None else _scores(loaded, picture)

    def close(self) -> None:
        """Free the model. It loads again at its next use."""
        with self._lock:
            self._loaded = self._failure = None


def joined(measured: ImageSignals, seen: ImageSignals) -> ImageSignals:
    """Return the higher of both estimates each: SigLIP may find what the measurement missed, and never the reverse."""
    return ImageSignals(
        has_text=max(measured.has_text, seen.has_text),
        is_document=max(measured.is_document, seen.is_document),
        is_complex=max(measured.is_complex, seen.is_complex),
        has_small_details=max(measured.has_small_details, seen.has_small_details),
    )


@cache
def _estimates() -> tuple[_Estimate, ...]:
    stored = tomllib.loads((resources.files(__package__) / "siglip.toml").read_text("utf-8"))
    tables = {name: table for name, table in stored.items() if isinstance(table, dict)}
    return tuple(
        _Estimate(name, tuple(table["yes"]), tuple(table["no"]), table["scale"], table["bias"])
        for name, table in tables.items()
    )


def _load(siglip: Siglip) -> _Loaded:
    model_id = siglip.model_id
    folder = hub.local_folder(model_id)
    if folder is None or not siglip.is_at_hand():
        raise RouterUnavailable(f"torch, transformers or the weights of {model_id!r} are not on this machine")
    try:
        import torch
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

        model = AutoModel.from_pretrained(folder, local_files_only=True)
        processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        device = hub.torch_device(torch, siglip.device)
        model = model.eval().to(device)
        words = tuple(
            (one, _of_words(model, tokenizer, one.yes), _of_words(model, tokenizer, one.no)) for one in _estimates()
        )
    except Exception as error:
        # The readers of weights raise errors of their own, straight under `Exception`, for a damaged file.
        raise RouterUnavailable(f"{model_id!r} cannot be loaded: {error}") from error
    return _Loaded(model, processor, words, device)


def _of_words(model: Any, tokenizer: Any, words: tuple[str, ...]) -> Any:
    """Unit rows, (words, width). SigLIP was trained on texts padded to its full length."""
    import torch

    length = int(model.config.text_config.max_position_embeddings)
    fed = tokenizer(list(words), padding="max_length", truncation=True, max_length=length, return_tensors="pt")
    with torch.inference_mode():
        return _unit(model.get_text_features(input_ids=fed["input_ids"].to(model.device)))


def _scores(loaded: _Loaded, picture: Decoded) -> ImageSignals:
    import torch

    side = _side(loaded.processor)
    image = pixels.resized(picture, (side, side)).convert("RGB")
    fed = loaded.processor(images=image, return_tensors="pt")["pixel_values"].to(loaded.device)
    with torch.inference_mode():
        seen = _unit(loaded.model.get_image_features(pixel_values=fed))
        warmth = float(loaded.model.logit_scale.exp())
        margins = {
            one.name: warmth * float((seen @ yes.T).mean() - (seen @ no.T).mean()) for one, yes, no in loaded.words
        }
    levels = {one.name: _logistic(one.scale * margins[one.name] + one.bias) for one, _, _ in loaded.words}
    return ImageSignals(**levels)


def _side(processor: Any) -> int:
    """The side that the picture is brought to, in pixels: SigLIP squeezes every picture into a square."""
    size = processor.size
    return int(size["height"])


def _unit(features: Any) -> Any:
    """Rows of length one. From transformers 5 on the features come inside an output object."""
    rows = getattr(features, "pooler_output", features)
    return rows / rows.norm(dim=-1, keepdim=True)


def _logistic(logit: float) -> float:
    return round(1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit)))), _DIGITS)
