"""Train the network that tells letters from no letters in a 64 x 64 patch.

    python training/images/letters.py OUT --measured DATA ... --drawn DRAWN ... --copies COPIES ... [--only FOLD ...]

Four kinds of windows are learned: patches that the engine takes from pictures without text, which have no letters;
those from pages and screens, which have some (DATA: what `measure.py` wrote); crops with letters drawn on them (DRAWN,
by `scenes.py`); and crops of other pictures with text, as a text detector sees them (COPIES, by `crops.py`). Writes
`OUT/letters_N.npz` for each fold (the packages of fold N were not seen) and `OUT/letters_all.npz`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from crops import DENSE, packages_of
from kin import fold_of
from measure import joined
from torch import nn
from torch.nn import functional

from headroom_core.image.signals.patches import GROUPS

CHANNELS = (24, 40, 64)
WINDOW = 96
"""Side of what is cut out of a crop, before it is turned and resized to a patch."""
SIDE = 64
BATCH = 256


class Letters(nn.Module):
    """Pixels two by two side by side, three convolutions of stride two, mean and highest: a logit for each patch."""

    def __init__(self) -> None:
        super().__init__()
        before = (4, *CHANNELS)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(few, many, 3, stride=2, padding=1) for few, many in zip(before, CHANNELS, strict=False)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(many) for many in CHANNELS)
        self.out = nn.Linear(2 * CHANNELS[-1], 1)

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        found = functional.pixel_unshuffle(patches, 2)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            found = torch.relu(norm(convolution(found)))
        pooled = torch.cat([found.mean(dim=(2, 3)), found.amax(dim=(2, 3))], dim=1)
        return self.out(pooled)[:, 0]


@dataclass
class Crops:
    """Crops, and how likely text is in each 4 x 4 of their pixels.

    Attributes:
        grey: Shape (n, side, side), uint8; the side is `WINDOW` or more.
        text: Shape (n, side / 4, side / 4), 255 for surely.
        package: Of each, shape (n,).
    """

    grey: np.ndarray
    text: np.ndarray
    package: np.ndarray

    @classmethod
    def read(cls, paths: list[Path]) -> Crops:
        parts = [np.load(path) for path in paths]
        return cls(*(np.concatenate([part[key] for part in parts]) for key in ("grey", "text", "package")))

    @classmethod
    def taken(cls, data: dict[str, np.ndarray], chosen: np.ndarray, text: int) -> Crops:
        """Chosen patches of the engine, with their surroundings mirrored."""
        room = (WINDOW - SIDE) // 2
        grey = np.pad(data["patches"][chosen], ((0, 0), (room, room), (room, room)), mode="reflect")
        package = packages_of()
        packages = np.array([package[name] for name in data["source"]])[data["picture"][chosen]]
        return cls(grey, np.full((len(grey), WINDOW // 4, WINDOW // 4), text, np.uint8), packages)

    def without(self, fold: int | None, folds: int) -> Crops:
        kept = np.array([fold is None or fold_of(str(name), folds) != fold for name in self.package])
        return Crops(*(part[kept] for part in (self.grey, self.text, self.package)))


def pools_of(measured: list[Path], drawn: list[Path], copies: list[Path]) -> list[tuple[Crops, float]]:
    """What is learned, and its share of a batch."""
    data = joined(measured)
    bears, groups = data["text"].astype(bool)[data["picture"]], data["groups"]
    dense = np.isin(data["kind"], DENSE)[data["picture"]] & np.isin(groups, (0, GROUPS.index("in lines")))
    bare = Crops.taken(data, np.flatnonzero(~bears), 0)
    worded = Crops.taken(data, np.flatnonzero(bears & dense), 255)
    return [(bare, 0.34), (worded, 0.12), (Crops.read(drawn), 0.38), (Crops.read(copies), 0.16)]


def trained(pools: list[tuple[Crops, float]], steps: int) -> Letters:
    torch.manual_seed(0)
    choose = np.random.default_rng(0)
    network = Letters()
    ways = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=2e-2)
    pace = torch.optim.lr_scheduler.OneCycleLR(ways, max_lr=6e-3, total_steps=steps)
    running = 0.0
    for step in range(steps):
        parts = [windows(pool, round(share * BATCH), choose) for pool, share in pools]
        patches, truth, weight = (np.concatenate([part[at] for part in parts]) for at in range(3))
        loss = functional.binary_cross_entropy_with_logits(
            network(varied(patches)), torch.from_numpy(0.02 + 0.96 * truth), weight=torch.from_numpy(weight)
        )
        ways.zero_grad()
        loss.backward()
        ways.step()
        pace.step()
        running = 0.99 * running + 0.01 * float(loss) if step else float(loss)
        if step % 50 == 0:
            print(step, round(running, 4), flush=True)
    return network.eval()


def windows(pool: Crops, count: int, choose: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Windows of crops, how surely each has letters in its middle, and its weight."""
    picked, places = choose.integers(0, len(pool.grey), count), (pool.grey.shape[1] - WINDOW) // 4 + 1
    cut, truth = np.empty((count, WINDOW, WINDOW), np.float32), np.empty(count, np.float32)
    for row, crop in enumerate(picked):
        best = -1.0
        for top, left in choose.integers(0, places, (2, 2)):
            window = pool.grey[crop, 4 * top : 4 * top + WINDOW, 4 * left : 4 * left + WINDOW]
            busy = float(np.ptp(window[16:80:5, 16:80:5]))
            if busy > best:
                best, cut[row] = busy, window
                truth[row] = min(1.0, pool.text[crop, top + 5 : top + 19, left + 5 : left + 19].mean() / 255 / 0.05)
    # What is half in, or half sure, is neither.
    weight = np.where((truth > 0.15) & (truth < 0.7), 0.4, 1.0).astype(np.float32)
    return cut, truth, weight


