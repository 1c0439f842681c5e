"""The server's tools, over every transport and in both eras of the protocol."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from PIL import Image

from headroom_core.errors import InvalidOption, MissingExtra
from headroom_core.store import Originals
from headroom_mcp import ImageTools, build_server
from headroom_mcp.fitting import RESULT_BYTES
from headroom_mcp.http import app
from tests.core.pictures import as_bytes, as_data_url, scene
from tests.integrations.engines import Broken
from tests.integrations.mcp.conftest import headroom_mcp, of_server, over_http

MOOD = "What is the mood of this photo?"
MODEL = "claude-sonnet-4-5"

ways = pytest.mark.parametrize("way", ["in process", "stdio", "http"])
eras = pytest.mark.parametrize("era", ["auto", "legacy"])


@asynccontextmanager
async def connected(way: str, era: str, allowed: Path) -> AsyncIterator[Client]:
    if way == "stdio":
        async with Client(headroom_mcp("--allow", str(allowed)), mode=era) as client:
            yield client
        return
    server = build_server(ImageTools([allowed]))
    if way == "in process":
        async with Client(server if era == "auto" else of_server(server), mode=era) as client:
            yield client
        return
    with over_http(lambda port: app(server, port)) as url:
        async with Client(url, mode=era) as client:
            yield client


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    return await client.call_tool(tool, arguments)


def picture(result: Any) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(result.content[0].data)))


def failure(result: Any) -> str:
    assert result.is_error
    return str(result.content[0].text)


@ways
@eras
async def test_look_then_look_closely(way: str, era: str, allowed: Path, photo: bytes) -> None:
    steps: list[float] = []

    async def progress(step: float, total: float | None, message: str | None) -> None:
        steps.append(step)

    async with connected(way, era, allowed) as client:
        assert (client.protocol_version == "2026-07-28") == (era == "auto")
        looked = await client.call_tool(
            "compress_image", {"source": "photo.png", "query": MOOD, "model": MODEL}, progress_callback=progress
        )
        facts = looked.structured_content
        assert facts["technique"] == "full_low"
        assert facts["tokens_after"] < facts["tokens_before"] / 2
        assert picture(looked).size == tuple(facts["sent"]) < (1600, 1200)
        assert json.loads(looked.content[1].text) == facts
        assert steps == [0, 1, 2]

        part = await call(client, "zoom_image", image_id=facts["image_id"], box=[100, 200, 400, 300])
        with Image.open(BytesIO(photo)) as whole:
            expected = whole.crop((100, 200, 400, 300)).convert("RGB")
        assert picture(part).size == expected.size
        assert part.structured_content == {"size": [1600, 1200], "sent": [300, 100], "box": [100, 200, 400, 300]}

        cost = await call(client, "image_tokens", source="1600x1200", model=MODEL)
        assert cost.structured_content["tokens"] == facts["tokens_before"]

        read = await client.read_resource(f"headroom://image/{facts['image_id']}")
        assert read.contents[0].uri == f"headroom://image/{facts['image_id']}"


@eras
async def test_the_tools_are_three_and_cost_few_words(era: str, allowed: Path) -> None:
    async with connected("in process", era, allowed) as client:
        tools = (await client.list_tools()).tools
        templates = (await client.list_resource_templates()).resource_templates
    assert [tool.name for tool in tools] == ["compress_image", "zoom_image", "image_tokens"]
    # About 4 characters a token: what a model pays for in each request stays under 400 tokens.
    told = [{"name": tool.name, "description": tool.description, "parameters": tool.input_schema} for tool in tools]
    assert len(json.dumps(told, separators=(",", ":"))) < 1600
    assert [template.uri_template for template in templates] == ["headroom://image/{id}"]


@pytest.mark.parametrize("wrap", [as_data_url, lambda data: base64.b64encode(data).decode()])
async def test_data_urls_and_base64_are_taken(wrap: Any, photo: bytes, allowed: Path) -> None:
    async with connected("in process", "auto", allowed) as client:
        looked = await call(client, "compress_image", source=wrap(photo), query=MOOD, model=MODEL)
    assert looked.structured_content["size"] == [1600, 1200]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("http://127.0.0.1:9/x.png", "URLs are not opened"),
        ("HTTPS://user@localhost/x.png", "URLs are not opened"),
        ("http://2130706433/", "URLs are not opened"),
        ("file:///etc/passwd", "URLs are not opened"),
        ("/etc/passwd", "inside the allowed directories"),
        ("../pictures-secret/photo.png", "inside the allowed directories"),
        ("data:image/png;base64,!!!", "cannot be read"),
        ("data:text/html;base64,PGI+aGVsbG88L2I+", "no PNG, JPEG, GIF or WebP"),
        ("iVBORw0KGgo" + "A" * 100, "cannot be opened"),
        ("", "'source' is missing"),
    ],
)
async def test_a_source_that_cannot_be_read_is_an_error_to_act_on(source: str, says: str, allowed: Path) -> None:
    async with connected("in process", "auto", allowed) as client:
        for tool in ("compress_image", "image_tokens"):
            message = failure(await call(client, tool, source=source))
            assert says in message
            assert "passwd" not in message


async def test_without_allowed_directories_files_are_off(allowed: Path) -> None:
    async with Client(build_server(ImageTools())) as client:
        message = failure(await call(client, "compress_image", source=str(allowed / "photo.png")))
    assert "--allow" in message


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"image_id": "nonsense"}, "call the tool that gave it again"),
        ({"image_id": "é"}, "call the tool that gave it again"),
        ({"image_id": 5}, "must be a text"),
        ({}, "'image_id' is missing"),
        ({"image_id": "KNOWN", "box": [0, 0, 10]}, "inside the original of 1600 x 1200"),
        ({"image_id": "KNOWN", "box": [5000, 0, 6000, 10]}, "inside the original of 1600 x 1200"),
        ({"image_id": "KNOWN", "box": [20, 20, 10, 10]}, "inside the original of 1600 x 1200"),
        ({"image_id": "KNOWN", "box": "all"}, "list of four numbers"),
        ({"image_id": "KNOWN", "box": [1, 2, 3, True]}, "list of four numbers"),
    ],
)
async def test_a_zoom_that_cannot_be_made_says_what_to_do(arguments: Any, says: str, allowed: Path) -> None:
    async with connected("in process", "auto", allowed) as client:
        if arguments.get("image_id") == "KNOWN":
            known = await call(client, "compress_image", source="photo.png")
            arguments = {**arguments, "image_id": known.structured_content["image_id"]}
        assert says in failure(await client.call_tool("zoom_image", arguments))


async def test_a_box_is_clipped_to_the_picture(allowed: Path) -> None:
    async with connected("in process", "auto", allowed) as client:
        image_id = (await call(client, "compress_image", source="photo.png")).structured_content["image_id"]
        part = await call(client, "zoom_image", image_id=image_id, box=[-50, 1100.4, 100.2, 9999])
    assert part.structured_content["box"] == [0, 1100, 100, 1200]


async def test_every_result_stays_under_a_megabyte(allowed: Path) -> None:
    noise = Image.effect_noise((1400, 1000), 90)
    (allowed / "noise.png").write_bytes(as_bytes(noise, "PNG"))
    async with connected("in process", "legacy", allowed) as client:
        looked = await call(
            client, "compress_image", source="noise.png", query="Read every digit of the serial number."
        )
        image_id = looked.structured_content["image_id"]
        whole = await call(client, "zoom_image", image_id=image_id)
        part = await call(client, "zoom_image", image_id=image_id, box=[0, 0, 1300, 990])
        read = await client.read_resource(f"headroom://image/{image_id}")
    for result in (looked, whole, part, read):
        assert len(result.model_dump_json(by_alias=True)) < 1_000_000
    for result in (looked, whole, part):
        assert picture(result).size == tuple(result.structured_content["sent"])
        assert len(base64.b64decode(result.content[0].data)) <= RESULT_BYTES


async def test_a_small_original_comes_back_byte_for_byte(allowed: Path) -> None:
    small = as_bytes(scene(640, 480), "JPEG")
    (allowed / "small.jpg").write_bytes(small)
    async with connected("in process", "auto", allowed) as client:
        image_id = (await call(client, "compress_image", source="small.jpg")).structured_content["image_id"]
        whole = await call(client, "zoom_image", image_id=image_id)
        read = await client.read_resource(f"headroom://image/{image_id}")
    assert base64.b64decode(whole.content[0].data) == small
    assert base64.b64decode(read.contents[0].blob) == small


async def test_a_picture_that_the_question_needs_stays_as_it_is(allowed: Path) -> None:
    small = as_bytes(scene(900, 700), "JPEG")
    (allowed / "same.jpg").write_bytes(small)
    async with connected("in process", "auto", allowed) as client:
        looked = await call(client, "compress_image", source="same.jpg", query="Where exactly is the tiny crack?")
    assert base64.b64decode(looked.content[0].data) == small
    assert looked.structured_content["technique"] == "preserve"


async def test_an_image_id_expires(photo: bytes) -> None:
    now = [0.0]
    tools = ImageTools(originals=Originals(ttl=60, clock=lambda: now[0]))
    async with Client(build_server(tools)) as client:
        looked = await call(client, "compress_image", source=as_data_url(photo))
        now[0] = 61.0
        image_id = looked.structured_content["image_id"]
        assert "gave it again" in failure(await call(client, "zoom_image", image_id=image_id))
        with pytest.raises(MCPError, match="not found"):
            await client.read_resource(f"headroom://image/{image_id}")


def test_an_image_id_of_one_tenant_is_nothing_to_another(photo: bytes) -> None:
    tools = ImageTools()
    anna, bert = (tools.compress(as_data_url(photo), tenant=tenant) for tenant in (b"anna", b"bert"))
    assert anna.facts["image_id"] != bert.facts["image_id"]
    assert tools.vault.original(anna.facts["image_id"], tenant=b"anna") == photo
    with pytest.raises(Exception, match="not known"):
        tools.vault.original(anna.facts["image_id"], tenant=b"bert")


async def test_two_servers_give_the_same_image_two_ids(photo: bytes) -> None:
    ids = []
    for _ in range(2):
        async with Client(build_server(ImageTools())) as client:
            looked = await call(client, "compress_image", source=as_data_url(photo))
            ids.append(looked.structured_content["image_id"])
    assert ids[0] != ids[1]
    assert all(len(image_id) == 43 for image_id in ids)


async def test_a_broken_engine_still_shows_the_image(photo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with Client(build_server(ImageTools(compressor=Broken()))) as client:
        looked = await call(client, "compress_image", source=as_data_url(photo), query=MOOD, model=MODEL)
    assert not looked.is_error
    assert looked.structured_content["size"] == [1600, 1200]


async def test_an_unforeseen_failure_is_masked(
    photo: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall_over(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret words of an engine")

    tools = ImageTools()
    monkeypatch.setattr(tools, "compress", fall_over)
    async with Client(build_server(tools)) as client:
        message = failure(await call(client, "compress_image", source=as_data_url(photo)))
    assert "compress_image failed" in message
    assert "secret" not in message


async def test_an_unknown_tool_is_a_protocol_error() -> None:
    async with Client(build_server(ImageTools())) as client:
        with pytest.raises(MCPError, match="Unknown tool"):
            await call(client, "melt_image")


def test_savings_add_up(photo: bytes) -> None:
    tools = ImageTools(model=MODEL)
    looks = [tools.compress(as_data_url(photo), MOOD, tenant=b"t") for _ in range(2)]
    saved = sum(look.facts["tokens_before"] - look.facts["tokens_after"] for look in looks)
    assert tools.total_tokens_saved == saved > 0
    assert len(tools.outcomes) == 2
    assert tools.last_result is not None


def test_the_model_of_the_server_is_part_of_its_signature_and_a_call_may_name_another(photo: bytes) -> None:
    tools = ImageTools(model="gpt-4o")
    assert tools.headroom_door.signature() != ImageTools(model=MODEL).headroom_door.signature()
    looked = [tools.compress(as_data_url(photo), MOOD, model, tenant=b"t").facts for model in (None, MODEL)]
    assert looked[0]["tokens_before"] == tools.tokens(as_data_url(photo)).facts["tokens"]
    assert looked[1]["tokens_before"] == tools.tokens(as_data_url(photo), MODEL).facts["tokens"]
    assert looked[0]["tokens_before"] != looked[1]["tokens_before"]


def test_a_policy_of_the_server_holds(photo: bytes) -> None:
    look = ImageTools(model=MODEL, policy="safe").compress(as_data_url(photo), MOOD, tenant=b"t")
    assert look.facts["technique"] == "preserve"
    with pytest.raises(InvalidOption):
        ImageTools(policy="reckless")


def test_what_libraries_print_does_not_reach_the_protocol(photo: bytes) -> None:
    """An engine that prints, by Python and by file descriptor, while a client speaks on stdout."""
    program = """
