"""How many pages a second of a processor gives, beside bare uvicorn and a function of Starlette with the same bytes."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from tests.acceptance.installation import Installation, install
from tests.acceptance.programme import import_programme, published
from tests.bench.figure import Figure
from tests.bench.programs import cpu_s, programs, set_as_delivered
from tests.bench.public.load import is_available, load
from tests.bench.public.peers import KINDS, Served
from tests.loopback import free_port
from tests.setup.deploy.proxied import HOST, run_nginx
from tests.setup.unpacked import NGINX
from tests.waiting import wait_until

SHARE, SHARE_KNOWN, PAGE_MS, BEHIND_NGINX = 0.7, 0.8, 0.7, 20_000
_EVENTS, _ROUNDS, _COUNT = 20, 5, 1500
_MANY = (2_000, 40_000)  # to warm up, and measured
_HEADERS = {"Host": HOST, "Accept": "text/html", "Accept-Language": "en"}
_PASSED_ON = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}  # as deploy/nginx does
_LEFT_OUT = ("date", "server", "transfer-encoding", "connection")

Target = tuple[str, str, dict[str, str]]  # what it is, its path, the headers of the request


def measure_pages(folder: Path, database_url: str) -> Iterator[Figure]:
    """Request each page in turn from the service and from its peers, then from nginx before the service."""
    if not is_available():
        raise SystemExit("The load comes from ab: apt-get install apache2-utils.")
    with install(folder, database_url) as installation, programs_of(installation) as (port, pid, paths):
        targets = list(_targets(port, paths))
        answers = {number: _ask(port, path, headers) for number, (_, path, headers) in enumerate(targets)}
        with ExitStack() as stack:
            peers = {kind: stack.enter_context(_peer(kind, answers)) for kind in KINDS}
            for number, (what, path, headers) in enumerate(targets):
                ours = (port, pid, path)
                places = [ours, *((*peers[kind], f"/{number}") for kind in KINDS)]
                yield from _compare(f"{what}, {installation.kind}", places, headers)
        yield from _behind_nginx(folder, port, paths)


@contextmanager
def programs_of(installation: Installation) -> Iterator[tuple[int, int, Mapping[str, str]]]:
    """Run the daemon with events that are over, and their recordings; yield its port, its process and the addresses."""
    set_as_delivered(installation, many=False)
    installation.set(BASE_URL=f"https://{HOST}", TRUSTED_PROXIES='["127.0.0.1"]')
    events = import_programme(installation, _EVENTS)
    with programs(installation) as running:
        wait_until(lambda: len(installation.zoom.webinars()) == _EVENTS, "the webinars", patience_s=120)
        seated = lambda: all(webinar["panelists"] for webinar in installation.zoom.webinars())  # noqa: E731
        wait_until(seated, "the panelists", patience_s=120)  # before that a notification may come to no event yet
        for webinar in installation.zoom.webinars():
            installation.zoom.hold(webinar["id"])
        shown = (lambda: all(published(installation.url, event) for event in events), "the recordings")
        wait_until(*shown, patience_s=120, every_s=0.5)
        pid = running.webs[0].process.pid
        assert pid
        paths = {"event page": f"/events/{events[0]}", "programme": "/", "feed": "/recordings.atom"}
        yield installation.port, pid, paths
        running.stop()


def _targets(port: int, paths: Mapping[str, str]) -> Iterator[Target]:
    for what, path in paths.items():
        yield what, path, _HEADERS
    tag = dict(_ask(port, paths["event page"], _HEADERS).headers)["etag"]
    known = {**_HEADERS, "If-None-Match": tag}
    yield "event page that the client has (304)", paths["event page"], known
    yield "the same through a proxy that is trusted", paths["event page"], {**known, **_PASSED_ON}


def _ask(port: int, path: str, headers: Mapping[str, str]) -> Served:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    fields = [(name.lower(), value) for name, value in answer.getheaders() if name.lower() not in _LEFT_OUT]
    served = Served(status=answer.status, headers=fields, body=answer.read())
    connection.close()
    return served


@contextmanager
def _peer(kind: str, answers: Mapping[int, Served]) -> Iterator[tuple[int, int]]:
    """Serve the answers during the block; yield the port and the process."""
    port = free_port()
    peer = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.public.peers", kind, str(port)], stdin=subprocess.PIPE, text=True
    )
    try:
        assert peer.stdin
        peer.stdin.write(json.dumps({f"/{number}": answer.to_json() for number, answer in answers.items()}) + "\n")
        peer.stdin.flush()
        wait_until(lambda: _listens(port), kind)
        yield port, peer.pid
    finally:
        peer.terminate()
        peer.wait(timeout=10)


def _listens(port: int) -> bool:
    try:
        return bool(_ask(port, "/0", {}))
    except OSError:
        return False


def _compare(what: str, places: list[tuple[int, int, str]], headers: dict[str, str]) -> Iterator[Figure]:
    """Load all places in turn; compare the processor time that an answer takes in the middle one of the rounds.

    So other programs do not change it, nor what the service does meanwhile, such as the work of each minute.
    """
    spent: dict[tuple[int, int, str], list[float]] = {place: [] for place in places}
    for number in range(_ROUNDS + 1):
        for place in places:
            port, pid, path = place
            before = cpu_s(pid)
            load(f"http://127.0.0.1:{port}{path}", _COUNT, headers)
            if number:  # the first round warms up
                spent[place].append(cpu_s(pid) - before)
    ours, bare, function = (1000 * median(spent[place]) / _COUNT for place in places)
    known = "If-None-Match" in headers
    yield Figure(
        what=f"{what}: of the pages a second of a processor that bare uvicorn gives",
        measured=round(bare / ours, 3),
        unit="times",
        budget=SHARE_KNOWN if known else SHARE,
        at_least=True,
        peer=f"{1000 / bare:,.0f}/s {KINDS[0]}, {1000 / function:,.0f}/s {KINDS[1]}",
    )
    yield Figure(
        what=f"{what}: processor of an answer",
        measured=round(ours, 3),
        unit="ms",
        budget=None if known else PAGE_MS,
        at_least=False,
        peer=f"{bare:.3f} {KINDS[0]}, {function:.3f} {KINDS[1]}",
    )


def _behind_nginx(folder: Path, port: int, paths: Mapping[str, str]) -> Iterator[Figure]:
    programs_folder = NGINX.find()
    if programs_folder is None:
        sys.stderr.write("Nothing is measured behind nginx: it is not installed (`make test` unpacks it).\n")
        return
    place = folder / "nginx"
    place.mkdir()
    plain = free_port()
    with run_nginx(programs_folder, place, port, plain=plain):
        for what in ("event page", "programme"):
            url = f"http://127.0.0.1:{plain}{paths[what]}"
            _, rate = [load(url, count, {**_HEADERS, "Accept-Encoding": "gzip"}, at_once=32) for count in _MANY]
            yield Figure(
                what=f"{what} behind nginx's cache, one worker of nginx, and ab on the same processors",
                measured=round(rate),
                unit="pages/s",
                budget=BEHIND_NGINX,
                at_least=True,
            )
