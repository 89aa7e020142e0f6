"""An application that is built when it is first asked for."""

from collections.abc import Callable, Sequence
from threading import Lock

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send


class LateApp:
    """ASGI application that another one is mounted as. `build` is called once, in a thread."""

    def __init__(self, build: Callable[[], FastAPI]) -> None:
        self._build, self._lock = build, Lock()
        self._app: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        app = self._app if self._app is not None else await run_in_threadpool(self.open)
        await app(scope, receive, send)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The routes of the application."""
        return self.open().routes

    def open(self) -> FastAPI:
        """Return the application. It is built now if it was not yet."""
        with self._lock:
            if self._app is None:
                self._app = self._build()
            return self._app
