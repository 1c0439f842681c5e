"""Trains the question router: `python training/train.py --out headroom_core/image/router/weights --work FOLDER ...`.

Environment: Python 3.11, training/requirements.txt, and the two unpacked wheels named in encoders.py.

Members are trained twice. First without one whole writer and without the calibration and test themes: on the writer and
the calibration themes, which these members have not seen, everything that follows is chosen. Then on all questions but
the test themes: these members ship, with what was chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "questions"), str(HERE.parent)]

import numpy as np  # noqa: E402
from calibrate import MOST_UNSAFE, MOST_UNSAFE_ENGLISH, Setup, fit_setup  # noqa: E402
from ngrams import NgramModel, feature_ids  # noqa: E402
from prepare import GROUPS, HELD_OUT_WRITER, OUTPUTS, Question, digest, load, split  # noqa: E402

LAYERS = [0, 1, 2]
PIECES = {"english": 8_000, "other": 10_500}
EPOCHS = 4
SEED = 0
NGRAM_PENALTY = 2e-5
VERSION = "3"
WINDOW = 64
FILES = {
    "english": ("english.onnx", "english.json"),
    "other": ("encoder.onnx", "tokenizer.json"),
    "ngrams": ("ngrams.npz",),
}
_EXAMPLES = ("How many people are there?", "what does the sign say", "この写真の雰囲気は?", "", "Ｆull-width 123 ﬁ")


@dataclass(frozen=True, slots=True)
class Members:
    """The trained members in a folder, read as the package reads them: one thread, the first window of a text."""

    folder: Path

    def logits(self, texts: list[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Logits of `encoder` (of the language that it is taken for) and `ngrams`, and which texts count as English."""
        ngrams = NgramModel.read(self.folder / "ngrams.npz").logits(texts)
        english = ngrams[:, -1] > 0
        encoder = np.zeros((len(texts), len(OUTPUTS)))
        for name, at in (("english", english), ("other", ~english)):
            part = [text for text, wanted in zip(texts, at, strict=True) if wanted]
            if part:
                encoder[at] = self._encoded(name, part)
        return {"encoder": encoder, "ngrams": ngrams}, english

    def _encoded(self, name: str, texts: list[str]) -> np.ndarray:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        graph, words = (str(self.folder / file) for file in FILES[name])
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        rows = []
        for encoding in Tokenizer.from_file(words).encode_batch(texts):
            ids = encoding.ids if len(encoding.ids) <= WINDOW else [*encoding.ids[: WINDOW - 1], encoding.ids[-1]]
            rows.append(session.run(["logits"], {"input_ids": np.array([ids], np.int64)})[0][0])
        return np.array(rows)


def main() -> None:
    """Train both sets of members, choose, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="keeps the members; those that are there are not made")
    parser.add_argument("--english", type=Path, required=True, help="the folder `model` of MiniLM")
    parser.add_argument("--other", type=Path, required=True, help="e5-small-q4.bin")
    parser.add_argument("--threads", type=int, default=1, help="results depend on this in the last digits")
    asked = parser.parse_args()
    parts = split(load()[0])
    chosen_on = [*parts.calibration, *parts.writer_test]
    held, shipped = asked.work / "held", asked.work / "shipped"
    _train(held, parts.train, asked)
    _train(shipped, [*parts.train, *chosen_on], asked)
    setups = _setups(Members(held), chosen_on)
    _write(asked.out, shipped, setups)


def is_english(question: Question) -> bool:
    """Whether its words are English at least in part."""
    return "en" in question.lang.split("-")


def setups_of(members: Members, texts: list[str]) -> dict[str, tuple[dict[str, np.ndarray], np.ndarray]]:
    """For each setup the logits of its members, and the texts that it is taken for."""
    logits, english = members.logits(texts)
    every = np.ones(len(texts), bool)
    alone = {"ngrams": logits["ngrams"]}
    return {"english+ngrams": (logits, english), "encoder+ngrams": (logits, ~english), "ngrams": (alone, every)}


def _train(folder: Path, questions: list[Question], asked: argparse.Namespace) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    english = [q for q in questions if is_english(q)]
    for name, taught in (("english", english), ("other", questions)):
        if not (folder / FILES[name][0]).is_file():
            _train_encoder(name, taught, folder, asked)
    if not (folder / "ngrams.npz").is_file():
        targets = np.array([[*q.targets, *q.risks, float(is_english(q))] for q in questions])
        NgramModel.fit([q.text for q in questions], targets, penalty=NGRAM_PENALTY).save(folder / "ngrams.npz")


def _train_encoder(name: str, taught: list[Question], folder: Path, asked: argparse.Namespace) -> None:
    import torch
    from encoders import read_e5, read_minilm
    from learn import export, fine_tune

    torch.set_num_threads(asked.threads)
    started = time.monotonic()
    source = read_minilm(asked.english) if name == "english" else read_e5(asked.other)
    known = [q.text for q in taught if is_english(q) is (name == "english")]
    tokenizer, model = fine_tune(
        source,
        [q.text for q in taught],
        np.array([q.targets for q in taught]),
        layers=LAYERS,
        vocabulary=PIECES[name],
        epochs=EPOCHS,
        known=known,
        seed=SEED,
    )
    export(tokenizer, model, *(folder / file for file in FILES[name]))
    print(f"{folder.name}: {name} trained on {len(taught)} in {time.monotonic() - started:.0f} s", flush=True)


def _setups(members: Members, questions: list[Question]) -> dict[str, Setup]:
    made = {}
    for name, (logits, at) in setups_of(members, [q.text for q in questions]).items():
        part = [q for q, wanted in zip(questions, at, strict=True) if wanted]
        bounds = MOST_UNSAFE_ENGLISH if name == "english+ngrams" else MOST_UNSAFE
        taken = {member: rows[at] for member, rows in logits.items()}
        made[name] = fit_setup(taken, part, new_writer=HELD_OUT_WRITER, most_unsafe=bounds)
    return made


def _write(out: Path, members: Path, setups: dict[str, Setup]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    names = [name for files in FILES.values() for name in files]
    for name in names:
        shutil.copyfile(members / name, out / name)
    document = {
        "version": 2,
        "groups": GROUPS,
        "setups": {name: setup.as_json() for name, setup in setups.items()},
        "curves": {name: setup.curves for name, setup in setups.items()},
    }
    (out / "calibration.json").write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")
    manifest = {
        "name": "headroom-question-router",
        "version": VERSION,
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in (*names, "calibration.json")},
        "needs": list(OUTPUTS),
        "max_tokens": WINDOW,
        "created_from": digest(),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    logits, english = Members(out).logits(list(_EXAMPLES))
    examples = [
        {
            "text": text,
            "ids": feature_ids(text),
            "english": bool(told),
            "ngrams": np.round(a.astype(float), 4).tolist(),
            "encoder": np.round(b.astype(float), 4).tolist(),
        }
        for text, told, a, b in zip(_EXAMPLES, english, logits["ngrams"], logits["encoder"], strict=True)
    ]
    (HERE / "example.json").write_text(json.dumps(examples, ensure_ascii=False) + "\n", "utf-8")
    total = sum((out / name).stat().st_size for name in (*names, "calibration.json", "manifest.json"))
    print(f"{total / 1e6:.2f} MB; prices {[setup.prices[:2].tolist() for setup in setups.values()]}")


if __name__ == "__main__":
    main()
