"""The fixtures of all tests, with the options and the order of a test run.

`database_url`            the address of an empty database; the test runs once on each kind
`migrated_database_url`   the same, with the tables of this version
`database`                the same, opened
`receiver`                another system that receives our webhooks
`new_page`                makes a page in a real Chromium: new_page(viewport=…, color_scheme="dark", javascript=False)

Where PostgreSQL, Chromium, Prometheus, nginx or Caddy is missing, a test that needs it is skipped. With --complete
(`make test`) or in CI it fails.
A test with a database runs on SQLite. On PostgreSQL it is marked `long` and runs only with --long. A module about
statements, locks or transactions is marked `both_databases` and runs on both kinds each time. A test that names its
database itself runs on that one.

A test that starts processes (a daemon, a browser, a program) is marked `process`, in most cases automatically. One that
fails is run again once, alone (tests/setup/turns.py). Those of tests/acceptance often wait, so they run among those of
tests/integration, which compute, long ones first. What else starts processes runs after all others.

Tests write to memory, where there is enough of it (tests/setup/memory.py). With --long they write to the disk: a
million events take 10 GB, and tests that kill a process need a real disk.
"""

import gc
import logging
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Literal, NoReturn

import psycopg
import pytest
import structlog
from _pytest.terminal import TerminalReporter
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.receiver import Receiver
from tests.setup.chromium import run_browser
from tests.setup.examples import try_all
from tests.setup.memory import write_to_memory
from tests.setup.once.commands import build_once
from tests.setup.once.files import parse_once
from tests.setup.once.modules import compile_together
from tests.setup.once.routes import prepare_once
from tests.setup.once.statements import compile_once
from tests.setup.once.tables import make_tables_once
from tests.setup.order import check_choice, mark, put_in_order
from tests.setup.postgres import Cluster, find_programs, run_cluster
from tests.setup.progress import Progress
from tests.setup.spares import Spares
from tests.setup.turns import take_turns
from tests.setup.unpacked import CADDY, NGINX, PROMETHEUS
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.migrate import upgrade

EACH_DATABASE = ("sqlite", pytest.param("postgresql", marks=pytest.mark.second_database))
"""The parameters of a fixture that runs a test on each kind of database, the second time with --long only."""

BROWSER_PATIENCE_MS = 60_000
"""How long an expectation about a page waits; five seconds, the default, are too few on a busy machine."""

_HOMES = Path(__file__).parent / "homes"
_numbers = count(1)

# so that failed assertions of these modules are explained like those of a test
pytest.register_assert_rewrite("tests.acceptance.storage", "tests.acceptance.programme", "tests.integration.service")

# no deadline (0.2 s an example) and no limit for slow generation: on a busy machine any example may exceed them
settings.register_profile("searching", deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow])
# the same examples each time: a failure found by chance must not block an unrelated change
settings.register_profile("repeating", settings.get_profile("searching"), derandomize=True)
settings.load_profile("repeating")

