"""The entry point of the bundle: the command `headroom-mcp`."""  # noqa: INP001

import sys

from headroom_mcp.main import main

sys.exit(main())
