"""Parts of the site that are built when they are first asked for."""

from collections.abc import Awaitable, Callable, Sequence
from threading import Lock

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_ADMITTED = "zoom_ops.admitted"  # key in the scope of a request


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
    """Stands before the routes of an application below a path, for which `load` is called once, in a thread.

    Who is not admitted is refused there, so that no stranger causes them to be loaded. `admit` raises what refuses a
    request.
    """

    def __init__(
        self, app: FastAPI, prefix: str, load: Callable[[], APIRouter], admit: Callable[[Scope], Awaitable[None]]
    ) -> None:
        self._app, self._prefix, self._load, self._admit, self._lock = app, prefix, load, admit, Lock()
        self._is_loaded = False

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every request below the path that was not admitted yet."""
        is_ours = scope["type"] == "http" and scope["path"].startswith(self._prefix) and _ADMITTED not in scope
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit a request, load the routes, and let the application choose among them."""
        await self._admit(scope)
        if not self._is_loaded:
            await run_in_threadpool(self.open)
        scope[_ADMITTED] = True
        await self._app.router(scope, receive, send)

    def open(self) -> None:
        """Load the routes now, if they are not loaded yet."""
        with self._lock:
            if self._is_loaded:
                return
            routes = self._app.router.routes
            self._app.include_router(self._load())
            routes.insert(routes.index(self) + 1, routes.pop())
            self._is_loaded = True
