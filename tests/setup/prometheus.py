"""Prometheus and promtool, for the tests of the metrics, the alerts and the dashboard."""

import re
import subprocess
import time
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
_SERIES, _LABELLED = re.compile(r"(\w+)(?:\{(.*)\})?"), r'\1{job="zoom_ops",instance="a:8000",\2}'


class Prometheus:
    """A running Prometheus."""

    def __init__(self, url: str, log: Path) -> None:
        self._url, self._log = url, log

    def ask(self, path: str, **query: str) -> Any:
        """Ask its API; return the data of the answer."""
        answer = requests.get(f"{self._url}/api/v1/{path}", params=query, timeout=60).json()
        assert answer["status"] == "success", f"{query}: {answer}"
        return answer["data"]

    def wait_for(self, expression: str) -> None:
        """Wait until an expression has a value."""
        wait_until(lambda: self._answers() and self.ask("query", query=expression)["result"], self._log.read_text)

    def wait_for_rules(self) -> list[Any]:
        """Wait until every rule has been evaluated; return the rules in order."""
        rules: list[Any] = []

        def are_evaluated() -> bool:
            rules[:] = [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]
            return all(rule["health"] != "unknown" for rule in rules)

        wait_until(are_evaluated, self._log.read_text)
        return rules

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self._url}/-/ready", timeout=60).ok
        except requests.ConnectionError:
            return False


@contextmanager
def run_prometheus(programs: Path, folder: Path, scraped: bytes) -> Iterator[Prometheus]:
    """Run a Prometheus with our alerts that holds what was scraped, as of now; it keeps its data in `folder`.

    It is given its data: after its start it would ask nobody for five seconds, and nothing makes it sooner.
    """
    (folder / "scraped.om").write_text(_as_openmetrics(scraped.decode(), time.time()), "utf-8")
    promtool(programs, "tsdb", "create-blocks-from", "openmetrics", folder / "scraped.om", folder / "data")
    listens, log = f"127.0.0.1:{free_port()}", folder / "prometheus.log"
    rules = {"global": {"evaluation_interval": "100ms"}, "rule_files": [str(ALERTS)]}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(rules), "utf-8")
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
            process.wait(timeout=60)


def _as_openmetrics(scraped: str, at: float) -> str:
    """Write what was scraped as two scrapes of the job `zoom_ops`, a minute apart; its target answers."""
    samples = (line.rpartition(" ") for line in (*scraped.splitlines(), "up 1") if line and line[0] != "#")
    lines = (
        f"{_SERIES.sub(_LABELLED, series)} {value} {moment:.3f}\n"
        for series, _, value in samples
        for moment in (at - 60, at)
    )
    return "".join(lines) + "# EOF\n"


def promtool(programs: Path, *arguments: str | Path, given: bytes = b"") -> str:
    """Run promtool beside the alerts; return what it says. It has to be content."""
    command = [programs / "promtool", *arguments]
    ended = subprocess.run(command, input=given, cwd=ALERTS.parent, capture_output=True, check=False)
    said = (ended.stdout + ended.stderr).decode()
    assert ended.returncode == 0, said
    return said