NewPage = Callable[..., Page]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--complete",
        action="store_true",
        help="fail, rather than skip, where PostgreSQL, Chromium or a server is missing",
    )
    parser.addoption("--homes", action="store_true", help="run tests/homes too, against real systems (make test-homes)")
    parser.addoption(
        "--long", action="store_true", help="run the long ones too, which take minutes each; try all examples"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        try_all()
    else:
        write_to_memory()
    compile_once()
    build_once()
    prepare_once()
    make_tables_once()
    parse_once()
    _write_plain_tracebacks()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process of a shell would ignore Ctrl-C
    take_turns(config)
    check_choice(config.option.markexpr, long=config.getoption("--long"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run three workers on two cores, since many tests wait; for a few chosen tests none, which starts at once."""
    few = config.option.keyword or any("::" in argument for argument in config.args)
    return 0 if few else 3


@pytest.hookimpl(trylast=True)  # after the reporter is registered
def pytest_sessionstart(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Progress(session.config, reporter), "progress")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests of real systems unless --homes asks for them."""
    return True if collection_path == _HOMES and not config.getoption("--homes") else None


def pytest_collection(session: pytest.Session) -> None:
    gc.disable()  # while tests are collected: the controller of workers, which collects none, never gets here
    compile_together(session.config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for test in items:
        mark(test)
    if not config.getoption("--long"):
        config.hook.pytest_deselected(items=[test for test in items if test.get_closest_marker("long")])
        items[:] = [test for test in items if not test.get_closest_marker("long")]
    items[:] = put_in_order(items)


def pytest_collection_finish() -> None:
    gc.freeze()  # the collector then skips the test objects, which live to the end
    # The default of 2,000 costs a seventh of the time of a test of pages. With 300,000 the connections that tests leave
    # to a real Kinto stay open until it takes no more.
    gc.set_threshold(50_000)
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost, so that its lines come last
def pytest_terminal_summary(terminalreporter: TerminalReporter) -> Iterator[None]:
    yield
    if progress := terminalreporter.config.pluginmanager.get_plugin("progress"):
        progress.close()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the settings of the developer from the environment of the tests."""
    for name in [name for name in os.environ if name.upper().startswith("ZOOM_OPS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Log in each test as before: a command that runs in the process of a test configures it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    if structlog.is_configured():
        root.handlers[:], root.level = handlers, level
        logging.captureWarnings(False)
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Cluster]:
    """Run a private PostgreSQL for this session."""
    programs = find_programs()
    if programs is None:
        _miss(pytestconfig, "PostgreSQL 13 or newer")
    with run_cluster(programs) as cluster:
        yield cluster


@pytest.fixture(params=EACH_DATABASE)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of database: SQLite, and also PostgreSQL as described above."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Create an empty database and return its address."""
    if database_kind == "sqlite":
        yield _sqlite_url(tmp_path / "empty.db")
        return
    cluster, name = request.getfixturevalue("postgres"), f"test_{next(_numbers)}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.fixture
def migrated_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Create a database with the tables of this version and return its address."""
    if database_kind == "sqlite":
        yield _sqlite_url(shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "zoom_ops.db"))
        return
    with request.getfixturevalue("spares").lend() as url:
        yield url


@pytest.fixture
def database(migrated_database_url: str) -> Iterator[Database]:
    """Open a database with the tables of this version."""
    database = open_database(migrated_database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate a SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("migrated") / "zoom_ops.db"
    _migrate(_sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Cluster) -> str:
    """Migrate a PostgreSQL database that tests copy, and return its name."""
    _migrate(postgres.create("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def spares(postgres: Cluster, migrated_postgres: str) -> Iterator[Spares]:
    """Lend PostgreSQL databases with the tables of this version."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as administrator:
        yield Spares(postgres, migrated_postgres, administrator)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run another system that receives our webhooks."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Run a headless Chromium for this session; it can reach this machine only."""
    with run_browser() as browser:
        if browser is None:
            _miss(pytestconfig, "Chromium")
        expect.set_options(timeout=BROWSER_PATIENCE_MS)
        yield browser


@pytest.fixture(scope="session")
def prometheus(pytestconfig: pytest.Config) -> Path:
    """Return the folder with the programs of Prometheus."""
    return PROMETHEUS.find() or _miss(pytestconfig, "Prometheus with promtool")


@pytest.fixture(scope="session")
def nginx(pytestconfig: pytest.Config) -> Path:
    """Return the folder with nginx."""
    return NGINX.find() or _miss(pytestconfig, "nginx")


@pytest.fixture(scope="session")
def caddy(pytestconfig: pytest.Config) -> Path:
    """Return the folder with Caddy."""
    return CADDY.find() or _miss(pytestconfig, "Caddy")


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Return a function that opens pages, each as a new visitor; all are closed at the end."""
    contexts: list[BrowserContext] = []

    def open_page(
        *,
        viewport: tuple[int, int] = (1280, 800),
        color_scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        **options: Any,
    ) -> Page:
        width, height = viewport
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=color_scheme,
            java_script_enabled=javascript,
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def _miss(config: pytest.Config, what: str) -> NoReturn:
    sentence = f"{what} is not installed; `make test` installs it"
    if config.getoption("--complete") or os.environ.get("CI", "false").lower() not in ("", "0", "false"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def _write_plain_tracebacks() -> None:
    """Log exceptions in plain text: in colours, with all variables, each would cost 0.05 s of processor or more."""
    renderer = structlog.get_config()["processors"][-1]
    renderer.exception_formatter = structlog.dev.plain_traceback


def _sqlite_url(path: str | Path) -> str:
    return f"sqlite:///{path}"


def _migrate(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    database.close()
