"""Every place of a request that a sender fills: fields of forms, JSON, queries, paths, headers, and whole bodies.

They come from the application: the fields of forms from its pages and from the code that reads them, those of JSON and
queries from its descriptions. So a new one is walked at once.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from tests.builders import ACCOUNT, EVENT_ID
from tests.integration.web.holds.worst_inputs import DOCUMENTS, TEXTS, Fill
from tests.web_site import Visitor
from zoom_ops.identity import LONGEST as PASSWORD_LONGEST
from zoom_ops.readers import LARGEST_FILE
from zoom_ops.readers.linked_data.pages import LARGEST_PAGE
from zoom_ops.web.api.events.imports import ENDINGS
from zoom_ops.web.console.event_form import bodies
from zoom_ops.web.edge.bodies import BODY_LIMIT, FORM_LIMIT, read_long_form

HEAD_BYTES = 30_000  # of the line and the headers of a request: more than 16 KiB may be read before they are counted
FORM = "application/x-www-form-urlencoded"
FILLED = {
    "slug": EVENT_ID, "event_id": EVENT_ID, "number": "1", "name": "main", "account": ACCOUNT, "message": "msg_1",
    "digest": "0" * 32, "problem": "1", "window": "1", "run": "1", "alert": "1", "email": "a@example.org",
}  # fmt: skip
HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Forwarded", "Host",
    "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "Last-Event-ID", "Origin", "Range", "Referer",
    "Sec-Fetch-Site", "traceparent", "tracestate", "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto",
    "x-zm-request-timestamp", "x-zm-signature",
)  # fmt: skip
BEGINNINGS = {"Authorization": ("Bearer zops_", "Basic ", "Digest "), "Cookie": ("lang=", "zoom_ops_session=", "a=")}
WITH_HEADERS = (
    ("GET", "/"), ("GET", f"/events/{EVENT_ID}"), ("GET", "/static/site.css"), ("POST", "/sign-in"),
    ("GET", "/-/events"), ("GET", f"/api/v1/events/{EVENT_ID}"), ("POST", f"/webhooks/zoom/{ACCOUNT}"),
)  # fmt: skip
_EVENT = '{"name": "Tides", "start": "2040-03-08T14:30", "end": "2040-03-08T15:30", "timezone": "UTC", %s}'
_CALENDAR = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
_TEXT = "Harbour Talks: Tides\n\nThursday, 8 March 2040, 14:30 to 15:30 (Geneva time)\n\n%s\n"
_ENTRY = "DTSTART:20400308T143000Z\r\nDTEND:20400308T153000Z\r\nSUMMARY:Tides\r\n"
_PAGE = '<html><head><title>Tides</title><script type="application/ld+json">%s</script></head><body>%s</body></html>'
_LINKED = (
    '{"@type": "Event", "name": "Tides", "startDate": "2040-03-08T14:30Z", "endDate": "2040-03-08T15:30Z",'
    ' "description": "a"}'
)
FILES = {  # files that are nearly right; "~" is the place
    "application/json": [_EVENT % part for part in (
        '"description": "~"', '"performers": [{"name": "~"}]', '"~": 1', '"attachments": [{"title": "a", "url": "~"}]',
        '"speakers": "~"', '"duration": "~"', '"organizers": "~"',
    )],
    "text/calendar": [_CALENDAR % f"{_ENTRY}{part}" for part in (
        "DESCRIPTION:~", "LOCATION:~", "ATTENDEE;CN=~:mailto:a@example.org", "ATTACH:~", "RRULE:~", "URL:~", "~:a",
        "X;~:a",
    )] + [_CALENDAR % "SUMMARY:Tides\r\nDTSTART;TZID=~:20400308T143000", _CALENDAR % "SUMMARY:~\r\nDTSTART:~"],
    "text/csv": ["name,start,end,timezone,speakers\n~,2040-03-08 14:30,2040-03-08 15:30,UTC,a\n",
                 "name,start,end,timezone,speakers\na,2040-03-08 14:30,2040-03-08 15:30,UTC,~\n",
                 "name,start,end,timezone,~\na,2040-03-08 14:30,~,UTC,a\n"],
    "text/yaml": ["name: Tides\nstart: 2040-03-08T14:30\nend: 2040-03-08T15:30\ntimezone: UTC\ndescription: >\n  ~\n",
                  "name: Tides\nstart: 2040-03-08T14:30\nend: 2040-03-08T15:30\ntimezone: UTC\nspeakers: [~]\n", "~"],
    "text/plain": [_TEXT % part for part in (
        "~", "Speakers: ~", "Speakers:\n~", "Moderator: ~", "Links: ~", "Organized by ~", "Webinar: https://example.org/~",
    )] + ["~\n\nThursday, 8 March 2040, 14:30 to 15:30 (Geneva time)\n", "Tides\n\nThursday, 8 March 2040, ~\n"],
    "text/html": [_PAGE % (_LINKED, "~"), _PAGE % (_LINKED.replace('"a"', '"~"'), ""), _PAGE % ("~", "a")],
    "message/rfc822": ["Subject: Tides\r\nFrom: a@example.org\r\n\r\n8 March 2040, 14:30 to 15:30 UTC\r\n~",
                       "Subject: ~\r\nFrom: a@example.org\r\n\r\na", "Subject: a\r\nFrom: ~\r\n\r\na",
                       "Content-Type: ~\r\nSubject: a\r\n\r\na"],
}  # fmt: skip
_TWICE = {"again": "new"}  # fields that are typed once more, and what they repeat
_READS = re.compile(r'(?:form|values|fields|posted)(?:\.get\(|\[)\s*"([\w-]+)"')


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request, ready to be sent."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place that takes one worst input: what fills it, and how the request is built around it."""

    name: str
    build: Callable[[Any], Ask]
    size: int  # bytes that fit
    inputs: Mapping[str, Callable[[int], Any]] = field(default_factory=lambda: TEXTS)

    def ask(self, attack: str) -> Ask:
        """Build the request with an input."""
        return self.build(self.inputs[attack](self.size))


