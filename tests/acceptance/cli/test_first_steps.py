"""The first commands of a new user in an empty folder without settings."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation, a_clean_environment
from tests.acceptance.programme import a_programme
from tests.root import ROOT

SAMPLE = "ungis-wsis-2023.txt"
NO_ACCOUNT = "No Zoom account is configured (ZOOM_OPS_ACCOUNTS__…). No webinar is created. To set one up: zoom-ops init"
HEAVY = {"sqlalchemy", "alembic", "fastapi", "starlette", "uvicorn", "requests", "authlib", "apscheduler"}
TELL_MODULES = """
import sys
from zoom_ops.cli import main
try:
    main()
finally:
    print("imported:", *sys.modules, file=sys.stderr)
"""


@pytest.fixture
def empty(place: Installation) -> Installation:
    """An empty folder, with the listen address as its only setting."""
    listen = place.environ["ZOOM_OPS_LISTEN"]
    place.environ = a_clean_environment() | {"ZOOM_OPS_LISTEN": listen, "ZOOM_OPS_LOG_FORMAT": "json"}
    return place


def test_daemon_without_any_setting_serves_its_pages(empty: Installation) -> None:
    empty.write(SAMPLE, (files("zoom_ops.samples") / SAMPLE).read_bytes())
    empty.write("programme.json", a_programme(1))

    with empty.daemon(program=True) as daemon:
        (imported,) = empty.run("events", "import", SAMPLE, "--json").json
        empty.run("events", "import", "programme.json")
        pages = [daemon.fetch(path) for path in ("/", "/events/tides-01", f"/events/{imported['id']}", "/health")]
        daemon.stop()

    assert [page.status_code for page in pages] == [200] * 4
    assert "Tides of Tomorrow" in pages[0].text
    assert sorted(path.name for path in (empty.folder / "var").iterdir()) == [
        "secret.key", "zoom_ops.db", "zoom_ops.lock", "zoom_ops.use.lock",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o077 for path in (empty.folder / "var").iterdir()} == {0}


def test_plan_without_an_account_says_what_is_missing(empty: Installation) -> None:
    empty.write("programme.json", a_programme(1))
    empty.run("events", "import", "programme.json")

    plan = empty.run("plan")
    create = empty.run("run", "create_webinars", "--event", "tides-01", code=5)
    doctor = empty.run("doctor", code=1)

    assert plan.out.startswith(NO_ACCOUNT)
    for ended in (plan, create):
        assert "tides-01 wait" in ended.said
        assert "No Zoom account" in ended.said
    assert "No Zoom account is configured (ZOOM_OPS_ACCOUNTS__…)." in doctor.said


def test_empty_installation_says_how_to_begin(empty: Installation) -> None:
    outputs = [
        empty.run("events", "list").said,
        empty.run("people", "list").said,
        empty.run("plan").said,
        empty.run("apply").said,
        empty.run("runs").said,
        empty.run("run", "create_webinars").said,
    ]

    assert outputs == [
        "There are no events to come. Begin with: zoom-ops events import FILE",
        "The address book is empty: zoom-ops people import people.csv",
        f"{NO_ACCOUNT} No process performs runs. Start the daemon: zoom-ops serve No event needs a change.",
        f"{NO_ACCOUNT} No event needs a change.",
        "There are no runs.",
        "Nothing is to be done.",
    ]


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("events", "import", "--help"), ("run", "--help")])
def test_help_comes_without_loading_the_service(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TELL_MODULES, *arguments],
        cwd=tmp_path, env=a_clean_environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ended.stdout
    assert HEAVY & set(ended.stderr.rpartition("imported:")[2].split()) == set()


def test_interrupt_while_modules_are_loaded_ends_without_a_traceback(tmp_path: Path) -> None:
    interrupted = """
import sys
class Fast:
    def find_spec(self, name, *_):
        if name == "zoom_ops.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Fast())
from zoom_ops.cli import main
"""
    ended = subprocess.run(
        [sys.executable, "-c", interrupted],
        cwd=tmp_path, env=a_clean_environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_program_alone_shows_its_help(empty: Installation) -> None:
    output = empty.run().out

    assert output.startswith("Usage: zoom-ops")
    assert "Commands:" in output
