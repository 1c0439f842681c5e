"""The router that runs a sequence classifier of `transformers`: a local folder, or a model of the Hugging Face hub.

A request never waits for the network: `route` loads from the folder or the local cache alone, and routes by the word
lists where the model is not at hand. `fetch` is the one function that asks the hub.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from headroom_core.blocks import Query
from headroom_core.errors import RouterUnavailable
from headroom_core.image.router import hub
from headroom_core.image.router.guard import guarded, opened
from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.router.rules import RuleRouter
from headroom_core.image.router.windows import cut, shortened
from headroom_core.image.technique import Technique

__all__ = ["LONGEST_WINDOW", "TorchRouter", "needs_of_labels"]

_log = logging.getLogger("headroom")

LONGEST_WINDOW: Final = 128
"""Tokens read at once, special tokens included, where the model can read as many."""

_DIGITS: Final = 3
"""Decimals that probabilities are rounded to, so that the last bits of another machine do not change a decision."""


@dataclass(frozen=True, slots=True, eq=False)
class _Classifier:
    """A loaded model with its tokenizer."""

    tokenizer: Any
    model: Any
    labels: tuple[str, ...]
    window: int
    device: str
    identity: str


class TorchRouter:
    """Routes by a sequence classifier with the four techniques, or the ten needs, as its labels.

    Thread-safe. Loads at first use, or at `load`; what cannot be loaded is logged once and routed by the word lists.
    """

    def __init__(self, model_id: str, *, device: str = "auto", rules: RuleRouter | None = None) -> None:
        """Name the model.

        Args:
            model_id: A folder that `save_pretrained` wrote, or the name of a hub model.
            device: `auto`, `cpu`, `cuda` or `mps`.
            rules: The word lists that guard the model's reading.

        Raises:
            InvalidOption: There is no such device name.
        """
        self.model_id, self.device = model_id, hub.known_device(device)
        self._rules = rules if rules is not None else RuleRouter()
        self._lock = threading.Lock()
        self._classifier: _Classifier | None = None
        self._failure: RouterUnavailable | None = None

    @property
    def identity(self) -> str:
        """Name and digest of what routes; loads it."""
        classifier = self._ready()
        return classifier.identity if classifier else "rules"

    def load(self) -> None:
        """Load the model from the folder or the local cache, without the network.

        Raises:
            RouterUnavailable: A package is missing, the model is not at hand, or its labels are of another kind.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._classifier is None:
                try:
                    self._classifier = _load(self.model_id, self.device)
                except RouterUnavailable as failure:
                    self._failure = failure
                    raise

    def is_at_hand(self) -> bool:
        """Whether the model can be looked for without the network: a folder, or a hub model in the local cache."""
        return hub.local_folder(self.model_id) is not None

    def fetch(self) -> None:
        """Download a hub model that is not at hand; a hub that does not answer within 2 s is not asked again.

        Raises:
            RouterUnavailable: The hub cannot be reached, is switched off (`HF_HUB_OFFLINE`) or has no such model.
        """
        if not Path(self.model_id).is_dir():
            hub.fetch(self.model_id)
        with self._lock:
            self._failure = None

    def close(self) -> None:
        """Free the model. The router stays usable and loads again at its next use."""
        with self._lock:
            self._classifier = self._failure = None

    def route(self, query: Query) -> Needs:
        """What the question needs. Never raises for any text."""
        rules = self._rules.route(query)
        classifier = None if rules.silent or query.coordinates else self._ready()
        if classifier is None:
            return rules
        return guarded(_read(classifier, query.text), rules)

    def _ready(self) -> _Classifier | None:
        classifier = self._classifier
        if classifier is not None or self._failure is not None:
            return classifier
        try:
            self.load()
        except RouterUnavailable as failure:
            _log.warning("questions are read by word lists: %s", failure)
        return self._classifier


def needs_of_labels(levels: Mapping[str, float]) -> Needs:
    """Return the needs that the probabilities of labels speak of.

    Args:
        levels: Probability by label: of the four techniques, which exclude each other, or of needs, which do not.

    Of techniques, a need is as probable as the techniques together that serve it and that a weaker one would not: with
    0.93 for `full_low`, text is needed with what `transcode` and `preserve` share. So a technique below preserve is
    reached only where the others together stay below `EXCLUDED_BELOW`.
    """
    if set(levels) <= {need.value for need in Need}:
        return Needs(**{need.value: levels.get(need.value, 0.0) for need in Need})  # type: ignore[arg-type]
    low, keep, crop, text = (levels.get(technique.value, 0.0) for technique in _TECHNIQUES)
    reading = min(1.0, text + keep)
    return Needs(
        text=reading,
        digits=reading,
        structure=keep,
        detail=keep,
        count=keep,
        region=crop,
        gist=low,
        coordinates=keep,
        compare=keep,
        none=0.0,
    )


