"""Probes: liveness, readiness, metrics."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from .dependencies import TheServices

_NOT_KEPT = {"Cache-Control": "no-store"}
_READ = ["GET", "HEAD"]

router = APIRouter()


@router.api_route("/health", methods=_READ)
def get_health() -> Response:
    """Liveness: answer 200 while the process serves requests."""
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


@router.api_route("/ready", methods=_READ)
def get_ready(services: TheServices) -> Response:
    """Readiness: answer 200, or 503 with the reason."""
    ready, reason = services.is_ready()
    answer = {"ready": ready} if ready else {"ready": ready, "reason": reason}
    return JSONResponse(answer, 200 if ready else 503, _NOT_KEPT)


@router.api_route("/metrics", methods=_READ)
def get_metrics(services: TheServices) -> Response:
    """Return the counters and gauges in Prometheus' text format."""
    return Response(services.metrics(), headers={**_NOT_KEPT, "Content-Type": CONTENT_TYPE_LATEST})
