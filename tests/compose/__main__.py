"""Prove docker-compose.yml's profile `cluster` with real containers, and print one table: `python -m tests.compose`.

It needs a container engine, port 4100 and two others, and about ten minutes. COMPOSE names the command that runs
compose (`docker compose`), CONTAINER the one for single containers (`docker`). The command ends with 1 if a line of the
table is wrong or a wait fails. The two images that it builds stay, for `--images`.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import requests

from tests.compose.cluster import cluster
from tests.compose.engine import Engine
from tests.compose.logs import count_lines, ends_of, write_logs
from tests.compose.project import ROOT, ZOOM_URL, copy_sources, make_project, variables
from tests.compose.story import Scene, come_up, hold_amid_trouble, look_back, show_demo, work_amid_trouble
from tests.compose.table import Line, table_of, took
from tests.integration.service import PracticeZoom
from tests.loopback import free_port
from zoom_ops import __version__

_FIRST, _NEXT = "zoom-ops:proof", "zoom-ops:proof-next"
_STORY: tuple[Callable[[Scene], Iterator[Line]], ...] = (
    come_up,
    show_demo,
    work_amid_trouble,
    hold_amid_trouble,
    look_back,
)


def main() -> int:
    """Build, run the story and print the table; return 0 if all of it is right, else 1."""
    options = _arguments().parse_args()
    began, lines = time.monotonic(), list[Line]()
    with tempfile.TemporaryDirectory(prefix="zoom-ops-compose-") as place:
        engine = _engine(Path(place) / "project")
        first, following = options.images or _build(engine, Path(place) / "next")
        failed = _tell(engine, first, following, lines, options.logs)
    lines.append(took("in all", time.monotonic() - began))
    _say(table_of(lines))
    return 1 if failed or not all(line.right for line in lines) else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.compose", description="Prove docker-compose.yml.")
    parser.add_argument("--images", nargs=2, metavar="IMAGE", help="built already: one, and another version of it")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="write there what each container said")
    return parser


def _engine(folder: Path) -> Engine:
    folder.mkdir()
    make_project(folder)
    return Engine(
        compose_command=tuple(shlex.split(os.environ.get("COMPOSE", "docker compose"))),
        container_command=tuple(shlex.split(os.environ.get("CONTAINER", "docker"))),
        folder=folder,
        environ=variables(os.environ, (free_port(), free_port())),
    )


def _build(engine: Engine, folder: Path) -> tuple[str, str]:
    """Build the image as it is, and another version of it."""
    folder.mkdir()
    copy_sources(folder, f"{__version__}+next")
    for tag, sources in ((_FIRST, ROOT), (_NEXT, folder)):
        _say(f"Building {tag}…")
        engine.container("build", "--tag", tag, str(sources))
    return _FIRST, _NEXT


def _tell(engine: Engine, first: str, following: str, lines: list[Line], logs: Path | None) -> bool:
    """Run the story and add its lines, each printed as soon as it is known; return whether it broke off."""
    ports = (engine.environ["WEB_1_PORT"], engine.environ["WEB_2_PORT"])
    with cluster(engine, first) as running:
        scene = Scene(
            cluster=running,
            zoom=PracticeZoom(ZOOM_URL),
            webs=[f"http://localhost:{port}" for port in ports],
            next_image=following,
        )
        failed = _follow(scene, lines)
        texts = running.logs()
        lines.extend(count_lines(texts))
        if logs:
            write_logs(logs, texts)
        if failed or not all(line.right for line in lines):
            _say(ends_of(texts))
        _say(running.show())
    return failed


def _follow(scene: Scene, lines: list[Line]) -> bool:
    for tell in _STORY:
        try:
            for line in tell(scene):
                lines.append(line)
                _say("  ".join(line.cells()).rstrip())
        except (AssertionError, requests.RequestException, subprocess.TimeoutExpired) as error:
            _say(f"It broke off: {error}")
            return True
        if tell is come_up:
            _say(scene.cluster.show())
    return False


def _say(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
