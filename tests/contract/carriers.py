"""What an adapter declares to the contract, and what comes back from a call through it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from headroom_core.image import ImageCompressor
from tests.contract.everything import Can
from tests.providers.anthropic_messages import _shown as shown_by_anthropic
from tests.providers.gemini import _shown as shown_by_google
from tests.providers.openai_chat import shown_by_openai
from tests.providers.usage import Shown, images_tokens, nodes

MODELS = {
    "openai": "gpt-4o",
    "responses": "gpt-4o",
    "anthropic": "claude-opus-4-8",
    "messages": "claude-opus-4-8",
    "google": "gemini-2.0-flash",
    "mcp": "claude-opus-4-8",
}
"""The model that is asked, by the provider's API."""

BILLED = {"responses": "openai", "messages": "anthropic", "mcp": "anthropic"}
"""Who bills, where it is not called as its API."""

SHOWN = {
    "anthropic": shown_by_anthropic,
    "messages": shown_by_anthropic,
    "google": shown_by_google,
    "mcp": lambda body: (Shown(node["data"]) for node in nodes(body) if node.get("type") == "image"),
}
"""The images on the wire, as the stand-in provider finds them."""

SCHEMAS = {
    "click": {
        "type": "object",
        "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
        "required": ["x", "y"],
    },
    "look": {"type": "object", "properties": {"where": {"type": "string"}}},
}
"""Arguments of the tools that can be offered: one takes pixel coordinates, one does not."""


class Scene(BaseModel):
    """What is in the picture."""

    mood: str


OFF = {"policy": "off"}
"""A call's own kill switch, thrown."""


@dataclass(frozen=True)
class Options:
    """How one call differs from the usual one.

    Attributes:
        engine: The compressor to use.
        holdout: The share of conversations that is left alone.
        switch: What the call itself says under `headroom`; None where it says nothing.
        schema: The answer shall be a `Scene`.
        tool: The tool that is offered, one of `SCHEMAS`.
        model: The model that is asked, in place of the API's usual one.
        layers: How often the framework's object is wrapped.
    """

    engine: ImageCompressor | None = None
    holdout: float = 0.0
    switch: Any = None
    schema: bool = False
    tool: str | None = None
    model: str | None = None
    layers: int = 1

    @property
    def wrapper(self) -> dict[str, Any]:
        """The arguments that every adapter takes."""
        return {"compressor": self.engine, "holdout": self.holdout}


@dataclass
class Ride:
    """What a call leaves in the process.

    Attributes:
        before: The caller's objects as plain data, before the call.
        after: The same objects after it.
        history: What the framework keeps of the conversation, as plain data; None where it keeps nothing.
        account: What tells the savings; None for the bare framework.
        bodies: What went over the wire, where that does not lead to a provider.
        answer: What the caller gets where the answer follows a schema.
    """

    before: list[Any]
    after: list[Any] = field(default_factory=list)
    history: list[Any] | None = None
    account: Any = None
    bodies: list[Any] | None = None
    answer: Any = None


Send = Callable[..., Awaitable[Ride]]


@dataclass(frozen=True)
class Carrier:
    """One adapter on the way to one API.

    Attributes:
        name: The adapter's function.
        api: The provider's API that is called, one of `MODELS`.
        ways: How it can be called: `sync`, `async`, `stream`, `astream`, `batch`, `abatch`.
        can: What the framework carries to this API.
        send: The adapter's function.
    """

    name: str
    api: str
    ways: tuple[str, ...]
    can: frozenset[Can]
    send: Send

    @property
    def provider(self) -> str:
        """Who bills."""
        return BILLED.get(self.api, self.api)

    @property
    def model(self) -> str:
        """The model that is asked."""
        return MODELS[self.api]

    def engine_alone(self, body: Any) -> Any:
        """What the engine makes of the framework's own body."""
        return ImageCompressor().run(body, self.provider, model=self.model).messages

    def image_tokens(self, body: Any) -> int:
        """What the images on the wire cost, as the stand-in provider counts them."""
        shown = SHOWN.get(self.api, shown_by_openai)
        return images_tokens(self.model, self.provider, shown(body))

    def rows(self, body: Any) -> list[Any]:
        """The conversation on the wire, message by message."""
        return body[{"responses": "input", "google": "contents"}.get(self.api, "messages")]

    def __str__(self) -> str:
        return f"{self.name}-{self.api}"


def adapter(
    *, apis: Mapping[str, frozenset[Can]], ways: tuple[str, ...], only: Mapping[str, tuple[str, ...]] | None = None
) -> Callable[[Send], Send]:
    """Declare a function `send(conversation, *, api, url, how, wrapped, options) -> Ride` as an adapter.

    Args:
        apis: The APIs that it can call, and what it carries to each.
        ways: How it can be called.
        only: The ways of those APIs that do not have all of them.
    """

    def declare(send: Send) -> Send:
        send.carriers = tuple(  # type: ignore[attr-defined]
            Carrier(send.__name__, api, (only or {}).get(api, ways), can, send) for api, can in apis.items()
        )
        return send

    return declare


def carriers_of(send: Send) -> tuple[Carrier, ...]:
    """What the function was declared to carry."""
    return send.carriers  # type: ignore[attr-defined]
