"""Endpoint of the configuration."""

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from .callers import Caller, needs
from .description import answers
from .models.configuration import Configuration

router = APIRouter(tags=["status"])


@router.get("/configuration", responses=answers(200, gives=Configuration))
def get_configuration(caller: Annotated[Caller, needs(Scope.RUNS_READ)]) -> Response:
    """Show what the configuration files say, or their mistakes, and what each running process has against it.

    Of a secret only whether it is set.
    """
    return JSONResponse(caller.operations.configuration(), headers={"Cache-Control": "no-store"})