def find_places(app: FastAPI, pages: Iterable[str], visitor: Visitor) -> Iterator[Place]:
    """Yield the places of an application. `pages` are those with forms; the visitor may see them all."""
    (mounted,) = (route for route in app.routes if isinstance(route, Mount))
    api: Any = mounted.app.open()  # type: ignore[attr-defined]
    forms = dict(_forms_of_pages(pages, visitor))
    for route in _routes(app.routes):
        if "POST" in (route.methods or ()):
            path = route.path.format_map(FILLED)
            yield from _of_form(path, dict.fromkeys(_read_by(route), "") | forms.pop(path, {}), _longest_of(route))
    for path, fields in {(_kind_of(path), *fields): (path, fields) for path, fields in forms.items()}.values():
        yield from _of_form(path, fields, FORM_LIMIT)
    yield from _of_description(app.openapi(), "")
    yield from _of_description(api.openapi(), "/api/v1")
    yield from _of_headers()
    yield from _of_documents()


def _kind_of(path: str) -> str:
    """Return an address without the name of what it changes: each job has the same form."""
    first, *middle, last = path.strip("/").split("/") if path.count("/") > 1 else ("", path)
    return f"{first} {middle[:1]} {last}"


def change_event(fill: Fill) -> Ask:
    """Build the request that fills the texts of an event, each with as much as it may hold."""
    person = {"name": fill(300), "role": fill(300), "organization": fill(300)}
    body = {
        "name": fill(400), "series": fill(300), "venue": fill(300), "attachments_note": fill(300),
        "description": fill(90_000), "performers": [person] * 50, "organizers": [{"name": fill(300)}] * 20,
        "attachments": [{"title": fill(300), "url": f"https://example.org/{fill(300)}"}] * 50,
    }  # fmt: skip
    content = json.dumps(body, ensure_ascii=False).encode()
    path, headers = f"/api/v1/events/{EVENT_ID}", {"Content-Type": "application/merge-patch+json"}
    return Ask(method="PATCH", path=path, headers=headers, body=content)


def _routes(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """Yield the routes of an application, also those of the routers that it includes."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif router := getattr(route, "original_router", None):
            yield from _routes(router.routes)


def _forms_of_pages(pages: Iterable[str], visitor: Visitor) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the forms of pages that post: their addresses, and their fields as they stand."""
    for page in pages:
        for form in BeautifulSoup(visitor.get(page).text, "html.parser").select("form[method=post]"):
            named = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("[name]")}
            yield str(form.get("action") or page), named


