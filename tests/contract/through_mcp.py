"""The contract's conversations in MCP: tools whose results pass the gateway, with what the client asks about them."""

from __future__ import annotations

import base64
import copy
from typing import Any

from mcp import Client
from mcp.server import MCPServer
from mcp_types import CallToolResult, ImageContent, TextContent

from headroom_core.formats import is_note
from headroom_mcp import Gateway
from tests.contract.carriers import MODELS, Options, Ride, adapter
from tests.contract.everything import Answered, Asked, Can, Conversation, Returned
from tests.integrations.mcp.conftest import in_process, of_server


@adapter(apis={"mcp": frozenset({Can.CALLS})}, ways=("async",))
async def mcp_gateway(
    conversation: Conversation, *, api: str, url: str, how: str, wrapped: bool, options: Options
) -> Ride:
    """`Gateway(server)` between a client and a server; a result is shown to the model after the client's question."""
    results = [_result(turn) for turn in conversation.turns if not isinstance(turn, Answered)]
    ride = Ride(_plain(results), bodies=[])
    target = of_server(_server(results, options.tool)._lowlevel_server)
    for _ in range(options.layers if wrapped else 0):
        gateway = Gateway(target, model=options.model or MODELS[api], **options.wrapper)
        ride.account = ride.account or gateway
        target = in_process(gateway.serve)
    async with Client(target) as client:
        await client.list_tools()
        ride.bodies.append({"messages": await _shown(client, conversation, asks=wrapped and options.switch is None)})
    ride.after = _plain(results)
    return ride


async def _shown(client: Client, conversation: Conversation, *, asks: bool) -> list[Any]:
    """The messages in which a client shows the results to its model."""
    messages: list[Any] = []
    question, at = "", 0
    for turn in conversation.turns:
        if isinstance(turn, Answered):
            messages.append({"role": "assistant", "content": turn.words})
            continue
        question = turn.words if isinstance(turn, Asked) else question
        query = {"headroom_query": question} if asks else {}
        result = await client.call_tool("show_picture", {"number": at, **query})
        wire = result.model_dump(mode="json", by_alias=True, exclude_none=True)
        asked = [{"type": "text", "text": question}]
        # The note beside a smaller image leads back to its original; what is compared is all else.
        content = [block for block in wire["content"] if not is_note(block.get("text", ""))]
        messages.append({"role": "user", "content": [*asked, *content], "isError": bool(wire.get("isError"))})
        messages[-1]["structuredContent"] = wire.get("structuredContent")
        at += 1
    return messages


def _server(results: list[CallToolResult], tool: str | None) -> MCPServer:
    server = MCPServer("gallery")

    @server.tool()
    def show_picture(number: int) -> CallToolResult:
        """Show a picture."""
        return results[number]

    if tool == "click":

        @server.tool()
        def click(x: int, y: int) -> str:
            """Click at a place of the screen."""
            return f"{x},{y}"

    return server


def _result(turn: Asked | Returned) -> CallToolResult:
    images = [
        ImageContent(data=base64.b64encode(photo.data).decode(), mime_type=photo.media_type) for photo in turn.photos
    ]
    failed = isinstance(turn, Returned) and turn.failed
    facts = {"pictures": len(images)}
    return CallToolResult(content=[TextContent(text="Here it is."), *images], structured_content=facts, is_error=failed)


def _plain(results: list[CallToolResult]) -> list[Any]:
    return [copy.deepcopy(result.model_dump()) for result in results]
