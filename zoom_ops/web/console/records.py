"""What is on record: who did what, and the settings as the daemon sees them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from ...operations.desk import Desk
from ...operations.records import iter_deeds, list_deeds
from .frame import TheDesk, make_router, show
from .paging import PAGE_SIZE, read_number

router = make_router()
_COLUMNS = ("at", "who", "how", "address", "what", "subject_kind", "subject", "detail")


@router.get("/audit")
def show_audit(request: Request, desk: TheDesk, who: str = "", about: str = "", before: str = "") -> Response:
    """Show who did what, the newest first."""
    latest = read_number(before, "line of the audit") if before else None
    rows = list_deeds(desk.context, who=who[:200], subject=about[:320], before=latest, limit=PAGE_SIZE + 1)
    values = {"rows": rows[:PAGE_SIZE], "more": len(rows) > PAGE_SIZE, "by": who[:200], "about": about[:320]}
    return show(request, "audit.html", values)


@router.get("/audit.csv")
def export_audit(desk: TheDesk) -> Response:
    """Export the whole audit, oldest first."""
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "private, no-store"}
    return StreamingResponse(_lines(desk), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/settings")
def show_settings(request: Request, desk: TheDesk) -> Response:
    """Show the settings as the daemon sees them; secrets only as set or not."""
    return show(request, "settings.html", {"rows": desk.settings})


def _lines(desk: Desk) -> Iterator[str]:
    yield _line(_COLUMNS)
    for deed in iter_deeds(desk.context):
        told = [getattr(deed, name) for name in _COLUMNS]
        told[0], told[-1] = deed.at.isoformat(timespec="seconds"), json.dumps(deed.detail, ensure_ascii=False)
        yield _line(told)


def _line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(_harmless(cell) for cell in cells)
    return written.getvalue()


def _harmless(cell: object) -> str:
    """Write a cell so that a spreadsheet takes it for text and not for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
