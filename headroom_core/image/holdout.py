"""A share of conversations that is left alone, so that the effect of headroom can be measured for ever."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from headroom_core import formats
from headroom_core.errors import InvalidOption

__all__ = ["held_out", "share_of"]

_BUCKETS: Final = 2**32


def share_of(share: float) -> float:
    """Return `share` if it is a share.

    Raises:
        InvalidOption: It is not in [0, 1].
    """
    if not 0.0 <= share <= 1.0:
        raise InvalidOption(
            f"holdout={share!r} is not a share from 0 to 1; holdout=0.01 leaves one conversation in a hundred"
        )
    return share


def held_out(request: Any, share: float) -> bool:
    """Whether the conversation in `request` belongs to the share that is left alone.

    Decided by the first image of the conversation and the words of its turn, so that every turn of a conversation, in
    every process and after every restart, falls on the same side.
    """
    if share <= 0.0:
        return False
    blocks = formats.find(request)
    if not blocks:
        return False
    first = blocks[0]
    digest = hashlib.sha256(
        repr((first.query.text, first.payload, first.url)).encode("utf-8", "surrogatepass")
    ).digest()
    return int.from_bytes(digest[:4]) < share * _BUCKETS
