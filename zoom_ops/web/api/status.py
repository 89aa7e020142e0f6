"""Endpoints of the state of the whole service, and of its backups."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.views.backups.listing import backups_json, load_backups
from ...operations.views.status import load_status, status_json
from .callers import Caller, needs
from .description import answers
from .models.backups import BackupList
from .models.status import Status

router = APIRouter(tags=["status"])


@router.get("/status", responses=answers(200, gives=Status))
def get_status(caller: Annotated[Caller, needs(Scope.RUNS_READ)]) -> Response:
    """Show the process, the accounts, the hosts' changes, the events of today, and what needs a person."""
    return JSONResponse(status_json(load_status(caller.context)), headers={"Cache-Control": "no-store"})


@router.get("/backups", responses=answers(200, gives=BackupList))
def get_backups(caller: Annotated[Caller, needs(Scope.RUNS_READ)]) -> Response:
    """List the backups of the database, and say whether they are made as they should be."""
    found = load_backups(caller.context, caller.operations.jobs)
    return JSONResponse(backups_json(found), headers={"Cache-Control": "no-store"})
