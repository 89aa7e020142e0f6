"""deploy/nginx, run with the real nginx before a site: what it refuses, what it passes on, and what it keeps."""

import gzip
import random
import re
import secrets
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.builders import EVENT_ID, NOW, SLIDES, an_event
from tests.integration.leaks.programme import PICTURE
from tests.root import ROOT
from tests.setup.deploy.proxied import HOST, Answer, Nginx, run_nginx, write_configuration
from tests.waiting import wait_until
from tests.web_site import METRICS_TOKEN, PASSWORD, Site
from zoom_ops.events import Picture
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.pictures.kept import save_picture
from zoom_ops.web.edge.server import make_server
from zoom_ops.web.security_headers import transport_security

pytestmark = pytest.mark.process
PAGE, HOOK = f"/events/{EVENT_ID}", "/webhooks/zoom/main"
MEGABYTE, FORM = 1_048_576, 65_536
SESSION = "__Host-zoom_ops"
KEY = "zopsk_tidewater0tidewater0tidewater0tidewater"


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that members see more of."""
    database = open_database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path_factory.mktemp('site'))}")
    secure = transport_security(f"https://{HOST}", "on")
    site = Site(database, base_url=f"https://{HOST}", transport_security=secure)
    site.save(an_event(attachments=(SLIDES,)))
    site.add_user("amara")
    yield site
    database.close()


@pytest.fixture(scope="module")
def direct(site: Site) -> Iterator[int]:
    """The port of the site itself, which trusts nginx."""
    server = make_server(site.app, "127.0.0.1", 0, proxies=["127.0.0.1"])
    server.start()
    yield server.port
    server.stop()


@pytest.fixture(scope="module")
def proxy(nginx: Path, tmp_path_factory: pytest.TempPathFactory, direct: int) -> Iterator[Nginx]:
    with run_nginx(nginx, tmp_path_factory.mktemp("nginx"), direct) as running:
        yield running


def test_configuration_is_what_nginx_takes_beside_the_site_of_its_package(nginx: Path, tmp_path: Path) -> None:
    written = write_configuration(tmp_path, 8000, 8080, 8443)
    own = "http {\n    server { listen 127.0.0.1:8080 default_server; }"  # as sites-enabled/default of Debian
    written.write_text(written.read_text("utf-8").replace("http {", own), "utf-8")

    command = [nginx / "nginx", "-t", "-e", "stderr", "-c", written]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (tried.returncode, [line for line in tried.stderr.splitlines() if "[" in line]) == (0, [])


def test_folder_of_the_cache_is_made_by_nginx_itself() -> None:
    site = (ROOT / "deploy/nginx/zoom_ops.conf").read_text("utf-8")
    (folder,) = re.findall(r"^proxy_cache_path (\S+)", site, re.MULTILINE)

    assert Path(folder).parent == Path("/var/cache")  # it makes the last folder, and Debian has no /var/cache/nginx


def test_page_comes_through_with_the_headers_of_the_service(proxy: Nginx) -> None:
    page = proxy.ask(PAGE)

    assert (page.status, page.headers["Server"]) == (200, "nginx")
    assert b"<h1" in page.body
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")


def test_http_leads_to_https_and_another_name_nowhere(proxy: Nginx) -> None:
    plain = HTTPConnection("127.0.0.1", proxy.http)
    plain.request("GET", f"{PAGE}?lang=fr", headers={"Host": "elsewhere.example.org"})
    answer = plain.getresponse()

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}{PAGE}?lang=fr")
    with pytest.raises(ssl.SSLError):
        proxy.open(name="elsewhere.example.org")


@pytest.mark.parametrize("path", ["/metrics", "/ready", "//metrics", "/%6detrics", "/./metrics?x=1"])
def test_probes_are_not_public(proxy: Nginx, path: str) -> None:
    answer = proxy.ask(path, Authorization=f"Bearer {METRICS_TOKEN}")

    assert answer.status == 404
    assert b"runs_total" not in answer.body


def test_notification_comes_through_as_it_was_sent(proxy: Nginx, site: Site) -> None:
    body = b'{"event" :  "webinar.ended", "n": 1.0}\n'

    answer = proxy.ask(HOOK, method="POST", body=body, x_zm_signature="v0=abc", Content_Type="application/json")

    account, headers, taken = site.inbox.received[-1]
    assert (answer.status, account, headers["x-zm-signature"], taken) == (204, "main", "v0=abc", body)


@pytest.mark.parametrize(
    ("path", "limit"), [(HOOK, MEGABYTE), ("/sign-in", FORM), ("/hooks/homes/harbour", FORM), ("/account", MEGABYTE)]
)
def test_body_is_refused_where_the_service_would_refuse_it(proxy: Nginx, path: str, limit: int) -> None:
    fits, over = (
        proxy.ask(path, method="POST", body=b"x" * size, Content_Type="text/plain") for size in (limit, limit + 1)
    )

    assert over.status == 413
    assert b"nginx" in over.body
    assert fits.status != 413 or b"nginx" not in fits.body


def test_forged_address_is_not_believed(proxy: Nginx, site: Site) -> None:
    site.services.refusals.take()
    forged = {"X_Forwarded_For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X_Real_IP": "203.0.113.9"}

    proxy.ask(
        "/sign-in", method="POST", body=b"login=amara&password=wrong", address="127.0.0.2",
        Content_Type="application/x-www-form-urlencoded", **forged,
    )  # fmt: skip

    assert site.services.refusals.take() == {("sign_in_wrong", "127.0.0.2"): 1}


def test_flood_is_refused_and_notifications_of_the_same_address_are_not(proxy: Nginx) -> None:
    flooding, another = (f"127.0.{secrets.randbelow(200) + 9}.{last}" for last in (1, 2))  # not known from a first try
    asked = f"DELETE /sign-in HTTP/1.1\r\nHost: {HOST}\r\n"

    with proxy.open(flooding) as line, line.makefile("rb") as source:  # all at once, however busy the machine is
        line.sendall(f"{asked}\r\n".encode() * 39 + f"{asked}Connection: close\r\n\r\n".encode())
        answers = source.read()
    notified = proxy.ask(HOOK, method="POST", body=b"{}", address=flooding, Content_Type="application/json")
    elsewhere = proxy.ask("/sign-in", method="DELETE", address=another)

    statuses = [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", answers)]
    assert (len(statuses), statuses[:20], set(statuses)) == (40, [405] * 20, {405, 429})
    assert statuses.count(429) == answers.count(b"\r\nRetry-After: 5\r\n") >= 10
    assert (notified.status, elsewhere.status) == (204, 405)


def test_stream_comes_at_once_and_stays_open(proxy: Nginx, site: Site) -> None:
    with proxy.open() as line, line.makefile("r", encoding="utf-8", newline="\n") as source:
        line.sendall(f"GET {PAGE}/stream?version=old HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = "".join(iter(source.readline, "\r\n"))
        first = _next_version(source)
        site.save(an_event(attachments=(SLIDES,), name="Tides of tomorrow, with tea"))
        second = _next_version(source)

    assert "200 OK" in head
    assert first != second


def _next_version(source: Iterator[str]) -> str:
    return next(line for line in source if line.startswith("data: "))


def test_cache_gives_everybody_what_the_service_would_give_them(proxy: Nginx, direct: int, site: Site) -> None:
    site.save(an_event(id="another", attachments=(SLIDES,)))  # of the other one, nginx may still have an earlier page
    page, session = "/events/another", _sign_in(proxy)
    readers: list[dict[str, str]] = [
        {},
        {"Cookie": session},
        {"Cookie": f"lang=fr; {session}"},
        {"Cookie": "lang=fr"},
        {"Cookie": "lang=es; lang=ar"},
        {"Cookie": "lang=es"},
        {"Cookie": f"zoom_ops_key_1={KEY}"},
        {"Authorization": "Bearer zops_wrong"},
        {"Accept_Language": "ar;q=0.5, es"},
        {"Accept_Encoding": "br, gzip"},
        {"Accept_Encoding": "gzip;q=0"},
        {"Origin": "https://www.example.org"},
        {"Cache_Control": "no-cache", "Cookie": "lang=ru"},
    ]
    asked = [*((reader, page) for reader in readers), ({}, f"{page}?lang=fr"), ({}, "/recordings.atom")] * 2
    random.Random(0).shuffle(asked)

    for reader, path in asked:
        given, own = proxy.ask(path, **reader), _ask_directly(direct, path, reader)
        assert (given.status, _plain(given)) == (own.status, _plain(own)), (reader, path)
        assert given.headers.get("Set-Cookie") == own.headers.get("Set-Cookie")
        if path == page:
            assert (b"slides.pdf" in _plain(given)) == (session in reader.get("Cookie", ""))


def test_cache_keeps_what_the_service_lets_it_keep(proxy: Nginx) -> None:
    with closing(HTTPConnection(HOST)) as connection:
        connection.sock = proxy.open()
        for _ in range(10):  # some of them within a second
            connection.request("GET", PAGE, headers={"Accept-Language": "zh"})
            answer = connection.getresponse()
            answer.read()

    may_keep = "s-maxage" in answer.headers["Cache-Control"]
    wait_until(lambda: proxy.log().count(f"GET {PAGE} HTTP/1.1") >= 10)
    assert bool(re.search(rf"GET {PAGE} .*(?:HIT|STALE|UPDATING)", proxy.log())) == may_keep


@pytest.mark.parametrize(("visibility", "status", "robots"), [("unlisted", 200, "noindex"), ("draft", 404, None)])
def test_cache_follows_an_event_that_leaves_the_lists(
    proxy: Nginx, site: Site, visibility: str, status: int, robots: str | None
) -> None:
    """The bytes of most answers stay as they are: only the headers say that nobody may keep or find them any more."""
    event = an_event(id=f"soon-{visibility}", image=Picture(digest=PICTURE.digest, width=8, height=8))
    with site.database.begin() as connection:
        save_picture(connection, PICTURE, NOW)
    site.save(event)
    page = f"/events/{event.id}"
    forms = (".json", ".ics", "/embed", "/picture.png", f"/pictures/{PICTURE.digest}.jpg", "")
    paths = (*(f"{page}{form}" for form in forms), f"/oembed?url=https://{HOST}{page}")

    listed = [proxy.ask(path) for path in paths]
    site.save(event.model_copy(update={"visibility": visibility}))

    def are_followed() -> bool:
        answers = [proxy.ask(path) for path in paths]
        return all(
            (answer.status, answer.headers["X-Robots-Tag"]) == (status, robots)
            and "s-maxage" not in answer.headers["Cache-Control"]
            for answer in answers
        )

    assert [answer.status for answer in listed] == [200] * len(paths)
    wait_until(are_followed)


def test_log_names_no_key(proxy: Nginx) -> None:
    proxy.ask(f"{PAGE}/recording?key={KEY}&mark=high-tide")

    wait_until(lambda: f"GET {PAGE}/recording HTTP/1.1" in proxy.log())
    assert KEY not in proxy.log()
    assert "high-tide" not in proxy.log()


def _sign_in(proxy: Nginx) -> str:
    form = f"login=amara&password={PASSWORD}".encode()
    answer = proxy.ask("/sign-in", method="POST", body=form, Content_Type="application/x-www-form-urlencoded")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert cookie.startswith(f"{SESSION}=")
    return cookie


def _ask_directly(port: int, path: str, reader: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", port)
    headers = {name.replace("_", "-"): value for name, value in reader.items()}
    connection.request("GET", path, headers={"Host": HOST, **headers})
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


def _plain(answer: Answer) -> bytes:
    return gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
