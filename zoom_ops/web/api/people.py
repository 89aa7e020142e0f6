"""Endpoints of the address book, from which speakers get their e-mail addresses."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...announcements import Contact, make_contact, parse_people, refuse
from ...errors import BadInputError
from ...events import LONGEST_EMAIL
from ...identity import Scope
from ...operations.events import address_book
from ...operations.views.impact import impact_of_forgetting
from ..edge.bodies import media_type_of
from .callers import Caller, needs
from .contents import JSON, RequestBody, described, raw_body, read_as, schema_of
from .description import BODY, answers
from .models.people import PeopleAdded, PersonPage, PersonRemoved
from .once import once
from .parameters import ThePage, answer_rows

_CSV = "text/csv"
_LINES = {"type": "string", "description": "Lines under the header name,organization,email."}

router = APIRouter(tags=["people"])


class PersonIn(RequestBody):
    """A person for the address book."""

    name: str = Field(max_length=500)
    organization: str | None = Field(default=None, max_length=500)
    email: str = Field(max_length=LONGEST_EMAIL)


class PeopleBody(RequestBody):
    """People for the address book."""

    people: tuple[PersonIn, ...] = Field(min_length=1, max_length=10_000)


_BODY = described(schema_of(PeopleBody.__name__), JSON)
_BODY["requestBody"]["content"][_CSV] = {"schema": _LINES}


@router.get("/people", responses=answers(200, gives=PersonPage))
def list_people(caller: Annotated[Caller, needs(Scope.PEOPLE_READ)], window: ThePage) -> Response:
    """List the address book, sorted by name."""
    rows = address_book.list_people(caller.context.database)
    people = [{"name": row.name, "organization": row.organization, "email": row.email} for row in rows]
    return answer_rows(window, "people", people)


@router.delete("/people/{email}", responses=answers(200, 404, gives=PersonRemoved))
def remove_person(
    email: Annotated[str, Path(max_length=320, description="The person's address.")],
    caller: Annotated[Caller, needs(Scope.PEOPLE_WRITE)],
) -> Response:
    """Remove a person from the address book. Coming events keep the address and the seat; `effects` names them."""
    effects = impact_of_forgetting(caller.context, email.lower())
    address_book.forget_person(caller.context, email.lower(), caller.by)
    return JSONResponse({"email": email.lower(), "removed": True, "effects": effects})


@router.post("/people", responses=answers(200, 409, *BODY, gives=PeopleAdded), openapi_extra=_BODY)
@once
def add_people(
    request: Request,
    caller: Annotated[Caller, needs(Scope.PEOPLE_WRITE)],
    body: Annotated[bytes, raw_body(JSON, _CSV)],
) -> Response:
    """Add people to the address book, as an import of a CSV file does; return the events that got addresses."""
    contacts = _contacts_in(body) if media_type_of(request) == JSON else parse_people(body, "people.csv")
    imported = address_book.import_people(caller.context, contacts, caller.by)
    caller.operations.wake()
    return JSONResponse({"people": [asdict(contact) for contact in imported.contacts], "events": list(imported.events)})


def _contacts_in(body: bytes) -> tuple[Contact, ...]:
    """Read the people of a JSON body. Raise BadInputError with every mistake."""
    contacts: list[Contact] = []
    problems: list[BadInputError] = []
    for number, person in enumerate(read_as(PeopleBody, body).people, start=1):
        try:
            contacts.append(make_contact(person.name, person.organization or "", person.email))
        except BadInputError as error:
            problems.append(BadInputError(f"people.{number}: {error}"))
    refuse(problems)
    return tuple(contacts)
