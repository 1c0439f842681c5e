"""The n-gram member of the question router: hashed character and word n-grams, one logistic regression per output.

The hashing is specified in FORMAT.md; `feature_ids` is its reference implementation.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

__all__ = ["CHARACTER_ORDERS", "HASH_SIZE", "NgramModel", "feature_ids", "normalise"]

HASH_SIZE = 1 << 17
CHARACTER_ORDERS = (2, 3, 4, 5)
WORD_ORDERS = (1, 2)

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """NFKC, lower case, every digit as 0, white space collapsed, one blank at either end."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    return f" {' '.join(_DIGIT.sub('0', lowered).split())} "


def feature_ids(text: str) -> list[int]:
    """The distinct hashed features of a text, ascending."""
    padded = normalise(text)
    grams = {padded[at : at + order] for order in CHARACTER_ORDERS for at in range(len(padded) - order + 1)}
    words = _WORD.findall(padded)
    for order in WORD_ORDERS:
        grams.update("\x00" + " ".join(words[at : at + order]) for at in range(len(words) - order + 1))
    return sorted({zlib.crc32(gram.encode("utf-8", "replace")) & (HASH_SIZE - 1) for gram in grams})


def _matrix(texts: list[str]) -> csr_matrix:
    """Rows of equal weights 1/sqrt(number of features), shape (texts, HASH_SIZE)."""
    rows = [feature_ids(text) for text in texts]
    lengths = np.array([len(row) for row in rows])
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    indices = np.concatenate([np.array(row, dtype=np.int32) for row in rows if row] or [np.zeros(0, np.int32)])
    values = np.repeat(1.0 / np.sqrt(np.maximum(lengths, 1)), lengths)
    return csr_matrix((values, indices, indptr), shape=(len(texts), HASH_SIZE), dtype=np.float64)


class NgramModel:
    """int8 weights (HASH_SIZE, outputs), a scale and a bias per output."""

    def __init__(self, weights: np.ndarray, scales: np.ndarray, bias: np.ndarray) -> None:
        self.weights, self.scales, self.bias = weights, scales, bias

    @classmethod
    def fit(cls, texts: list[str], targets: np.ndarray, *, penalty: float = 3e-6, iterations: int = 80) -> NgramModel:
        """L2-penalised logistic regression by L-BFGS; deterministic. `targets` is (texts, outputs) of 0 and 1."""
        full = _matrix(texts)
        seen = np.unique(full.indices)
        matrix = full[:, seen].tocsr()
        columns, outputs = len(seen), targets.shape[1]
        transposed = matrix.T.tocsr()

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(columns + 1, outputs)
            logits = matrix @ weights[:-1] + weights[-1]
            value = float(np.mean(np.sum(np.logaddexp(0, logits) - targets * logits, axis=1)))
            residual = (expit(logits) - targets) / len(texts)
            gradient = np.vstack([transposed @ residual + 2 * penalty * weights[:-1], residual.sum(axis=0)])
            return value + penalty * float(np.sum(weights[:-1] ** 2)), gradient.ravel()

        start = np.zeros((columns + 1) * outputs)
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations})
        fitted = found.x.reshape(columns + 1, outputs)
        scales = np.maximum(np.abs(fitted[:-1]).max(axis=0), 1e-9) / 127.0
        weights = np.zeros((HASH_SIZE, outputs), dtype=np.int8)
        weights[seen] = np.rint(fitted[:-1] / scales).astype(np.int8)
        return cls(weights, scales.astype(np.float32), fitted[-1].astype(np.float32))

    @classmethod
    def read(cls, path: Path) -> NgramModel:
        """What `save` wrote."""
        with np.load(path) as arrays:
            return cls(arrays["weights"], arrays["scales"], arrays["bias"])

    def logits(self, texts: list[str]) -> np.ndarray:
        """Shape (texts, outputs)."""
        return np.asarray(_matrix(texts) @ self.weights.astype(np.float64)) * self.scales + self.bias

    def save(self, path: Path) -> None:
        """Write the file of FORMAT.md, byte for byte the same for the same weights."""
        arrays = {
            "weights": self.weights,
            "scales": self.scales,
            "bias": self.bias,
            "character_orders": np.array(CHARACTER_ORDERS, dtype=np.int32),
            "word_orders": np.array(WORD_ORDERS, dtype=np.int32),
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, array, allow_pickle=False)
                member = zipfile.ZipInfo(f"{name}.npy", date_time=(2026, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, buffer.getvalue())
