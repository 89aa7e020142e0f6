"""A program that calls the API with a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import requests
from starlette.routing import Mount

from tests.builders import AN_OPERATOR
from tests.in_process import Caller
from tests.integration.served import quick_services_of
from tests.integration.service import Service
from tests.integration.web.api.described import check_described
from tests.web_site import Site
from zoom_ops.identity import Scope
from zoom_ops.identity.tokens import add_token
from zoom_ops.web.api.callers import CallerRates
from zoom_ops.web.app import create_app
from zoom_ops.web.reading_slots import ReadingSlots


class Program(Caller):
    """A script of somebody: its paths start after /api/v1, and it sends and reads JSON."""

    def __init__(self, address: str, token: str | None) -> None:
        super().__init__()
        self.address = address
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        options |= {"allow_redirects": False, "timeout": 20}
        reply = super().request(method, f"{self.address}/api/v1{url!s}", *args, **options)
        check_described(reply)
        return reply

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Send a request that must succeed. Return the JSON of the answer."""
        reply = self.request(method, path, **options)
        assert reply.status_code < 300, reply.text
        assert reply.headers["Content-Type"] == "application/json"
        return reply.json()

    def fail(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Send a request that must fail. Return the status and the sentence."""
        reply = self.request(method, path, **options)
        assert reply.status_code >= 400, reply.text
        assert reply.headers["Content-Type"] == "application/problem+json"
        problem = reply.json()
        assert problem["status"] == reply.status_code
        return problem["status"], problem["detail"]


class Api:
    """The API of a service, and programs that call it."""

    def __init__(self, service: Service, address: str, site: Site) -> None:
        self.service, self.address, self.site = service, address, site

    def program(self, *scopes: str, name: str = "website") -> Program:
        """Make a program with a token of these scopes, by default of all."""
        granted = scopes or tuple(map(str, Scope))
        return Program(self.address, add_token(self.service.app.database, AN_OPERATOR, name, granted, None))

    def stranger(self) -> Program:
        """Make a program without a token."""
        return Program(self.address, None)


@contextmanager
def serve(service: Service, rates: CallerRates | None = None, reading: ReadingSlots | None = None) -> Iterator[Api]:
    """Serve the API of a service, with its own rate limit and slots if they are given."""
    site = Site(service.app.database)
    site.services = replace(quick_services_of(service.app), reading=reading or ReadingSlots())
    site.app = create_app(site.services)
    if rates:
        (mounted,) = (route for route in site.app.routes if isinstance(route, Mount))
        mounted.app.open().state.rates = rates
    with site.visited() as visitor:
        yield Api(service, visitor.address, site)
