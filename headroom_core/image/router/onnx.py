"""The router that ships: a small encoder in ONNX and an n-gram model, calibrated and guarded by the word lists."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from headroom_core.blocks import Query
from headroom_core.errors import RouterUnavailable
from headroom_core.image.router.artefact import ENCODER_FILES, NGRAM_FILES, SILENT, Artefact, Setup
from headroom_core.image.router.guard import guarded, opened
from headroom_core.image.router.needs import PRESENT_FROM, Need, Needs
from headroom_core.image.router.ngrams import NgramReader
from headroom_core.image.router.derive import is_located
from headroom_core.image.router.risks import Risks
from headroom_core.image.router.rules import RuleRouter
from headroom_core.image.router.scale import rescaled
from headroom_core.image.router.stack import flags_of
from headroom_core.image.router.windows import cut, shortened

__all__ = ["WEIGHTS", "OnnxRouter"]

_log = logging.getLogger("headroom")

WEIGHTS: Final = Path(__file__).parent / "weights"
"""The folder of the router that ships in the package."""

_DIGITS: Final = 3
"""Decimals that probabilities are rounded to before a threshold is applied: int8 products differ in their last bits
between kinds of processors, and the same question must be decided alike on all of them."""
_LOWEST: Final = frozenset({Need.NONE.value, SILENT})
"""Outputs of which the least over all windows counts: one window that asks for something settles them."""


class OnnxRouter:
    """Routes by a trained model in a folder: an ensemble of an encoder and an n-gram model.

    Without onnxruntime, or without the encoder's files, the n-gram model reads alone, by its own calibration.
    Thread-safe. Loads at first use, or at `load`; a file that does not have the digest of the manifest is not loaded.
    What cannot be loaded is logged once and routed by the word lists.
    """

    def __init__(self, folder: Path | None = None, *, rules: RuleRouter | None = None) -> None:
        """Name the folder; the one that ships by default."""
        self.folder = WEIGHTS if folder is None else folder
        self._rules = rules if rules is not None else RuleRouter()
        self._lock = threading.Lock()
        self._model: _Model | None = None
        self._failure: RouterUnavailable | None = None

    @property
    def identity(self) -> str:
        """Name, members and digest of what routes; loads it."""
        model = self._ready()
        return f"{model.artefact.name}/{model.members}@{model.artefact.digest}" if model else "rules"

    def load(self) -> None:
        """Load and check the files.

        Raises:
            RouterUnavailable: A file is missing, damaged or of another kind, or numpy is missing.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._model is None:
                try:
                    self._model = _load(self.folder)
                except RouterUnavailable as failure:
                    self._failure = failure
                    raise

    def close(self) -> None:
        """Free the model. The router stays usable and loads again at its next use."""
        with self._lock:
            self._model = self._failure = None

    def route(self, query: Query) -> Needs:
        """What the question needs, on the scale of `Needs`. Never raises for any text."""
        rules = self._rules.route(query)
        model = None if rules.silent or query.coordinates else self._ready()
        if model is None:
            return rules
        reading = model.read(query.text, rules)
        scaled: dict[str, Any] = {
            name: rescaled(reading.levels[name], bounds)
            for name, bounds in zip(model.artefact.outputs, model.setup.bounds, strict=True)
        }
        silent = Needs(silent=True) if scaled.pop(SILENT) >= PRESENT_FROM else None
        needs = silent or Needs(**scaled)
        joined = guarded(needs if reading.whole else opened(needs), rules)
        return joined if joined.silent else replace(joined, risks=reading.risks)

    def probabilities(self, text: str) -> dict[str, float]:
        """The model's own calibrated probability per output, neither rescaled nor guarded; for evaluation.

        Raises:
            RouterUnavailable: The model cannot be loaded.
        """
        self.load()
        model = self._model
        return dict(model.read(text, Needs()).levels) if model else {}

    def _ready(self) -> _Model | None:
        model = self._model
        if model is not None or self._failure is not None:
            return model
        try:
            self.load()
        except RouterUnavailable as failure:
            _log.warning("questions are read by word lists: %s", failure)
        return self._model


