"""The recipe of docs/sandbox.md works by copying: from an empty folder to a recording on the page. Some ten seconds."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.acceptance.installation import PATIENCE_S, PROGRAM, a_clean_environment
from tests.docs.pages import ROOT, iter_blocks, read, section
from tests.loopback import free_port
from tests.waiting import wait_until

PAGE = section(read(ROOT / "docs" / "sandbox.md"), "## From nothing to a recording")


@pytest.mark.long  # nine seconds; test_demo_secrets.py goes from nothing to a recording each time
@pytest.mark.process
def test_recipe_of_sandbox_page_ends_with_a_recording(tmp_path: Path) -> None:
    zoom, listen = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    elsewhere = f"zoom-ops init --sandbox http://{zoom} --listen {listen} "  # its own ports may be in use here
    set_up, start, import_, hold = (
        block.replace("zoom-ops init ", elsewhere).replace("127.0.0.1:4100", zoom) for block in iter_blocks(PAGE, "sh")
    )
    event = (
        next(word for word in PAGE.split() if "/events/practice" in word).strip("<>").replace("127.0.0.1:8000", listen)
    )

    run(tmp_path, set_up)
    with running(tmp_path, start):
        wait_until(
            lambda: answers(f"http://{zoom}/_sandbox/state") and answers(f"http://{listen}/ready"), lambda: "start"
        )
        shown = run(tmp_path, import_)
        wait_until(lambda: webinars(zoom), lambda: shown)
        run(tmp_path, hold)
        wait_until(lambda: f"{event}/recording" in requests.get(event, timeout=60).text, lambda: event)

    assert "Practice Town Hall" in shown


def run(folder: Path, commands: str) -> str:
    """Run commands as somebody who copies them."""
    return subprocess.run(
        ["bash", "-e"], input=commands, cwd=folder, env=environment(folder), capture_output=True, text=True, check=True,
        timeout=PATIENCE_S,
    ).stdout  # fmt: skip


@contextmanager
def running(folder: Path, commands: str) -> Iterator[None]:
    """Run commands in the background, and end them with the block."""
    process = subprocess.Popen(
        ["bash", "-c", f"{commands}\nwait"], cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE_S)


def environment(folder: Path) -> dict[str, str]:
    """Build an environment with a home and a path of its own."""
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    return a_clean_environment() | {"HOME": str(folder / "home"), "PATH": path, "PYTHONPATH": str(ROOT)}


def answers(url: str) -> bool:
    """Return whether an address answers well."""
    try:
        return requests.get(url, timeout=60).ok
    except requests.ConnectionError:
        return False


def webinars(zoom: str) -> bool:
    """Return whether the practice Zoom has a webinar with panelists."""
    state = requests.get(f"http://{zoom}/_sandbox/state", timeout=60).json()
    return any(webinar["panelists"] for webinar in state["webinars"])
