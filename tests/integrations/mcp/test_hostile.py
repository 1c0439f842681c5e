"""What a client may send to harm: texts that cost, numbers that burst, a list that is read while calls go on."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from headroom_mcp import ImageTools
from headroom_mcp.arguments import numbers
from headroom_mcp.listing import Listing
from headroom_mcp.sources import Sources

SHOT = {"name": "shot", "description": "image", "inputSchema": {"type": "object"}}
PRESS = {"name": "press", "inputSchema": {"type": "object", "properties": {"x": {}, "y": {}}}}
TENANT = b"t" * 32


def test_a_long_text_that_is_nearly_base64_is_refused() -> None:
    """With a pattern that tries white space in two ways this would take hours, with the whole process held."""
    with pytest.raises(ToolError, match="files are off"):
        Sources().read("/9j/" + " " * 2_000_000 + "!")


@pytest.mark.parametrize(
    "written", ["A" * 60, "A" * 60 + "\n", "A" * 59 + "=", "A" * 58 + "==\n", "A" * 30 + "\n" + "A" * 30]
)
def test_base64_is_told_by_its_characters_however_it_ends(written: str) -> None:
    assert Sources().read("/9j/" + written).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("box", [[0, 0, 10**400, 10**400], [-(10**400), 0, 5, 5.4]])
def test_numbers_of_any_size_are_a_box(box: list[Any]) -> None:
    assert numbers({"box": box}, "box") == [round(number) for number in box]


@pytest.mark.parametrize("box", [[0, 0, float("inf"), 1], [0, 0, float("nan"), 1], [0, 0, "1", 1], [0, True, 1, 1]])
def test_what_is_no_number_is_refused(box: list[Any]) -> None:
    with pytest.raises(ToolError, match="list of four numbers"):
        numbers({"box": box}, "box")


def test_a_server_that_clicks_stays_one_while_its_list_is_read_again() -> None:
    listing = Listing()
    for _ in range(2):
        listing.offered({"tools": [SHOT], "nextCursor": "2"}, first=True)
        listing.offered({"tools": [PRESS]}, first=False)
        assert listing.points
    listing.offered({"tools": [SHOT], "nextCursor": "2"}, first=True)
    assert listing.points
    listing.offered({"tools": [SHOT]}, first=False)
    assert not listing.points


def test_half_a_list_does_not_tell_that_a_server_never_clicks() -> None:
    listing = Listing()
    listing.offered({"tools": [SHOT], "nextCursor": "2"}, first=True)
    assert not listing.seen
    listing.offered({"tools": [SHOT]}, first=False)
    assert listing.seen


def test_a_share_of_images_is_held_out_of_the_tools(tmp_path: Path, photo: bytes) -> None:
    tools = ImageTools(model="claude-sonnet-4-5", holdout=1.0)
    source = base64.b64encode(photo).decode()
    looked = tools.compress(source, "What is the mood of this picture?", tenant=TENANT)
    assert looked.facts["sent"] == looked.facts["size"] == [1600, 1200]
    assert tools.total_tokens_saved == 0
    assert tools.headroom_door.held_out_requests == 1
