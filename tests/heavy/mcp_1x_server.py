"""A server of the MCP SDK 1.x whose one tool returns the image file that it is started with."""

import sys
from pathlib import Path

from mcp.server.fastmcp import FastMCP, Image

server = FastMCP("old gallery", instructions="Mind the step.")


@server.tool()
def take_photo() -> Image:
    """A photo."""
    return Image(data=Path(sys.argv[1]).read_bytes(), format="png")


server.run()