def _read_by(route: APIRoute) -> list[str]:
    """List the fields that the module of an endpoint reads."""
    module = sys.modules[route.endpoint.__module__]
    return _READS.findall(inspect.getsource(module))


def _longest_of(route: APIRoute) -> int:
    """Return how many bytes of a form an endpoint reads."""
    readers = {each.call for each in route.dependant.dependencies}
    if readers & {bodies.read_posted, bodies.read_typed}:
        return bodies._BODY_LIMIT
    return BODY_LIMIT if read_long_form in readers else FORM_LIMIT


def _of_form(path: str, fields: dict[str, str], longest: int) -> Iterator[Place]:
    rest = "".join(f"{name}={_escape(text)}&" for name, text in fields.items())
    for name in (*fields, "unknown"):

        def build(text: str, name: str = name, path: str = path) -> Ask:
            said = {each: text if _TWICE.get(each) == name else kept for each, kept in fields.items() if each != name}
            others = "".join(f"{each}={_escape(kept)}&" for each, kept in said.items())
            body = f"{others}{name}={_escape(text)}".encode()[:longest]
            return Ask(method="POST", path=path, headers={"Content-Type": FORM}, body=body)

        size = (longest - len(rest.encode()) - 100) // (2 if name in _TWICE.values() else 1)
        of_field = bodies._CARRIED.get(name, bodies._LONGEST_FIELD) if longest == bodies._BODY_LIMIT else size
        yield Place(name=f"POST {path} {name}", build=build, size=min(size, of_field))
        if name in _TWICE.values():
            yield Place(name=f"POST {path} {name} that may be set", build=build, size=PASSWORD_LONGEST)


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26").replace("+", "%2B")


def _of_description(document: dict[str, Any], root: str) -> Iterator[Place]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "head":
                continue
            parameters = operation.get("parameters", [])
            where = root + path.format_map(FILLED)
            for each in parameters:
                if each["in"] == "query":
                    yield _of_query(method.upper(), where, each["name"])
                elif each["in"] == "path" and root + path != "/static/{name}":
                    yield _of_path(method.upper(), root + path, each["name"])
            content = operation.get("requestBody", {}).get("content", {})
            for kind in [kind for kind in content if kind.endswith("json") and "imports" not in path][:1]:
                yield from _of_json(method.upper(), where, kind, content[kind]["schema"], document)


