"""What fields of the form may be completed to while one types: people, organisations, series."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from ....operations.events.completions import (
    AT_MOST,
    LONGEST,
    complete_organizations,
    complete_people,
    complete_series,
)
from ...dependencies import TheOperations, editor_of, reader_of
from ..frame import make_router

_HEADERS = {"Cache-Control": "private, no-store"}

router = make_router(editor_of, speaks=True)


@router.get("/people/names")
def list_names(request: Request, operations: TheOperations, q: str = "") -> Response:
    """List the first people whose entries contain the words; nobody for less than two letters."""
    people = complete_people(operations.context.database, q.strip()[:LONGEST], reader_of(request))
    found = [{"name": each.name, "organization": each.organization, "email": each.email} for each in people]
    return JSONResponse({"people": found, "more": len(found) == AT_MOST}, headers=_HEADERS)


@router.get("/organizations/names")
def list_organizations(request: Request, operations: TheOperations, q: str = "") -> Response:
    """List organisations with the words."""
    found = complete_organizations(operations.context.database, q.strip()[:LONGEST], reader_of(request))
    return JSONResponse({"names": found}, headers=_HEADERS)


@router.get("/series/names")
def list_series(request: Request, operations: TheOperations, q: str = "") -> Response:
    """List series with the words."""
    found = complete_series(operations.context.database, q.strip()[:LONGEST], reader_of(request))
    return JSONResponse({"names": found}, headers=_HEADERS)
