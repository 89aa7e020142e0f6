"""A test run with tests that start processes: turns, second runs, output, checked on a few bad tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.root import ROOT

pytestmark = [pytest.mark.process, pytest.mark.long]  # three processes read all that our tests use: 13 s

TESTS = """
import time
from pathlib import Path

import pytest

MET, NOTES = Path(__file__).with_name("met"), Path(__file__).with_name("notes")


def note(what):
    with NOTES.open("a") as notes:
        notes.write(what + "\\n")


def test_plain():
    assert False, "as it is"


@pytest.mark.process
def test_at_first():
    if not MET.exists():
        MET.touch()
        print("what it said before")
        raise AssertionError("only at first")
    note("alone begins")
    time.sleep(0.3)
    note("alone ends")


@pytest.mark.process
@pytest.mark.parametrize("number", range(3))
def test_beside(number):
    note(f"{number} begins")
    time.sleep(0.2)
    note(f"{number} ends")


@pytest.mark.parametrize("number", range(3))
def test_in_process(number):
    note(f"in process {number} begins")
    time.sleep(0.1)
    note(f"in process {number} ends")


@pytest.mark.alone
@pytest.mark.process
def test_measures():
    note("measures begins")
    time.sleep(0.3)
    note("measures ends")


@pytest.mark.process
def test_twice():
    raise AssertionError("each time")


@pytest.mark.process
@pytest.mark.timeout(1)
def test_hangs():
    time.sleep(600)
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_starts_processes_is_run_again_alone_and_nothing_is_caught_in_silence(
    tmp_path: Path, workers: str
) -> None:
    output = run(tmp_path, TESTS, "--numprocesses", workers)

    assert "3 failed, 8 passed, 3 rerun" in output
    for name, why in (("plain", "as it is"), ("twice", "each time"), ("hangs", "Timeout")):
        assert f"\nfailed: test_it.py::test_{name}: " in output
        assert f"\nFAILED test_it.py::test_{name}" in output
        assert why in output
    assert "\nrun again, alone: test_it.py::test_at_first: AssertionError: only at first" in output
    assert "\nwhat it said before\n" in output
    assert "\ndatabases" not in output
    closing = next(line for line in output.splitlines() if line.startswith("run again: ") and "," in line)
    assert sorted(closing.removeprefix("run again: ").split(", ")) == [
        f"test_it.py::test_{name}" for name in ("at_first", "hangs", "twice")
    ]
    notes = (tmp_path / "notes").read_text("utf-8").splitlines()
    for what in ("alone", "measures"):
        assert notes[notes.index(f"{what} begins") + 1] == f"{what} ends"
    assert not list(tmp_path.glob("zoom_ops-turns-*"))


def run(folder: Path, tests: str, *options: str) -> str:
    """Run tests in the same way as ours, in a folder of their own; return the output."""
    (folder / "test_it.py").write_text(tests, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nconsole_output_style = classic\naddopts = -p no:warnings\n", "utf-8")
    names = [name for name in os.environ if name.startswith("PYTEST_")]
    environment = {name: value for name, value in os.environ.items() if name not in names}
    completed = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", *options],
        cwd=folder, env=environment | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    return completed.stdout + completed.stderr
