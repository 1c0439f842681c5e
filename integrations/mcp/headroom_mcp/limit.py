"""The results of tools kept under the limit of a client that refuses larger ones."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from mcp_types import CLIENT_INFO_META_KEY

from headroom_core.errors import ImageError
from headroom_mcp.fitting import as_sent
from headroom_mcp.pictures import is_image_content

__all__ = ["RESULT_CHARACTERS", "refuses_large_results", "within_limit"]

RESULT_CHARACTERS: Final = 1_000_000
"""The most characters of a result's content. Claude Desktop refuses results over 1 MB (1,048,576; seen in practice,
2026-11); the rest is for the envelope."""

_CLIENTS: Final = frozenset({"claude-ai"})
"""How Claude Desktop calls itself. Other clients take large results, so that nothing is given up for them."""
_LEAST: Final = 20_000

Block = dict[str, Any]


def refuses_large_results(params: Mapping[str, Any]) -> bool:
    """Tell by the parameters of any request, in which clients of both eras name themselves."""
    meta = params.get("_meta")
    named = (params.get("clientInfo"), meta.get(CLIENT_INFO_META_KEY) if isinstance(meta, Mapping) else None)
    return any(isinstance(info, Mapping) and info.get("name") in _CLIENTS for info in named)


def within_limit(content: list[Any]) -> list[Any]:
    """Return the content of a result with its largest pictures re-encoded, and smaller if need be, so that all fits.

    Returns:
        The very same list if it fits, or cannot be made to.
    """
    sizes = [len(_payload(block)) if is_image_content(block) else len(json.dumps(block)) for block in content]
    if sum(sizes) <= RESULT_CHARACTERS:
        return content
    share = _share(sizes, [at for at, block in enumerate(content) if is_image_content(block)])
    if share < _LEAST:
        return content
    try:
        return [
            _fitted(block, share) if is_image_content(block) and size > share else block
            for block, size in zip(content, sizes, strict=True)
        ]
    except (ImageError, binascii.Error):
        return content


def _share(sizes: list[int], pictures: list[int]) -> int:
    """Return the characters that each of the large pictures may have; small ones leave theirs to them."""
    room = RESULT_CHARACTERS - sum(size for at, size in enumerate(sizes) if at not in pictures)
    large = pictures
    while large:
        share = room // len(large)
        fitting = [at for at in large if sizes[at] <= share]
        if not fitting:
            return share
        room -= sum(sizes[at] for at in fitting)
        large = [at for at in large if at not in fitting]
    return 0


def _payload(block: Block) -> str:
    found: str = block["data"] if block["type"] == "image" else block["resource"]["blob"]
    return found


def _fitted(block: Block, characters: int) -> Block:
    sent = as_sent(base64.b64decode(_payload(block)), most=characters // 4 * 3)
    payload = base64.b64encode(sent.data).decode()
    if block["type"] == "image":
        return {**block, "data": payload, "mimeType": sent.media_type}
    return {**block, "resource": {**block["resource"], "blob": payload, "mimeType": sent.media_type}}
