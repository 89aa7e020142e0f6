"""The server of the sandbox."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from ..clock import Clock, SystemClock
from ..errors import ZoomOpsError
from .account import Account
from .api.downloads import MediaFolder
from .app import ApiApp
from .connection_faults import OpenProtocol
from .control.faults import Faults
from .control.pages import Pages
from .control.routes import Controls
from .notifications import NotificationSender
from .options import SandboxOptions, split_listen

START_PATIENCE_S = 15.0


def create_app(account: Account) -> Starlette:
    """Build the application that answers for an account."""
    faults, folder = Faults(), MediaFolder()

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        sender = NotificationSender(account)
        sender.start()
        yield
        sender.stop()
        folder.clear()

    routes: list[Route | Mount] = [
        *Controls(account, faults).routes(),
        *Pages(account, folder).routes(),
        Mount("/", app=ApiApp(account, faults, folder)),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class Sandbox:
    """A sandbox in its own thread, for the time of a `with` block. Its address is `url`, its state `account`."""

    def __init__(self, options: SandboxOptions | None = None, clock: Clock | None = None) -> None:
        options = options or SandboxOptions(listen="127.0.0.1:0")
        self._socket = _bind(options.listen)
        host, port = self._socket.getsockname()[:2]
        # A socket that listens on all addresses gets the loopback address.
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
        self.url = f"http://{f'[{name}]' if ':' in name else name}:{port}"
        self.account = Account(options, clock or SystemClock())
        self.account.address = self.url
        config = uvicorn.Config(
            create_app(self.account),
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
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )

    def __enter__(self) -> Self:
        """Start the server and wait until it answers. Raise `ZoomOpsError` if it does not start."""
        self._thread.start()
        for _ in range(int(START_PATIENCE_S / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            self._thread.join(0.01)
        if not self._server.started:
            raise ZoomOpsError("The sandbox did not start.")
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop the server."""
        self.stop()

    def stop(self) -> None:
        """Stop the server and close its socket."""
        self._server.should_exit = True
        self._thread.join(timeout=START_PATIENCE_S)
        self._socket.close()


def serve(options: SandboxOptions) -> None:
    """Serve a sandbox until SIGTERM or Ctrl-C."""
    stop_signals = (signal.SIGTERM, signal.SIGINT)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stop_signals)  # new threads inherit it: `sigwait` gets each one
    with Sandbox(options) as sandbox:
        sys.stdout.write(f"The practice Zoom answers at {sandbox.url}/v2, tokens at {sandbox.url}/oauth/token\n")
        sys.stdout.flush()
        signal.sigwait(stop_signals)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _bind(listen: str) -> socket.socket:
    host, port = split_listen(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # only with the protocol named does asyncio set TCP_NODELAY; without it, each answer waits 40 ms for an ACK
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ZoomOpsError(f"The sandbox cannot listen on {listen}: {error.strerror}.") from error
    return listening
