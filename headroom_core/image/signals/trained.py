"""What was trained on labelled pictures: the network, the trees and the fit of text heights, from one checked file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np

from headroom_core.errors import BrokenModel
from headroom_core.image.signals.network import Letters
from headroom_core.image.signals.trees import Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DIGEST", "FILE", "Trained", "trained"]

FILE: Final = "trained.npz"
DIGEST: Final = ""
"""sha256 of the file: what is read is what was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The trained parts; see `training/images`.

    Attributes:
        letters: Sees letters in patches.
        text: Evidence to a logit that the picture bears text.
        text_line: Slope and shift that make that logit's probability true.
        kinds: Evidence to a logit for each of the kinds, in the order of `PictureKind`.
        kind_scale: Factor that makes the kinds' probabilities true.
        em: Coefficients of the em height of a line of text; see `heights`.
    """

    letters: Letters
    text: Trees
    text_line: NDArray[np.float32]
    kinds: Trees
    kind_scale: float
    em: NDArray[np.float32]


@cache
def trained() -> Trained:
    """Return the trained parts, read once per process.

    Raises:
        BrokenModel: The file in the package is not the one that belongs to it.
    """
    stored = (files(__package__) / FILE).read_bytes()
    if hashlib.sha256(stored).hexdigest() != DIGEST:
        raise BrokenModel(f"{FILE} of the picture signals is not the file that belongs to this version: reinstall")
    with np.load(BytesIO(stored)) as arrays:
        parts = dict(arrays)
    return Trained(
        Letters.read(parts),
        Trees.read(parts, "text"),
        parts["text_line"],
        Trees.read(parts, "kind"),
        float(parts["kind_scale"]),
        parts["em"],
    )
