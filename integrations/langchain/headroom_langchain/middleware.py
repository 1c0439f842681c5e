"""Image compression as a middleware of LangChain agents."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import ensure_config

from headroom_core.errors import MissingExtra
from headroom_core.image import Account, Door, policy_of
from headroom_langchain.chat_model import HeadroomChatModel
from headroom_langchain.passage import compress_for

try:
    from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
    from langchain.agents.middleware.types import AgentState
except ModuleNotFoundError as error:
    raise MissingExtra("HeadroomMiddleware", "langchain", package="langchain") from error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from headroom_core.image import ImageCompressor

__all__ = ["HeadroomMiddleware"]

Request = ModelRequest[Any]
Response = ModelResponse[Any]


class HeadroomMiddleware(Account, AgentMiddleware[AgentState[Any], Any, Any]):
    """Compresses the images of what an agent sends to its model; state and checkpoints keep the originals.

    Put it last, so that it sees the model and the messages that are really sent. One run is left alone with
    `agent.invoke(state, {"configurable": {"headroom": {"policy": "off"}}})`.
    A model that is wrapped in HeadroomChatModel compresses for itself and is left to it.

    Args:
        compressor: The engine to share; a new one when not given.
        model: The name to price by, in place of the model's own.
        policy: `safe`, `balanced`, `aggressive`, `observe` or `off`; None for the engine's own.
        holdout: Share of conversations, in [0, 1], that pass untouched and are reported apart.
    """

    def __init__(
        self,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> None:
        super().__init__()
        self.headroom_door = Door(compressor, model=model, policy=policy, holdout=holdout)

    def wrap_model_call(self, request: Request, handler: Callable[[Request], Response]) -> Response:
        """Send the compressed form of the request."""
        return handler(self._compressed(request))

    async def awrap_model_call(self, request: Request, handler: Callable[[Request], Awaitable[Response]]) -> Response:
        """Send the compressed form of the request; the work is done off the event loop."""
        return await handler(await asyncio.to_thread(self._compressed, request))

    def _compressed(self, request: Request) -> Request:
        settings = dict(request.model_settings)
        config = ensure_config()
        switch = settings.pop("headroom", None) or config.get("configurable", {}).get("headroom")
        if isinstance(request.model, HeadroomChatModel):
            return request if switch is None else request.override(model_settings={**settings, "headroom": switch})
        messages = compress_for(
            request.model,
            request.messages,
            door=self.headroom_door,
            options={**settings, "tools": request.tools, **_answer_schema(request)},
            policy=policy_of(switch),
            callbacks=config.get("callbacks"),
        )
        if messages is request.messages and len(settings) == len(request.model_settings):
            return request
        return request.override(messages=messages, model_settings=settings)


def _answer_schema(request: Request) -> dict[str, Any]:
    """Return the schemas that the agent's answer must follow, as the request's option."""
    strategy = request.response_format
    schema = getattr(strategy, "schema", None) or (strategy if isinstance(strategy, type | dict) else None)
    return {"response_format": schema} if schema is not None else {}
