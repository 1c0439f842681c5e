"""Train the network that tells letters from no letters in a 64 x 64 patch.

    python training/images/letters.py DATA OUT [--epochs 10] [--folds 3]

DATA is what `measure.py` wrote. A picture has one label; the patches of a picture share it through a soft maximum, so
that the network finds out by itself which of them bear the letters. Writes `OUT/letters.npz` (trained on all sources)
and `OUT/letters_held_out.npy`: for each patch the probability from a network that never saw the patch's source.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
from torch import nn

CHANNELS = (8, 16, 32, 56)


class Letters(nn.Module):
    """Four convolutions of stride two and a mean: 23 k parameters, a logit for each patch."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride=2, padding=1)
            for before, after in zip((1, *CHANNELS), CHANNELS, strict=False)
        )
        self.out = nn.Linear(2 * CHANNELS[-1], 1)

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        for convolution in self.convolutions:
            patches = torch.relu(convolution(patches))
        pooled = torch.cat([patches.mean(dim=(2, 3)), patches.amax(dim=(2, 3))], dim=1)
        return self.out(pooled)[:, 0]


def normal(patches: np.ndarray) -> np.ndarray:
    """Patches of equal mean and contrast, as the engine gives them to the network."""
    levels = patches.astype(np.float32)
    levels -= levels.mean(axis=(1, 2), keepdims=True)
    return levels / (levels.std(axis=(1, 2), keepdims=True) + 8.0)


def trained(patches: np.ndarray, picture: np.ndarray, text: np.ndarray, epochs: int, seed: int = 0) -> Letters:
    """Train on patches, the number of the picture of each, and whether each picture bears text."""
    torch.manual_seed(seed)
    choose = np.random.default_rng(seed)
    network = Letters()
    steps = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    pictures = np.unique(picture)
    of = {number: np.flatnonzero(picture == number) for number in pictures}
    batches = len(pictures) // 24
    pace = torch.optim.lr_scheduler.OneCycleLR(steps, max_lr=3e-3, total_steps=epochs * batches)
    share = float(np.mean(text[pictures]))
    weights = {True: 0.5 / share, False: 0.5 / (1 - share)}
    for _ in range(epochs):
        order = choose.permutation(pictures)
        for batch in range(batches):
            chosen = order[batch * 24 : batch * 24 + 24]
            logits = network(
                torch.from_numpy(_augmented(patches[np.concatenate([of[n] for n in chosen])], choose))[:, None]
            )
            parts = torch.split(logits, [len(of[n]) for n in chosen])
            pooled = torch.stack([torch.logsumexp(part, 0) - 0.5 * np.log(len(part)) for part in parts])
            truth = torch.tensor([float(text[n]) for n in chosen])
            weight = torch.tensor([weights[bool(text[n])] for n in chosen])
            loss = nn.functional.binary_cross_entropy_with_logits(pooled, truth * 0.96 + 0.02, weight=weight)
            steps.zero_grad()
            loss.backward()
            steps.step()
            pace.step()
    return network.eval()


def _augmented(patches: np.ndarray, choose: np.random.Generator) -> np.ndarray:
    """Inverted, noisier or shifted copies."""
    levels = normal(patches)
    count = (len(levels), 1, 1)
    levels *= np.where(choose.random(count) < 0.3, -1, 1) * choose.uniform(0.7, 1.2, count)
    levels += choose.normal(0, 1, levels.shape) * choose.uniform(0, 0.08, count)
    if choose.random() < 0.5:
        levels = np.roll(levels, tuple(choose.integers(-6, 7, 2)), axis=(1, 2))
    return levels.astype(np.float32)


def probabilities(network: Letters, patches: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        parts = [
            network(torch.from_numpy(normal(part))[:, None])
            for part in np.array_split(patches, max(1, len(patches) // 512))
        ]
    return torch.sigmoid(torch.cat(parts)).numpy()


def folds_of(sources: np.ndarray, folds: int) -> np.ndarray:
    """The fold of each picture; a source is in one fold."""
    return np.array([int(hashlib.sha256(source.encode()).hexdigest(), 16) % folds for source in sources])


def saved(network: Letters, path: Path) -> None:
    arrays = {}
    for number, convolution in enumerate(network.convolutions):
        weight = convolution.weight.detach().numpy()
        # (rows, columns, channels before) x channels after, as the engine multiplies them.
        arrays[f"w{number}"] = weight.transpose(2, 3, 1, 0).reshape(-1, weight.shape[0]).astype(np.float16)
        arrays[f"b{number}"] = convolution.bias.detach().numpy().astype(np.float32)
    arrays["out"] = network.out.weight.detach().numpy()[0].astype(np.float32)
    arrays["bias"] = network.out.bias.detach().numpy().astype(np.float32)
    np.savez(path, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--folds", type=int, default=3)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    data = np.load(chosen.data)
    patches, picture, text = data["patches"], data["picture"], data["text"].astype(bool)
    fold = folds_of(data["source"], chosen.folds)
    held_out = np.zeros(len(patches))
    for number in range(chosen.folds):
        inside = fold[picture] == number
        network = trained(patches[~inside], picture[~inside], text, chosen.epochs)
        held_out[inside] = probabilities(network, patches[inside])
        np.save(chosen.out / "letters_held_out.npy", held_out)
        print(f"fold {number}: {inside.sum()} patches", flush=True)
    saved(trained(patches, picture, text, chosen.epochs), chosen.out / "letters.npz")


if __name__ == "__main__":
    main()
