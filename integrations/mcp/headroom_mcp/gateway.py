"""A gateway before any MCP server: images in what it returns come smaller, all else as it is."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from headroom_core.image import Account, Door
from headroom_core.store import Originals
from headroom_mcp.passage import Passage
from headroom_mcp.relay import Streams, relay

if TYPE_CHECKING:
    from headroom_core.image import ImageCompressor

__all__ = ["Gateway"]


class Gateway(Account):
    """An MCP server as its client would see it, with smaller images.

    What is different in MCP: nobody says what the model wants to know from an image. Without that only `safe` moves are
    made. Tools that speak of pictures get an optional argument `headroom_query`; a client that gives it has seen the
    way back as well, the tool `headroom_zoom`, so that its images are compressed as the policy allows. A server whose
    tools take pixel coordinates is left alone.
    """

    def __init__(
        self,
        server: AbstractAsyncContextManager[Streams],
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        provider: str = "anthropic",
        policy: str | None = None,
        holdout: float = 0.0,
        originals: Originals | None = None,
    ) -> None:
        """Put a gateway before a server.

        Args:
            server: A transport of the SDK that leads to the server. It serves one client.
            compressor: The engine to share; one of its own by default.
            model: The model that sees the results.
            provider: Who bills, where no model is known.
            policy: What may be given up where the client asked a question, in place of the compressor's policy.
            holdout: Share of results that is left alone, to measure against.
            originals: Where originals are kept.

        Raises:
            InvalidOption: An argument is not one of those above.
        """
        self._server = server
        self.headroom_door = Door(compressor, model=model, policy=policy, holdout=holdout)
        self.provider = provider
        self._originals = originals if originals is not None else Originals()

    async def serve(self, client: Streams) -> bool:
        """Serve one client until it or the server closes.

        Args:
            client: The streams of the client, as the SDK's transports give them.

        Returns:
            Whether it was the server that closed.
        """
        passage = Passage(self.headroom_door, self._originals, provider=self.provider)
        return await relay(passage, client, self._server)
