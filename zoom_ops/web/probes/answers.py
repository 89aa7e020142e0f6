"""What a process says of itself at `/health`, `/ready` and `/metrics`, with pages and without."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST

PATHS = ("/health", "/ready", "/metrics")
_JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class ProbeAnswer:
    """The answer to a probe. No cache may keep it."""

    status: int
    kind: str  # the content type
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Probes:
    """Answers the probes of a process."""

    is_ready: Callable[[], tuple[bool, str]]  # with the reason if it is not ready
    metrics: Callable[[], bytes]  # in Prometheus' text format

    def answer(self, path: str) -> ProbeAnswer:
        """Answer the probe at one of `PATHS`: liveness, readiness with the reason, or metrics."""
        if path == "/metrics":
            return ProbeAnswer(status=200, kind=CONTENT_TYPE_LATEST, body=self.metrics())
        if path == "/health":
            return _say(200, {"status": "ok"})
        ready, reason = self.is_ready()
        return _say(200, {"ready": True}) if ready else _say(503, {"ready": False, "reason": reason})


def _say(status: int, document: dict[str, object]) -> ProbeAnswer:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return ProbeAnswer(status=status, kind=_JSON, body=body)
