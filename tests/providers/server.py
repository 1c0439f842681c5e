"""The stand-in providers as a server in a thread of this process."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

import uvicorn

from tests.providers.app import application
from tests.providers.recorder import Recorded, Recorder


class ProviderServer:
    """Serves all providers on one loopback address, from `start` (or `with`) to `stop`."""

    def __init__(self, port: int = 0) -> None:
        self._recorder = Recorder()
        self._socket = socket.create_server(("127.0.0.1", port))
        config = uvicorn.Config(
            application(self._recorder),
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=600,  # a client that reuses a connection must never meet one that is just being closed
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def url(self) -> str:
        """The address without a path, such as http://127.0.0.1:41234."""
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    @property
    def requests(self) -> list[Recorded]:
        """Every request since the start or the last `clear`, oldest first."""
        return self._recorder.requests

    @property
    def bodies(self) -> list[dict[str, object]]:
        """The parsed bodies of `requests`."""
        return [request.body for request in self.requests]

    def clear(self) -> None:
        """Forget the requests, and the failures that were asked for and have not happened."""
        self._recorder.clear()

    def fail_next(self, status: int, *, times: int = 1) -> None:
        """Let the next requests fail with this HTTP status; clients usually retry 429 and 5xx by themselves."""
        self._recorder.fail_next(status, times=times)

    def start(self) -> ProviderServer:
        """Begin to serve; the socket already listens, so a client may connect at once."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, wait for the thread and close the socket."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()

    def wait(self) -> None:
        """Serve until the thread ends."""
        self._thread.join()

    def __enter__(self) -> ProviderServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
