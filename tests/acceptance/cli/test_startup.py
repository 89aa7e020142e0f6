"""A command that lists records starts quickly: it does not import the Zoom client or the web pages."""

import subprocess
import sys
from pathlib import Path

from tests.acceptance.installation import a_clean_environment
from tests.root import ROOT

LISTS = (["events", "list"], ["runs"], ["jobs"], ["alerts"])
OF_OTHERS = {"PIL", "alembic", "apscheduler", "authlib", "cryptography", "requests"}
NOT_NEEDED = OF_OTHERS | {"zoom_ops.announcements", "zoom_ops.zoom", "zoom_ops.web"}
PROGRAM = """
import sys
from zoom_ops.cli.main import app
for command in {commands}:
    app(command, standalone_mode=False)
print("loaded", *sys.modules)
"""


def test_lists_load_nothing_that_they_do_not_need(tmp_path: Path) -> None:
    assert "alembic" in loaded_by(tmp_path, LISTS[:1])  # the first command creates the tables

    assert NOT_NEEDED.isdisjoint(loaded_by(tmp_path, LISTS))


def loaded_by(data: Path, commands: tuple[list[str], ...]) -> list[str]:
    """Run commands in a new process and return the modules that it has loaded at the end."""
    folders = {"DATA_DIR": data, "JOBS_DIR": ROOT / "jobs", "CONFIG_DIR": ROOT / "config"}
    environment = a_clean_environment() | {f"ZOOM_OPS_{name}": str(folder) for name, folder in folders.items()}
    program = [sys.executable, "-c", PROGRAM.format(commands=list(commands))]
    ended = subprocess.run(program, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return ended.stdout.rpartition("loaded ")[2].split()
