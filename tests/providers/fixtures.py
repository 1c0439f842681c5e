"""The fixtures that give a test the stand-in providers, and keep it off the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providers.loopback import LoopbackGuard
from tests.providers.server import ProviderServer


@pytest.fixture(scope="session")
def provider_server() -> Iterator[ProviderServer]:
    """One server for the whole session; ask for `provider` unless your fixture is wider than a test."""
    with ProviderServer() as server:
        yield server


@pytest.fixture
def provider(provider_server: ProviderServer) -> ProviderServer:
    """The stand-in providers, with nothing recorded yet."""
    provider_server.clear()
    return provider_server


@pytest.fixture(scope="session")
def loopback_guard() -> Iterator[LoopbackGuard]:
    """The guard, in place for the whole session."""
    guard = LoopbackGuard()
    yield guard
    guard.active = False


@pytest.fixture(autouse=True)
def outside_attempts(loopback_guard: LoopbackGuard) -> Iterator[list[str]]:
    """The hosts this test tried to reach: any left at its end fails it, even if the code hid the refusal."""
    loopback_guard.refused.clear()
    yield loopback_guard.refused
    assert not loopback_guard.refused, f"tried to leave this machine: {loopback_guard.refused}"
