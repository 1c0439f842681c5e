"""The documented import path of the LiteLLM adapter; everything here lives in `headroom_litellm`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import headroom_litellm
from headroom_litellm import __all__

if TYPE_CHECKING:
    from headroom_litellm import *  # noqa: F403


def __getattr__(name: str) -> Any:
    # Name by name: what the adapter itself makes or loads at first use is left until then.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(headroom_litellm, name)


def __dir__() -> list[str]:
    return sorted(__all__)
