"""What the gateway changes in a server's list of tools, and what it learns from it."""

from __future__ import annotations

import re
from typing import Any, Final

from headroom_core.formats.coordinates import call_points

__all__ = ["QUERY", "ZOOM", "Listing"]

QUERY: Final = "headroom_query"
ZOOM: Final = "headroom_zoom"

_ASK: Final = {"type": "string", "description": "What to find out from the image; it may then come smaller."}
_ZOOM_TOOL: Final = {
    "name": ZOOM,
    "description": "The original of an image that came smaller, or a part of it at full resolution.",
    "inputSchema": {
        "type": "object",
        "properties": {
            "image_id": {"type": "string"},
            "box": {
                "type": "array",
                "items": {"type": "integer"},
                "description": "left, top, right, bottom in pixels of the original",
            },
        },
        "required": ["image_id"],
    },
    "annotations": {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False},
}
_PICTURES: Final = re.compile(
    r"camera|chart|diagram|figure|frame|image|photo|picture|plot|png|jpe?g|render|screen|visual"
)

Tool = dict[str, Any]


class Listing:
    """The tools of one server, as its latest list named them.

    Attributes:
        seen: A list was seen to its last page.
        points: A tool takes pixel coordinates. Then a smaller picture would move every click, so nothing is touched.
        zooms: The zoom tool is ours: listed by us, not by the server.
    """

    def __init__(self) -> None:
        self.seen = False
        self.points = False
        self.zooms = False
        self._points_so_far = False
        self._own: set[str] = set()

    def offered(self, result: dict[str, Any], *, first: bool) -> dict[str, Any]:
        """Return a page of the list with what the gateway adds; the page itself for a server that takes coordinates.

        Every tool that speaks of pictures gets an optional argument `headroom_query`; to give it to all would cost more
        tokens than it saves. The first page gets the tool `headroom_zoom`.

        Args:
            result: The result of `tools/list`.
            first: It is the first page.
        """
        tools = [tool for tool in result.get("tools", ()) if isinstance(tool, dict)]
        self._learn(tools, first=first, last=not result.get("nextCursor"))
        if self.points:
            return result
        offered = [_asking(tool) if _speaks_of_pictures(tool) else tool for tool in result["tools"]]
        return {**result, "tools": [*offered, _ZOOM_TOOL] if first and self.zooms else offered}

    def is_ours(self, tool: object) -> bool:
        """Tell whether a `headroom_query` given to a tool is meant for the gateway, not for the server."""
        return not isinstance(tool, str) or tool not in self._own

    def _learn(self, tools: list[Tool], *, first: bool, last: bool) -> None:
        if first:
            self._points_so_far, self._own = False, set()
        names = {tool.get("name") for tool in tools}
        self._points_so_far = self._points_so_far or any(_takes_coordinates(tool) for tool in tools)
        # While a list is read again page by page, calls go on: what its last page said holds until it comes again.
        self.points = self._points_so_far or (self.points and not last)
        self.seen = self.seen or last
        self.zooms = (first or self.zooms) and ZOOM not in names and not self.points
        self._own |= {str(tool.get("name")) for tool in tools if QUERY in _properties(tool)}


def _properties(tool: Tool) -> dict[str, Any]:
    schema = tool.get("inputSchema")
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return properties if isinstance(properties, dict) else {}


def _takes_coordinates(node: Any) -> bool:
    """By the names of arguments, at any depth: a tool that clicks by a selector does not need the picture's size."""
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict) and call_points(None, properties):
            return True
        return any(_takes_coordinates(value) for value in node.values())
    return isinstance(node, list) and any(_takes_coordinates(value) for value in node)


def _speaks_of_pictures(tool: Tool) -> bool:
    words = f"{tool.get('name')} {tool.get('title')} {tool.get('description')}".lower()
    return _PICTURES.search(words) is not None


def _asking(tool: Tool) -> Tool:
    schema = tool.get("inputSchema")
    if not isinstance(schema, dict) or schema.get("type") != "object" or QUERY in _properties(tool):
        return tool
    return {**tool, "inputSchema": {**schema, "properties": {**_properties(tool), QUERY: _ASK}}}
