"""`python -m headroom_mcp`: the command `headroom-mcp`."""

import sys

from headroom_mcp.main import main

if __name__ == "__main__":
    sys.exit(main())
