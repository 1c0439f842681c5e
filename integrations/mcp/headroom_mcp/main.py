"""The command `headroom-mcp`: the server, and with `wrap` the gateway before another server."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Final

import anyio
from mcp.server.stdio import stdio_server

from headroom_core.errors import HeadroomError
from headroom_core.image import Policy
from headroom_mcp import http
from headroom_mcp.gateway import Gateway
from headroom_mcp.server import build_server
from headroom_mcp.tools import ImageTools
from headroom_mcp.upstream import command_server, url_server

__all__ = ["main"]

_FLUSH_SECONDS: Final = 0.2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="headroom-mcp: %(message)s")
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        return _wrap(given[1:]) if given[:1] == ["wrap"] else _serve(given)
    except (HeadroomError, OSError) as error:
        _say(f"{error}")
        return 1
    except KeyboardInterrupt:
        return 130


def _serve(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="headroom-mcp",
        description="An MCP server that shows images in the cheapest form that answers the question. "
        "`headroom-mcp wrap --help`: a gateway before another server.",
    )
    parser.add_argument(
        "--allow", nargs="*", action="extend", default=[], metavar="DIR", help="directories of readable images"
    )
    parser.add_argument("--http", type=int, metavar="PORT", help="serve http://127.0.0.1:PORT/mcp instead of stdio")
    options = _parsed(parser, given)
    tools = ImageTools(
        [directory for directory in options.allow if directory],
        model=options.model,
        provider=options.provider,
        policy=options.policy,
        holdout=options.holdout,
    )
    if options.http is not None:
        http.run(build_server(tools), options.http)
    else:
        anyio.run(_serve_stdio, tools)
    return 0


async def _serve_stdio(tools: ImageTools) -> None:
    server = build_server(tools)
    # While it serves, the SDK keeps the real stdout to itself: whatever a library prints goes to stderr.
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _wrap(given: list[str]) -> int:
    ours, command = (given[: given.index("--")], given[given.index("--") + 1 :]) if "--" in given else (given, [])
    parser = argparse.ArgumentParser(
        prog="headroom-mcp wrap",
        usage="%(prog)s [options] (--url URL | -- COMMAND [ARGUMENT ...])",
        description="A gateway before another MCP server: images in its results come smaller.",
    )
    parser.add_argument("--url", help="the server's streamable HTTP address")
    parser.add_argument(
        "--header-env", action="append", default=[], metavar="NAME=VARIABLE", help="send a header from the environment"
    )
    options = _parsed(parser, ours)
    if bool(options.url) == bool(command):
        parser.error("name one server: --url URL, or -- COMMAND")
    server = url_server(options.url, options.header_env) if options.url else command_server(command)
    gateway = Gateway(
        server, model=options.model, provider=options.provider, policy=options.policy, holdout=options.holdout
    )
    anyio.run(_relay_stdio, gateway)
    return 0


async def _relay_stdio(gateway: Gateway) -> None:
    async with stdio_server() as client:
        try:
            ended = await gateway.serve(client)
        except Exception as error:  # noqa: BLE001
            # The server could not be started or reached.
            _say("; ".join(f"{type(leaf).__name__}: {leaf}" for leaf in _leaves(error)))
            ended = True
        if ended:
            # The thread that waits for the client's next line cannot be woken, so the process would outlive its server.
            await anyio.sleep(_FLUSH_SECONDS)
            os._exit(1)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _say(words: str) -> None:
    print(f"headroom-mcp: {words}", file=sys.stderr, flush=True)  # noqa: T201


def _parsed(parser: argparse.ArgumentParser, given: list[str]) -> argparse.Namespace:
    parser.add_argument("--model", help="the model that sees the images, e.g. claude-sonnet-4-5")
    parser.add_argument("--provider", default="anthropic", help="who bills, where no model is known (%(default)s)")
    parser.add_argument("--policy", choices=[policy.value for policy in Policy], help="what may be given up")
    parser.add_argument("--holdout", type=float, default=0.0, metavar="SHARE", help="share of images left alone")
    return parser.parse_args(given)
