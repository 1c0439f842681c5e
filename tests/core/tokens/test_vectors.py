"""Published, measured and derived counts, one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headroom_core.tokens import image_tokens, largest_within, smallest_same

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


def _name(vector: dict[str, Any]) -> str:
    words = (vector["model"], f"{vector['w']}x{vector['h']}", vector["detail"], *map(str, vector["opts"].values()))
    return "-".join(word for word in words if word)


@pytest.mark.parametrize("vector", VECTORS, ids=_name)
def test_a_known_count_is_reproduced(vector: dict[str, Any]) -> None:
    model, width, height = vector["model"], vector["w"], vector["h"]
    options = {"detail": vector["detail"], **vector["opts"]}

    count = image_tokens(model, width, height, **options)
    assert count.tokens == vector["tokens"]
    assert count.seen == (tuple(vector["seen"]) if vector["seen"] else None)
    assert count.exactness == vector["exactness"]
    assert count.rejected is None

    assert smallest_same(model, width, height, **options) == tuple(vector["smallest_same"])
    for budget, size in vector.get("largest_within", {}).items():
        expected = tuple(size) if size else None
        assert largest_within(model, width, height, int(budget), **options) == expected


def test_the_vectors_cover_every_family() -> None:
    rules = {image_tokens(vector["model"], 100, 100).rule for vector in VECTORS}
    assert len(VECTORS) == 188
    assert rules >= {
        "openai_tiles", "openai_patches", "gpt_image", "anthropic_patches", "gemini_tiles", "gemini_grid",
        "gemini_flat", "gemma_grid", "flat", "mistral_patches", "qwen_patches", "glm_patches", "kimi_patches",
        "deepseek_cells",
        "llama4_chunks", "llama32_tiles", "cohere_tiles", "nova_sizes",
    }  # fmt: skip
