"""Tiny real models, made with torch and transformers and saved as anyone would save them."""

from __future__ import annotations

import random
import string
from pathlib import Path

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertTokenizerFast,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
)

__all__ = ["save_classifier", "save_siglip"]

WORDS = ("zorp", "glim", "vandu", "krelo", "plim")


def save_classifier(folder: Path, labels: tuple[str, ...], *, raises: dict[str, str], positions: int = 64) -> Path:
    """A BERT of one layer whose head was set by hand: each word of `raises` leads to its label."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *string.ascii_lowercase, *string.digits]
    vocabulary += [f"##{sign}" for sign in string.ascii_lowercase]
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
    )
    model = BertForSequenceClassification(config).eval()
    _train(model, vocabulary, labels, raises)
    model.save_pretrained(folder)
    return folder


def _train(model, vocabulary, labels, raises) -> None:
    """As many steps as it takes until each word, alone and among others, leads to its label."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.003)
    draw = random.Random(0)
    start, end, *fillers = (vocabulary.index(sign) for sign in ("[CLS]", "[SEP]", "[UNK]", "0", "plim"))
    softmax = set(labels) == {"full_low", "preserve", "crop", "transcode"}
    wanted = torch.tensor([labels.index(label) for label in raises.values()])
    hot = torch.nn.functional.one_hot(wanted, len(labels)).float()
    for _ in range(400 if softmax else 800):
        before, after = draw.choice([0, 1, 2, 20]), draw.choice([0, 1, 2, 20])
        fill = draw.choice(fillers)
        ids = [[start, *[fill] * before, vocabulary.index(word), *[fill] * after, end] for word in raises]
        logits = model(input_ids=torch.tensor(ids)).logits
        loss = (
            torch.nn.functional.cross_entropy(logits, wanted)
            if softmax
            else torch.nn.functional.binary_cross_entropy_with_logits(logits, hot)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def save_siglip(folder: Path) -> Path:
    """A SigLIP of random weights, with its image processor and a tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    tower = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = SiglipConfig(
        text_config=tower
        | {"vocab_size": 64, "max_position_embeddings": 16, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3},
        vision_config=tower | {"image_size": 32, "patch_size": 8},
    )
    SiglipModel(config).eval().save_pretrained(folder)
    SiglipImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.ascii_lowercase]
    vocabulary += [f"##{sign}" for sign in string.ascii_lowercase]
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    return folder
