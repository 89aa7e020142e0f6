"""What machines ask: does the process answer, is it ready for work, how is it doing."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from .dependencies import TheServices

_NOT_KEPT = {"Cache-Control": "no-store"}
_READ = ["GET", "HEAD"]

router = APIRouter()


@router.api_route("/health", methods=_READ)
def get_health() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


@router.api_route("/ready", methods=_READ)
def get_ready(services: TheServices) -> Response:
    """Say whether the service can work, with 503 and the sentence why not."""
    ready, reason = services.is_ready()
    answer = {"ready": ready} if ready else {"ready": ready, "reason": reason}
    return JSONResponse(answer, 200 if ready else 503, _NOT_KEPT)


@router.api_route("/metrics", methods=_READ)
def get_metrics(services: TheServices) -> Response:
    """Give the counters and gauges in Prometheus' text format."""
    return Response(services.metrics(), headers={**_NOT_KEPT, "Content-Type": CONTENT_TYPE_LATEST})
