"""What the contract tests have: the stand-in providers as a wire, and the frameworks left clean."""

from __future__ import annotations

import gc
import inspect
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.carriers import Carrier, Options, Ride
from tests.contract.everything import Conversation, everything
from tests.integrations.engines import Watched
from tests.providers import ProviderServer, standard

os.environ["AGNO_TELEMETRY"] = "false"


_FRAMEWORKS_OWN = (
    "ignore:Item '.*' on TypedDict class '.*' is using the `ReadOnly` qualifier:UserWarning",
    "ignore:Pydantic serializer warnings:UserWarning",
    "ignore:'imghdr' is deprecated:DeprecationWarning",
    "ignore:Inheritance class AiohttpClientSession:DeprecationWarning",
    "ignore:unclosed <socket.socket:ResourceWarning",
)
"""What the frameworks and the providers' libraries do among themselves."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            for warning in _FRAMEWORKS_OWN:
                item.add_marker(pytest.mark.filterwarnings(warning))


@dataclass(frozen=True)
class Sent:
    """A call and what it put on the wire."""

    bodies: list[Any]
    ride: Ride

    @property
    def body(self) -> Any:
        """The first body."""
        return self.bodies[0]


class Wire:
    """What arrives at the stand-in providers."""

    def __init__(self, server: ProviderServer) -> None:
        self.url = server.url
        self._server = server
        self._known: dict[Any, Any] = {}

    async def sent(
        self, carrier: Carrier, conversation: Conversation, how: str, *, wrapped: bool = True, **options: Any
    ) -> Sent:
        """The bodies that one call through an adapter, or through the bare framework, puts on the wire."""
        self._server.clear()
        ride = await carrier.send(
            conversation, api=carrier.api, url=self.url, how=how, wrapped=wrapped, options=Options(**options)
        )
        if ride.bodies is not None:
            return Sent(ride.bodies, ride)
        return Sent([standard(request.body) for request in self._server.requests if request.method == "POST"], ride)

    async def bare(self, carrier: Carrier, conversation: Conversation, how: str, **options: Any) -> Any:
        """The first body that the bare framework sends."""
        key = (carrier, conversation, how, *sorted(options.items()))
        if key not in self._known:
            self._known[key] = (await self.sent(carrier, conversation, how, wrapped=False, **options)).body
        return self._known[key]

    async def journey(self, carrier: Carrier, how: str) -> Journey:
        """`everything` through the bare framework and through the adapter: made once, read by many tests."""
        key = (carrier, how)
        if key not in self._known:
            conversation, engine = everything(carrier.can), Watched()
            before = await self.bare(carrier, conversation, how)
            self._known[key] = Journey(before, await self.sent(carrier, conversation, how, engine=engine), engine)
        return self._known[key]


@dataclass(frozen=True)
class Journey:
    """`everything` on the wire: `before` from the bare framework, `sent` through the adapter."""

    before: Any
    sent: Sent
    engine: Watched


@pytest.fixture(scope="session")
def wire(provider_server: ProviderServer) -> Wire:
    """The wire to the stand-in providers, which forgets before each call and keeps what several tests look at."""
    return Wire(provider_server)


@pytest.fixture(autouse=True)
def _clean_litellm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import litellm

    monkeypatch.setattr(litellm, "num_retries", None)
    yield
    litellm.logging_callback_manager._reset_all_callbacks()


@pytest.fixture(scope="session", autouse=True)
async def _closed_clients(provider_server: ProviderServer) -> AsyncIterator[None]:
    """Close the clients that the frameworks keep for ever, while their loop still runs."""
    yield
    from tests.integrations.agno.material import close_clients

    await close_clients(provider_server.url)
    for client in [item for item in gc.get_objects() if _CLIENTS & {kind.__name__ for kind in type(item).__mro__}]:
        close = getattr(client, "aclose", None) or getattr(client, "close", None)  # MCP's session of that name has none
        closing = close() if close else None
        if inspect.isawaitable(closing):
            await closing
    with warnings.catch_warnings():  # sockets that the frameworks dropped open, before another folder's tests find them
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


_CLIENTS = {"AsyncClient", "ClientSession"}  # of httpx, httpx2 and aiohttp
