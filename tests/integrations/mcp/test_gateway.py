"""The gateway: images come smaller where the client asked a question, and nothing else changes."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    Implementation,
    InputRequiredResult,
    ListToolsResult,
    PromptReference,
    TextContent,
    Tool,
)
from PIL import Image

from headroom_core.store import Originals
from headroom_mcp import Gateway
from headroom_mcp.limit import RESULT_CHARACTERS, within_limit
from tests.core.pictures import scene
from tests.integrations.engines import Broken
from tests.integrations.mcp.conftest import of_server
from tests.integrations.mcp.gallery import scene_base64, scene_bytes
from tests.integrations.mcp.wrapping import (
    MODEL,
    MOOD,
    called,
    eras,
    giving,
    listed,
    pictured,
    stable,
    through,
    to_gallery,
    ways,
    wrapped,
)


@ways
@eras
async def test_an_image_comes_smaller_where_the_client_asked_and_the_way_back_leads_to_the_original(
    way: str, era: str
) -> None:
    async with wrapped(way, era) as client:
        assert (client.protocol_version == "2026-07-28") == (era == "auto")
        await client.list_tools()
        result = await client.call_tool("take_screenshot", {"frame": "gold", **MOOD})
        before, image, words, after = result.content
        assert (before.text, after.text) == ("before", "after")
        assert len(image.data) < len(scene_base64()) / 4
        assert image.meta == {"frame": "gold"}
        assert words.text.startswith("[Headroom] smaller than its original of 1600x1200")
        image_id = words.text.rpartition(" ")[2]
        part = await client.call_tool("headroom_zoom", {"image_id": image_id, "box": [0, 0, 30, 20]})
        assert part.structured_content == {"size": [1600, 1200], "sent": [30, 20], "box": [0, 0, 30, 20]}


@pytest.mark.parametrize(
    ("way", "era"),
    [("in process", "auto"), ("in process", "legacy"), ("stdio", "auto"), ("http", "auto"), ("http", "legacy")],
)
async def test_all_else_is_as_without_the_gateway(way: str, era: str) -> None:
    async def everything(client: Client) -> list[Any]:
        steps: list[Any] = []

        async def progress(step: float, total: float | None, message: str | None) -> None:
            steps.append((step, total, message))

        seen = [
            client.protocol_version,
            stable(client.server_info),
            stable(client.server_capabilities),
            client.instructions,
            sorted(name for name in await listed(client) if name != "headroom_zoom"),
            stable(await client.call_tool("shelf_of", {"room": "north wing"})),
            stable(await client.call_tool("take_screenshot", {})),
            stable(await client.call_tool("embedded_image", {})),
            stable(await client.call_tool("count_things", {"label": "x"})),
            stable(await client.call_tool("fail", {})),
            stable(await client.call_tool("count_things", {"label": 5})),
            stable(await client.call_tool("slow_count", {}, progress_callback=progress)),
            stable(await client.list_resources()),
            stable(await client.list_resource_templates()),
            stable(await client.read_resource("gallery://label/a")),
            stable(await client.read_resource("gallery://scene")),
            stable(await client.list_prompts()),
            stable(await client.get_prompt("describe", {"what": "it"})),
        ]
        for broken in (
            client.read_resource("gallery://absent"),
            client.get_prompt("absent", {}),
            client.call_tool("absent", {}),
            client.complete(PromptReference(name="describe"), {"name": "what", "value": ""}),
        ):
            try:
                seen.append(stable(await broken))
            except MCPError as error:
                seen.append((error.code, error.message))
        return [*seen, steps]

    async with wrapped(way, era, direct=True) as client:
        direct = await everything(client)
    async with wrapped(way, era) as client:
        assert await everything(client) == direct
    assert len(direct[-1]) == 3


@eras
async def test_the_list_gains_one_argument_on_tools_for_pictures_and_one_tool(era: str) -> None:
    async with wrapped("in process", era, direct=True) as client:
        direct = await listed(client)
    async with wrapped("in process", era) as client:
        tools = await listed(client)
    assert list(tools) == [*direct, "headroom_zoom"]
    for name, tool in direct.items():
        query = tools[name]["inputSchema"]["properties"].pop("headroom_query", None)
        assert (query is not None) == (name in ("take_screenshot", "embedded_image", "seen_arguments")), name
        assert tools[name] == tool
    # What the gateway adds to every request of the model, at about 4 characters a token.
    assert len(json.dumps([query, tools["headroom_zoom"]])) < 700


@eras
async def test_the_question_does_not_reach_the_server(era: str) -> None:
    result = await called(to_gallery(), "seen_arguments", {"anything": "a", "headroom_query": "q"}, mode=era)
    assert result.content[0].text == "anything"


async def test_an_embedded_image_comes_smaller_and_one_for_the_user_alone_does_not() -> None:
    result = await called(to_gallery(), "embedded_image", mode="legacy")
    embedded, _, hidden = result.content
    assert len(embedded.resource.blob) < len(scene_base64()) / 4
    assert embedded.resource.uri == "gallery://scene"
    assert hidden.data == scene_base64()


@pytest.mark.parametrize("query", [None, "", 7])
async def test_without_a_question_a_picture_keeps_its_pixels(query: Any) -> None:
    async with wrapped("in process", "auto") as client:
        await client.list_tools()
        arguments = {} if query is None else {"headroom_query": query}
        result = await client.call_tool("take_screenshot", arguments)
        read = await client.read_resource("gallery://scene")
    assert result.content[1].data == scene_base64()
    assert base64.b64decode(read.contents[0].blob) == scene_bytes()


def too_wide() -> Server[Any]:
    """A server whose pictures Claude refuses: over 8000 pixels on a side."""
    return giving("panorama", pictured(scene(9000, 60)))


async def test_a_picture_that_the_model_would_refuse_is_repaired_without_being_asked() -> None:
    gateway = Gateway(of_server(too_wide()), model=MODEL)
    result = await called(gateway, "panorama", {})
    assert len(result.content) == 1
    assert gateway.outcomes[0].size_after == (1568, 10)


async def test_a_gateway_that_is_off_repairs_nothing_either() -> None:
    gateway = Gateway(of_server(too_wide()), model=MODEL, policy="off")
    await called(gateway, "panorama", {})
    assert gateway.outcomes == ()


def heavy() -> Server[Any]:
    """A server whose results are far above what Claude Desktop takes."""
    rng = random.Random(3)
    noises = [Image.frombytes("RGB", (700, 700), rng.randbytes(700 * 700 * 3)) for _ in range(2)]
    small = pictured(noises[0].resize((60, 60)), "JPEG")
    return giving("noise", TextContent(text="noise"), small, *map(pictured, noises))


@eras
async def test_a_result_that_claude_desktop_would_refuse_is_made_to_fit_and_other_clients_get_it_whole(
    era: str,
) -> None:
    results = {}
    for name in ("claude-ai", "another"):
        gateway = Gateway(of_server(heavy()), model=MODEL)
        info = Implementation(name=name, version="1")
        results[name] = (await called(gateway, "noise", {}, mode=era, client_info=info)).content
    whole, fitted = results["another"], results["claude-ai"]
    assert sum(len(block.data) for block in whole[1:]) > RESULT_CHARACTERS
    assert sum(len(block.data) for block in fitted[1:]) <= RESULT_CHARACTERS
    assert fitted[:2] == whole[:2]
    assert all(len(block.data) > RESULT_CHARACTERS // 4 for block in fitted[2:])


def test_a_result_that_cannot_be_made_to_fit_passes_as_it_came() -> None:
    words = [{"type": "text", "text": "x" * (RESULT_CHARACTERS + 1)}]
    assert within_limit(words) is words
    broken = [{"type": "image", "data": "A" * (RESULT_CHARACTERS + 4), "mimeType": "image/png"}]
    assert within_limit(broken) is broken


async def test_before_any_list_was_seen_nothing_is_touched() -> None:
    gateway = Gateway(of_server(too_wide()), model=MODEL)
    async with Client(through(gateway)) as client:
        await client.session.call_tool("panorama", {}, allow_input_required=True)
    # The SDK's client lists the tools itself to check the result, after the call.
    assert [outcome for outcome in gateway.outcomes if outcome.changed] == []


async def test_a_gateway_behind_a_gateway_is_left_to_do_its_work() -> None:
    inner = to_gallery()
    outer = Gateway(through(inner), model=MODEL)
    async with Client(through(outer), mode="legacy") as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        result = await client.call_tool("take_screenshot", MOOD)
        zoom = {"image_id": result.content[2].text.rpartition(" ")[2], "box": [0, 0, 9, 9]}
        assert not (await client.call_tool("headroom_zoom", zoom)).is_error
    assert names.count("headroom_zoom") == 1
    assert len(result.content) == 4
    assert inner.total_tokens_saved > 0
    assert outer.total_tokens_saved == 0


@pytest.mark.parametrize("way", ["in process", "http"])
async def test_elicitation_of_the_handshake_era_passes(way: str) -> None:
    async def agree(*_: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"agreed": True})

    async with wrapped(way, "legacy", elicitation_callback=agree) as client:
        assert (await client.call_tool("ask_first", {})).content[0].text == "accept"


async def test_input_that_a_tool_requires_in_the_modern_era_passes() -> None:
    async def tools(*_: Any) -> ListToolsResult:
        return ListToolsResult(tools=[Tool(name="ask", description="an image", input_schema={"type": "object"})])

    async def call(_: Any, params: Any) -> Any:
        if params.input_responses is None:
            form = ElicitRequestFormParams(message="May I?", requested_schema={"type": "object", "properties": {}})
            return InputRequiredResult(input_requests={"q": ElicitRequest(params=form)}, request_state="sealed")
        said = params.input_responses["q"].action
        return CallToolResult(content=[TextContent(text=f"{said} {params.request_state}")])

    async def agree(*_: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={})

    gateway = Gateway(of_server(Server("s", on_list_tools=tools, on_call_tool=call)))
    result = await called(gateway, "ask", {"headroom_query": "what?"}, elicitation_callback=agree)
    assert result.content[0].text == "accept sealed"


@eras
async def test_a_call_that_is_given_up_disturbs_no_other(era: str) -> None:
    async with wrapped("in process", era) as client:
        with anyio.move_on_after(0.2):
            await client.call_tool("wait_forever", {})
        assert (await client.call_tool("slow_count", {})).content[0].text == "counted"


async def test_a_broken_engine_lets_results_pass(caplog: pytest.LogCaptureFixture) -> None:
    result = await called(to_gallery(compressor=Broken()))
    assert [block.type for block in result.content] == ["text", "image", "text"]
    assert result.content[1].data == scene_base64()


async def test_an_original_that_cannot_be_kept_is_sent_as_it_is() -> None:
    result = await called(to_gallery(originals=Originals(0)))
    assert [block.type for block in result.content] == ["text", "image", "text"]
    assert result.content[1].data == scene_base64()


@pytest.mark.parametrize("options", [{"policy": "off"}, {"policy": "safe"}, {"holdout": 1.0}])
async def test_a_gateway_can_be_told_to_leave_pictures_alone(options: dict[str, Any]) -> None:
    gateway = to_gallery(**options)
    result = await called(gateway)
    assert result.content[1].data == scene_base64()
    assert gateway.total_tokens_saved == 0


async def test_savings_add_up() -> None:
    gateway = to_gallery()
    async with Client(through(gateway)) as client:
        await client.list_tools()
        for _ in range(2):
            await client.call_tool("take_screenshot", MOOD)
    assert gateway.total_tokens_saved == sum(outcome.tokens_saved for outcome in gateway.outcomes) > 0
    assert len(gateway.outcomes) == 2
    assert gateway.last_result is not None
    assert gateway.last_result.tokens_saved == gateway.outcomes[-1].tokens_saved
