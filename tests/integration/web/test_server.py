"""The web server: probes, headers, static files, errors, and a quick stop."""

import re
import socket
import threading
import time
from datetime import datetime
from typing import Literal

import pytest

from tests.builders import EVENT_ID, an_event
from tests.web_site import WITH_TOKEN, Site, Visitor
from zoom_ops.errors import ConfigurationError, TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.web.edge.server import make_server
from zoom_ops.web.security_headers import transport_security

ASKED = (
    ("GET", "/"), ("GET", f"/events/{EVENT_ID}"), ("HEAD", f"/events/{EVENT_ID}"), ("GET", f"/events/{EVENT_ID}.json"),
    ("GET", "/recordings.atom"), ("GET", f"/events/{EVENT_ID}/recording"), ("GET", "/nothing?a=%C3%A9&b=+"),
    ("GET", "/events/%E2%80%AE"), ("DELETE", "/"), ("POST", "/sign-in"), ("GET", "/-/"),
    ("GET", "/sign-in?next=/a%2Fb"), ("GET", "/api/v1/events"), ("POST", "/api/v1/events"), ("GET", "/ready"),
    ("POST", "/webhooks/zoom/main"),
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_server_says_what_the_application_says(
    site: Site, visitor: Visitor, http_visitor: Visitor, encoding: str
) -> None:
    """Most tests call the application without a server. This test shows that both answer alike."""
    site.save(an_event())
    site.publish(an_event())

    plain, served = (
        [heard(someone, method, path, encoding) for method, path in ASKED] for someone in (visitor, http_visitor)
    )

    assert plain == served
    assert {status for status, _, _ in served} >= {200, 303, 404, 405}


def heard(visitor: Visitor, method: str, path: str, encoding: str) -> tuple[int, dict[str, str], bytes]:
    """Send a request. Return the answer without what only a connection has: the time, and how the body is sent."""
    body = b"login=amara&password=wrong" if method == "POST" else None
    answer = visitor.request(method, path, data=body, headers={"Accept-Encoding": encoding}, stream=True)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    apart = {name: value for name, value in headers.items() if name not in ("date", "connection", "transfer-encoding")}
    return answer.status_code, apart, answer.content


def test_probes_tell_how_the_service_is(visitor: Visitor) -> None:
    ready, metrics = (visitor.get(path, headers=WITH_TOKEN) for path in ("/ready", "/metrics"))

    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    assert metrics.content == b"runs_total 1.0\n"
    assert metrics.headers["Content-Type"].startswith("text/plain; version=")


def test_wrong_token_of_metrics_is_counted(site: Site, visitor: Visitor) -> None:
    statuses = [visitor.get("/metrics", headers=sent).status_code for sent in ({}, {"Authorization": "Bearer guess"})]

    assert statuses == [401, 401]
    assert site.services.refusals.take() == {("token_wrong", "127.0.0.1"): 1}


def test_ready_says_why_not(database: Database) -> None:
    site = Site(database, is_ready=lambda: (False, "The engine has not been heard of for 40 seconds."))

    with site.visited() as visitor:
        answer = visitor.get("/ready", headers=WITH_TOKEN)

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reason": "The engine has not been heard of for 40 seconds."}


@pytest.mark.parametrize(
    "path", ["/", f"/events/{EVENT_ID}", "/nothing", "/ready", "/favicon.svg", "/webhooks/zoom/main"]
)
def test_every_answer_carries_the_security_headers(site: Site, visitor: Visitor, path: str) -> None:
    site.save(an_event())

    headers = visitor.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    ("base_url", "hsts", "expected"),
    [
        ("https://events.example.org", "on", "max-age=31536000"),
        ("https://events.example.org", "subdomains", "max-age=31536000; includeSubDomains"),
        ("https://events.example.org", "off", None),
        ("http://localhost:8000", "on", None),
    ],
)
def test_browsers_are_told_to_use_https_where_it_is_there(
    database: Database, base_url: str, hsts: Literal["on", "subdomains", "off"], expected: str | None
) -> None:
    site = Site(database, base_url=base_url, transport_security=transport_security(base_url, hsts))

    with site.visited() as visitor:
        answers = [visitor.get(path) for path in ("/", "/nothing", "/sign-in")]
        answers += [visitor.post("/webhooks/zoom/main", data=body) for body in (b"{}", b"x" * 1_048_577)]

    assert {answer.headers.get("Strict-Transport-Security") for answer in answers} == {expected}


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("events.example.org", "/", 200), ("EVENTS.example.org.:443", "/", 200), ("localhost:9000", "/", 200),
        ("localhost:", "/", 200), ("localhost:80:80", "/", 421), ("[::1", "/", 421),
        ("[::1]:8000", "/", 200), ("zoom-ops:8000", "/", 200), ("evil.example", "/", 421), ("", "/", 421),
        ("events.example.org.evil.example", "/", 421), ("evil.example", "/sign-in", 421),
        ("evil.example", "/events/none/stream", 421), ("events.example.org@evil.example", "/", 421),
        ("evil.example", "/static/page.css", 421), ("evil.example", "/api/v1/events", 421),
        ("10.0.0.7:8000", "/health", 200), ("10.0.0.7:8000", "/ready", 200), ("10.0.0.7:8000", "/metrics", 401),
    ],
)  # fmt: skip
def test_service_answers_for_its_own_hosts_only(database: Database, host: str, path: str, status: int) -> None:
    site = Site(database, base_url="https://events.example.org", allowed_hosts=("zoom-ops",))

    with site.served() as visitor:
        answer = visitor.get(path, headers={"Host": host})

    assert answer.status_code == status
    assert "evil" not in answer.text + str(answer.headers)


