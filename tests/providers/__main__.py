"""Serve the stand-in providers until Ctrl-C: `python -m tests.providers --port 8899`."""

from __future__ import annotations

import argparse
import sys

from tests.providers.server import ProviderServer


def main() -> None:
    """Print the address, then serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.providers", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    with ProviderServer(parser.parse_args().port) as server:
        sys.stdout.write(server.url + "\n")
        sys.stdout.flush()
        try:
            server.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
