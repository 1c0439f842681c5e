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
DIGEST: Final = "d7b7dc86c34e6f7ecb85fd96d2996e2645f19ece0468dc511ba3c5524f0040b5"
"""sha256 of the file: what is read is what was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The trained parts; see `training/images`.

    Attributes:
        letters: Sees letters in patches.
        text: Evidence to the mean share of pictures with text in the leaves that it leads to.
        text_line: Slope and shift of the logit that makes a true probability of that share.
        detector: Weights of the logits of `text` and of a detector, and a shift, for the logit of text by both.
        kinds: Evidence to the mean share of each of the kinds, in the order of `PictureKind`.
        glance_text: Weights of the logits of `text` and of a glance, and a shift, for the logit of text by both.
        glance_kinds: Weights of the logits of `kinds`, of a glance, and of one, for the logits of the kinds by both,
            shape (13, 6).
        kind_scale: Factor of the shares of the kinds in the logits of their true probabilities.
        em: Coefficients of the em height of a line of text; see `heights`.
    """

    letters: Letters
    text: Trees
    text_line: NDArray[np.float32]
    detector: NDArray[np.float32]
    kinds: Trees
    kind_scale: float
    glance_text: NDArray[np.float32]
    glance_kinds: NDArray[np.float32]
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
        parts["detector_line"],
        Trees.read(parts, "kind"),
        float(parts["kind_scale"]),
        parts["glance_text"],
        parts["glance_kinds"],
        parts["em"],
    )
