"""Endpoint of the audit log."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from ...identity import Scope
from ...operations.views.audit.lines import line_json, list_lines
from ...store.audit import AuditFilter
from .callers import Caller, needs
from .description import answers
from .models.audit import AuditPage
from .parameters import ThePage, answer_newest

router = APIRouter(tags=["audit"])
Since = Annotated[datetime | None, Query(description="Only since then: ISO 8601, in UTC if it says no more.")]


@router.get("/audit", responses=answers(200, gives=AuditPage))
def list_audit(
    caller: Annotated[Caller, needs(Scope.AUDIT_READ)],
    window: ThePage,
    since: Since = None,
) -> Response:
    """List the lines of the audit log, the newest first."""
    moment = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
    filters, limit = AuditFilter(since=moment), window.per_page + 1
    rows, _ = list_lines(caller.context.database, filters, before=window.cursor, limit=limit)
    return answer_newest(window, "audit", [line_json(row) for row in rows])
