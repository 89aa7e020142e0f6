"""What a process says of itself at `/health`, `/ready` and `/metrics`, with pages and without."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST

LIVENESS = "/health"
PATHS = (LIVENESS, "/ready", "/metrics")
_JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class ProbeAnswer:
    """The answer to a probe. No cache may keep it."""

    status: int
    kind: str  # the content type
    body: bytes
    more: tuple[tuple[str, str], ...] = ()  # headers


@dataclass(frozen=True, kw_only=True)
class Probes:
    """Answers the probes of a process. Only who has the `token` gets metrics and reasons; without one nobody does."""

    is_ready: Callable[[], tuple[bool, str]]  # with the reason if it is not ready
    metrics: Callable[[], bytes]  # in Prometheus' text format
    token: str | None = field(default=None, repr=False)

    def answer(self, path: str, authorization: str = "") -> ProbeAnswer:
        """Answer the probe at one of `PATHS`: liveness, readiness, or metrics. `authorization`: the header."""
        if path == LIVENESS:
            return ALIVE
        knows = self._is_known(authorization)
        if path == "/metrics":
            return ProbeAnswer(status=200, kind=CONTENT_TYPE_LATEST, body=self.metrics()) if knows else _WITHOUT_TOKEN
        ready, reason = self.is_ready()
        if ready:
            return _say(200, {"ready": True})
        return _say(503, {"ready": False, "reason": reason} if knows else {"ready": False})

    def _is_known(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        is_bearer = scheme.lower() == "bearer" and self.token is not None
        return is_bearer and hmac.compare_digest(given.strip().encode(), str(self.token).encode())


_WITHOUT_TOKEN = ProbeAnswer(
    status=401,
    kind="text/plain; charset=utf-8",
    body=b"Send the token of ZOOM_OPS_METRICS_TOKEN: Authorization: Bearer TOKEN\n",
    more=(("WWW-Authenticate", "Bearer"),),
)


def _say(status: int, document: dict[str, object]) -> ProbeAnswer:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return ProbeAnswer(status=status, kind=_JSON, body=body)


ALIVE = _say(200, {"status": "ok"})
"""The answer at `LIVENESS`: the process serves requests."""
