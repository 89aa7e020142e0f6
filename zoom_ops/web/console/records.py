"""What is on record: who did what, and the settings as the daemon sees them."""

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from ...operations.auditing import iter_lines, list_lines, write_csv
from .frame import TheDesk, make_router, show
from .paging import PAGE_SIZE, read_number

router = make_router()


@router.get("/audit")
def show_audit(request: Request, desk: TheDesk, who: str = "", about: str = "", before: str = "") -> Response:
    """Show who did what, the newest first."""
    latest = read_number(before, "line of the audit") if before else None
    rows = list_lines(desk.context.database, who=who[:200], subject=about[:320], before=latest, limit=PAGE_SIZE + 1)
    values = {"rows": rows[:PAGE_SIZE], "more": len(rows) > PAGE_SIZE, "by": who[:200], "about": about[:320]}
    return show(request, "audit.html", values)


@router.get("/audit.csv")
def export_audit(desk: TheDesk) -> Response:
    """Export the whole audit, oldest first."""
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "private, no-store"}
    lines = write_csv(iter_lines(desk.context.database))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/settings")
def show_settings(request: Request, desk: TheDesk) -> Response:
    """Show the settings as the daemon sees them; secrets only as set or not."""
    return show(request, "settings.html", {"rows": desk.settings})
