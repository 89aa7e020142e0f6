"""One container of a cluster, with its faults."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.compose.engine import Engine
from tests.compose.project import NAME
from tests.waiting import wait_until

NETWORK = f"{NAME}_default"
READY_S = 180.0
_POLICY_S = 5.0  # a restart policy that works has restarted a killed container within this time
_ASK_READY = """
import json, os, urllib.error, urllib.request
token = {"Authorization": "Bearer " + os.environ["ZOOM_OPS_METRICS_TOKEN"]}
try:
    answer = urllib.request.urlopen(urllib.request.Request("http://127.0.0.1:8000/ready", headers=token), timeout=5)
except urllib.error.HTTPError as error:
    answer = error
except OSError as error:
    print(json.dumps([0, str(error)]))
    raise SystemExit
print(json.dumps([answer.status, json.load(answer).get("reason", "ready")]))
"""


@dataclass(frozen=True, kw_only=True)
class Container:
    """A container; its name and number stay when it is started again."""

    id: str
    name: str
    engine: Engine

    @property
    def state(self) -> Any:
        """Whether it runs, since when, and how it ended."""
        return self.engine.inspect(self.id)["State"]

    @property
    def version(self) -> str:
        """The version in its image."""
        return self.engine.container("exec", self.id, "zoom-ops", "--version").strip()

    @property
    def log(self) -> str:
        """Its log so far."""
        return self.engine.log(self.id)

    def ask_ready(self) -> tuple[int, str]:
        """Request its readiness from inside: the status, 0 without an answer, and the sentence."""
        with suppress(AssertionError):  # it is not running, or ended meanwhile
            status, sentence = json.loads(self.engine.container("exec", self.id, "python", "-c", _ASK_READY))
            return int(status), str(sentence)
        return 0, "It does not run."

    def wait_ready(self) -> float:
        """Wait until it is ready; return how many seconds that took."""
        began = time.monotonic()
        wait_until(lambda: self.ask_ready()[0] == 200, lambda: f"{self.name}: {self.ask_ready()}", patience_s=READY_S)
        return time.monotonic() - began

    def kill(self) -> str:
        """Kill it, like a machine that loses its power, and wait for its restart; return what restarted it."""
        before = self.state["StartedAt"]
        self.engine.container("kill", "--signal", "KILL", self.id)
        with suppress(AssertionError):
            wait_until(lambda: self._runs_since_after(before), "the restart policy", patience_s=_POLICY_S, every_s=0.5)
            return "the restart policy"
        self.engine.container("start", self.id)
        return "this script"

    def freeze(self) -> None:
        """Freeze it at any point."""
        self.engine.container("pause", self.id)

    def thaw(self) -> None:
        """Let it go on after a freeze."""
        self.engine.container("unpause", self.id)

    def cut_off(self) -> None:
        """Take it off the network."""
        self.engine.container("network", "disconnect", NETWORK, self.id)

    def put_back(self) -> None:
        """Put it back onto the network."""
        self.engine.container("network", "connect", NETWORK, self.id)

    def stop(self) -> tuple[float, int]:
        """Ask it to stop; return how many seconds that took, and its exit code."""
        began = time.monotonic()
        self.engine.container("stop", self.id)
        return time.monotonic() - began, int(self.state["ExitCode"])

    def _runs_since_after(self, before: str) -> bool:
        state = self.state
        return bool(state["Running"]) and state["StartedAt"] != before
