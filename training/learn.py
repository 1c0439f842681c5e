"""Fine-tuning of an encoder on the questions, and its export to int8 ONNX."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import onnx
import torch
from encoders import POSITIONS, Encoder, Source
from graph import written
from tokenizers import Tokenizer
from torch.nn import functional
from vocabulary import pruned

__all__ = ["encoder_logits", "export", "fine_tune"]

BATCH = 32
HEAD_RATE = 10
"""How much faster the new head learns than the layers that were trained before."""


def fine_tune(
    source: Source,
    texts: list[str],
    targets: np.ndarray,
    *,
    layers: list[int],
    vocabulary: int,
    epochs: int,
    known: list[str] | None = None,
    rate: float = 5e-4,
    seed: int = 0,
) -> tuple[Tokenizer, Encoder]:
    """Train all but the word embeddings; the same seed, data and number of threads give the same weights.

    The vocabulary is chosen from the texts `known` (all texts by default) and the source alone. A text over the window
    is cut, at random at its head or tail.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)
    tokenizer, kept = pruned(source, texts if known is None else known, size=vocabulary)
    model = Encoder(source, kept, layers=layers, outputs=targets.shape[1])
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    goals = torch.tensor(targets, dtype=torch.float32)
    weights = [p for p in model.parameters() if p.requires_grad]
    head = list(model.head.parameters())
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
            loss = functional.binary_cross_entropy_with_logits(model(ids, mask), goals[batch], reduction="none")
            loss.sum(dim=1).mean().backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
    return tokenizer, model.eval()


def encoder_logits(tokenizer: Tokenizer, model: Encoder, texts: list[str]) -> np.ndarray:
    """Logits of the first window of each text."""
    rows = [_window(encoding.ids, None) for encoding in tokenizer.encode_batch(texts)]
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    found = np.zeros((len(rows), model.head.out_features), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 128):
            part = order[start : start + 128]
            found[part] = model(*_padded([rows[at] for at in part])).numpy()
    return found


def export(tokenizer: Tokenizer, model: Encoder, graph: Path, words: Path) -> None:
    """Write the int8 ONNX graph (one scale per column) and the tokenizer."""
    made = written(model)
    onnx.checker.check_model(made)
    graph.write_bytes(made.SerializeToString())
    tokenizer.save(str(words), pretty=False)


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
