"""Endpoints of the address book, from which speakers get their e-mail addresses."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from ...announcements import parse_people
from ...identity import Scope
from ...operations.events import address_book
from ...operations.views.impact import impact_of_forgetting
from .callers import Caller, needs
from .contents import described, raw_body
from .description import BODY, answers
from .models.people import PeopleAdded, PersonPage, PersonRemoved
from .once import once
from .parameters import ThePage, answer_rows

_CSV = "text/csv"
_LINES = {"type": "string", "description": "Lines under the header name,organization,email."}

router = APIRouter(tags=["people"])


@router.get("/people", responses=answers(200, 400, gives=PersonPage))
def list_people(caller: Annotated[Caller, needs(Scope.PEOPLE_READ)], window: ThePage) -> Response:
    """List the address book, sorted by name."""
    rows = address_book.list_people(caller.context.database)
    people = [{"name": row.name, "organization": row.organization, "email": row.email} for row in rows]
    return answer_rows(window, "people", people)


@router.delete("/people/{email}", responses=answers(200, 400, 404, gives=PersonRemoved))
def remove_person(
    email: Annotated[str, Path(max_length=320, description="The person's address.")],
    caller: Annotated[Caller, needs(Scope.PEOPLE_WRITE)],
) -> Response:
    """Remove a person from the address book. Coming events keep the address and the seat; `effects` names them."""
    effects = impact_of_forgetting(caller.context, email.lower())
    address_book.forget_person(caller.context, email.lower(), caller.by)
    return JSONResponse({"email": email.lower(), "removed": True, "effects": effects})


@router.post(
    "/people", responses=answers(200, 400, 409, *BODY, gives=PeopleAdded), openapi_extra=described(_LINES, _CSV)
)
@once
def add_people(
    caller: Annotated[Caller, needs(Scope.PEOPLE_WRITE)], body: Annotated[bytes, raw_body(_CSV)]
) -> Response:
    """Add people to the address book, as an import of a CSV file does; return the events that got addresses."""
    imported = address_book.import_people(caller.context, parse_people(body, "people.csv"), caller.by)
    caller.operations.wake()
    return JSONResponse({"people": [asdict(contact) for contact in imported.contacts], "events": list(imported.events)})
