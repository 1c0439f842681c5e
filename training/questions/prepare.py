"""Reads, checks, thins and splits the hand-written questions; run as a program, it prints a summary."""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "GROUPS",
    "KINDS",
    "NEEDS",
    "OUTPUTS",
    "RISKED",
    "Question",
    "Splits",
    "digest",
    "fingerprint",
    "load",
    "split",
    "unseen",
]

HERE = Path(__file__).resolve().parent
UNSEEN = HERE / "unseen"
TEST_SET = HERE.parents[1] / "tests" / "core" / "image" / "dev_queries.jsonl"

NEEDS = ("text", "digits", "structure", "detail", "count", "region", "gist", "coordinates", "compare", "none")
OUTPUTS = (*NEEDS, "silent")
"""What the models predict: the ten needs, and that the words say nothing (`-`)."""
_LETTERS = dict(zip("tdsfcrgxmn", NEEDS, strict=True))
TECHNIQUES = {"L": "full_low", "P": "preserve", "C": "crop", "T": "transcode"}
KINDS = frozenset(
    [
        "photo",
        "document",
        "screenshot",
        "chart",
        "receipt",
        "product",
        "scene_text",
        "diagram",
        "handwriting",
        "map",
        "art",
        "meme",
        "medical",
        "form",
        "code",
        "two_images",
        "video_frame",
    ]
)
GROUPS = {
    "scene": ("photo", "art", "video_frame"),
    "document": ("document",),
    "receipt": ("receipt",),
    "screenshot": ("screenshot", "ui"),
    "code": ("code",),
    "chart": ("chart",),
    "diagram": ("diagram", "map"),
    "form": ("form", "table"),
    "handwriting": ("handwriting", "math"),
    "product": ("product",),
    "scene_text": ("scene_text",),
    "meme": ("meme",),
    "medical": ("medical",),
    "two_images": ("two_images",),
}
"""Kinds of pictures that are treated alike: the risk of a technique is learned for each group."""
RISKED = ("full_low", "crop", "transcode")
HELD_OUT_WRITER = "dov"
NEAR = 0.80
"""Questions whose sets of character 4-grams overlap by more than this (Jaccard) are near-duplicates."""


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled question.

    Attributes:
        writer: The file that it stands in.
        needs: The needs that it raises; empty when its words say nothing.
        best, acceptable, unsafe: Techniques by name.
    """

    writer: str
    lang: str
    kind: str
    theme: str
    needs: frozenset[str]
    place: str | None
    best: str
    acceptable: frozenset[str]
    unsafe: frozenset[str]
    text: str

    @property
    def targets(self) -> list[float]:
        """One 0 or 1 for each of `OUTPUTS`."""
        return [float(need in self.needs) for need in NEEDS] + [float(not self.needs)]

    @property
    def risks(self) -> list[float]:
        """For each of `RISKED` 1 where it is unsafe, then for each 1 where it is not acceptable."""
        return [float(t in self.unsafe) for t in RISKED] + [float(t not in self.acceptable) for t in RISKED]

    @property
    def group(self) -> int:
        """The place of the kind's group among `GROUPS`, from 1 on."""
        return next(at for at, kinds in enumerate(GROUPS.values(), start=1) if self.kind in kinds)


@dataclass(frozen=True, slots=True)
class Splits:
    """Questions by use. Nothing of `writer_test` or `theme_test` is ever looked at in training or calibration."""

    train: list[Question]
    calibration: list[Question]
    theme_test: list[Question]
    writer_test: list[Question]


def fingerprint(text: str) -> frozenset[str]:
    """The set of character 4-grams of the letters and digits of a text."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum() or c == " ")
    padded = f" {' '.join(plain.split())} "
    return frozenset(padded[at : at + 4] for at in range(max(len(padded) - 3, 1)))


def load(folder: Path = HERE) -> tuple[list[Question], list[str]]:
    """All valid questions, near-duplicates removed, in the order of files and lines; and what was left out and why."""
    refused: list[str] = []
    questions = [question for path in _files(folder) for question in _read(path, refused)]
    return _thinned(questions, refused), refused


def unseen(known: list[Question]) -> list[Question]:
    """The valid questions of the folder `unseen`, which no training or choice has read, without any near to `known`."""
    told: list[str] = []
    questions = [question for path in _files(UNSEEN) for question in _read(path, told)]
    return _thinned([*known, *questions], told)[len(known) :]


def split(questions: list[Question], *, held_out_writer: str = HELD_OUT_WRITER) -> Splits:
    """By writer and theme: one writer whole, then a tenth of the themes for the test and two for calibration."""
    parts: dict[str, list[Question]] = {"train": [], "calibration": [], "theme_test": [], "writer_test": []}
    for question in questions:
        if question.writer == held_out_writer:
            parts["writer_test"].append(question)
        else:
            parts[_use_of(question)].append(question)
    return Splits(**parts)


def digest(folder: Path = HERE) -> str:
    """SHA-256 over the names and bytes of the question files."""
    total = hashlib.sha256()
    for path in _files(folder):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _files(folder: Path) -> list[Path]:
    """The writers' files; what a second labeller wrote is no training data."""
    return sorted(path for path in folder.glob("*.tsv") if not path.stem.startswith("second_"))


