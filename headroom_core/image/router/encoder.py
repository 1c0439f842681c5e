"""An encoder in ONNX with its tokenizer, and the stretches of a text that it reads at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_core.errors import RouterUnavailable
from headroom_core.image.router.windows import cut

__all__ = ["Encoder", "Window"]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text, with its tokens where there is an encoder."""

    text: str
    ids: list[int]


class Encoder:
    """A session of onnxruntime with its tokenizer, loaded once, at `load` or at the first question that needs it.

    Thread-safe. Raises RouterUnavailable where its files cannot be loaded.
    """

    __slots__ = ("_loaded", "_lock", "files", "window")

    def __init__(self, files: tuple[Path, Path], window: int) -> None:
        """Name the graph and the tokenizer, and how many tokens are read at once."""
        self.files, self.window = files, window
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether its files were read."""
        return self._loaded is not None

    def load(self) -> tuple[Any, Any]:
        """Load the session and the tokenizer, where that is not done yet."""
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = self._made()
        return self._loaded

    @property
    def session(self) -> Any:
        """The session of onnxruntime."""
        return self.load()[0]

    @property
    def tokenizer(self) -> Any:
        """The tokenizer of Hugging Face."""
        return self.load()[1]

    def windows(self, text: str) -> tuple[list[Window], bool]:
        """The stretches of a text that are read at once, and whether they are all of it."""
        encoding = self.tokenizer.encode(text)
        ids: list[int] = encoding.ids
        if len(ids) <= self.window:
            return [Window(text, ids)], True
        inner = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
        first, end = inner[0], inner[-1] + 1
        windows = cut(end - first, max(1, self.window - len(ids) + end - first))
        offsets: Sequence[tuple[int, int]] = encoding.offsets
        spans = [(first + start, first + stop) for start, stop in windows.spans]
        return [
            Window(text[offsets[start][0] : offsets[stop - 1][1]], [*ids[:first], *ids[start:stop], *ids[end:]])
            for start, stop in spans
        ], windows.whole

    def logits(self, ids: list[int]) -> Any:
        """Logits of the needs and the risks, float64."""
        import numpy as np

        (rows,) = self.session.run(["logits"], {"input_ids": np.array([ids], dtype=np.int64)})
        return rows[0].astype(np.float64)

    def _made(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        graph, words = self.files
        try:
            tokenizer = Tokenizer.from_str(words.read_text("utf-8"))
            session = _session(onnxruntime, graph.read_bytes())
        except Exception as error:
            # Both libraries raise plain `Exception` from native code for a file that they cannot read.
            raise RouterUnavailable(f"the encoder {graph.name!r} cannot be loaded: {error}") from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return session, tokenizer


def _session(onnxruntime: Any, data: bytes) -> Any:
    """One thread: a question is too short to share, and the caller's threads are the caller's."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
