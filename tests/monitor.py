"""Monitors of silence: a real HTTP server that answers as Healthchecks does, and as Cronitor does.

What it answers was recorded from Healthchecks 4 (`/ping/<uuid>`: 200 OK, 404 not found, 400 invalid uuid format), and
follows https://cronitor.io/docs/telemetry-api (200 whatever comes).
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from tests.loopback import Asked, Loopback

CHECK = "d468fc28-0744-46bf-ba11-5122b954a7e6"
_STATES = {"run": "start", "complete": "success", "fail": "fail"}


@dataclass(frozen=True, kw_only=True)
class Pinged:
    """A ping that was taken."""

    signal: str  # start, success, fail, log
    round_id: str
    text: str


class MonitorServer(Loopback):
    """Takes the pings of one check, at `healthchecks_url` and at `cronitor_url`."""

    def __init__(self) -> None:
        super().__init__()
        self.pinged: list[Pinged] = []
        self.asked: list[Asked] = []
        self.refusal: tuple[int, bytes] | None = None  # what a test lets it answer instead
        self.healthchecks_url = f"{self.url}/ping/{CHECK}"
        self.cronitor_url = f"cronitor+{self.url}/p/key/zoom_ops"

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        """Take a ping, or refuse it."""
        self.asked.append(asked)
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.refusal:
            return self.refusal
        if parts.path == "/p/key/zoom_ops":
            signal = _STATES[query["state"]]
            self.pinged.append(Pinged(signal=signal, round_id=query["series"], text=query.get("message", "")))
            return 200, b""
        match = re.fullmatch(rf"/ping/{CHECK}(?:/(start|fail|log))?", parts.path)
        if not match:
            return 404, b"not found"
        if str(UUID(query["rid"])) != query["rid"]:
            return 400, b"invalid uuid format"
        self.pinged.append(Pinged(signal=match[1] or "success", round_id=query["rid"], text=asked.body.decode()))
        return 200, b"OK"

    @property
    def signals(self) -> list[str]:
        """The signals that were taken, in order."""
        return [ping.signal for ping in self.pinged]
