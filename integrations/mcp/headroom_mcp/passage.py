"""What becomes of each message between a client and the server behind the gateway."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import JSONRPCRequest

from headroom_core.formats import note
from headroom_core.image import Policy
from headroom_core.store import Originals
from headroom_mcp.arguments import numbers, required
from headroom_mcp.calls import CHANGED, Call
from headroom_mcp.limit import refuses_large_results, within_limit
from headroom_mcp.listing import QUERY, ZOOM, Listing
from headroom_mcp.pictures import Asked, Shrink, compress_content
from headroom_mcp.results import refusal, result_of
from headroom_mcp.vault import Vault
from headroom_mcp.zoom import zoomed

if TYPE_CHECKING:
    from headroom_core.image import Door

__all__ = ["Passage"]

_log = logging.getLogger("headroom")


class Passage:
    """Decides about the messages between one client and one server; `relay` carries them.

    Without a question only `safe` moves are made. A client that gives `headroom_query` has seen the gateway's list of
    tools, and with it the way back to originals: then the policy is the door's own. CPU work; call it off the event
    loop.
    """

    def __init__(self, door: Door, originals: Originals, *, provider: str) -> None:
        """Send images through `door`, and keep the originals of those that come smaller."""
        self._door, self._provider = door, provider
        self._vault = Vault(originals)
        self._tenant = secrets.token_bytes(32)
        self._listing = Listing()
        self._limited = False

    def asked(self, request: JSONRPCRequest) -> tuple[JSONRPCRequest, Call]:
        """Return a client's request as the server shall see it, and what to remember until its answer comes."""
        params = request.params or {}
        self._limited = self._limited or refuses_large_results(params)
        if request.method not in CHANGED:
            return request, Call(request.method)
        arguments = params.get("arguments")
        if request.method != "tools/call" or not isinstance(arguments, dict) or QUERY not in arguments:
            return request, Call(request.method, first=not params.get("cursor"))
        if not self._listing.is_ours(params.get("name")):
            return request, Call(request.method)
        bare = {name: value for name, value in arguments.items() if name != QUERY}
        query = arguments[QUERY] if isinstance(arguments[QUERY], str) else ""
        return request.model_copy(update={"params": {**params, "arguments": bare}}), Call(request.method, query=query)

    def answers(self, request: JSONRPCRequest) -> bool:
        """Tell whether a request is for the gateway itself."""
        is_zoom = request.method == "tools/call" and (request.params or {}).get("name") == ZOOM
        return is_zoom and (self._listing.zooms or not self._listing.seen)

    def answer(self, request: JSONRPCRequest) -> dict[str, Any]:
        """Return the result of a call of the zoom tool."""
        arguments = (request.params or {}).get("arguments")
        given = arguments if isinstance(arguments, dict) else {}
        try:
            image_id, box = required(given, "image_id"), numbers(given, "box")
            result = result_of(zoomed(self._vault.original(image_id, tenant=self._tenant), box))
        except ToolError as error:
            result = refusal(f"{error}")
        except Exception:  # noqa: BLE001
            # The client waits for an answer, whatever is odd about the picture.
            _log.exception("a picture could not be zoomed into")
            result = refusal(f"{ZOOM} failed on this image; go on without it")
        return result.model_dump(mode="json", by_alias=True, exclude_none=True)

    def answered(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        """Return a server's result as the client shall see it; the very same object where nothing changes."""
        try:
            match call.method:
                case "tools/list":
                    return self._listing.offered(result, first=call.first)
                case "tools/call":
                    return self._with_content(call, result)
                case "resources/read":
                    return self._with_resources(call, result)
        except Exception:  # noqa: BLE001
            # The server's answer must reach the client, whatever is odd about it.
            _log.exception("a result could not be looked at and passes as it came")
        return result

    def _with_content(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        content = result.get("content")
        if not isinstance(content, list):
            return result
        shrinks = {shrink.index: shrink for shrink in self._compress(content, call)}
        if shrinks:
            content = [part for at, block in enumerate(content) for part in self._parts(block, shrinks.get(at), call)]
        if self._limited and not (self._listing.points or self._idle):
            content = within_limit(content)
        return result if content is result["content"] else {**result, "content": content}

    def _with_resources(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        contents = result.get("contents")
        if not isinstance(contents, list):
            return result
        blocks = [{"type": "resource", "resource": item} for item in contents]
        shrinks = {
            # A resource stays one resource: what comes with words beside it is left as it was.
            shrink.index: shrink.parts[0]["resource"]
            for shrink in self._compress(blocks, call)
            if len(shrink.parts) == 1 and "resource" in shrink.parts[0]
        }
        return {**result, "contents": [shrinks.get(i, item) for i, item in enumerate(contents)]} if shrinks else result

    def _compress(self, content: list[Any], call: Call) -> tuple[Shrink, ...]:
        # Before a list was seen nothing tells whether the server clicks by pixels; a question tells that it does not.
        if self._listing.points or not (self._listing.seen or call.query):
            return ()
        policy = None if call.query or self._idle else Policy.SAFE
        return compress_content(content, Asked(call.query, self._door.model, self._provider, policy), self._door)

    @property
    def _idle(self) -> bool:
        return (self._door.policy or self._door.compressor.policy) in (Policy.OFF, Policy.OBSERVE)

    def _parts(self, block: Any, shrink: Shrink | None, call: Call) -> list[Any]:
        if shrink is None:
            return [block]
        image_id = self._vault.keep(shrink.data, tenant=self._tenant) if call.query else None
        if image_id is None:
            # Without a way back only what gives nothing up is sent.
            return list(shrink.parts) if not call.query else [block]
        width, height = shrink.outcome.size_before or (0, 0)
        words = note(f"smaller than its original of {width}x{height}: {ZOOM} shows it, image_id {image_id}")
        return [*shrink.parts, {"type": "text", "text": words.text}]
