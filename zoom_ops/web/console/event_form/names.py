"""People of the address book while a name is typed."""

from fastapi import Response
from fastapi.responses import JSONResponse

from ....operations.events.address_book import filter_people
from ...dependencies import TheOperations
from ..frame import make_router

_AT_MOST = 10
_SHORTEST, _LONGEST = 2, 100

router = make_router(speaks=True)


@router.get("/people/names")
def list_names(operations: TheOperations, q: str = "") -> Response:
    """List the first people whose entries contain the words; nobody for less than two letters."""
    words = q.strip()[:_LONGEST]
    limit = _AT_MOST if len(words) >= _SHORTEST else 0
    rows, total = filter_people(operations.context.database, words, limit=limit, offset=0)
    people = [{"name": row.name, "organization": row.organization, "email": row.email} for row in rows]
    return JSONResponse({"people": people, "more": total > len(people)}, headers={"Cache-Control": "private, no-store"})
