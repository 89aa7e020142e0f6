"""The routes of the probes in a process with pages: liveness, readiness, metrics."""

from fastapi import APIRouter, Response

from ..dependencies import Services, TheServices
from .answers import Probes

_NOT_KEPT = {"Cache-Control": "no-store"}
_READ = ["GET", "HEAD"]

router = APIRouter()


@router.api_route("/health", methods=_READ)
def get_health(services: TheServices) -> Response:
    """Liveness: answer 200 while the process serves requests."""
    return _answer(services, "/health")


@router.api_route("/ready", methods=_READ)
def get_ready(services: TheServices) -> Response:
    """Readiness: answer 200, or 503 with the reason."""
    return _answer(services, "/ready")


@router.api_route("/metrics", methods=_READ)
def get_metrics(services: TheServices) -> Response:
    """Return the counters and gauges in Prometheus' text format."""
    return _answer(services, "/metrics")


def _answer(services: Services, path: str) -> Response:
    answer = Probes(is_ready=services.is_ready, metrics=services.metrics).answer(path)
    return Response(answer.body, answer.status, {**_NOT_KEPT, "Content-Type": answer.kind})