def _read(path: Path, refused: list[str]) -> list[Question]:
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        if not line.strip():
            continue
        try:
            questions.append(_parse(path.stem, line))
        except (ValueError, KeyError) as error:
            refused.append(f"{path.name}:{number}: {error}")
    return questions


def _use_of(question: Question) -> str:
    bucket = hashlib.sha256(f"{question.writer} {question.theme.casefold()}".encode()).digest()[1] % 20
    return "theme_test" if bucket < 2 else "calibration" if bucket < 5 else "train"


def _parse(writer: str, line: str) -> Question:
    fields = line.split("\t")
    if len(fields) == 7:
        fields.append("")
    if len(fields) != 8:
        raise ValueError(f"{len(fields)} columns")
    lang, kind, theme, needs_field, best, acceptable, unsafe, text = (field.strip() for field in fields)
    letters, _, place = needs_field.partition("@")
    names = frozenset(_LETTERS[c] for c in letters if c not in " -")
    allowed = frozenset(TECHNIQUES[c] for c in acceptable if c != "-")
    harmful = frozenset(TECHNIQUES[c] for c in unsafe if c != "-")
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}")
    if TECHNIQUES[best] not in allowed or allowed & harmful or "preserve" not in allowed:
        raise ValueError("best, acceptable and unsafe disagree")
    text = text.replace("\\n", "\n")
    return Question(writer, lang, kind, theme, names, place.strip() or None, TECHNIQUES[best], allowed, harmful, text)


def _thinned(questions: list[Question], refused: list[str]) -> list[Question]:
    """Keep the first of near-duplicates, and nothing near the test set; short texts must differ in letters at all.

    The same words about another kind of picture are another question only when they say nothing ("this?").
    """
    index: dict[str, list[int]] = {}
    prints: list[frozenset[str]] = []
    tests = [json.loads(line)["query"] for line in TEST_SET.read_text(encoding="utf-8").splitlines() if line]
    for text in tests:
        _near(fingerprint(text), prints, index, remember=True)
    kept: list[Question] = []
    for question in questions:
        print_ = fingerprint(question.text)
        silent = not question.needs
        if _near(print_, prints, index, remember=not silent) and not silent:
            refused.append(f"{question.writer}: near-duplicate: {question.text[:80]}")
            continue
        kept.append(question)
    return kept


def _near(print_: frozenset[str], prints: list[frozenset[str]], index: dict[str, list[int]], *, remember: bool) -> bool:
    shared: Counter[int] = Counter()
    for gram in print_:
        shared.update(index.get(gram, ()))
    for at, count in shared.items():
        if count / (len(print_) + len(prints[at]) - count) > NEAR:
            return True
    if remember:
        prints.append(print_)
        for gram in print_:
            index.setdefault(gram, []).append(len(prints) - 1)
    return False


def _summary(questions: list[Question], refused: list[str]) -> str:
    lines = [f"{len(questions)} questions, {len(refused)} left out"]
    for title, values in (
        ("writer", [q.writer for q in questions]),
        ("language", [q.lang for q in questions]),
        ("kind", [q.kind for q in questions]),
        ("need", [need for q in questions for need in (sorted(q.needs) or ["silent"])]),
        ("best", [q.best for q in questions]),
    ):
        lines.append(f"{title}: " + ", ".join(f"{name} {count}" for name, count in Counter(values).most_common()))
    parts = split(questions)
    lines.append(
        f"train {len(parts.train)}, calibration {len(parts.calibration)}, "
        f"held-out themes {len(parts.theme_test)}, held-out writer {len(parts.writer_test)}"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    loaded, left_out = load()
    sys.stdout.write(_summary(loaded, left_out) + "\n")
    if "--refused" in sys.argv:
        sys.stdout.write("\n".join(left_out) + "\n")
