"""Every surface of the web, from its table of routes, and the answers that a reader gets there."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from fastapi import FastAPI
from starlette.routing import Mount

from tests.in_process import Caller
from tests.integration.leaks.programme import EVENTS, PICTURE, SETTINGS
from zoom_ops.web.api_door import API
from zoom_ops.web.middleware.late_app import LateRouter
from zoom_ops.web.static_files import asset_address

SERIES, HIDDEN = "harbour-talks", "pilots-film"
LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")

LanguagesOf = Callable[[str], tuple[str, ...]]


def some_languages(event: str) -> tuple[str, ...]:
    """Return two languages for an event's page. The events together cover all languages."""
    number = [*EVENTS].index(event)
    return LANGUAGES[number % 6], LANGUAGES[(number + 3) % 6]


def all_languages(_event: str) -> tuple[str, ...]:
    """Return every language."""
    return LANGUAGES


SURFACES = {
    "page": r"/events/{slug}",
    "programme, search and filters": r"/",
    "series page": r"/series/{slug}",
    "JSON twin": r"/events/{slug}\.json",
    "calendar (ICS) of an event": r"/events/{slug}\.ics",
    "calendar (ICS) of a series": r"/series/{slug}\.ics",
    "Atom": r"/recordings\.atom|/series/{slug}\.atom",
    "page's stream (SSE)": r"/events/{slug}/stream",
    "OpenGraph image": r"/picture\.png|/events/{slug}/picture\.png|/series/{slug}/picture\.png",
    "embed": r"/events/{slug}/embed|/oembed",
    "picture of an event": r"/events/{slug}/pictures/{name}\.jpg",
    "recording": r"/events/{slug}/recording",
    "join": r"/events/{slug}/join",
    "sitemap and robots": r"/sitemap\.xml|/sitemaps/.*|/robots\.txt",
    "sign-in": r"/sign-in(/.*)?|/sign-out",
    "own account": r"/account(/.*)?",
    "console": r"/-/.*",
    "API": r"/api/v1/.*",
    "probes": r"/health|/ready|/metrics",
    "contact for weaknesses": r"/\.well-known/security\.txt",
    "static files": r"/static/{name}|/branding/{name}|/favicon\.svg",
    "webhook intake": r"/webhooks/zoom/{account}",
    "calls of homes": r"/hooks/homes/{name}",
}
"""All surfaces. The test fails for a route that matches none of them."""

EXEMPT: dict[str, str] = {}
"""Routes that are not searched, each with the reason. There is none."""

SAME_FOR_ALL = {
    "calendar (ICS) of an event", "calendar (ICS) of a series", "Atom", "OpenGraph image", "embed",
    "sitemap and robots", "probes", "static files", "contact for weaknesses",
}  # fmt: skip
"""Surfaces whose content is the same for all readers: what a visitor may see."""

_FILLED = {
    "{number}": "1", "{run}": "1", "{alert}": "1", "{message}": "msg_0", "{account}": "main", "{name}": "main",
    "{problem}": "event_late", "{window}": "1", "{email}": "nobody@example.org",
}  # fmt: skip
_QUERIES = {
    "/": ("", "?has=recording", f"?series={SERIES}&has=recording", "?q=the&language=en", "?year=2040", "?past=2"),
    "/events/{slug}/embed": ("", "?lang=ar"),
    "/oembed": tuple(
        f"?url={SETTINGS['ZOOM_OPS_BASE_URL']}/events/{event}" for event in ("open", "unlisted", "draft", HIDDEN)
    ),
    "/events/{slug}/recording": ("", "?part=2", "?part=2&go=1", "?part=3"),
    "/sign-in": ("", "?next=/events/pilots-film/recording"),
    "/-/events": ("", "?when=over"),
    "/-/events/new": ("", "?copy=open", "?copy=soon-members", "?copy=draft", "?copy=unlisted"),
    "/-/runs": ("", "?state=failed"),
    "/api/v1/events": ("", "?when=past", "?when=past&has=recording"),
}
_PLACES = {
    "/static/{name}": asset_address("site.css"), "/-/jobs/{name}/": "/-/jobs/fetch_recordings/",
    "/pictures/{name}": f"/pictures/{PICTURE.digest}", "/-/pictures/{digest}": f"/-/pictures/{PICTURE.digest}",
}  # fmt: skip

