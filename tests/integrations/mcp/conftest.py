"""Servers and clients of MCP: in this process, as a process of their own, and over HTTP."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.server import Server
from mcp.shared.memory import create_client_server_memory_streams
from starlette.applications import Starlette

from tests.core.pictures import as_bytes, page, scene
from tests.integrations.mcp.gallery import gallery

ROOT = Path(__file__).parents[3]
GALLERY = [sys.executable, "-m", "tests.integrations.mcp.gallery"]


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A large picture without text: a question about the whole of it needs few pixels."""
    return as_bytes(scene(), "PNG", compress_level=1)


@pytest.fixture(scope="session")
def printed() -> bytes:
    return as_bytes(page(), "PNG")


@pytest.fixture
def allowed(tmp_path: Path, photo: bytes, printed: bytes) -> Path:
    """A directory of pictures beside one of secrets."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "photo.png").write_bytes(photo)
    (pictures / "page.png").write_bytes(printed)
    secrets = tmp_path / "pictures-secret"
    secrets.mkdir()
    (secrets / "photo.png").write_bytes(photo)
    return pictures


@asynccontextmanager
async def in_process(serve: Callable[[Any], Awaitable[Any]]) -> AsyncIterator[Any]:
    """The client's streams to something that serves streams."""
    async with create_client_server_memory_streams() as (client, server), anyio.create_task_group() as tasks:
        tasks.start_soon(serve, server)
        yield client
        tasks.cancel_scope.cancel()


def of_server(server: Server[Any]) -> Any:
    """A transport to an SDK server in this process, message by message."""

    async def serve(streams: Any) -> None:
        await server.run(*streams, server.create_initialization_options())

    return in_process(serve)


def of_gallery(**options: bool) -> Any:
    return of_server(gallery(**options)._lowlevel_server)


def process(*command: str) -> Any:
    """A transport to a server that is started, with the tests' own modules at hand."""
    return stdio_client(StdioServerParameters(command=command[0], args=list(command[1:]), cwd=ROOT))


def headroom_mcp(*arguments: str) -> Any:
    return process(sys.executable, "-m", "headroom_mcp", *arguments)


@contextlib.contextmanager
def over_http(build: Callable[[int], Starlette]) -> Iterator[str]:
    """Serve an app on a free loopback port; gives the address of its MCP endpoint."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(build(port), log_level="error", lifespan="on", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            threading.Event().wait(0.01)
        try:
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(10)
