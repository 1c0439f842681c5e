"""What the Agno tests have: the wire, and no telemetry."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.integrations.agno.material import close_clients
from tests.providers import ProviderServer

os.environ["AGNO_TELEMETRY"] = "false"


class Wire:
    """What arrived at the stand-in providers."""

    def __init__(self, server: ProviderServer) -> None:
        self._server = server
        self.url = server.url
        self.clear = server.clear
        self.fail_next = server.fail_next

    @property
    def bodies(self) -> list[Any]:
        """The bodies of all requests to a model so far."""
        return [request.body for request in self._server.requests if request.method == "POST"]

    @property
    def fetched(self) -> list[str]:
        """The paths of all pictures that somebody downloaded."""
        return [request.path for request in self._server.requests if request.method == "GET"]


@pytest_asyncio.fixture(scope="session", autouse=True)
async def closed_clients(provider_server: ProviderServer) -> AsyncIterator[None]:
    """The clients that the models share, closed when all is done."""
    yield
    await close_clients(provider_server.url)


@pytest.fixture
def wire(provider_server: ProviderServer) -> Wire:
    """The stand-in providers, with nothing recorded yet."""
    provider_server.clear()
    return Wire(provider_server)
