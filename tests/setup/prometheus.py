"""Prometheus and promtool, for the tests of the metrics, the alerts and the dashboard.

Debian's packages are unpacked beside the packages of the tests (33 MB to fetch, 172 MB unpacked). Installed, they would
start a service and bring what its pages need.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.loopback import free_port
from tests.root import ROOT
from tests.waiting import wait_until

ALERTS = ROOT / "deploy/prometheus/alerts.yml"
FOLDER = Path(sys.prefix) / "prometheus"
NAMES = ("prometheus", "promtool")
_QUIET = ("-qq", "-o", "APT::Sandbox::User=root")


class Prometheus:
    """A running Prometheus that asks one process for its metrics ten times a second."""

    def __init__(self, url: str, log: Path) -> None:
        self._url, self._log = url, log

    def ask(self, path: str, **query: str) -> Any:
        """Ask its API; return the data of the answer."""
        answer = requests.get(f"{self._url}/api/v1/{path}", params=query, timeout=10).json()
        assert answer["status"] == "success", f"{query}: {answer}"
        return answer["data"]

    def wait_for(self, expression: str) -> None:
        """Wait until an expression has a value."""
        wait_until(lambda: self._answers() and self.ask("query", query=expression)["result"], self._log.read_text)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self._url}/-/ready", timeout=10).ok
        except requests.ConnectionError:
            return False


def find_prometheus() -> Path | None:
    """Find the folder that holds both programs: one of PATH, else ours; or None."""
    folders = [Path(folder) for folder in os.get_exec_path()] + [FOLDER / "usr/bin"]
    return next((folder for folder in folders if all((folder / name).exists() for name in NAMES)), None)


def install_prometheus() -> int:
    """Unpack both programs where they are missing; return an exit code. It needs no root, but apt's lists."""
    if find_prometheus():
        return 0
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        sys.stderr.write("This machine lacks prometheus with promtool: please put both on the PATH, then make again.\n")
        return 1
    sys.stdout.write("Unpacking prometheus and promtool (apt-get download, once)...\n")
    with tempfile.TemporaryDirectory() as folder:
        if not _download(folder):
            _update()
            if not _download(folder):
                sys.stderr.write("apt-get has no prometheus and promtool; run sudo apt-get update, then make again.\n")
                return 1
        FOLDER.mkdir(parents=True, exist_ok=True)
        for package in Path(folder).glob("*.deb"):
            subprocess.run(("dpkg-deb", "--extract", package, FOLDER), check=True)
    return 0 if find_prometheus() else 1


@contextmanager
def run_prometheus(programs: Path, folder: Path, target: str) -> Iterator[Prometheus]:
    """Run a Prometheus with our alerts that asks `target` (host:port); it keeps its data in `folder`.

    It looks for its targets 5 seconds after its start, and nothing makes it sooner: start it before what it asks.
    """
    listens, log = f"127.0.0.1:{free_port()}", folder / "prometheus.log"
    example = yaml.safe_load((ALERTS.parent / "prometheus.yml").read_text("utf-8"))
    example["global"] = {"scrape_interval": "100ms", "evaluation_interval": "100ms"}
    example["rule_files"] = [str(ALERTS)]
    example["scrape_configs"][0]["static_configs"] = [{"targets": [target]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(example), "utf-8")
    options = {"config.file": "prometheus.yml", "storage.tsdb.path": "data", "web.listen-address": listens}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "prometheus", *(f"--{name}={value}" for name, value in options.items())],
            cwd=folder, stdout=output, stderr=output,
        )  # fmt: skip
        try:
            yield Prometheus(f"http://{listens}", log)
        finally:
            process.kill()
            process.wait(timeout=10)


def promtool(programs: Path, *arguments: str, given: bytes = b"") -> str:
    """Run promtool beside the alerts; return what it says. It has to be content."""
    command = [programs / "promtool", *arguments]
    ended = subprocess.run(command, input=given, cwd=ALERTS.parent, capture_output=True, check=False)
    said = (ended.stdout + ended.stderr).decode()
    assert ended.returncode == 0, said
    return said


def _download(folder: str) -> bool:
    """Download the packages. Before promtool had a package of its own, it was in that of Prometheus."""
    codes = [
        subprocess.run(
            ("apt-get", *_QUIET, "download", name), cwd=folder, stderr=subprocess.DEVNULL, check=False
        ).returncode
        for name in NAMES
    ]
    return codes[0] == 0


def _update() -> None:
    if os.geteuid() == 0 or shutil.which("sudo"):
        root = () if os.geteuid() == 0 else ("sudo", "-n")
        subprocess.run((*root, "apt-get", "-qq", "update"), check=False)
