"""Endpoints of Zoom accounts and their hosts: state, pause, resume."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.admin import accounts
from ...operations.rehearsal.facts import describe_account
from ...operations.views.accounts import show_accounts
from ...operations.views.hosts import HostFilter, describe_host, show_hosts
from .callers import Caller, needs
from .contents import PauseBody, body_as, takes
from .description import BODY, answers
from .models.accounts import AccountDetail, AccountPage, AccountPaused, AccountResumed, HostPage
from .parameters import OwnName, ThePage, answer_rows

router = APIRouter(tags=["accounts"])
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]
TheAccount = Annotated[OwnName, Path(description="The account's name.")]


@router.get("/accounts", responses=answers(200, gives=AccountPage))
def list_accounts(caller: Reading, window: ThePage) -> Response:
    """List the Zoom accounts with their state; for a stopped one, since when and why."""
    return answer_rows(window, "accounts", show_accounts(caller.context))


@router.get("/accounts/{name}", responses=answers(200, 404, gives=AccountDetail))
def get_account(name: TheAccount, caller: Reading) -> Response:
    """Show an account, and what a rehearsal found out about it."""
    return JSONResponse(describe_account(caller.context, name))


@router.get("/hosts", responses=answers(200, gives=HostPage))
def list_hosts(
    caller: Reading,
    window: ThePage,
    account: Annotated[OwnName | None, Query(description="Only the hosts of this account.")] = None,
) -> Response:
    """List the hosts: licence, changes left today, our events, and the webinars that others made there."""
    hosts = show_hosts(caller.context, HostFilter(account=account or ""))
    return answer_rows(window, "hosts", [describe_host(host) for host in hosts])


@router.post(
    "/accounts/{name}/pause",
    responses=answers(200, 404, *BODY, gives=AccountPaused),
    openapi_extra=takes(PauseBody),
)
def pause_account(name: TheAccount, caller: Writing, body: Annotated[PauseBody, body_as(PauseBody)]) -> Response:
    """Pause an account, with a note: no call goes to Zoom, and what needs one waits."""
    accounts.pause_account(caller.context, name, body.note, caller.by)
    return JSONResponse({"name": name, "state": "paused"})


@router.post("/accounts/{name}/resume", responses=answers(200, 404, gives=AccountResumed))
def resume_account(name: TheAccount, caller: Writing) -> Response:
    """End the pause of an account, let a stopped one make a trial call, and return the number of its stops."""
    resumed = accounts.resume_account(caller.context, name, caller.by)
    caller.operations.wake()
    return JSONResponse({"name": name, "was_paused": resumed.was_paused, "stops": resumed.stops})
