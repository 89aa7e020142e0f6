"""The web server in a thread of the daemon; it stops without waiting for open pages."""

import os
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from ..errors import ConfigurationError
from .public.stream import streams_of

_STOP_S = 5  # seconds that requests in progress may take after stop()
_OPEN_FILES = 8192  # each open page uses one file


class WebServer(uvicorn.Server):
    """A server that listens on its port from its creation, and serves in a thread of its own."""

    def __init__(self, app: FastAPI, listener: socket.socket, proxies: Sequence[str] = ()) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=list(proxies),
                timeout_graceful_shutdown=_STOP_S,
            )
        )
        self._listener, self._streams = listener, streams_of(app)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on; the real one if 0 was configured."""
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        """Serve until `stop()`, and return at once."""
        self._thread = threading.Thread(target=self.run, args=([self._listener],), name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Accept no more requests, wait for those in progress, close the port."""
        self.should_exit = True
        if self._thread:
            self._thread.join()
        self._listener.close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the open streams first: they do not end by themselves."""
        self._streams.close()
        await super().shutdown(sockets)


def make_server(app: FastAPI, host: str, port: int, *, proxies: Sequence[str] = ()) -> WebServer:
    """Bind the port and make its server. Raise ConfigurationError if the port is not available.

    The server trusts the forwarded client addresses of `proxies` only.
    """
    _allow_many_pages()
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        # above 0: an error of the system, whose text asyncio and socket extend
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"Cannot listen on {host}:{port}: {reason}. Change LISTEN, or stop what uses the port."
        ) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does not; answers would wait 40 ms
    return WebServer(app, listener, proxies)


def _allow_many_pages() -> None:
    """Raise the limit of open files, as far as the system allows."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # Unix only

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        limit = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < limit:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