_LARGE = b"x" * 2_000_000
_ELSEWHERE = {"Origin": "https://evil.example"}
REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/events/pilots-film-2", {}),
    ("GET", "/events/PILOTS-FILM", {}),
    ("GET", "/events/pilots-film/", {}),
    ("GET", "/events/pilots-film/recording?part=pilots", {}),
    ("GET", "/nothing", {"headers": {"Accept": "application/json"}}),
    ("GET", "/?year=soon&has=recording", {}),
    ("GET", "/events/pilots-film/recording", {"headers": {"Accept": "application/json"}}),
    ("DELETE", "/events/pilots-film", {}),
    ("POST", "/events/pilots-film/recording", {}),
    ("OPTIONS", "/events/pilots-film.json", {"headers": _ELSEWHERE}),
    ("POST", "/sign-in", {"headers": _ELSEWHERE}),
    ("POST", "/sign-in", {"data": _LARGE}),
    ("POST", "/webhooks/zoom/main", {"data": _LARGE}),
    ("POST", "/webhooks/zoom/main", {"data": b"{"}),
    ("POST", "/hooks/homes/main", {"data": b"{}"}),
    ("POST", "/hooks/homes/main", {"data": b"{}", "headers": {"Authorization": "Bearer whsec_none"}}),
    ("GET", "/api/v1/events/PILOTS", {}),
    ("GET", "/api/v1/nothing", {}),
    ("POST", "/api/v1/events", {"json": {"id": "pilots-film"}}),
    ("GET", "/api/v1/events/pilots-film", {"headers": {"Authorization": "Bearer zops_none"}}),
)
"""Requests that are refused, near hidden content: a wrong form or method, a body too large, a foreign origin."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route of the application: a method, and the template of its paths."""

    method: str
    template: str

    @cached_property
    def surface(self) -> str:
        """The surface of the route. Fail where SURFACES does not name exactly one."""
        names = [name for name, form in SURFACES.items() if re.fullmatch(_pattern(form), self.template)]
        assert len(names) == 1, f"{self.template}: say in SURFACES what this is, or in EXEMPT why it is not looked at"
        return names[0]

    def paths(self, events: Iterable[str], languages_of: LanguagesOf) -> Iterator[str]:
        """Yield the paths to read: GET for each event with each query that matters, other methods for one event."""
        if self.method != "GET":
            yield next(_fill(self.template, (HIDDEN,)))
            return
        for path in _fill(self.template, events):
            for query in self._queries(path, languages_of):
                yield path + query

    def _queries(self, path: str, languages_of: LanguagesOf) -> Iterable[str]:
        if self.template == "/events/{slug}":
            return (f"?lang={code}" for code in languages_of(path.removeprefix("/events/")))
        return _QUERIES.get(self.template, ("",))


def list_routes(app: FastAPI) -> tuple[Route, ...]:
    """List the routes of an application and of its mounts, also undescribed ones. /sign-out is last."""
    shown = (Route(method="GET", template=f"{API}{path}") for path in ("/docs", "/openapi.json"))  # at its door
    routes = {*_walk(app.routes, ""), *shown}
    return tuple(sorted(routes, key=lambda route: (route.template == "/sign-out", route.template, route.method)))


def _walk(routes: Iterable[Any], prefix: str) -> Iterator[Route]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _walk(route.routes, prefix + route.path)
        elif hasattr(route, "effective_route_contexts"):  # routers that were included
            yield from _walk(route.effective_route_contexts(), prefix)
        elif not isinstance(route, LateRouter):  # it stands before those that it loaded
            template = prefix + route.path
            methods = getattr(route, "methods", None) or ("GET",)
            if template not in EXEMPT:
                yield from (Route(method=method, template=template) for method in methods)


def _pattern(form: str) -> str:
    return re.sub(r"\{\w+\}", lambda parameter: re.escape(parameter[0]), form)


def _fill(template: str, events: Iterable[str]) -> Iterator[str]:
    for begin, known in _PLACES.items():
        template = template.replace(begin, known)
    for name, value in _FILLED.items():
        template = template.replace(name, value)
    if template.startswith("/series/"):
        yield template.replace("{slug}", SERIES)
    elif "{slug}" in template or "{event_id}" in template:
        yield from (re.sub(r"\{(slug|event_id)\}", event_id, template) for event_id in events)
    else:
        assert "{" not in template, f"{template}: say in _FILLED what to ask for"
        yield template


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole answer, as bytes that can be searched and compared."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        """The whole answer except the date, the order of the headers, and when a stream may be opened again."""
        lines = "".join(f"{name}: {value}\n" for name, value in sorted(self.headers.items()) if name != "date")
        return f"{self.status}\n{lines}\n".encode() + re.sub(rb"^retry: \d+\n", b"", self.body)

    @property
    def cache_control(self) -> set[str]:
        """The directives of the Cache-Control header."""
        return {directive.strip() for directive in self.headers.get("cache-control", "").split(",")}


class Somebody(Caller):
    """A reader that always sends the same cookie or token, keeps no cookies, and follows no redirect."""

    def __init__(self, address: str, **headers: str) -> None:
        super().__init__()
        self.address = address
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.update({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", **headers})

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        """Send a request. Of a stream that stays open, read the beginning."""
        options = {"allow_redirects": False, "timeout": 60, "stream": True} | options
        with self.request(method, f"{self.address}{path}", **options) as reply:
            headers = {name.lower(): value for name, value in reply.headers.items()}
            streams = headers.get("content-type", "").startswith("text/event-stream")
            body = _first_words(reply) if streams else reply.content
            return Answer(status=reply.status_code, headers=headers, body=body)


def _first_words(reply: requests.Response) -> bytes:
    """Read a stream up to the end of its first data."""
    received = b""
    for part in reply.iter_content(chunk_size=None):
        received += part
        if b"data:" in received and received.endswith(b"\n\n"):
            break
    return received


def ask_everywhere(
    somebody: Somebody,
    routes: Iterable[Route],
    methods: str = "GET",
    events: Iterable[str] = tuple(EVENTS),
    languages_of: LanguagesOf = some_languages,
) -> dict[str, Answer]:
    """Request everything by these methods. Return the answers by "surface: METHOD path"."""
    return {
        f"{route.surface}: {route.method} {path}": somebody.ask(route.method, path)
        for route in routes
        if route.method in methods.split()
        for path in route.paths(events, languages_of)
    }
