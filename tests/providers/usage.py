"""What a request costs in input tokens: the images by the providers' rules, the text by its length."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from headroom_core.tokens import image_tokens

REMOTE_SIZE = (1024, 1024)  # assumed for an image given by its address, which is never fetched
CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Shown:
    """An image in a request: base64 text (None when it is given by its address) and the setting it is seen at."""

    payload: str | None
    setting: str | None = None


def text_tokens(request: Any) -> int:
    """An estimate from the characters of every text in a request, at least one."""
    return max(1, sum(map(len, _texts(request))) // CHARACTERS_PER_TOKEN)


def images_tokens(model: str, provider: str, shown: Iterator[Shown]) -> int:
    """The tokens of all images together; one that cannot be read costs nothing."""
    return sum(_cost(model, provider, one) for one in shown)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, outer before inner."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def joined_text(content: Any) -> str:
    """The text of a message whose content is a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = [part for part in content or [] if isinstance(part, dict)]
    return " ".join(part["text"] for part in parts if isinstance(part.get("text"), str))


def _texts(request: Any) -> Iterator[str]:
    for node in nodes(request):
        for key in ("text", "content", "system", "instructions", "input"):
            if isinstance(node.get(key), str):
                yield node[key]


def _cost(model: str, provider: str, shown: Shown) -> int:
    size = REMOTE_SIZE if shown.payload is None else _size(shown.payload)
    if size is None:
        return 0
    return image_tokens(model, *size, detail=shown.setting, provider=provider).tokens


def _size(payload: str) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(_decoded(payload))) as image:
            return image.size
    except (OSError, ValueError):
        return None


def _decoded(payload: str) -> bytes:
    """Read either alphabet of base64, as the APIs do: Google's own client writes the URL-safe one."""
    return base64.b64decode(payload.replace("-", "+").replace("_", "/"))