def varied(cut: np.ndarray) -> torch.Tensor:
    """Turned, resized, inverted and noisier patches of equal mean and contrast, as the engine gives them."""
    count = len(cut)
    angle, size = 0.06 * torch.randn(count), SIDE / WINDOW * torch.exp(0.22 * torch.randn(count)).clamp(0.7, 1.45)
    wide = size * torch.exp(0.1 * torch.randn(count))
    turn = torch.zeros(count, 2, 3)
    turn[:, 0, 0], turn[:, 0, 1] = wide * torch.cos(angle), -size * torch.sin(angle)
    turn[:, 1, 0], turn[:, 1, 1] = wide * torch.sin(angle), size * torch.cos(angle)
    turn[:, :, 2] = 0.05 * torch.randn(count, 2)
    grid = functional.affine_grid(turn, [count, 1, SIDE, SIDE], align_corners=False)
    levels = torch.from_numpy(cut)[:, None] / 255
    levels = functional.grid_sample(levels, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    bend = torch.exp(0.3 * torch.randn(count, 1, 1, 1))
    levels = 255 * levels.clamp(0, 1) ** bend
    noise = torch.rand(count, 1, 1, 1) ** 3 * 10
    levels = (levels + noise * torch.randn_like(levels)).round()
    levels = normal(levels)
    return levels * torch.where(torch.rand(count, 1, 1, 1) < 0.3, -1.0, 1.0)


def normal(levels: torch.Tensor) -> torch.Tensor:
    levels = levels - levels.mean(dim=(1, 2, 3), keepdim=True)
    return levels / (levels.std(dim=(1, 2, 3), keepdim=True, unbiased=False) + 8.0)


def exported(network: Letters) -> dict[str, np.ndarray]:
    """The weights as the engine multiplies them, with the norms in them."""
    arrays = {}
    for number, (convolution, norm) in enumerate(zip(network.convolutions, network.norms, strict=True)):
        scale = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().numpy()
        weight = convolution.weight.detach().numpy() * scale[:, None, None, None]
        bias = (convolution.bias.detach().numpy() - norm.running_mean.numpy()) * scale + norm.bias.detach().numpy()
        arrays[f"w{number}"] = weight.transpose(2, 3, 1, 0).reshape(-1, weight.shape[0]).astype(np.float16)
        arrays[f"b{number}"] = bias.astype(np.float32)
    arrays["out"] = network.out.weight.detach().numpy()[0].astype(np.float32)
    arrays["bias"] = network.out.bias.detach().numpy().astype(np.float32)
    return arrays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    for name in ("--measured", "--drawn", "--copies"):
        parser.add_argument(name, type=Path, nargs="+", required=True)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--only", type=int, nargs="*", help="folds; one beyond the last is the network of all")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    pools = pools_of(chosen.measured, chosen.drawn, chosen.copies)
    for fold in chosen.only if chosen.only is not None else range(chosen.folds + 1):
        left_out = None if fold == chosen.folds else fold
        seen = [(pool.without(left_out, chosen.folds), share) for pool, share in pools]
        np.savez(
            chosen.out / f"letters_{'all' if left_out is None else fold}.npz", **exported(trained(seen, chosen.steps))
        )


if __name__ == "__main__":
    main()
