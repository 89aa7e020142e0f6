"""The routes of the probes in a process with pages. Liveness is answered before them, by `edge/guard.py`."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from ..dependencies import Services, TheServices, address_of
from .answers import Probes

_NOT_KEPT = {"Cache-Control": "no-store"}
_READ = ["GET", "HEAD"]

router = APIRouter()


@router.api_route("/ready", methods=_READ)
def get_ready(request: Request, services: TheServices) -> Response:
    """Readiness: answer 200 or 503; with the token, also the reason."""
    return _answer(request, services, "/ready")


@router.api_route("/metrics", methods=_READ)
def get_metrics(request: Request, services: TheServices) -> Response:
    """Return the counters and gauges in Prometheus' text format; it takes the token."""
    return _answer(request, services, "/metrics")


def _answer(request: Request, services: Services, path: str) -> Response:
    probes = Probes(is_ready=services.is_ready, metrics=services.metrics, token=services.metrics_token)
    given = request.headers.get("authorization", "")
    answer = probes.answer(path, given)
    if given and answer.status == HTTPStatus.UNAUTHORIZED:
        services.refusals.note("token_wrong", address_of(request))
    return Response(answer.body, answer.status, {**_NOT_KEPT, **dict(answer.more), "Content-Type": answer.kind})
