"""The door of the API: strangers are answered there, so that none of them causes it to be built."""

import json
import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from ..identity import Who, WrongTokens
from .dependencies import Services, address_of, holds_session, services_of, who_of
from .errors import refuse
from .middleware.late_app import LateApp
from .rendering import render

API = "/api/v1"
DESCRIPTION = Path(__file__).with_name("openapi.json")  # written by tests.docs.write_api


class ApiDoor:
    """ASGI application that shows the description of the API to everybody, and passes on who is known.

    The token of a request is looked up here; `script_of` returns whose it is.
    """

    def __init__(self, services: Services, build: Callable[[], FastAPI]) -> None:
        self._services, self._api, self._wrong = services, LateApp(build), WrongTokens(services.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a stranger, or pass a request on."""
        answer = await self._answer(Request(scope))
        await (answer or self._api)(scope, receive, send)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The routes of the application behind the door."""
        return self._api.routes

    def open(self) -> FastAPI:
        """Return the application behind the door. It is built now if it was not yet."""
        return self._api.open()

    async def _answer(self, request: Request) -> Response | None:
        """Return the answer of the door itself; None for a request that goes through."""
        path = request.scope["path"].removeprefix(request.scope["root_path"])
        if request.method in ("GET", "HEAD") and path == "/docs":
            return await run_in_threadpool(render, request, "api.html", {})
        if request.method in ("GET", "HEAD") and path == "/openapi.json":
            return Response(describe(self._services.organisation), media_type="application/json")
        authorization = request.headers.get("authorization")
        if authorization is not None:  # a wrong one is never replaced by the session
            return await run_in_threadpool(self._look_up, request, authorization)
        if holds_session(request) and await run_in_threadpool(who_of, request) is not None:
            return None
        detail = "Say who asks: Authorization: Bearer zops_…"
        return refuse(request, 401, {"WWW-Authenticate": "Bearer"}, detail=detail)

    def _look_up(self, request: Request, authorization: str) -> Response | None:
        """Note whose token it is; return what refuses a wrong one, after too many from the same network with 429."""
        scheme, _, secret = authorization.partition(" ")
        address, services = address_of(request), services_of(request)
        if scheme.lower() == "bearer":
            identity, secret = services.identity, secret.strip()
            wait = self._wrong.wait_of(address, secret, identity.load_token_digests)
            if not wait and (who := identity.find_token(secret)):
                request.state.script = who
                return None
            if wait := wait or self._wrong.count(address):
                services.refusals.note("token_throttled", address)
                headers = {"Retry-After": str(math.ceil(wait))}
                return refuse(request, 429, headers, detail="There were too many wrong tokens.")
            services.refusals.note("token_wrong", address)
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        return refuse(request, 401, headers, detail="There is no such token, or not any more.")


def script_of(request: Request) -> Who:
    """Return the script whose token a request brought through the door."""
    who: Who = request.state.script
    return who


@cache
def describe(organisation: str) -> bytes:
    """Return the OpenAPI description for a site, as JSON. To make it from the code would take 15 MB for good."""
    document = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    document["info"]["title"] = title_of(organisation)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def title_of(organisation: str) -> str:
    """Return the title of the API of a site."""
    return f"{organisation}: API"
