"""Parts of the site that are built when they are first asked for."""

from collections.abc import Callable, Sequence
from threading import Lock

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match
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


class LateRouter(BaseRoute):
    """Stands among the routes of an application for those below a path, until `load` is called, once, in a thread.

    The router that `load` returns then takes its place.
    """

    def __init__(self, app: FastAPI, prefix: str, load: Callable[[], APIRouter]) -> None:
        self._app, self._prefix, self._load, self._lock = app, prefix, load, Lock()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every request below the path."""
        is_ours = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Load the routes, and let the application choose among all of them."""
        await run_in_threadpool(self.open)
        await self._app.router(scope, receive, send)

    def open(self) -> None:
        """Load the routes now, if they are not loaded yet."""
        with self._lock:
            routes = self._app.router.routes
            if self not in routes:
                return
            self._app.include_router(self._load())
            included = routes.pop()
            routes[routes.index(self)] = included
