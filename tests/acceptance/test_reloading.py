"""A real daemon reads its files again: on SIGHUP and by itself."""

import json
import os
import shutil
import signal

from tests.acceptance.installation import Installation
from tests.acceptance.programme import an_entry
from tests.root import ROOT
from tests.waiting import wait_until


def test_daemon_takes_in_right_files_and_refuses_wrong_ones(installation: Installation) -> None:
    shutil.copytree(ROOT / "config" / "profiles", installation.folder / "config" / "profiles")
    installation.write("config/profiles/town-hall.toml", "")
    installation.write("events.json", json.dumps([an_entry(1, profile="town-hall")]))
    installation.run("events", "import", "events.json")
    (installation.folder / "config/profiles/town-hall.toml").unlink()
    with installation.daemon() as daemon:
        wait_until(lambda: bool(daemon.lines("run_park")), lambda: daemon.log)

        installation.write("config/profiles/town-hall.toml", "")
        os.kill(daemon.process.pid or 0, signal.SIGHUP)
        wait_until(lambda: len(installation.zoom.webinars()) == 1, lambda: daemon.log)
        equal = installation.run("config", "diff").out
        installation.write("config/profiles/town-hall.toml", "bufer_minutes = 1")  # no signal
        wait_until(lambda: bool(daemon.lines("configuration_refused")), lambda: daemon.log)
        wait_until(lambda: "configuration_refused" in installation.run("alerts", "--json").out, lambda: daemon.log)
        daemon.stop()

    assert "It has what the files say." in equal
    assert "town-hall.toml:1: There is no key" in daemon.log
