"""The wire of the LangChain tests: the stand-in providers, seen as the bodies that reach them."""

from __future__ import annotations

import gc
import inspect
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.providers import ProviderServer

_CLIENTS_OWN = ("ignore:unclosed <socket.socket:ResourceWarning", "ignore:unclosed transport:ResourceWarning")
"""Where aiohttp is not installed, Google's client keeps its asynchronous connections open when it is forgotten."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            for warning in _CLIENTS_OWN:
                item.add_marker(pytest.mark.filterwarnings(warning))


class Wire:
    """What arrived at the stand-in providers."""

    def __init__(self, server: ProviderServer) -> None:
        self._server = server
        self.url = server.url
        self.clear = server.clear

    @property
    def bodies(self) -> list[Any]:
        """The bodies of all requests so far."""
        return [request.body for request in self._server.requests if request.method == "POST"]


@pytest.fixture
def wire(provider_server: ProviderServer) -> Wire:
    """The stand-in providers, with nothing recorded yet."""
    provider_server.clear()
    return Wire(provider_server)


@pytest.fixture(scope="session", autouse=True)
async def _closed_clients() -> AsyncIterator[None]:
    """Close the asynchronous clients that the chat models keep for ever, while their loop still runs."""
    yield
    for client in [item for item in gc.get_objects() if _CLIENTS & {kind.__name__ for kind in type(item).__mro__}]:
        close = getattr(client, "aclose", None) or getattr(client, "close", None)  # MCP's session of that name has none
        closing = close() if close else None
        if inspect.isawaitable(closing):
            await closing
    with warnings.catch_warnings():  # before another folder's tests find what was dropped open
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


_CLIENTS = {"AsyncClient", "ClientSession"}  # of httpx, httpx2 and aiohttp
