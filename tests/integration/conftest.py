"""Fixtures of the integration tests: a service, its pages and its API, on one practice Zoom."""

import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import homes_double
from tests.certificate import write_certificate
from tests.integration.city import City, open_city
from tests.integration.command_line import CommandLine
from tests.integration.picture_host import Host
from tests.integration.served import sign_in, visit_pages
from tests.integration.service import Ear, MakeService, Service, TestClock, make_movable, run_sandbox_with, run_service
from tests.integration.web.api.program import Api, Program, serve
from tests.provider.running import RunningProvider, run_provider
from tests.setup.once.apart import run_apart_once
from tests.setup.postgres import Cluster
from tests.setup.spares import empty
from tests.web_site import Site, Visitor
from zoom_ops.alerting import notifier
from zoom_ops.alerting.sending import carry_out
from zoom_ops.pictures import reader
from zoom_ops.sandbox import Sandbox
from zoom_ops.store.db.connect import Database
from zoom_ops.web.feeds import pictures


@pytest.fixture(scope="session")
def clock_of_all() -> TestClock:
    """One clock for all tests. Each test restarts it."""
    return TestClock()


@pytest.fixture(scope="session")
def ear() -> Iterator[Ear]:
    """The one webhook address of the practice Zoom."""
    with Ear() as ear:
        yield ear


@pytest.fixture(scope="session")
def practice_zoom(clock_of_all: TestClock, ear: Ear) -> Iterator[Sandbox]:
    """One practice Zoom for all tests. It is emptied when a test begins."""
    with run_sandbox_with(ear, clock_of_all) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def postgres_of_all(postgres: Cluster, migrated_postgres: str) -> str:
    """One PostgreSQL database whose clock can be moved. A database per test would take most of the test's time."""
    url = postgres.create("service", template=migrated_postgres)
    make_movable(url)
    return url


@pytest.fixture
def service_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database with the tables of this version."""
    if database_kind == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_sqlite'), tmp_path / 'zoom_ops.db')}"
    url: str = request.getfixturevalue("postgres_of_all")
    empty(url)
    return url


@pytest.fixture(autouse=True)
def send_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send to operators in this process: one for each message would cost 0.2 s of processor."""
    monkeypatch.setattr(notifier, "carry_out_apart", carry_out)


@pytest.fixture(autouse=True)
def same_pictures_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start one process for each different picture: one for each page that shows it would cost 0.1 s of processor."""
    for module in (reader, pictures):
        monkeypatch.setattr(module, "run_apart", run_apart_once)


@pytest.fixture
def make_service(
    practice_zoom: Sandbox, clock_of_all: TestClock, ear: Ear, tmp_path: Path, service_database_url: str
) -> Iterator[MakeService]:
    """Make a service. `zoom`: options of a practice Zoom of its own. The rest: the parameters of `run_service`."""
    with ExitStack() as stack:

        def make(*, zoom: dict[str, Any] | None = None, **how: Any) -> Service:
            clock_of_all.restart()
            sandbox = stack.enter_context(run_sandbox_with(ear, clock_of_all, **zoom)) if zoom else practice_zoom
            return stack.enter_context(run_service(sandbox, clock_of_all, ear, tmp_path, service_database_url, **how))

        yield make


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service with one host and the default profile."""
    return make_service()


@pytest.fixture
def make_city(make_service: MakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., City]:
    """Make a service with a home in memory. The first parameter: further lines of its file."""
    opened = homes_double.install(monkeypatch)

    def make(lines: str = "", **how: Any) -> City:
        return open_city(make_service, opened, tmp_path, lines, **how)

    return make


@pytest.fixture
def city(make_city: Callable[..., City]) -> City:
    """A service with a home in memory."""
    return make_city()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback, with its key."""
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    write_certificate(path)
    return path


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The TLS context of a server on loopback. Requests of this process trust its certificate."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="session")
def provider_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    """One sign-in provider for all tests."""
    with run_provider(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture
def api(service: Service) -> Iterator[Api]:
    """The API of a service, served without a socket."""
    with serve(service) as api:
        yield api


@pytest.fixture
def program(api: Api) -> Program:
    """A program whose token has every scope."""
    return api.program()


@pytest.fixture
def command_line(service: Service, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line of the service, in this process."""
    return CommandLine(service, monkeypatch)


@pytest.fixture
def site(database: Database) -> Site:
    """A site without events. A module that needs events defines its own `site`."""
    return Site(database)


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    """A visitor of the site, without a server."""
    with site.visited() as somebody:
        yield somebody


@pytest.fixture
def http_visitor(site: Site) -> Iterator[Visitor]:
    """A visitor of the site over HTTP: for tests of the server and of what goes over the wire."""
    with site.served() as somebody:
        yield somebody


@pytest.fixture
def operator(service: Service) -> Iterator[Visitor]:
    """An operator who is signed in."""
    with visit_pages(service) as served:
        yield sign_in(service, served.visitor, "operator")


@pytest.fixture
def host() -> Iterator[Host]:
    """A host of pictures on loopback."""
    with Host() as host:
        yield host
