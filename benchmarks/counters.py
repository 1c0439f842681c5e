"""What the frameworks' token counters say of an image, against what the providers bill.

    python benchmarks/counters.py [--seconds 1]

The images are white PNGs of the sizes in tests/core/tokens/vectors.json: counts that providers publish, that were
measured on their bills, or that follow from the published rule. Every counter gets the same message; its figure for the
image is its count with the image less its count without. Rows that a message cannot express (options of open-weight
models) are left out. Nothing is fetched, and a counter that raises for a model has no figure for it.
"""

from __future__ import annotations

import argparse
import base64
import functools
import json
import logging
import os
import statistics
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["HF_HUB_OFFLINE"] = "1"

import litellm
from agno.media import Image as AgnoImage
from agno.utils.tokens import count_image_tokens
from langchain_core.messages import HumanMessage
from langchain_core.messages.utils import count_tokens_approximately
from langchain_openai import ChatOpenAI
from PIL import Image

from headroom_core.image.counting import count_request
from headroom_core.tokens import resolve

VECTORS = Path(__file__).parents[1] / "tests" / "core" / "tokens" / "vectors.json"
WORDS = {"type": "text", "text": "What is this?"}
PROVIDERS = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}

Vector = dict[str, Any]
Blocks = list[dict[str, Any]]
Counter = Callable[[str, Blocks], int]
"""Counts one user message of these blocks for a model."""


class Figure(NamedTuple):
    """What a counter said of one row, over what is billed."""

    row: Vector
    ratio: float


@functools.cache
def white(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG", compress_level=1)
    return out.getvalue()


@functools.cache
def data_url(width: int, height: int) -> str:
    return "data:image/png;base64," + base64.b64encode(white(width, height)).decode()


def setting(row: Vector) -> str | None:
    """OpenAI's `detail`; LiteLLM takes the same word for Gemini's media resolution."""
    return row["detail"] or row["opts"].get("media_resolution")


def content(row: Vector) -> Blocks:
    image = {"url": data_url(row["w"], row["h"])}
    if setting(row):
        image["detail"] = setting(row)
    return [WORDS, {"type": "image_url", "image_url": image}]


def by_headroom(model: str, blocks: Blocks) -> int:
    return count_request([{"role": "user", "content": blocks}], model=model).tokens


def by_litellm(model: str, blocks: Blocks) -> int:
    return litellm.token_counter(model, messages=[{"role": "user", "content": blocks}])


@functools.cache
def chat_model(model: str) -> ChatOpenAI:
    if resolve(model).provider != "openai":
        raise NotImplementedError("for OpenAI's models alone")
    return ChatOpenAI(model=model, api_key="not-a-key")


def by_langchain_openai(model: str, blocks: Blocks) -> int:
    return chat_model(model).get_num_tokens_from_messages([HumanMessage(blocks)])


def by_langchain_core(_: str, blocks: Blocks) -> int:
    return count_tokens_approximately([HumanMessage(blocks)])


def by_agno(_: str, blocks: Blocks) -> int:
    """The image alone: Agno reads its bytes where it stands on the message, and tokenizes words with fetched files."""
    images = [block["image_url"] for block in blocks if block["type"] == "image_url"]
    return sum(
        count_image_tokens(AgnoImage(content=base64.b64decode(one["url"].partition(",")[2]), detail=one.get("detail")))
        for one in images
    )


COUNTERS: dict[str, Counter] = {
    "headroom": by_headroom,
    "litellm token_counter": by_litellm,
    "langchain-openai get_num_tokens": by_langchain_openai,
    "langchain-core approximately": by_langchain_core,
    "agno count_image_tokens": by_agno,
}


def expressible(row: Vector) -> bool:
    return set(row["opts"]) <= {"media_resolution"} and not row["model"].startswith("_")


def figure(counter: Counter, row: Vector) -> Figure | None:
    model, blocks = row["model"], content(row)
    try:
        return Figure(row, (counter(model, blocks) - counter(model, [WORDS])) / row["tokens"])
    except Exception:  # noqa: BLE001 - another project's counter may raise what it likes; the row has no figure then
        return None


def family(model: str) -> str:
    profile = resolve(model)
    maker = PROVIDERS.get(profile.provider)
    return f"{maker}, {profile.family.removeprefix(profile.provider + '_')}" if maker else "the other makers"


def worst(ratios: list[float]) -> float:
    return max(ratios, key=lambda ratio: max(ratio, 1 / ratio) if ratio > 0 else float("inf"))


def line(label: str, figures: list[Figure], of: int) -> str:
    if not figures:
        return f"  {label:34}{0:4}/{of:<4}{'no figure':>16}"
    ratios = [one.ratio for one in figures]
    exact = sum(ratio == 1 for ratio in ratios) / len(ratios)
    return f"  {label:34}{len(ratios):4}/{of:<4}{exact:7.0%} {statistics.median(ratios):8.2f}x {worst(ratios):8.2f}x"


def errors(rows: list[Vector]) -> None:
    print(f"{'':36}{'rows':>8}  {'exact':>6} {'median':>9} {'worst':>9}   (count over what is billed)")
    families: defaultdict[str, list[Vector]] = defaultdict(list)
    for row in rows:
        families[family(row["model"])].append(row)
    kinds = {
        "all": rows,
        "published or measured": [row for row in rows if row["published"]],
        "derived from the published rule": [row for row in rows if not row["published"]],
        **dict(sorted(families.items())),
    }
    for name, counter in COUNTERS.items():
        print(name)
        found = {id(row): figure(counter, row) for row in rows}
        for kind, members in kinds.items():
            print(line(kind, [one for row in members if (one := found[id(row)]) is not None], len(members)))


def speed(seconds: float) -> None:
    blocks = content({"w": 1600, "h": 1200, "detail": "high", "opts": {}})
    print("\ncounts of one message with a 1600x1200 image on gpt-4o, per second")
    for name, counter in COUNTERS.items():
        counter("gpt-4o", blocks)
        counts, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            counter("gpt-4o", blocks)
            counts += 1
        print(f"  {name:34}{counts / (time.perf_counter() - start):10,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long to time each counter")
    seconds = parser.parse_args().seconds
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    litellm.disable_hf_tokenizer_download = True
    rows = [row for row in json.loads(VECTORS.read_text(encoding="utf-8")) if expressible(row)]
    errors(rows)
    speed(seconds)


if __name__ == "__main__":
    main()
