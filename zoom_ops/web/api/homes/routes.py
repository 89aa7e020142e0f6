"""Endpoints of homes: list, check, pull; the records of an event there, and what is decided about links."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ....identity import Scope
from ....operations.homes import admin
from ....operations.homes.renewing import renew_keys_of_event, renew_keys_of_home
from ....operations.reconcile.link_decisions import leave_links, restore_links
from ..callers import Caller, needs
from ..contents import RequestBody, body_as, takes
from ..description import BODY, answers
from ..models.homes import HomeChecked, HomeKeysRenewed, HomePage, HomeRecordPage, LinksDecided
from ..models.runs import RunsRequested
from ..once import once
from ..parameters import EventId, OwnName, ThePage, answer_rows

router = APIRouter(tags=["homes"])
TheHome = Annotated[OwnName, Path(description="The home's name.")]
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]


class PullBody(RequestBody):
    """The options of a pull."""

    take: str | None = Field(
        default=None, max_length=300, description="The home's id of a record that is taken, whatever left it out."
    )
    moved: bool = Field(default=False, description="Whether its file names a new address of the same system.")


@router.get("/homes", responses=answers(200, gives=HomePage))
def list_homes(caller: Reading, window: ThePage) -> Response:
    """List the homes, with when they were read last and what came of it."""
    return answer_rows(window, "homes", admin.show_homes(caller.context))


@router.post("/homes/{name}/check", responses=answers(200, 404, gives=HomeChecked))
def check_home(name: TheHome, caller: Writing) -> Response:
    """Try what a home needs, and return a sentence for each; the request lasts until the home has answered."""
    return JSONResponse({"home": name, "findings": admin.check_home(caller.context, name)})


@router.post(
    "/homes/{name}/pull",
    status_code=202,
    responses=answers(202, 404, 409, *BODY, gives=RunsRequested),
    openapi_extra=takes(PullBody),
)
@once
def pull_home(name: TheHome, caller: Writing, body: Annotated[PullBody, body_as(PullBody)]) -> Response:
    """Read what changed in a home now, and return the numbers of the runs. `GET /runs/{run}` follows a run."""
    runs = admin.ask_for_pull(caller.context, name, caller.by, take=body.take, moved=body.moved)
    caller.operations.wake()
    return JSONResponse({"runs": list(runs)}, 202)


@router.get("/events/{event_id}/homes", responses=answers(200, 404, gives=HomeRecordPage))
def list_event_homes(event_id: EventId, caller: Reading, window: ThePage) -> Response:
    """List the records of an event in its homes, and its links there."""
    return answer_rows(window, "records", admin.show_event_homes(caller.context, event_id))


@router.post("/events/{event_id}/homes/restore", responses=answers(200, 404, 422, gives=LinksDecided))
def restore_event_links(event_id: EventId, caller: Writing) -> Response:
    """Write our links of an event again where people changed or removed them in a home."""
    return _decide(restore_links, event_id, caller)


@router.post("/events/{event_id}/homes/leave", responses=answers(200, 404, 422, gives=LinksDecided))
def leave_event_links(event_id: EventId, caller: Writing) -> Response:
    """Leave the links of an event as people changed them in a home: nobody is asked again."""
    return _decide(leave_links, event_id, caller)


@router.post("/events/{event_id}/homes/renew", responses=answers(200, 404, 422, gives=LinksDecided))
def renew_event_keys(event_id: EventId, caller: Writing) -> Response:
    """Renew the keys of an event's links for members: the keys before open nothing any more."""
    return _decide(renew_keys_of_event, event_id, caller)


@router.post("/homes/{name}/renew", responses=answers(200, 404, gives=HomeKeysRenewed))
def renew_home_keys(name: TheHome, caller: Writing) -> Response:
    """Renew the keys of all links for members in a home: the keys before open nothing any more."""
    links = renew_keys_of_home(caller.context, name, caller.by)
    caller.operations.wake()
    return JSONResponse({"home": name, "links": len(links)})


def _decide(decide: Callable[..., tuple[Any, ...]], event_id: str, caller: Caller) -> Response:
    links = decide(caller.context, event_id, caller.by)
    caller.operations.wake()
    homes = sorted({link.home for link in links})
    return JSONResponse({"event": event_id, "links": len(links), "homes": homes})
