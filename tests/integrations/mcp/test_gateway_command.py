"""The gateway as a process: how it ends, and its command line."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import anyio
import pytest
from mcp.shared.exceptions import MCPError

from headroom_mcp.main import main
from tests.integrations.mcp.conftest import GALLERY, ROOT
from tests.integrations.mcp.wrapping import wrapped

WRAP = [sys.executable, "-m", "headroom_mcp", "wrap"]


async def test_when_the_server_ends_the_call_fails_and_so_does_the_gateway() -> None:
    async with wrapped("stdio", "legacy") as client:
        with anyio.fail_after(20), pytest.raises(MCPError, match=r"ended|closed"):
            await client.call_tool("stop", {})


def test_when_the_client_leaves_gateway_and_server_end() -> None:
    command = [*WRAP, "--", *GALLERY]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as gateway:
        assert gateway.stdin
        assert gateway.stderr
        gateway.stdin.close()
        # The server holds this pipe as well, so its end is the end of both.
        assert gateway.stderr.read() == b""
        assert gateway.wait(20) == 0


@pytest.mark.parametrize(
    ("server", "says"),
    [
        (("--", "no-such-command-anywhere"), "no-such-command-anywhere"),
        (("--url", "http://127.0.0.1:1/mcp"), "ConnectError"),
    ],
)
def test_a_server_that_cannot_be_reached_ends_the_gateway_while_the_client_waits(
    server: tuple[str, ...], says: str
) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*WRAP, *server], cwd=ROOT, text=True, **pipes) as gateway:
        assert gateway.stdin
        assert gateway.stdout
        assert gateway.stderr
        gateway.stdin.write(json.dumps(asked) + "\n")
        gateway.stdin.flush()
        # Both end although the client's side stays open.
        assert says in gateway.stderr.read()
        assert gateway.wait(20) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("wrap",), "name one server"),
        (("wrap", "--url", "http://127.0.0.1:1/mcp", "--", "x"), "name one server"),
        (("wrap", "--url", "http://127.0.0.1:1/mcp", "--header-env", "authorization=NO_SUCH"), "NAME=VARIABLE"),
        (("--allow", "/no/such/directory"), "no such directory"),
        (("--policy", "reckless"), "invalid choice"),
    ],
)
def test_a_command_that_cannot_work_says_why(
    arguments: tuple[str, ...], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        status: Any = main(arguments)
    except SystemExit as end:
        status = end.code
    printed = capfd.readouterr()
    assert status != 0
    assert says in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(("arguments", "says"), [(("--help",), "--allow"), (("wrap", "--help"), "--url URL")])
def test_both_commands_describe_themselves(
    arguments: tuple[str, ...], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert says in capfd.readouterr().out
