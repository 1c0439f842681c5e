"""Carrying the messages of one client to one server and back, past whatever looks into them."""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager, suppress

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup
from mcp.shared._stream_protocols import ReadStream, WriteStream
from mcp.shared.message import ClientMessageMetadata, SessionMessage
from mcp_types import (
    CONNECTION_CLOSED,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
)

from headroom_mcp.calls import Call
from headroom_mcp.headers import HeaderBook
from headroom_mcp.passage import Passage

__all__ = ["Streams", "relay"]

_log = logging.getLogger("headroom")

Reader = ReadStream[SessionMessage | Exception]
Writer = WriteStream[SessionMessage]
Streams = tuple[Reader, Writer]


async def relay(passage: Passage, client: Streams, server: AbstractAsyncContextManager[Streams]) -> bool:
    """Relay until either side closes.

    Messages pass as they are written, so that every capability, error, notification and protocol version is the
    server's own, known here or not; only the answers that may change are looked into.

    Args:
        passage: Decides what becomes of each message.
        client: The streams of the client.
        server: A transport of the SDK that leads to the server.

    Returns:
        Whether it was the server that closed. What the client still waited for was then answered with an error.
    """
    ended = False
    # Closing the client's streams lets its transport end; the server's transport then ends the server.
    async with server as upstream, client[0], client[1], anyio.create_task_group() as work:
        carrier = _Carrier(passage, client, upstream, work)
        async with anyio.create_task_group() as pumps:

            async def until_closed(reader: Reader, *, from_client: bool) -> None:
                await carrier.pump(reader, from_client=from_client)
                nonlocal ended
                ended = not from_client
                pumps.cancel_scope.cancel()
                if from_client:
                    work.cancel_scope.cancel()

            pumps.start_soon(lambda: until_closed(client[0], from_client=True))
            pumps.start_soon(lambda: until_closed(upstream[0], from_client=False))
        if ended:
            await carrier.give_up()
    return ended


class _Carrier:
    """The two directions, and the requests of the client that are under way."""

    def __init__(self, passage: Passage, client: Streams, server: Streams, work: TaskGroup) -> None:
        self._passage, self._work = passage, work
        self._to_client, self._to_server = client[1], server[1]
        self._headers = HeaderBook()
        self._calls: dict[RequestId, Call] = {}

    async def pump(self, reader: Reader, *, from_client: bool) -> None:
        """Carry one direction until it closes."""
        carry = self._from_client if from_client else self._from_server
        try:
            async for arrived in reader:
                if isinstance(arrived, Exception):
                    _log.warning("a message that is no JSON-RPC was dropped: %s", type(arrived).__name__)
                else:
                    await carry(arrived.message)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream):
            return

    async def give_up(self) -> None:
        """Answer everything that is still under way: the server is gone."""
        gone = ErrorData(code=CONNECTION_CLOSED, message="the server behind the gateway ended")
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            for request_id in tuple(self._calls):
                await self._to_client.send(SessionMessage(JSONRPCError(jsonrpc="2.0", id=request_id, error=gone)))

    async def _from_client(self, message: JSONRPCMessage) -> None:
        match message:
            case JSONRPCRequest() if self._passage.answers(message):
                self._work.start_soon(self._answer, message)
            case JSONRPCRequest():
                forwarded, self._calls[message.id] = self._passage.asked(message)
                await self._send_up(forwarded)
            case JSONRPCNotification():
                cancelled = (message.params or {}).get("requestId")
                if message.method == "notifications/cancelled" and isinstance(cancelled, str | int):
                    self._calls.pop(cancelled, None)
                await self._send_up(message)
            case _:
                await self._to_server.send(SessionMessage(message))

    async def _from_server(self, message: JSONRPCMessage) -> None:
        if not isinstance(message, JSONRPCResponse | JSONRPCError) or message.id is None:
            await self._to_client.send(SessionMessage(message))
            return
        call = self._calls.pop(message.id, None)
        if call is None or isinstance(message, JSONRPCError):
            await self._to_client.send(SessionMessage(message))
            return
        self._headers.learn(call.method, message.result)
        if call.method == "tools/list":
            # In order: the calls that follow depend on what the list says.
            await self._deliver(call, message)
        elif call.changes:
            # The work takes a while; nothing else has to wait for it.
            self._work.start_soon(self._deliver, call, message)
        else:
            await self._to_client.send(SessionMessage(message))

    async def _send_up(self, message: JSONRPCRequest | JSONRPCNotification) -> None:
        headers = ClientMessageMetadata(headers=self._headers.of(message))
        await self._to_server.send(SessionMessage(message, metadata=headers))

    async def _answer(self, request: JSONRPCRequest) -> None:
        result = await to_thread.run_sync(self._passage.answer, request)
        await self._to_client.send(SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=request.id, result=result)))

    async def _deliver(self, call: Call, response: JSONRPCResponse) -> None:
        result = await to_thread.run_sync(self._passage.answered, call, response.result)
        await self._to_client.send(SessionMessage(response.model_copy(update={"result": result})))
