"""The `headroom` command."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

from headroom_core.errors import HeadroomError, MissingExtra

__all__ = ["main"]


def main() -> None:
    """Run the command line; exits with 0 when all went well, 1 when something failed, 2 when it was used wrongly."""
    _print_what_the_terminal_can()
    try:
        app = _app()
    except ImportError as error:
        if (error.name or "headroom").startswith("headroom"):
            raise
        missing = MissingExtra("the headroom command", "cli", package=error.name)
        sys.exit(_complain(missing))
    try:
        app()
    except HeadroomError as error:
        sys.exit(_complain(error))
    except OSError as error:  # a full disk, a folder that went away
        sys.stderr.write(f"headroom: {error}\n")
        sys.exit(1)


def _app() -> Callable[[], None]:
    from headroom.cli.app import app

    return app


def _complain(error: HeadroomError) -> int:
    sys.stderr.write(f"headroom: {error}\n")
    return 2


def _print_what_the_terminal_can() -> None:
    # A terminal that has no arrow shows a question mark in its place; it must not end the program.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
