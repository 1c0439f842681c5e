"""A glance at the whole picture by a convolutional network, where onnxruntime is installed."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from headroom_core.errors import BrokenModel
from headroom_core.image import pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from headroom_core.image.pixels import Decoded

__all__ = ["DIGEST", "FILE", "SIDE", "Glance", "Glancer", "glancer_at_hand"]

_log = logging.getLogger("headroom")

FILE: Final = "glance.onnx"
DIGEST: Final = "0bae88227a3eb5d38a63fdbf0221565b29e705fec4af21a4dbe56ca68715c4b0"
"""sha256 of the file: what is run is what was measured."""
SIDE: Final = 256
"""Side in pixels of the square that every picture is brought to, whatever its shape."""


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """What the network says, before it is weighed with what was measured.

    Attributes:
        kinds: Logits of the kinds, in the order of `PictureKind`, shape (6,).
        text: Logit of text.
    """

    kinds: NDArray[np.float64]
    text: float


class Glancer:
    """Looks at pictures; what fails is an answer of None. Thread-safe; the network is loaded at its first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._broken = False

    @property
    def identity(self) -> str:
        """What answers depend on, for keys of caches."""
        return f"glance {DIGEST[:8]}"

    def __call__(self, picture: Decoded) -> Glance | None:
        """Return what the network says of a decoded picture, or None where it cannot be run.

        Raises:
            BrokenModel: The network's file of the package is damaged.
            ImageError: The pixels cannot be read.
        """
        import numpy as np

        session = self.load()
        if session is None:
            return None
        levels = np.asarray(pixels.in_square(picture, SIDE), np.float32).transpose(2, 0, 1)[None]
        try:
            logits = _logits(session, levels)
        except BrokenModel as error:
            _log.info("a picture is measured without a glance: %s", error)
            return None
        return Glance(logits[:-1], float(logits[-1]))

    def load(self) -> Any:
        """Load the network where that is not done yet; the session of onnxruntime, or None where it cannot run it.

        Raises:
            BrokenModel: The network's file of the package is damaged.
        """
        with self._lock:
            if self._session is None and not self._broken:
                stored = _stored()
                try:
                    self._session = _session(stored)
                except BrokenModel as error:
                    self._broken = True
                    _log.info("pictures are measured without a glance: %s", error)
            return self._session


@cache
def glancer_at_hand() -> Glancer | None:
    """The glancer of this process, or None where onnxruntime is not installed."""
    return Glancer() if find_spec("onnxruntime") is not None else None


def _stored() -> bytes:
    from importlib.resources import files

    stored = (files(__package__) / FILE).read_bytes()
    if hashlib.sha256(stored).hexdigest() != DIGEST:
        raise BrokenModel(f"{FILE} of the picture signals is not the file that belongs to this version: reinstall")
    return stored


def _logits(session: Any, levels: NDArray[np.float32]) -> NDArray[np.float64]:
    try:
        (logits,) = session.run(["logits"], {"levels": levels})
    except Exception as error:
        # It raises plain `Exception` from native code, for want of memory for one.
        raise BrokenModel(f"{FILE} failed: {error}") from error
    found: NDArray[np.float64] = logits[0].astype("float64")
    return found


def _session(data: bytes) -> Any:
    """One thread: the caller's threads are the caller's."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # It raises plain `Exception` from native code for a graph that it does not know.
        raise BrokenModel(f"{FILE} cannot be run by this onnxruntime: {error}") from error
