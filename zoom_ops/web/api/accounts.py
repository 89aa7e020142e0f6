"""Endpoints of Zoom accounts: their state, resume."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.admin.accounts import resume_account
from ...operations.views.accounts import show_accounts
from .callers import Caller, needs
from .description import answers, list_of
from .parameters import OwnName

router = APIRouter(tags=["accounts"])
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]


@router.get("/accounts", responses=answers(200, gives=list_of("accounts")))
def list_all(caller: Reading) -> Response:
    """List the Zoom accounts with their state; for a stopped one, since when and why."""
    return JSONResponse({"accounts": show_accounts(caller.context)})


@router.post("/accounts/{name}/resume", responses=answers(200, 400, 404))
def resume(name: Annotated[OwnName, Path(description="The account's name.")], caller: Writing) -> Response:
    """Let a stopped account make a trial call, and return the number of its stops."""
    stops = resume_account(caller.context, name, caller.by)
    caller.operations.wake()
    return JSONResponse({"name": name, "stops": stops})
