"""Records in the console: audit log, configuration."""

from datetime import MAXYEAR, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse

from ...operations.views.audit.lines import describe_lines, iter_lines, list_lines, write_csv
from ...operations.views.audit.words import name_deed
from ...store.audit import AuditFilter
from ..dependencies import TheOperations
from .frame import make_router, show
from .paging import PAGE_SIZE, read_day, read_number

router = make_router()


def _read_filter(who: str = "", what: str = "", about: str = "", since: str = "", until: str = "") -> AuditFilter:
    """Parse the filter of the audit log; the last day is included."""
    first, last = read_day(since), read_day(until)
    names = {"who": who.strip()[:200], "what": what[:60], "subject": about.strip()[:320]}
    day_after = last + timedelta(days=1) if last and last.year < MAXYEAR else None
    return AuditFilter(**names, since=first, until=day_after)


TheFilter = Annotated[AuditFilter, Depends(_read_filter)]


@router.get("/audit")
def show_audit(request: Request, operations: TheOperations, filters: TheFilter, before: str = "") -> Response:
    """Show the audit log, the newest line first."""
    latest = read_number(before, "line of the audit") if before else None
    rows, actions = list_lines(operations.context.database, filters, before=latest, limit=PAGE_SIZE + 1)
    parameters = {name: value for name, value in request.query_params.items() if name != "before" and value}
    shown = rows[:PAGE_SIZE]
    words = describe_lines(operations.context.database, [row._asdict() for row in shown])
    values: dict[str, Any] = {"rows": list(zip(shown, words, strict=True)), "more": len(rows) > PAGE_SIZE}
    values |= {"deeds": sorted((name_deed(what), what) for what in actions), "filters": filters}
    return show(request, "audit.html", values | {"parameters": parameters, "query": urlencode(parameters)})


@router.get("/audit.csv")
def export_audit(operations: TheOperations, filters: TheFilter) -> Response:
    """Export the filtered lines as CSV, oldest first."""
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "private, no-store"}
    lines = write_csv(iter_lines(operations.context.database, filters))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/settings")
def show_settings(request: Request, operations: TheOperations) -> Response:
    """Show what the configuration files say, and what each process has against it. Secrets are not shown."""
    return show(request, "settings.html", {"configuration": operations.configuration()})
