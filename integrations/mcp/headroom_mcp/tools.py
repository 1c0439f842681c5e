"""The three tools: look at an image cheaply, look again closely, ask what an image costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mcp.server.mcpserver.exceptions import ToolError

from headroom_core import tokens
from headroom_core.blocks import Text
from headroom_core.errors import ImageError
from headroom_core.image import Account, Door
from headroom_core.store import Originals
from headroom_mcp.fitting import Sent, as_sent
from headroom_mcp.pictures import Asked, shrunk
from headroom_mcp.results import Look
from headroom_mcp.sources import Sources
from headroom_mcp.vault import Vault
from headroom_mcp.zoom import header_of, zoomed

if TYPE_CHECKING:
    from headroom_core.image import ImageCompressor, Outcome

__all__ = ["ImageTools"]

_SIZE: Final = re.compile(r"\s*(\d{1,6})\s*[xX×]\s*(\d{1,6})\s*")


class ImageTools(Account):
    """The tools of the server, free of its protocol. Thread-safe; every failure is a `ToolError` that says what to do.

    A tenant is the secret of one caller: an image id of one is nothing to another.
    """

    def __init__(
        self,
        allow: Sequence[str | Path] = (),
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        provider: str = "anthropic",
        policy: str | None = None,
        holdout: float = 0.0,
        originals: Originals | None = None,
    ) -> None:
        """Open the tools.

        Args:
            allow: Directories whose image files may be opened; none by default.
            compressor: The engine to share; one of its own by default.
            model: The model that sees the results, unless a call says otherwise.
            provider: Who bills, where no model is known.
            policy: What may be given up, in place of the compressor's policy.
            holdout: Share of images that is left alone, to measure against.
            originals: Where originals are kept.

        Raises:
            InvalidOption: An argument is not one of those above.
        """
        self._sources = Sources(allow)
        self.headroom_door = Door(compressor, model=model, policy=policy, holdout=holdout)
        self.provider = provider
        self.vault = Vault(originals)

    def compress(self, source: str, query: str = "", model: str | None = None, *, tenant: bytes) -> Look:
        """Return an image in the cheapest form that still answers the query, small enough for one result."""
        original = self._sources.read(source)
        header = header_of(original)
        asked = Asked(query, model or self.headroom_door.model, self.provider)
        parts, outcome = shrunk(original, header.media_type, asked, self.headroom_door)
        sent = tuple(part if isinstance(part, Text) else _fitted(part) for part in parts)
        facts = {"image_id": self.vault.keep(original, tenant=tenant), "size": list(header.size)}
        return Look({**facts, **self._account(outcome, sent, asked)}, sent)

    def zoom(self, image_id: str, box: Sequence[int] | None = None, *, tenant: bytes) -> Look:
        """Return the original of a compressed image, or a box of it at full resolution."""
        return zoomed(self.vault.original(image_id, tenant=tenant), box)

    def tokens(self, source: str, model: str | None = None) -> Look:
        """Return what an image, or one of a size, costs a model."""
        given = _SIZE.fullmatch(source)
        size = (int(given[1]), int(given[2])) if given else header_of(self._sources.read(source)).size
        if min(size) < 1:
            raise ToolError("a size is WIDTHxHEIGHT in pixels, e.g. 1024x768")
        count = tokens.image_tokens(model or self.headroom_door.model, *size, provider=self.provider)
        seen = list(count.seen) if count.seen else None
        return Look({"tokens": count.tokens, "size": list(size), "seen": seen, "exactness": count.exactness.value})

    def _account(self, outcome: Outcome | None, sent: tuple[Sent | Text, ...], asked: Asked) -> dict[str, Any]:
        sizes = [part.size for part in sent if isinstance(part, Sent)]
        facts: dict[str, Any] = {"sent": list(sizes[0]) if sizes else None}
        if outcome is None:
            return facts
        after = outcome.tokens_after
        if len(sent) == 1 and sizes and sizes[0] != outcome.size_after:
            after = tokens.image_tokens(asked.model, *sizes[0], provider=asked.provider).tokens
        costs = {"tokens_before": outcome.tokens_before, "tokens_after": after}
        return {**facts, **costs, "technique": outcome.technique.value, "reason": outcome.reason}


def _fitted(data: bytes) -> Sent:
    try:
        return as_sent(data)
    except ImageError as error:
        raise ToolError(f"the image is too large for one result and cannot be made smaller: {error}") from None
