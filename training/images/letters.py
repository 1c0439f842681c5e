"""Train the network that tells letters from no letters in a 64 x 64 patch.

    python training/images/letters.py DATA OUT --packages DIR [--epochs 5] [--folds 2]

DATA is what `measure.py` wrote, DIR what `fetch.py` unpacked, for its fonts. Three kinds of patches: those of pictures
without text, which have no letters; the same with letters of six scripts drawn on them, so that letters alone make
the difference; and those of pictures with text, which share one label through a soft maximum, so that the network
finds out which of them bear the letters. Writes `OUT/letters.npz` (trained on all sources) and
`OUT/letters_held_out.npy`: for each patch the probability from a network that never saw the patch's source.
"""

from __future__ import annotations

import argparse
import math
import random
from pathlib import Path

import numpy as np
import torch
from made import FONTS, SCRIPTS, fonts
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from torch import nn

PICTURES = 12
"""Pictures with text in a batch."""
PAIRS = 64
"""Patches without letters in a batch, and as many with letters drawn on them."""
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


def trained(patches: np.ndarray, picture: np.ndarray, text: np.ndarray, draw: Lettering, epochs: int) -> Letters:
    """Train on patches, the number of the picture of each, and whether each picture bears text."""
    torch.manual_seed(0)
    choose = np.random.default_rng(0)
    network = Letters()
    steps = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    bearing = np.array([number for number in np.unique(picture) if text[number]])
    of = {number: np.flatnonzero(picture == number) for number in bearing}
    bare = patches[~text[picture]]
    drawn = np.stack([draw(patch) for patch in bare])
    batches = len(bearing) // PICTURES
    pace = torch.optim.lr_scheduler.OneCycleLR(steps, max_lr=4e-3, total_steps=epochs * batches)
    for _ in range(epochs):
        order = choose.permutation(bearing)
        for batch in range(batches):
            chosen = [of[number] for number in order[batch * PICTURES : (batch + 1) * PICTURES]]
            pair = choose.choice(len(bare), PAIRS, replace=False)
            stacked = np.concatenate([patches[np.concatenate(chosen)], drawn[pair], bare[pair]])
            logits = network(torch.from_numpy(_augmented(stacked, choose))[:, None])
            parts = torch.split(logits, [*map(len, chosen), PAIRS, PAIRS])
            pooled = torch.stack([torch.logsumexp(part, 0) - 0.5 * np.log(len(part)) for part in parts[:-2]])
            truth = torch.tensor([0.98] * len(pooled) + [0.98] * PAIRS + [0.02] * PAIRS)
            loss = nn.functional.binary_cross_entropy_with_logits(torch.cat([pooled, *parts[-2:]]), truth)
            steps.zero_grad()
            loss.backward()
            steps.step()
            pace.step()
    return network.eval()


class Lettering:
    """Draws letters on a patch: words of a script, in a font, upright or leaning, on a plate or on what is there."""

    def __init__(self, packages: Path) -> None:
        self._faces = fonts(packages)
        self._choose = random.Random(1)

    def __call__(self, patch: np.ndarray) -> np.ndarray:
        choose = self._choose
        script = choose.choice(("latin", "latin", "latin", *SCRIPTS))
        em = round(math.exp(choose.uniform(math.log(9), math.log(56))))
        font = ImageFont.truetype(self._faces[choose.choice(FONTS[script])], em)
        mask = Image.new("L", (96, 96))
        pen, rows = ImageDraw.Draw(mask), choose.randint(1, max(1, min(5, 64 // em)))
        for row in range(rows):
            words = " ".join(choose.choice(SCRIPTS[script]) for _ in range(4))
            words = words.upper() if choose.random() < 0.3 else words
            top = 48 - rows * em * 0.65 + row * em * 1.3 + choose.uniform(-0.2, 0.2) * em
            pen.text((choose.uniform(-3, 0.4) * em + 20, top), words, font=font, fill=255)
        mask = mask.rotate(choose.gauss(0, 4), resample=Image.Resampling.BICUBIC).crop((16, 16, 80, 80))
        mask = mask.filter(ImageFilter.GaussianBlur(choose.choice((0, 0.4, 0.8, 1.2)) * min(1, em / 16)))
        under = patch.astype(np.float32)
        if choose.random() < 0.6:
            under = under * 0.1 + choose.uniform(0, 230)
        middle = float(under.mean())
        ink = choose.uniform(0, max(1.0, middle - 70)) if middle > 127 else choose.uniform(min(254.0, middle + 70), 255)
        share = np.asarray(mask, np.float32) / 255
        return np.clip(under * (1 - share) + ink * share, 0, 255).astype(np.uint8)


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


def folds_of(sources: np.ndarray, kinds: np.ndarray, folds: int) -> np.ndarray:
    """The fold of each picture: a source is in one fold, and each kind's sources are spread over all."""
    names = np.unique(sources)
    main = {name: max(set(kinds[sources == name]), key=list(kinds[sources == name]).count) for name in names}
    order = sorted(names, key=lambda name: (main[name], name))
    return np.array([order.index(source) % folds for source in sources])


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
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--folds", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    data = np.load(chosen.data)
    patches, picture, text = data["patches"], data["picture"], data["text"].astype(bool)
    fold = folds_of(data["source"], data["kind"], chosen.folds)
    held_out, draw = np.zeros(len(patches)), Lettering(chosen.packages)
    for number in range(chosen.folds):
        inside = fold[picture] == number
        network = trained(patches[~inside], picture[~inside], text, draw, chosen.epochs)
        held_out[inside] = probabilities(network, patches[inside])
        np.save(chosen.out / "letters_held_out.npy", held_out)
        print(f"fold {number}: {inside.sum()} patches", flush=True)
    saved(trained(patches, picture, text, draw, chosen.epochs), chosen.out / "letters.npz")


if __name__ == "__main__":
    main()
