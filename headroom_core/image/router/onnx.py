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
from headroom_core.image.router.artefact import ENCODER_FILES, ENGLISH_FILES, NGRAM_FILES, SILENT, Artefact, Setup
from headroom_core.image.router.derive import is_located
from headroom_core.image.router.encoder import Encoder, Window
from headroom_core.image.router.guard import guarded, opened
from headroom_core.image.router.needs import PRESENT_FROM, Need, Needs
from headroom_core.image.router.ngrams import NgramReader
from headroom_core.image.router.risks import Risks
from headroom_core.image.router.rules import RuleRouter
from headroom_core.image.router.scale import rescaled
from headroom_core.image.router.stack import flags_of
from headroom_core.image.router.windows import shortened

__all__ = ["WEIGHTS", "OnnxRouter"]

_log = logging.getLogger("headroom")

WEIGHTS: Final = Path(__file__).parent / "weights"
"""The folder of the router that ships in the package."""

_DIGITS: Final = 3
"""Decimals that probabilities are rounded to before a threshold is applied: int8 products differ in their last bits
between kinds of processors, and the same question must be decided alike on all of them."""
ENGLISH: Final = -1
"""The column of the n-grams that tells English words from others, where there is an encoder for English."""
_LOWEST: Final = frozenset({Need.NONE.value, SILENT})
"""Outputs of which the least over all windows counts: one window that asks for something settles them."""


class OnnxRouter:
    """Routes by a trained model in a folder: an ensemble of an encoder and an n-gram model.

    Without onnxruntime, or without the encoder's files, the n-gram model reads alone, by its own calibration.
    Thread-safe. Loads at first use, or at `load`; a file that does not have the digest of the manifest is not loaded.
    Where there is an encoder for English beside the one for other languages, each loads at the first question of its
    own: most callers ask in one language, and an encoder takes tens of milliseconds and megabytes.
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
        reading = None if rules.silent or query.coordinates else self._read(query.text, rules)
        if reading is None:
            return rules
        scaled: dict[str, Any] = dict(reading.scaled)
        silent = Needs(silent=True) if scaled.pop(SILENT) >= PRESENT_FROM else None
        needs = silent or Needs(**scaled)
        joined = guarded(needs if reading.whole else opened(needs), rules)
        return joined if joined.silent or joined is rules else replace(joined, risks=reading.risks)

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

    def _read(self, text: str, rules: Needs) -> _Reading | None:
        """What the model reads in a text; None without one, and from the first encoder on that cannot be loaded."""
        model = self._ready()
        if model is None:
            return None
        try:
            return model.read(text, rules)
        except RouterUnavailable as failure:
            _log.warning("questions are read by word lists: %s", failure)
            with self._lock:
                self._model, self._failure = None, failure
            return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a model read in a text: the union over its windows.

    Attributes:
        scaled: Each output on the scale of `Needs`.
        levels: The probability of each output.
        risks: The risks of the techniques; None where not all of the text was read.
        whole: All of the text was read.
    """

    scaled: dict[str, float]
    levels: dict[str, float]
    risks: Risks | None
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """A combination of members that reads a question together, with its calibration."""

    name: str
    setup: Setup
    encoder: Encoder | None


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """What was loaded: immutable, and safe to use from several threads."""

    artefact: Artefact
    general: _Path
    english: _Path | None
    ngrams: NgramReader | None

    @property
    def members(self) -> str:
        return self.general.name if self.english is None else f"{self.english.name},{self.general.name}"

    def read(self, text: str, rules: Needs) -> _Reading:
        """Read a text, of which the word lists made `rules`."""
        shorter, complete = shortened(text)
        overall = None if self.ngrams is None else self.ngrams.logits(shorter)
        path = self.general if self.english is None or overall is None or overall[ENGLISH] <= 0.0 else self.english
        windows, whole = path.encoder.windows(shorter) if path.encoder else ([Window(shorter, [])], True)
        members = [self._logits(path, window, overall if len(windows) == 1 else None) for window in windows]
        outputs = self.artefact.outputs
        levels = [path.setup.probabilities({name: row[: len(outputs)] for name, row in one.items()}) for one in members]
        union = {
            name: round((min if name in _LOWEST else max)(column), _DIGITS)
            for name, column in zip(outputs, zip(*levels, strict=True), strict=True)
        }
        everything = whole and complete
        risks = _risks(path.setup, members, rules, text) if everything else None
        return _Reading(_scaled(union, path.setup, outputs), union, risks, everything)

    def _logits(self, path: _Path, window: Window, overall: Any) -> dict[str, Any]:
        """The logits of each member; `overall` are the n-grams' of the whole text where that is the window."""
        members: dict[str, Any] = {}
        if path.encoder is not None:
            members["encoder"] = path.encoder.logits(window.ids)
        if self.ngrams is not None:
            members["ngrams"] = self.ngrams.logits(window.text) if overall is None else overall
        return members


def _scaled(levels: dict[str, float], setup: Setup, outputs: Sequence[str]) -> dict[str, float]:
    """Probabilities on the scale of `Needs`."""
    return {name: rescaled(levels[name], bounds) for name, bounds in zip(outputs, setup.bounds, strict=True)}


def _risks(setup: Setup, members: list[dict[str, Any]], rules: Needs, text: str) -> Risks | None:
    """The highest risks over the windows."""
    stack = setup.stack
    if stack is None:
        return None
    import numpy as np

    flags = flags_of(rules, text, located=is_located(rules.place))
    return stack.risks(np.max([stack.logits(one, flags) for one in members], axis=0), digits=_DIGITS)


def _load(folder: Path) -> _Model:
    artefact = Artefact.read(folder)
    if find_spec("numpy") is None:
        raise RouterUnavailable("the trained router needs numpy")
    encoder, english = _encoder(artefact, ENCODER_FILES), _encoder(artefact, ENGLISH_FILES)
    if encoder is not None and english is None:
        encoder.load()
    try:
        ngrams = NgramReader.read(folder / NGRAM_FILES[0]) if artefact.has(NGRAM_FILES) else None
    except Exception as error:
        # numpy raises many kinds of exceptions for an archive that it cannot read.
        raise RouterUnavailable(f"the router {artefact.name!r} cannot be loaded: {error}") from error
    beside = [] if ngrams is None else ["ngrams"]
    general = _joined(artefact, "+".join([*(["encoder"] if encoder else []), *beside]), encoder)
    told = english is not None and ngrams is not None
    return _Model(artefact, general, _joined(artefact, "english+ngrams", english) if told else None, ngrams)


def _joined(artefact: Artefact, members: str, encoder: Encoder | None) -> _Path:
    setup = artefact.setups.get(members)
    if setup is None:
        raise RouterUnavailable(f"the router {artefact.name!r} has no calibration for {members or 'no member'!r}")
    return _Path(members, setup, encoder)


def _encoder(artefact: Artefact, files: tuple[str, str]) -> Encoder | None:
    if not artefact.has(files) or find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        return None
    graph, words = files
    return Encoder((artefact.folder / graph, artefact.folder / words), artefact.max_tokens)
