"""The gateway where pixels are pointed at: servers that take coordinates stay as they are, and the zoom tool."""

from __future__ import annotations

from typing import Any

import pytest
from mcp import Client
from mcp.server import Server
from mcp_types import CallToolResult, ImageContent, ListToolsResult, Tool

from headroom_mcp import Gateway
from tests.integrations.mcp.conftest import of_gallery, of_server
from tests.integrations.mcp.gallery import scene_base64
from tests.integrations.mcp.wrapping import MODEL, MOOD, called, eras, listed, through, to_gallery


@eras
async def test_a_server_that_takes_pixel_coordinates_is_left_alone(era: str) -> None:
    gateway = Gateway(of_gallery(points=True), model=MODEL)
    async with Client(of_gallery(points=True), mode=era) as client:
        direct = await listed(client)
    async with Client(through(gateway), mode=era) as client:
        assert await listed(client) == direct
        result = await client.call_tool("take_screenshot", MOOD)
    assert result.content[1].data == scene_base64()
    assert gateway.outcomes == ()


@pytest.mark.parametrize(
    ("properties", "points"),
    [
        ({"x": {}, "y": {}}, True),
        ({"startX": {}, "startY": {}, "endX": {}, "endY": {}}, True),
        ({"coordinate": {"type": "array"}}, True),
        ({"action": {"type": "object", "properties": {"x": {}, "y": {}}}}, True),
        ({"element": {}, "ref": {}}, False),
        ({"x": {}}, False),
        ({"width": {}, "height": {}}, False),
    ],
)
async def test_coordinates_are_told_by_the_names_of_arguments(properties: dict[str, Any], points: bool) -> None:
    async def tools(*_: Any) -> ListToolsResult:
        press = Tool(name="browser_click", input_schema={"type": "object", "properties": properties})
        return ListToolsResult(tools=[press, Tool(name="shot", description="image", input_schema={"type": "object"})])

    async with Client(through(Gateway(of_server(Server("s", on_list_tools=tools))))) as client:
        names = await listed(client)
    assert ("headroom_zoom" in names) == ("headroom_query" in str(names["shot"])) == (not points)


async def test_pages_of_a_list_get_one_zoom_tool_and_a_click_on_the_last_stops_everything() -> None:
    async def tools(_: Any, params: Any) -> ListToolsResult:
        shot = Tool(name="shot", description="image", input_schema={"type": "object"})
        press = Tool(name="press", input_schema={"type": "object", "properties": {"x": {}, "y": {}}})
        if params is None or params.cursor is None:
            return ListToolsResult(tools=[shot], next_cursor="2")
        return ListToolsResult(tools=[press])

    async def call(*_: Any) -> CallToolResult:
        return CallToolResult(content=[ImageContent(data=scene_base64(), mime_type="image/png")])

    server = Server("s", on_list_tools=tools, on_call_tool=call)
    async with Client(through(Gateway(of_server(server), model=MODEL))) as client:
        first = await client.list_tools()
        second = await client.list_tools(cursor=first.next_cursor)
        result = await client.call_tool("shot", MOOD)
    assert [tool.name for tool in first.tools] == ["shot", "headroom_zoom"]
    assert [tool.name for tool in second.tools] == ["press"]
    assert result.content[0].data == scene_base64()


@pytest.mark.parametrize("image_id", ["nonsense", "é", "A" * 43])
async def test_a_zoom_into_nothing_is_an_error_to_act_on(image_id: str) -> None:
    result = await called(to_gallery(), "headroom_zoom", {"image_id": image_id}, mode="legacy")
    assert result.is_error
    assert "call the tool that gave it again" in result.content[0].text
