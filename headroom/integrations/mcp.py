"""The documented import path of the MCP adapter; everything here lives in `headroom_mcp`."""

from headroom_mcp import *  # noqa: F403
from headroom_mcp import __all__  # noqa: F401
