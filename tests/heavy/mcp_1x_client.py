"""A client of the MCP SDK 1.x: `python mcp_1x_client.py TOOL ARGUMENTS COMMAND...` prints what it saw as JSON."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(tool: str, arguments: str, command: list[str]) -> None:
    server = StdioServerParameters(command=command[0], args=command[1:])
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        started = await session.initialize()
        tools = await session.list_tools()
        called = await session.call_tool(tool, json.loads(arguments))
        seen = {
            "protocol": started.protocolVersion,
            "server": started.serverInfo.name,
            "tools": [tool.name for tool in tools.tools],
            "result": called.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        sys.stdout.write(json.dumps(seen))


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