@dataclass(frozen=True, slots=True, eq=False)
class _Encoder:
    """A session of onnxruntime with its tokenizer."""

    session: Any
    tokenizer: Any
    window: int

    def windows(self, text: str) -> tuple[list[_Window], bool]:
        """The stretches of a text that are read at once, and whether they are all of it."""
        encoding = self.tokenizer.encode(text)
        ids: list[int] = encoding.ids
        if len(ids) <= self.window:
            return [_Window(text, ids)], True
        inner = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
        first, end = inner[0], inner[-1] + 1
        windows = cut(end - first, max(1, self.window - len(ids) + end - first))
        offsets: Sequence[tuple[int, int]] = encoding.offsets
        spans = [(first + start, first + stop) for start, stop in windows.spans]
        return [
            _Window(text[offsets[start][0] : offsets[stop - 1][1]], [*ids[:first], *ids[start:stop], *ids[end:]])
            for start, stop in spans
        ], windows.whole

    def logits(self, ids: list[int]) -> Any:
        """Logits of the needs and the risks, float64."""
        import numpy as np

        (rows,) = self.session.run(["logits"], {"input_ids": np.array([ids], dtype=np.int64)})
        return rows[0].astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a text, with its tokens where there is an encoder."""

    text: str
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a model read in a text: the union over its windows.

    Attributes:
        levels: The probability of each output.
        risks: The risks of the techniques; None where not all of the text was read.
        whole: All of the text was read.
    """

    levels: dict[str, float]
    risks: Risks | None
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """What was loaded: immutable, and safe to use from several threads."""

    artefact: Artefact
    members: str
    setup: Setup
    encoder: _Encoder | None
    ngrams: NgramReader | None

    def read(self, text: str, rules: Needs) -> _Reading:
        """Read a text, of which the word lists made `rules`."""
        shorter, complete = shortened(text)
        windows, whole = self.encoder.windows(shorter) if self.encoder else ([_Window(shorter, [])], True)
        read = [self._logits(window) for window in windows]
        levels = [
            self.setup.probabilities({name: logits[: len(self.artefact.outputs)] for name, logits in members.items()})
            for members, _ in read
        ]
        union = {
            name: round((min if name in _LOWEST else max)(column), _DIGITS)
            for name, column in zip(self.artefact.outputs, zip(*levels, strict=True), strict=True)
        }
        everything = whole and complete
        return _Reading(union, self._risks(read, rules, text) if everything else None, everything)

    def _logits(self, window: _Window) -> tuple[dict[str, Any], Any]:
        members: dict[str, Any] = {}
        risks = None
        if self.encoder is not None:
            members["encoder"], *more = self.encoder.logits(window.ids)
            risks = more[0] if more else None
        if self.ngrams is not None:
            members["ngrams"] = self.ngrams.logits(window.text)
        return members, risks

    def _risks(self, read: list[tuple[dict[str, Any], Any]], rules: Needs, text: str) -> Risks | None:
        stack = self.setup.stack
        if stack is None:
            return None
        import numpy as np

        flags = flags_of(rules, text, located=is_located(rules.place))
        logits = np.max([stack.logits(members, risks, flags) for members, risks in read], axis=0)
        return stack.risks(logits, digits=_DIGITS)


def _load(folder: Path) -> _Model:
    artefact = Artefact.read(folder)
    if find_spec("numpy") is None:
        raise RouterUnavailable("the trained router needs numpy, of the extra [ml]")
    try:
        encoder = _encoder(artefact)
        ngrams = NgramReader.read(folder / NGRAM_FILES[0]) if artefact.has(NGRAM_FILES) else None
    except Exception as error:
        # Both libraries raise plain `Exception` from native code for a file that they cannot read.
        raise RouterUnavailable(f"the router {artefact.name!r} cannot be loaded: {error}") from error
    members = "+".join(name for name, member in (("encoder", encoder), ("ngrams", ngrams)) if member is not None)
    setup = artefact.setups.get(members)
    if setup is None or set(setup.weights) != set(members.split("+")):
        raise RouterUnavailable(f"the router {artefact.name!r} has no calibration for {members or 'no member'!r}")
    return _Model(artefact, members, setup, encoder, ngrams)


def _encoder(artefact: Artefact) -> _Encoder | None:
    if not artefact.has(ENCODER_FILES) or find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        return None
    import onnxruntime
    from tokenizers import Tokenizer

    model, words = ENCODER_FILES
    tokenizer = Tokenizer.from_str((artefact.folder / words).read_text("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return _Encoder(_session(onnxruntime, (artefact.folder / model).read_bytes()), tokenizer, artefact.max_tokens)


def _session(onnxruntime: Any, data: bytes) -> Any:
    """One thread: a question is too short to share, and the caller's threads are the caller's."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