def _of_query(method: str, where: str, name: str) -> Place:
    def build(text: str) -> Ask:
        return Ask(method=method, path=f"{where}?{name}={_percent(text)}")

    return Place(name=f"{method} {where}?{name}", build=build, size=HEAD_BYTES // 3)


def _of_path(method: str, path: str, name: str) -> Place:
    def build(text: str) -> Ask:
        return Ask(method=method, path=path.format_map({**FILLED, name: _percent(text)}))

    return Place(name=f"{method} {path}", build=build, size=HEAD_BYTES // 3)


def _percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())[: HEAD_BYTES - HEAD_BYTES % 3]


def _of_json(method: str, where: str, kind: str, schema: dict[str, Any], document: dict[str, Any]) -> Iterator[Place]:
    """Yield a place for each text, list and object of a body, and for the whole of it."""
    size = BODY_LIMIT - 4_000
    for steps in _steps(schema, document, 4):

        def build(value: Any, steps: tuple[str | int, ...] = steps) -> Ask:
            if isinstance(value, str) and len(json.dumps(value, ensure_ascii=False).encode()) > size:
                value = value[: len(value) // 2]  # quotes and line ends become two signs
            body = _sample(schema, document, steps, value)
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            return Ask(method=method, path=where, headers={"Content-Type": kind}, body=content)

        place = f"{method} {where} {'.'.join(map(str, steps))}"
        yield Place(name=place, build=build, size=size)
        yield Place(name=f"{place}[]", build=lambda texts, build=build: build(texts), size=size, inputs=_LISTS)
    yield Place(
        name=f"{method} {where} {kind}",
        build=lambda body: Ask(method=method, path=where, headers={"Content-Type": kind}, body=body),
        size=BODY_LIMIT,
        inputs=DOCUMENTS,
    )


def _many(fill: Fill, each: int) -> Callable[[int], list[str]]:
    return lambda size: [fill(each)] * (size // (each + 4))


_LISTS = {
    "many short texts": _many(TEXTS["one letter"], 1),
    "many hosts": _many(TEXTS["marks in a host"], 400),
    "many names": _many(TEXTS["marks that alternate"], 400),
    "many objects": lambda size: [{}] * (size // 3),
    "many lists": lambda size: [[]] * (size // 3),
    "different keys": lambda size: {f"k{number:06}": 1 for number in range(size // 13)},
}


def _resolve(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "anyOf" in schema or "allOf" in schema:
        if reference := schema.get("$ref"):
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        else:
            kinds = schema.get("anyOf") or schema["allOf"]
            schema = next((each for each in kinds if each.get("type") != "null"), kinds[0])
    return schema


def _steps(schema: dict[str, Any], document: dict[str, Any], depth: int) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to each value in a body."""
    schema = _resolve(schema, document)
    if not depth:
        return
    for name, inner in schema.get("properties", {}).items():
        yield (name,)
        yield from ((name, *rest) for rest in _steps(inner, document, depth - 1))
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        yield from ((0, *rest) for rest in _steps(schema["items"], document, depth - 1))


def _sample(schema: dict[str, Any], document: dict[str, Any], steps: tuple[str | int, ...], value: Any) -> Any:
    """Build a body with what it must have, and a value at the end of a way."""
    schema = _resolve(schema, document)
    if not steps and value is not None:
        return value
    step, rest = (steps[0], steps[1:]) if steps else (None, ())
    if step == 0 and isinstance(step, int):
        return [_sample(schema["items"], document, rest, value)]
    if "properties" in schema:
        needed = [name for name in schema["properties"] if name in schema.get("required", ()) or name == step]
        return {
            name: _LATER
            if name == "end" != step
            else _sample(
                schema["properties"][name], document, rest if name == step else (), value if name == step else None
            )
            for name in needed
        }
    return _VALUES.get(schema.get("format", ""), _VALUES.get(str(schema.get("type")), "x"))


_LATER = "2040-03-08T15:30:00+01:00"
_VALUES: dict[str, Any] = {
    "date-time": "2040-03-08T14:30:00+01:00", "array": [], "integer": 1, "boolean": True, "object": {},
    "string": "Europe/Zurich", "number": 1,
}  # fmt: skip


def _of_headers() -> Iterator[Place]:
    for method, where in WITH_HEADERS:
        for name in HEADERS:
            for beginning in BEGINNINGS.get(name, ("",)):

                def build(
                    text: str, name: str = name, begins: str = beginning, to: tuple[str, str] = (method, where)
                ) -> Ask:
                    value = (begins + text).encode("utf-8").replace(b"\n", b" ").replace(b"\0", b" ")
                    return Ask(method=to[0], path=to[1], headers={name: value.decode("latin-1")})

                yield Place(name=f"{method} {where} {name}: {beginning}", build=build, size=HEAD_BYTES)


def _of_documents() -> Iterator[Place]:
    """Yield the bodies that are files or foreign: notifications, calls of homes, imports of each kind."""
    for path in (f"/webhooks/zoom/{ACCOUNT}", "/hooks/homes/main"):
        yield _of_body(path, "application/json", DOCUMENTS, 65_000 if "hooks/homes" in path else BODY_LIMIT)
    for kind in ENDINGS:
        texts = {attack: lambda size, fill=fill: fill(size).encode() for attack, fill in TEXTS.items()}
        yield _of_body("/api/v1/imports?dry_run=true", kind, {**DOCUMENTS, **texts}, min(1_000_000, LARGEST_FILE))

    for kind, templates in FILES.items():
        for number, template in enumerate(templates):

            def fill(size: int, attack: str, template: str = template, kind: str = kind) -> bytes:
                text = TEXTS[attack](size)
                return template.replace("~", json.dumps(text)[1:-1] if "json" in kind else text).encode()

            of_file = {attack: partial(fill, attack=attack) for attack in TEXTS}
            longest = LARGEST_PAGE - 10_000 if kind == "text/html" else 400_000
            place = _of_body("/api/v1/imports?dry_run=true", kind, of_file, longest)
            yield replace(place, name=f"{place.name} {number}")


def _of_body(path: str, kind: str, inputs: Mapping[str, Callable[[int], bytes]], size: int) -> Place:
    def build(body: bytes) -> Ask:
        return Ask(method="POST", path=path, headers={"Content-Type": kind}, body=body)

    return Place(name=f"POST {path} {kind}", build=build, size=size, inputs=inputs)
