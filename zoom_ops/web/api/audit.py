"""Endpoint of the audit log."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.views.audit import iter_lines
from ...store.audit import AuditFilter
from .callers import Caller, needs
from .description import answers, list_of

router = APIRouter(tags=["audit"])
Since = Annotated[datetime | None, Query(description="Only since then: ISO 8601, in UTC if it says no more.")]


@router.get("/audit", responses=answers(200, 400, gives=list_of("audit")))
def list_all(
    caller: Annotated[Caller, needs(Scope.AUDIT_READ)],
    since: Since = None,
    limit: Annotated[int, Query(ge=1, le=10_000, description="The latest so many.")] = 1_000,
) -> Response:
    """List the lines of the audit log, oldest first."""
    moment = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
    lines = iter_lines(caller.context.database, AuditFilter(since=moment), limit=limit)
    return JSONResponse({"audit": list(lines)})
