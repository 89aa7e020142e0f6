"""The sandbox as a running server."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from ..clock import Clock, SystemClock
from ..errors import ZoomOpsError
from .account import Account
from .api.downloads import Shelf
from .app import ApiApp
from .connection_faults import OpenProtocol
from .control.faults import Faults
from .control.pages import Pages
from .control.routes import Controls
from .notifications import Courier
from .options import SandboxOptions, split_listen

START_PATIENCE_S = 15.0


def create_app(options: SandboxOptions, clock: Clock, *, address: str | None = None) -> Starlette:
    """Build the application; `address` is where it is reached, if not where the options say."""
    account, faults, shelf = Account(options, clock), Faults(), Shelf()
    account.address = address or account.address

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        courier = Courier(account)
        courier.start()
        yield
        courier.stop()
        shelf.clear()

    routes: list[Route | Mount] = [
        *Controls(account, faults).routes(),
        *Pages(account, shelf).routes(),
        Mount("/", app=ApiApp(account, faults, shelf)),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class Sandbox:
    """A sandbox in a thread of its own, for as long as the `with` block lasts."""

    def __init__(self, options: SandboxOptions | None = None, clock: Clock | None = None) -> None:
        self._options = options or SandboxOptions(listen="127.0.0.1:0")
        self._socket = _bind(self._options)
        self.url = _reached_at(*self._socket.getsockname()[:2])
        app = create_app(self._options, clock or SystemClock(), address=self.url)
        self._server = uvicorn.Server(_config(app))
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        """Start it; it answers when this returns."""
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(START_PATIENCE_S / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            waited.wait(0.01)
        if not self._server.started:
            raise ZoomOpsError("The sandbox did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    def stop(self) -> None:
        """Stop to answer and let the port go."""
        self._server.should_exit = True
        self._thread.join(timeout=START_PATIENCE_S)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def serve(options: SandboxOptions) -> None:
    """Serve a sandbox until SIGTERM or Ctrl-C."""
    asking_to_stop = (signal.SIGTERM, signal.SIGINT)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, asking_to_stop)  # in every thread: `sigwait` misses none
    with Sandbox(options) as sandbox:
        sys.stdout.write(f"The practice Zoom answers at {sandbox.url}/v2, tokens at {sandbox.url}/oauth/token\n")
        sys.stdout.flush()
        signal.sigwait(asking_to_stop)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _reached_at(host: str, port: int) -> str:
    """Tell the address of a listening socket; one that listens everywhere is reached on loopback, too."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is compared, not listened on
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=OpenProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _bind(options: SandboxOptions) -> socket.socket:
    host, port = split_listen(options.listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with the protocol named, asyncio sends at once what it has; without, each answer waits 40 ms for an ACK
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ZoomOpsError(f"The sandbox cannot listen on {options.listen}: {error.strerror}.") from error
    return listening