import os, sys, anyio
from headroom_core.image import ImageCompressor
from headroom_mcp import ImageTools, main
class Chatty(ImageCompressor):
    def run(self, *args, **options):
        print("loading weights..."); os.write(1, b"from C\\n"); sys.stdout.flush()
        return super().run(*args, **options)
anyio.run(main._serve_stdio, ImageTools(compressor=Chatty()))
"""
    client = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    looking = {"name": "compress_image", "arguments": {"source": as_data_url(photo), "query": MOOD, "model": MODEL}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": looking,
        },
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], text=True, **pipes) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        for message in messages:
            server.stdin.write(json.dumps(message) + "\n")
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.stdin.close()
        assert server.stdout.read() == ""
        assert {"from C", "loading weights..."} <= set(server.stderr.read().splitlines())
    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[1]["result"]["structuredContent"]["technique"] == "full_low"


async def test_nothing_of_a_picture_or_question_is_logged(photo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="headroom")
    tools = ImageTools()
    tools.compress(as_data_url(photo), "canary-question", tenant=b"t")
    assert "canary" not in caplog.text
    assert base64.b64encode(photo).decode()[:40] not in caplog.text


def test_without_the_package_the_import_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    for name in [name for name in sys.modules if name.split(".")[0] == "headroom_mcp"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtra, match=r"pip install '\.\[mcp\]'"):
        __import__("headroom_mcp")