def test_what_proves_itself_by_a_signature_is_answered_under_any_host(database: Database) -> None:
    base_url = "https://events.example.org"
    site = Site(database, base_url=base_url, transport_security=transport_security(base_url, "on"))
    paths = (
        "/webhooks/zoom/main", "/hooks/homes/none", "/sign-in/provider/logout", "/webhooks/zoom/main/",
        "/hooks/homes/none/", "/webhooks/../sign-in", "/sign-in", "/sign-out",
    )  # fmt: skip

    with site.served() as visitor:
        answers = [visitor.post(path, headers={"Host": "evil.example"}, data="{}") for path in paths]

    assert [answer.status_code for answer in answers] == [204, 404, 404, 421, 421, 421, 421, 421]
    assert {answer.headers["Strict-Transport-Security"] for answer in answers} == {"max-age=31536000"}
    assert [answer.url for answer in answers if "evil" in answer.text + str(answer.headers)] == []
    assert site.services.refusals.take()["host", "127.0.0.1"] == 5


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/events/tides/?lang=fr", "/events/tides?lang=fr"),
        ("/events/a%20b/", "/events/a%20b"),
        ("//events/tides/", None),
    ],
)
def test_redirect_of_a_slash_stays_on_its_host(visitor: Visitor, asked: str, location: str | None) -> None:
    answer = visitor.get(asked, headers={"Host": "evil.example.org"})

    assert (answer.status_code, answer.headers.get("Location")) == (307 if location else 404, location)


def test_contact_for_weaknesses_is_told_where_there_is_one(database: Database) -> None:
    site = Site(database, base_url="https://events.example.org", security_contact="mailto:security@example.org")

    with site.visited() as visitor, Site(database).visited() as other:
        lines = dict(line.split(": ", 1) for line in visitor.get("/.well-known/security.txt").text.splitlines())
        unset = other.get("/.well-known/security.txt").status_code

    assert unset == 404
    assert datetime.fromisoformat(lines.pop("Expires")) > site.clock.now()
    assert lines == {
        "Contact": "mailto:security@example.org",
        "Preferred-Languages": "en, fr, es, ar, zh, ru",
        "Canonical": "https://events.example.org/.well-known/security.txt",
    }


def test_pages_need_nothing_from_elsewhere_and_nothing_inline(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    for path in ("/", f"/events/{EVENT_ID}", f"/events/{EVENT_ID}/embed", "/nothing"):
        html = visitor.get(path).text
        loaded = re.findall(
            r'<(?:script|img|iframe)[^>]* src="([^"]+)"|<link rel="(?:stylesheet|icon)"[^>]* href="([^"]+)"', html
        )
        assert [address for pair in loaded for address in pair if address and not address.startswith("/")] == []
        assert not re.search(r'<script(?![^>]* src=| type="application/ld\+json")|<style|\sstyle=|\son[a-z]+=', html)


def test_static_files_are_kept_for_good(site: Site, visitor: Visitor) -> None:
    html = visitor.get("/").text
    addresses = re.findall(r'"(/static/[^"]+)"', html)

    answers = [visitor.get(address) for address in addresses]

    assert [re.sub(r"\.[0-9a-f]{12}\.", ".", address) for address in addresses] == [
        "/static/palette.css",
        "/static/site.css",
        "/static/site.js",
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    kinds = [answer.headers["Content-Type"].partition(";")[0] for answer in answers]
    assert kinds == ["text/css", "text/css", "text/javascript"]


def test_database_that_does_not_answer_is_a_moment_to_wait(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = TemporaryError("The database did not answer: secret-host")
    monkeypatch.setattr(site.services.programme, "_load", _raise(error))

    page, twin = visitor.get("/events/any"), visitor.get("/events/any.json")

    assert (page.status_code, page.headers["Retry-After"], twin.status_code) == (503, "5", 503)
    assert "secret-host" not in page.text + twin.text


def test_defect_tells_a_reader_nothing(site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.services.programme, "_load", _raise(RuntimeError("secret detail")))

    page = visitor.get("/events/any")

    assert page.status_code == 500
    assert "Something went wrong here" in page.text
    assert "secret detail" not in page.text
    assert "Traceback" not in page.text
    assert page.headers["Content-Security-Policy"]


def test_port_in_use_is_one_sentence(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            ConfigurationError, match=rf"^Cannot listen on 127\.0\.0\.1:{port}: Address already in use\. "
        ):
            make_server(site.app, "127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("nowhere.invalid", 0), ("127.0.0.1", 70_000)])
def test_address_that_is_none_is_one_sentence(site: Site, host: str, port: int) -> None:
    with pytest.raises(ConfigurationError, match=f"^Cannot listen on {host}:{port}: "):
        make_server(site.app, host, port)


def test_stop_lets_a_request_under_way_end(site: Site) -> None:
    begun = threading.Event()

    def slowly(*_: object) -> tuple[bool, str]:
        begun.set()
        time.sleep(0.5)
        return True, ""

    slow = Site(site.database, is_ready=slowly)
    server = make_server(slow.app, "127.0.0.1", 0)
    server.start()
    answers: list[int] = []
    asking = threading.Thread(
        target=lambda: answers.append(Visitor(f"http://127.0.0.1:{server.port}").get("/ready").status_code)
    )

    asking.start()
    assert begun.wait(60)
    server.stop()
    asking.join(60)

    assert answers == [200]


def _raise(error: Exception) -> object:
    def fail(*_: object) -> None:
        raise error

    return fail
