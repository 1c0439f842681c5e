"""Fine-tuning of an encoder on the questions, and its export to int8 ONNX."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from encoders import POSITIONS, Encoder, Source
from tokenizers import Tokenizer
from torch.nn import functional
from vocabulary import pruned

__all__ = ["UNTOLD", "Lessons", "encoder_logits", "export", "fine_tune"]

BATCH = 32
HEAD_RATE = 10
"""How much faster the new heads learn than the layers that were trained before."""
RISK_SHARE = 0.5
UNTOLD = 0
"""The row of the risks that holds where the kind of the picture is not known."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from.

    Attributes:
        texts: The questions.
        needs: 0 or 1, (texts, outputs).
        risks: 0 or 1, (texts, risks).
        kind: Group of the kind of picture that each question came with, (texts,); 0 is none.
        kinds: Number of groups, the one for none included.
    """

    texts: list[str]
    needs: np.ndarray
    risks: np.ndarray
    kind: np.ndarray
    kinds: int


def fine_tune(
    source: Source,
    lessons: Lessons,
    *,
    layers: list[int],
    vocabulary: int,
    epochs: int,
    rate: float = 5e-4,
    seed: int = 0,
) -> tuple[Tokenizer, Encoder]:
    """Train all but the word embeddings; the same seed, data and number of threads give the same weights.

    The vocabulary is chosen from the texts and the source alone. A text over the window is cut, at random at its head
    or tail.
    """
    texts = lessons.texts
    torch.manual_seed(seed)
    chance = random.Random(seed)
    tokenizer, kept = pruned(source, texts, size=vocabulary)
    model = Encoder(
        source,
        kept,
        layers=layers,
        outputs=lessons.needs.shape[1],
        kinds=lessons.kinds,
        risks=lessons.risks.shape[1],
    )
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    needs = torch.tensor(lessons.needs, dtype=torch.float32)
    risks = torch.tensor(lessons.risks, dtype=torch.float32)
    kinds = torch.tensor(lessons.kind)
    weights = [p for p in model.parameters() if p.requires_grad]
    head = [*model.head.parameters(), *model.mix.parameters(), *model.risk.parameters(), model.kinds]
    body = [p for p in weights if all(p is not own for own in head)]
    groups = [{"params": body, "lr": rate}, {"params": head, "lr": rate * HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * math.ceil(len(rows) / BATCH)
    warm = steps // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (warm + 1), max(0.02, (steps - step) / (steps - warm)))
    )
    model.train()
    for epoch in range(epochs):
        print(f"epoch {epoch + 1} of {epochs}", flush=True)
        for batch in _batches(rows, chance):
            ids, mask = _padded([_window(rows[at], chance) for at in batch])
            needed, risked = model(ids, mask)
            told = risked[torch.arange(len(batch)), kinds[batch]]
            loss = _loss(needed, needs[batch])
            loss = loss + RISK_SHARE * (_loss(told, risks[batch]) + _loss(risked[:, UNTOLD], risks[batch]))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
    return tokenizer, model.eval()


def _loss(logits: torch.Tensor, goals: torch.Tensor) -> torch.Tensor:
    return functional.binary_cross_entropy_with_logits(logits, goals, reduction="none").sum(dim=1).mean()


def encoder_logits(tokenizer: Tokenizer, model: Encoder, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the first window of each text: needs (texts, outputs), risks (texts, kinds, risks)."""
    rows = [_window(encoding.ids, None) for encoding in tokenizer.encode_batch(texts)]
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    needed = np.zeros((len(rows), model.head.out_features), dtype=np.float32)
    risked = np.zeros((len(rows), len(model.kinds), model.risk.out_features), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 128):
            part = order[start : start + 128]
            a, b = model(*_padded([rows[at] for at in part]))
            needed[part], risked[part] = a.numpy(), b.numpy()
    return needed, risked


def export(tokenizer: Tokenizer, model: Encoder, folder: Path) -> None:
    """Write `encoder.onnx` (weights int8, one scale per column) and `tokenizer.json`."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    buffer = io.BytesIO()
    example = (torch.ones(1, 9, dtype=torch.int64), torch.ones(1, 9, dtype=torch.int64))
    names = {
        "input_ids": {0: "batch", 1: "length"},
        "attention_mask": {0: "batch", 1: "length"},
        "logits": {0: "batch"},
    }
    torch.onnx.export(
        model,
        example,
        buffer,
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes=names,
        opset_version=17,
        dynamo=False,
    )
    full = folder / "encoder.full.onnx"
    full.write_bytes(buffer.getvalue())
    quantize_dynamic(full, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
    onnx.checker.check_model(str(folder / "encoder.onnx"))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def _window(ids: list[int], chance: random.Random | None) -> list[int]:
    if len(ids) <= POSITIONS:
        return ids
    if chance is None or chance.random() < 0.5:
        return [*ids[: POSITIONS - 1], ids[-1]]
    return [ids[0], *ids[-(POSITIONS - 1) :]]


def _batches(rows: list[list[int]], chance: random.Random) -> list[list[int]]:
    """Shuffled batches of texts of like length."""
    order = sorted(range(len(rows)), key=lambda at: (len(rows[at]) + chance.random() * 6, at))
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(batches)
    return batches


def _padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(row) for row in rows)
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask
