"""A tiny trained router, made of real files: words that no word list knows, each with logits of its own."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from headroom_core.image.router.ngrams import features

__all__ = ["MEANINGS", "OUTPUTS", "make_router", "seal"]

OUTPUTS = (
    "text", "digits", "structure", "detail", "count", "region", "gist", "coordinates", "compare", "none", "silent",
)  # fmt: skip
BUCKETS = 1 << 12
MEANINGS = {"zorp": "gist", "glim": "text", "vandu": "detail", "krelo": "none", "ulfi": "silent"}
"""Made-up words, and the output that each raises."""

_REST, _RAISE = -6.0, 12.0
_WORDS = ["[UNK]", "[CLS]", "[SEP]", *MEANINGS]


def make_router(folder: Path, *, members: tuple[str, ...] = ("encoder", "ngrams"), bounds=(0.1, 0.5)) -> Path:
    """Write the files of a router; `bounds` are the thresholds of every output."""
    folder.mkdir(parents=True, exist_ok=True)
    if "encoder" in members:
        onnx.save(_encoder(), folder / "encoder.onnx")
        _tokenizer().save(str(folder / "tokenizer.json"))
    if "ngrams" in members:
        _write_ngrams(folder / "ngrams.npz")
    (folder / "calibration.json").write_text(json.dumps(_calibration(bounds)))
    seal(folder)
    return folder


def seal(folder: Path, **changes: object) -> None:
    """Write the manifest of the files as they are."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    files.pop("manifest.json", None)
    manifest = {"name": "tiny", "version": "1", "files": files, "needs": list(OUTPUTS), "max_tokens": 8} | changes
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _encoder() -> onnx.ModelProto:
    """Logits: the sum of a row per token, above a common rest."""
    rows = np.zeros((len(_WORDS), len(OUTPUTS)), dtype=np.float32)
    for word, output in MEANINGS.items():
        rows[_WORDS.index(word), OUTPUTS.index(output)] = _RAISE
    nodes = [
        helper.make_node("Gather", ["rows", "input_ids"], ["gathered"], axis=0),
        helper.make_node("ReduceSum", ["gathered", "tokens"], ["summed"], keepdims=0),
        helper.make_node("Add", ["summed", "rest"], ["logits"]),
    ]
    constants = {
        "rows": rows,
        "rest": np.full(len(OUTPUTS), _REST, dtype=np.float32),
        "tokens": np.array([1], dtype=np.int64),
    }
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(OUTPUTS)])]
    stored = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def _write_ngrams(path: Path) -> None:
    """Each word raises its own output here as well: by the one feature that is the word itself."""
    weights = np.zeros((BUCKETS, len(OUTPUTS)), dtype=np.int8)
    for word, output in MEANINGS.items():
        (bucket,) = features(word, BUCKETS, (), (1,))
        weights[bucket, OUTPUTS.index(output)] = 120
    np.savez(
        path,
        weights=weights,
        scales=np.full(len(OUTPUTS), 0.1, dtype=np.float32),
        bias=np.full(len(OUTPUTS), _REST, dtype=np.float32),
        character_orders=np.array([], dtype=np.int32),
        word_orders=np.array([1], dtype=np.int32),
    )


def _calibration(bounds: tuple[float, float]) -> dict[str, object]:
    def setup(**weights: float) -> dict[str, object]:
        thresholds = {name: {"excluded_below": bounds[0], "present_from": bounds[1]} for name in OUTPUTS}
        ones, zeros = [1.0] * len(OUTPUTS), [0.0] * len(OUTPUTS)
        return {"weights": weights, "scale": ones, "shift": zeros, "thresholds": thresholds}

    setups = {
        "encoder+ngrams": setup(encoder=0.7, ngrams=0.3),
        "encoder": setup(encoder=1.0),
        "ngrams": setup(ngrams=1.0),
    }
    return {"version": 1, "setups": setups, "curve": []}
