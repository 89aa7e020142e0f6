"""A system leaves no process behind, however it ends."""

import os
import signal
from pathlib import Path

import requests

from tests.homes.systems.starting import Starting
from tests.waiting import wait_until


def test_stopped_system_answers_no_more(tmp_path: Path) -> None:
    starting = Starting("kinto", tmp_path / "kinto")
    running = starting.wait()
    assert _answers(running.url)

    starting.stop()

    assert not _answers(running.url)


def test_killed_system_takes_its_programs_with_it(tmp_path: Path) -> None:
    starting = Starting("kinto", tmp_path / "kinto")
    running = starting.wait()

    os.kill(int((tmp_path / "kinto/pid").read_text("utf-8")), signal.SIGKILL)

    wait_until(lambda: not _answers(running.url), "the end of Kinto")
    starting.stop()


def test_second_start_in_a_folder_replaces_the_first(tmp_path: Path) -> None:
    first = Starting("kinto", tmp_path / "kinto")
    before = first.wait()
    second = Starting("kinto", tmp_path / "kinto")
    after = second.wait()

    assert not _answers(before.url)
    assert _answers(after.url)
    second.stop()
    first.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/", timeout=10).ok
    except requests.ConnectionError:
        return False
