"""`zoom-ops demo` runs on any terminal and beside any installation, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.acceptance.cli.demos import STEPS, Demo
from tests.acceptance.installation import Installation
from tests.acceptance.programme import import_programme
from tests.loopback import Asked, Loopback, free_port
from tests.waiting import wait_until
from zoom_ops.cli.demo import stage as demo_stage

NAMES = ("Tomas Lamanauskas", "Mei Lin Fung")


@pytest.mark.long
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_demo_tells_its_story_in_the_middle_of_a_real_installation(
    demos: list[Demo], tmp_path: Path, known: Installation
) -> None:
    """Two demos run at once beside a daemon, with its settings in their environment, on terminals with few letters."""
    before = known.zoom.control("GET", "/requests")
    known.write(
        "own/config/settings.toml", f'database_url = "{known.database_url}"\nbase_url = "https://example.org"\n'
    )
    known.write("own/jobs/broken.py", "this is not Python\n")
    poor = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "COLUMNS": "20", "http_proxy": "http://127.0.0.1:1"}
    settings = {name: value for name, value in known.environ.items() if name.startswith("ZOOM_OPS_")}

    with known.daemon() as daemon:
        demos.append(Demo(tmp_path / "first", "--once", **poor, **settings))
        demos.append(Demo(known.folder / "own", "--once", "--json", **poor, **settings))
        story, summary = demos[0].end(), demos[1].end()
        ready = daemon.fetch("/ready").status_code

    positions = [story.find(step) for step in STEPS]
    assert positions == sorted(positions)
    assert positions[0] >= 0
    assert all(name in story for name in NAMES)
    assert '"panelists": 6' in summary
    assert int(re.findall(r'"zoom_calls": (\d+)', summary)[0]) <= 7  # 6, or 7 with the transcript
    assert "example.org" not in summary
    assert [event["id"] for event in known.run("events", "list", "--json").json] == ["tides-01"]
    assert (known.zoom.control("GET", "/requests"), ready) == (before, 200)


@pytest.fixture
def known(installation: Installation) -> Installation:
    """An installation with an event whose webinar exists."""
    import_programme(installation, 1)
    installation.run("run", "create_webinars")
    return installation


@pytest.mark.parametrize(
    ("number", "after"),
    [
        (signal.SIGTERM, ""),
        pytest.param(signal.SIGINT, "Imported", marks=pytest.mark.long),
        pytest.param(signal.SIGINT, "", marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, "", marks=pytest.mark.long),
    ],
)
def test_interrupted_demo_leaves_nothing_behind(demos: list[Demo], tmp_path: Path, number: int, after: str) -> None:
    demos.append(demo := Demo(tmp_path / "place"))
    wait_until(lambda: after in demo.said if after else any(demo.scratch.iterdir()), lambda: demo.said)

    if number == signal.SIGINT:
        demo.interrupt()
    else:
        os.kill(demo.process.pid, number)

    demo.end(130)


@pytest.mark.parametrize(("module", "name"), [(tempfile, "mkdtemp"), (subprocess, "Popen")])
def test_demo_interrupted_in_the_middle_of_making_something_removes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: ModuleType, name: str
) -> None:
    """Ctrl-C arrives when the folder or the process exists and the demo does not know it yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    created: list[Any] = []
    make = getattr(module, name)

    def make_and_interrupt(*args: Any, **named: Any) -> Any:
        created.append(make(*args, **named))
        os.kill(os.getpid(), signal.SIGINT)
        return created[-1]

    monkeypatch.setattr(module, name, make_and_interrupt)

    with pytest.raises(KeyboardInterrupt), demo_stage.Stage(sandbox=None, once=True):
        pass

    assert len(created) == 1
    assert list(tmp_path.iterdir()) == []
    assert [process for process in created if name == "Popen" and process.poll() is None] == []


def test_killed_demo_leaves_no_process_behind(demos: list[Demo], tmp_path: Path) -> None:
    """The demo cannot stop its processes itself: they notice its end."""
    demos.append(demo := Demo(tmp_path / "place"))
    wait_until(lambda: "Imported" in demo.said, lambda: demo.said)
    together = len(list(demo.command_lines()))

    demo.process.kill()
    demo.process.wait()

    assert together == 3
    wait_until(lambda: not list(demo.command_lines()), lambda: f"{demo.left_behind()} to end")


def test_demo_takes_no_other_daemon_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two demos begin at once, and both find the port free. The other one binds it first and is ready."""
    monkeypatch.setattr(demo_stage, "_START_S", 60.0)
    find = demo_stage._free_port
    with Ready() as other:
        port = int(other.url.rpartition(":")[2])
        monkeypatch.setattr(demo_stage, "_free_port", lambda wanted=0: port if wanted else find())
        with demo_stage.Stage(sandbox=None, once=False) as stage:
            status, _ = stage.fetch(f"{stage.base_url}/ready")

    assert status == 200
    assert stage.base_url != other.url


class Ready(Loopback):
    """The daemon of another demo."""

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        """Answer that it is ready."""
        return 200, b"{}"


def test_demo_without_its_practice_zoom_says_so(demos: list[Demo], tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    demos.append(Demo(tmp_path / "place", "--once", "--sandbox", address))

    assert f"No practice Zoom answers at {address}: start it with zoom-ops sandbox." in demos[0].end(1)
