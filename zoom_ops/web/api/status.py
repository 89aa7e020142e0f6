"""Endpoint of the status of the whole service."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.views.status import load_status, status_json
from .callers import Caller, needs
from .description import answers
from .models.status import Status

router = APIRouter(tags=["status"])


@router.get("/status", responses=answers(200, gives=Status))
def get_status(caller: Annotated[Caller, needs(Scope.RUNS_READ)]) -> Response:
    """Show the process, the accounts, the hosts' changes, the events of today, and what needs a person."""
    return JSONResponse(status_json(load_status(caller.context)), headers={"Cache-Control": "no-store"})