_TECHNIQUES: Final = (Technique.FULL_LOW, Technique.PRESERVE, Technique.CROP, Technique.TRANSCODE)


def _load(model_id: str, device: str) -> _Classifier:
    # Seconds are spent on importing torch: whether there is anything to load is looked at first.
    folder = hub.local_folder(model_id)
    if folder is None:
        raise RouterUnavailable(f"{model_id!r} is neither a folder nor in the local cache; `fetch()` downloads it")
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True)
        place = hub.torch_device(torch, device)
        model = model.eval().to(place)
    except ImportError as error:
        raise RouterUnavailable(f"{model_id!r} needs torch and transformers: {error}") from error
    except Exception as error:
        # The readers of weights raise errors of their own, straight under `Exception`, for a damaged file.
        raise RouterUnavailable(f"{model_id!r} cannot be loaded: {error}") from error
    labels = _labels(model_id, model.config.id2label)
    window = min(LONGEST_WINDOW, int(getattr(model.config, "max_position_embeddings", LONGEST_WINDOW)))
    return _Classifier(tokenizer, model, labels, window, place, f"torch/{model_id}@{_digest(model)}")


def _labels(model_id: str, id2label: Mapping[int, str]) -> tuple[str, ...]:
    labels = tuple(str(id2label[index]).lower() for index in sorted(id2label))
    known = ({technique.value for technique in Technique}, {need.value for need in Need})
    if set(labels) not in known or len(set(labels)) != len(labels):
        raise RouterUnavailable(
            f"{model_id!r} has the labels {labels!r}; they must be the four techniques or ten needs"
        )
    return labels


def _digest(model: Any) -> str:
    """A digest of the weights: two models of one name are two routers."""
    digest = hashlib.sha256(repr(sorted(model.config.id2label.items())).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


def _read(classifier: _Classifier, text: str) -> Needs:
    read, complete = shortened(text)
    parts, whole = _parts(classifier, read)
    scores = [_scores(classifier, part) for part in parts]
    union = {label: round(max(score[at] for score in scores), _DIGITS) for at, label in enumerate(classifier.labels)}
    needs = needs_of_labels(_normal(union) if len(scores) > 1 else union)
    return needs if whole and complete else opened(needs)


def _parts(classifier: _Classifier, text: str) -> tuple[list[str], bool]:
    """The parts of a text that fit into one window each, and whether they are all of it."""
    tokenizer = classifier.tokenizer
    fed = tokenizer(text, add_special_tokens=False, return_offsets_mapping=tokenizer.is_fast, verbose=False)
    windows = cut(len(fed["input_ids"]), max(1, classifier.window - tokenizer.num_special_tokens_to_add()))
    if len(windows.spans) == 1:
        return [text], True
    if not tokenizer.is_fast:
        # A tokenizer in Python does not say where its tokens stand: the head alone is read.
        return [text], False
    offsets = fed["offset_mapping"]
    return [text[offsets[start][0] : offsets[end - 1][1]] for start, end in windows.spans], windows.whole


def _normal(union: dict[str, float]) -> dict[str, float]:
    """Of techniques, let the demanding windows take from the light ones, so that the shares stay at most one."""
    if Technique.FULL_LOW.value not in union:
        return union
    others = sum(level for label, level in union.items() if label != Technique.FULL_LOW.value)
    return union | {Technique.FULL_LOW.value: min(union[Technique.FULL_LOW.value], max(0.0, 1.0 - others))}


def _scores(classifier: _Classifier, text: str) -> list[float]:
    import torch

    fed = classifier.tokenizer(text, truncation=True, max_length=classifier.window, return_tensors="pt")
    names = ("input_ids", "attention_mask")
    with torch.inference_mode():
        logits = classifier.model(**{name: fed[name].to(classifier.device) for name in names}).logits[0].float()
    chosen: Callable[..., Any] = torch.softmax if Technique.FULL_LOW.value in classifier.labels else _sigmoid
    scores: list[float] = chosen(logits, dim=-1).tolist()
    return scores


def _sigmoid(logits: Any, *, dim: int) -> Any:
    del dim
    return logits.sigmoid()
