"""Endpoint of homes: another system says that something changed there, and its records are read at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ..operations.homes.hook import may_be_genuine, take_call
from .dependencies import TheOperations
from .edge.bodies import read_up_to

BODY_LIMIT = 65_536

router = APIRouter()


async def _read_body(name: str, request: Request, operations: TheOperations) -> bytes:
    """Return the body of a call that may be genuine. Refuse any other before its body is read."""
    if not may_be_genuine(operations.context, name, request.headers):
        raise _refusal()
    return await read_up_to(request, BODY_LIMIT)


@router.post("/hooks/homes/{name}", status_code=202)
def take_home_call(
    name: str, request: Request, operations: TheOperations, body: Annotated[bytes, Depends(_read_body)]
) -> Response:
    """Ask for a pull of a home. The answer to a wrong signature is that to an unknown home."""
    if not take_call(operations.context, name, request.headers, body):
        raise _refusal()
    operations.wake()
    return JSONResponse({"pull": "asked"}, 202)


def _refusal() -> HTTPException:
    return HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
