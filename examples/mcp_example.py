"""The MCP server, asked by a client in the same process for a photo and then for a part of it.

python examples/mcp_example.py          # no key, no network
"""

from __future__ import annotations

from pathlib import Path

import anyio
from mcp import Client

from headroom_mcp import ImageTools, build_server

IMAGES = Path(__file__).parent / "images"


async def main() -> None:
    """Look at a photo cheaply, then closely at one corner of it, then ask what it would cost whole."""
    tools = ImageTools([IMAGES], model="claude-opus-5-5")
    async with Client(build_server(tools)) as client:
        asked = {"source": str(IMAGES / "photo.jpg"), "query": "What is the mood of this picture?"}
        looked = await client.call_tool("compress_image", asked)
        print("compress_image:", looked.structured_content)
        found = looked.structured_content or {}
        zoomed = await client.call_tool("zoom_image", {"image_id": found["image_id"], "box": [0, 0, 400, 300]})
        print("zoom_image:", zoomed.structured_content)
        cost = await client.call_tool("image_tokens", {"source": str(IMAGES / "photo.jpg")})
        print("image_tokens:", cost.structured_content)
    print(f"Tokens saved: {tools.total_tokens_saved}")


if __name__ == "__main__":
    anyio.run(main)
